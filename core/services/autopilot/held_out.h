// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/buffers.h"
#include "core/engine/predictor.h"
#include "core/spec/training_spec.h"

namespace lathe::services {

/// Rows that models were not trained on, and how good predictions of them are. Predictions are probabilities or values
/// of these rows, one after the other. Immutable, any thread.
class HeldOut {
 public:
  using Values = std::vector<float>;

  /// `model` says how the target is scaled. `goal`: a metric without its split.
  HeldOut(std::shared_ptr<const data::Dataset> data, std::vector<std::uint32_t> rows, spec::ModelDescription model,
          spec::LossSpec loss, std::string goal);

  [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return m_rows; }
  [[nodiscard]] std::size_t columns() const { return m_columns; }
  [[nodiscard]] const std::string& goal() const { return m_goal; }
  [[nodiscard]] bool larger() const { return m_larger; }
  /// What is to be made small: the goal, with a little of the loss where it moves in jumps.
  [[nodiscard]] double cost(const Values& values) const;
  /// The smooth part alone: log loss, squared error in units of the target's spread, or the training's loss.
  [[nodiscard]] double loss(const Values& values) const;
  /// The same of the rows at these places alone; `part`: predictions of them, in this order.
  [[nodiscard]] double lossOf(const Values& part, const std::vector<std::uint32_t>& places) const;
  /// Of each of these rows; empty where the loss is none of single rows (quantiles).
  [[nodiscard]] std::vector<double> rowLosses(const Values& part, const std::vector<std::uint32_t>& places) const;
  /// Every metric that fits the task, without split.
  [[nodiscard]] std::map<std::string, double> metrics(const Values& values, double threshold = 0.5) const;
  /// The goal among them, or nothing.
  [[nodiscard]] std::optional<double> value(const Values& values) const;
  [[nodiscard]] const data::Dataset& data() const { return *m_data; }

 private:
  [[nodiscard]] double rowLoss(const float* row, std::size_t place) const;

  const std::shared_ptr<const data::Dataset> m_data;
  const std::vector<std::uint32_t> m_rows;
  const spec::ModelDescription m_model;
  const spec::LossSpec m_loss;
  const std::string m_goal;
  const bool m_larger;
  const bool m_smooth;  ///< the loss alone orders models as the goal does
  const std::size_t m_columns;
  const std::vector<double> m_deviations;  ///< of each target
  std::vector<std::uint32_t> m_all;        ///< every place
};

}  // namespace lathe::services

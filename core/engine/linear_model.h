// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/engine/checkpoint.h"
#include "core/engine/engine.h"
#include "core/engine/losses.h"
#include "core/engine/plain_preprocessor.h"

namespace lathe::engine {

/// The fake engine's network: one linear layer on the prepared features.
class LinearModel {
 public:
  /// Weights start small, from the seed.
  static Result<LinearModel> create(const spec::ModelDescription& description, std::uint64_t seed);

  [[nodiscard]] const spec::ModelDescription& description() const { return m_description; }
  [[nodiscard]] std::size_t inputs() const { return m_preprocessor.width(); }
  [[nodiscard]] std::size_t outputs() const { return m_outputs; }
  [[nodiscard]] std::vector<float>& weights() { return m_weights; }  ///< [outputs, inputs]
  [[nodiscard]] std::vector<float>& biases() { return m_biases; }    ///< [outputs]

  /// Prepared rows: rows x inputs().
  [[nodiscard]] std::vector<float> prepare(const data::Dataset& data, std::span<const std::uint32_t> rows) const;
  /// Logits, or scaled values: rows x outputs().
  [[nodiscard]] std::vector<float> forward(std::span<const float> prepared, std::size_t rows) const;
  /// Probabilities, or values in the target's unit. Cancels between batches.
  Result<Predictions> predict(const data::Dataset& data, std::span<const std::uint32_t> rows,
                              const JobContext& job = {}) const;

  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);

 private:
  LinearModel(const spec::ModelDescription& description, const spec::Program& program, std::size_t outputs);

  /// What the head of the program does: probabilities of a row's logits, or values in the target's unit.
  void finish(float* row) const;

  spec::ModelDescription m_description;
  PlainPreprocessor m_preprocessor;
  std::size_t m_outputs;
  std::vector<float> m_weights;
  std::vector<float> m_biases;
};

/// Data and model agree on the inputs, and the row numbers exist; for every engine's predictors.
Result<void> checkInputs(const spec::DataSchema& schema, const data::Dataset& data,
                         std::span<const std::uint32_t> rows);
/// The given rows, or all of them when empty.
[[nodiscard]] std::vector<std::uint32_t> rowsOrAll(const std::vector<std::uint32_t>& rows, std::size_t all);

}  // namespace lathe::engine

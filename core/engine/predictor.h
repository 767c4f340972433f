// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/buffers.h"
#include "core/engine/scoring.h"
#include "core/spec/experiment.h"
#include "core/spec/schema.h"

/// Finished models: their predictions, and how good those are.
namespace lathe::engine {

/// Outputs for some rows: probabilities rows x C, or values rows x T in the target's unit.
struct Predictions {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;
};

/// A trained or exported model ready to predict. Thread-safe after loading.
class Predictor {
 public:
  virtual ~Predictor() = default;
  [[nodiscard]] virtual const spec::ModelDescription& model() const = 0;
  [[nodiscard]] const spec::DataSchema& schema() const { return model().schema; }
  /// How its training measured itself; nothing in files of versions that did not keep it.
  [[nodiscard]] virtual const std::optional<Scoring>& scoring() const = 0;
  /// Predicts the given rows of the data (all when empty), in batches.
  virtual Result<Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>& rows,
                                      const JobContext& job = {}) const = 0;
};

/// Metric names and values of predictions against labels: loss names follow spec::metricsFor. `rows` as given to
/// predict().
[[nodiscard]] std::vector<std::pair<std::string, double>> scores(const Predictions& predictions,
                                                                 const data::Dataset& data,
                                                                 const std::vector<std::uint32_t>& rows);
/// The same, with "loss" as the training measures it (class weights, label smoothing, Huber, scaled target): comparable
/// with its train/loss and val/loss.
[[nodiscard]] std::vector<std::pair<std::string, double>> scores(const Predictions& predictions,
                                                                 const data::Dataset& data,
                                                                 const std::vector<std::uint32_t>& rows,
                                                                 const spec::ModelDescription& model,
                                                                 const spec::LossSpec& loss);

}  // namespace lathe::engine

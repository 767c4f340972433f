// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// The class that probabilities decide for: the first of the largest, of two the second one above the threshold.
[[nodiscard]] std::size_t decidedClass(std::span<const float> probabilities, double threshold = 0.5);
/// What lies best between the classes of a binary classification's labelled rows: midway between two of the
/// probabilities of the second class, 0 or 1; the one next to 0.5 where several are as good. `criterion` is "tuned"
/// (balanced accuracy) or "tuned_f1" (macro F1). 0.5 where a class has no rows.
[[nodiscard]] double tunedThreshold(const Predictions& predictions, const data::Dataset& data,
                                    const std::vector<std::uint32_t>& rows, std::string_view criterion);

/// Metric names and values of predictions against labels: loss names follow spec::metricsFor. `rows` as given to
/// predict().
[[nodiscard]] std::vector<std::pair<std::string, double>> scores(const Predictions& predictions,
                                                                 const data::Dataset& data,
                                                                 const std::vector<std::uint32_t>& rows);
/// The same, with "loss" as the training measures it (class weights, label smoothing, Huber, scaled target): comparable
/// with its train/loss and val/loss. `threshold` as in Scoring.
[[nodiscard]] std::vector<std::pair<std::string, double>> scores(const Predictions& predictions,
                                                                 const data::Dataset& data,
                                                                 const std::vector<std::uint32_t>& rows,
                                                                 const spec::ModelDescription& model,
                                                                 const spec::LossSpec& loss, double threshold = 0.5);

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/training.h"
#include "core/store/run_store.h"

/// What a training says of a few validation rows, so that a person sees it learn.
namespace lathe::services {

struct PredictedRow {
  struct Guess {
    std::string label;
    double probability = 0;
    bool operator==(const Guess&) const = default;
  };
  std::int64_t row = 0;              ///< of the data, from 0
  std::vector<std::string> actual;   ///< the class; the labels that hold
  std::vector<Guess> guesses;        ///< classes: the three most probable, the decided one first; labels: all that
                                     ///< are decided for
  double probabilityOfActual = 0;    ///< classes
  bool right = false;                ///< classes and labels
  std::vector<double> actualValues;  ///< numbers: one a target
  std::vector<double> values;        ///< numbers: one a target, of quantiles all levels of each
  bool operator==(const PredictedRow&) const = default;
};

/// The newest ones of a run.
struct RunPredictions {
  std::int64_t step = 0;
  int epoch = 0;
  spec::Task task = spec::Task::Classification;
  std::vector<std::string> targets;  ///< columns that are predicted
  std::vector<double> quantiles;     ///< levels
  std::vector<PredictedRow> rows;
  spec::Shape shape;                              ///< [C, H, W] of the pictures, no edge beyond 64; empty: no images
  std::vector<std::vector<std::uint8_t>> pixels;  ///< one a row
};

[[nodiscard]] RunPredictions describe(const engine::PredictionSnapshot& snapshot, const data::Dataset& data);
/// Without the pictures.
[[nodiscard]] std::string toJson(const RunPredictions& predictions);
/// Nothing where the run has none, or where what is there cannot be read.
Result<std::optional<RunPredictions>> readPredictions(const store::RunStore& store, store::RunNumber run);

/// Keeps the newest snapshot of a training until somebody writes it: see() is called after each epoch by the training's
/// thread and copies some numbers, write() by another one now and then. Thread-safe.
class PredictionsKeeper {
 public:
  explicit PredictionsKeeper(std::shared_ptr<const data::Dataset> data) : m_data(std::move(data)) {}
  void see(const engine::PredictionSnapshot& snapshot);
  /// Queues what is newer than what was written last.
  void write(store::RunStore& store, store::RunNumber run);

 private:
  const std::shared_ptr<const data::Dataset> m_data;  // the engine's too
  std::mutex m_mutex;                                 // guards m_newest
  std::optional<engine::PredictionSnapshot> m_newest;
  std::mutex m_writing;
  bool m_pixelsWritten = false;
};

}  // namespace lathe::services

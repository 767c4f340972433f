// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>

#include "core/services/autopilot/contender.h"
#include "core/services/kept_data.h"
#include "core/services/project.h"
#include "core/services/training_service.h"

namespace lathe::services {

/// One training of a candidate, of one fold.
struct FitRequest {
  Project& project;
  engine::Engine& engine;
  KeptData& kept;  ///< the fold's part of the data, its held-out rows as validation rows
  const spec::ExperimentSpec* spec = nullptr;
  /// The run of its curves, made when it is sure to begin, and the folder of its checkpoints.
  std::function<Result<store::RunNumber>()> run;
  std::function<std::filesystem::path(store::RunNumber)> folder;
  std::string prefix;  ///< of its curves; empty: there is one fold
  int threads = 1;
  double seconds = 0;          ///< what it may take: it gets as many epochs as fit
  double leastShare = 0;       ///< of its epochs, without which it is not worth to begin
  double deadline = 0;         ///< steady seconds, by when it ends whatever it is at
  double secondsPerEpoch = 0;  ///< as seen on another fold; 0: not known
  std::function<bool()> stopped;
  int lastEpoch = 0;  ///< after which it ends whatever the schedule still has; 0: none
  /// Whether it falls behind too far to go on: heard after each epoch with the part of the epochs that are done and
  /// the smallest validation loss until then. May be empty.
  std::function<bool(double part, double loss)> behind = {};
};

struct FitResult {
  std::optional<FoldFit> fit;  ///< nothing: it failed, was stopped, or there was no time for an epoch
  std::optional<Error> error;
  bool stopped = false;
  bool noTime = false;
  bool pruned = false;                       ///< it fell behind
  std::optional<spec::ExperimentSpec> spec;  ///< as resolved
  std::optional<spec::ModelDescription> model;
  std::int64_t steps = 0;
  double samplesPerSecond = 0;
};

/// Trains it, keeps the best checkpoint and predicts the held-out rows with it. Where the number of epochs is in doubt
/// some steps are taken first, to see how long they take. Blocks; never throws.
[[nodiscard]] FitResult fitFold(const FitRequest& request);

/// Predictions of a checkpoint for the held-out rows of its fold, kept beside it.
Result<std::vector<float>> keptValues(const std::filesystem::path& folder);
Result<void> keepValues(const std::filesystem::path& folder, const std::vector<float>& values);

}  // namespace lathe::services

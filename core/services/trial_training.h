// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/engine/engine.h"
#include "core/services/kept_data.h"
#include "core/services/project.h"
#include "core/services/study_folds.h"
#include "core/services/study_settings.h"
#include "core/services/training_service.h"

namespace lathe::services {

/// One stretch of a trial: from where it is to its target.
struct TrialStretch {
  store::RunNumber run = 0;
  spec::ExperimentSpec spec;                            ///< of its configuration
  std::int64_t target = 0;                              ///< epoch to stop at
  std::int64_t reported = 0;                            ///< epochs that `judge` has heard of already
  std::optional<std::filesystem::path> from;            ///< a checkpoint to go on from
  std::optional<std::filesystem::path> inherited = {};  ///< what it began with, should `from` be of no use
  bool inherits = false;  ///< `from` is another trial's: weights and state are taken, the curves begin after it
  /// Architectures: the parent's checkpoint, of which what fits by layer and shape replaces random numbers, and which
  /// of the parent's nodes each node is (search::alignNodes()).
  std::optional<std::filesystem::path> weightsFrom = {};
  std::vector<int> aligned = {};
};

enum class StretchEnd : std::uint8_t { Completed, Reached, Stopped, Failed };

struct StretchResult {
  StretchEnd end = StretchEnd::Failed;  ///< Stopped: somebody asked it to
  std::optional<Error> error;           ///< Failed
  std::int64_t epochs = 0;
  double seconds = 0;
  std::vector<double> values;  ///< one a goal, as they count; Completed only
  store::RunUpdate update;     ///< what the run's record says now, resolved spec and model included
};

/// What trials of a study share. Everything outlives them; thread-safe.
struct TrialGround {
  std::shared_ptr<Project> project;
  std::shared_ptr<engine::Engine> engine;
  KeptData& kept;
  const StudySettings& settings;
  StudyFolds* folds = nullptr;  ///< judged by cross-validation; null: by the validation rows
};

/// Trains it on the calling thread. `judge` hears the first goal after each epoch, when that is a validation metric,
/// and may ask `control` to pause; at the target it is paused by itself. Of a trial that goes on from a checkpoint it
/// first hears what it has not heard yet, as its curve has it. Never throws.
///
/// With folds, epochs mean folds: each is trained in full, one after the other, its curves under "fold 2/"; the goals
/// are the means over the folds, the curves "folds/METRIC" hold what each gave. `judge` hears the mean so far (for the
/// wilcoxon pruner: the fold's own value). A fold that is stopped half way begins anew.
[[nodiscard]] StretchResult trainStretch(const TrialGround& ground, const TrialStretch& stretch,
                                         engine::TrainingControl& control,
                                         const std::function<void(std::int64_t epoch, double value)>& judge);

/// Milliseconds that a prediction of one row takes, the median over some of these rows.
Result<double> latencyOf(const engine::Predictor& model, const data::Dataset& data,
                         const std::vector<std::uint32_t>& rows);

/// What a model costs: latency_ms and bytes by exporting and timing it, one at a time in the process.
Result<double> costOf(const std::string& goal, engine::Engine& engine, const ResolvedTraining& resolved,
                      const std::filesystem::path& checkpoint, const std::filesystem::path& folder);

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/services/choosing.h"
#include "core/services/project.h"
#include "core/spec/experiment.h"

namespace lathe::services {

struct StartRequest {
  spec::ExperimentSpec spec;
  std::int64_t experiment = 0;  ///< the saved experiment it belongs to; 0: none
  int experimentVersion = 0;
  bool deterministic = true;
};

class KeptData;

/// What happened to a run, for whoever waits on it.
struct RunOutcome {
  store::RunRecord run;
};

/// Live state of a run that this process trains.
struct LiveRun {
  store::RunNumber run = 0;
  engine::TrainingProgress progress;
  std::optional<ChoosingProgress> choosing = {};  ///< while it chooses, before its first step; to the sink only
};

/// How a run ended that a full disk kept from being written down.
struct LateEnding {
  store::RunNumber run = 0;
  spec::RunStatus status = spec::RunStatus::Failed;
  std::optional<Error> error;
};

/// Called from the training's thread, coalesced to some 30 a second, the newest value never lost; must not block.
using LiveSink = std::function<void(const LiveRun&)>;

/// Starts, pauses, resumes and cancels trainings; each runs on a worker thread of its own (niced), writes its curves,
/// events and checkpoints to the project's store and keeps its lease alive. Runs owned by other processes are steered
/// through the store. Thread-safe. The destructor asks all to pause and waits.
class TrainingService {
 public:
  virtual ~TrainingService() = default;
  /// Creates the run (status running) and returns at once; reading the data and resolving happen on the worker.
  /// `project` stays alive until the run ends.
  virtual Result<store::RunNumber> start(const std::shared_ptr<Project>& project, const StartRequest& request,
                                         LiveSink sink = {}) = 0;
  /// Continues from the last checkpoint, bit for bit. A completed run needs larger `epochs`.
  virtual Result<void> resume(const std::shared_ptr<Project>& project, store::RunNumber run, std::optional<int> epochs,
                              LiveSink sink = {}) = 0;
  virtual Result<void> pause(Project& project, store::RunNumber run) = 0;  ///< stops at the next step with a checkpoint
  virtual Result<void> cancel(Project& project, store::RunNumber run) = 0;
  /// Blocks until the run ends here; its record then.
  virtual Result<store::RunRecord> wait(Project& project, store::RunNumber run) = 0;
  /// Runs that this process trains now.
  [[nodiscard]] virtual std::vector<LiveRun> live() const = 0;
  /// Tries again to write late endings of this project; gives those that still could not be, which the store goes on to
  /// call running. Blocks on the store, returns at once when there are none.
  virtual std::vector<LateEnding> saveEndings(Project& project) = 0;
};

/// How trainings stand beside everything else on the machine.
enum class Priority : std::uint8_t {
  BelowWindow,  ///< niced, so that the window of the same process stays quick
  Ordinary      ///< as the process was started
};

[[nodiscard]] std::unique_ptr<TrainingService> makeTrainingService(std::shared_ptr<engine::Engine> engine,
                                                                   Priority priority = Priority::BelowWindow);

/// Everything automatic made concrete for these data: task, loss, batch size, threads, template and graph. Also gives
/// what the data prepared. Used by train, `spec show` and the window.
struct ResolvedTraining {
  spec::ExperimentSpec spec;
  spec::ModelDescription model;
  std::shared_ptr<const data::Dataset> data;
  std::vector<Message> reasons;  ///< one sentence for each automatic choice
  std::vector<Warning> warnings;
  spec::GraphReport report;
  bool usualTraining = false;  ///< nobody changed optimiser and schedule: they are the usual ones of the template
  /// From model.weights, once they were read; resolve() only looks whether the file is there.
  std::shared_ptr<const std::vector<engine::NamedTensor>> initialWeights;
};
/// `engine` says which devices there are; without it an automatic device is the CPU. Blocks while it reads the data,
/// unless `kept` has them.
Result<ResolvedTraining> resolve(const spec::ExperimentSpec& spec, const std::filesystem::path& base,
                                 const JobContext& job = {}, const engine::Engine* engine = nullptr,
                                 KeptData* kept = nullptr);
/// The same with every problem that shows at once: contradictions in the spec, columns that the data do not have, what
/// does not fit the task. The result is whole only when there are none.
struct ResolveOutcome {
  ResolvedTraining resolved;
  std::vector<Error> problems;
};
[[nodiscard]] ResolveOutcome tryResolve(const spec::ExperimentSpec& spec, const std::filesystem::path& base,
                                        const JobContext& job = {}, const engine::Engine* engine = nullptr,
                                        KeptData* kept = nullptr);

}  // namespace lathe::services

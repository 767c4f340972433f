// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/services/model_service.h"
#include "core/services/project.h"
#include "core/spec/experiment.h"

namespace lathe::engine {
class BoostedTrees;
}

/// The Autopilot: a data file, a target and a time budget in, a verified model and a report out.
namespace lathe::services {

/// The goal of a task where nobody names one: a metric without its split.
[[nodiscard]] std::string usualGoal(spec::Task task);

struct AutopilotRequest {
  spec::ExperimentSpec spec;     ///< the data, and what a person has fixed about them; model and training are chosen
  std::filesystem::path folder;  ///< for the export ("model"), report.html and the state to resume from
  double seconds = 600;          ///< of everything but the export
  std::string goal;              ///< a metric without its split; empty: log_loss, rmse, else loss
  std::optional<double> mostMilliseconds;  ///< of one row through the exported model
  std::optional<double> mostBytes;         ///< of the exported model
  std::vector<std::string> formats = {"torchscript", "onnx"};
  int threads = 0;  ///< to compute with; 0: all of the machine
  bool resume = false;
};

/// What it does one after the other. Training stages overlap where several models are trained at a time.
enum class AutopilotStage {
  Reading,
  Baselines,
  Portfolio,
  Search,
  Refinement,
  Joining,
  Refit,
  Testing,
  Export,
  Report
};

/// One model that was tried.
struct AutopilotTry {
  std::string name, model;
  std::string state;  ///< running, completed, pruned, failed, cancelled; waiting: some of its folds are trained
  store::RunNumber run = 0;
  std::optional<double> value;  ///< of the goal, on rows that it was not trained on
  double seconds = 0;
  double weight = 0;  ///< in the final model
  int epochs = 0;     ///< mean over the folds
  bool baseline = false;
  AutopilotStage stage = AutopilotStage::Portfolio;  ///< in which it was begun
  std::string from = {};                             ///< refinement: the model whose architecture it changes
  bool refitted = false;                             ///< in the final model: trained again on validation rows as well
  bool operator==(const AutopilotTry&) const = default;
};

/// What it is doing.
struct AutopilotProgress {
  Message doing;
  double used = 0, seconds = 0;  ///< of the budget
  double secondsLeft = 0;
  int tried = 0;                ///< models that were trained whole
  std::string best;             ///< the best of them so far; empty: none yet
  std::string metric;           ///< val/log_loss
  std::optional<double> value;  ///< its value on rows that it was not trained on
  AutopilotStage stage = AutopilotStage::Reading;
  bool larger = false;                   ///< of the metric is better
  std::vector<AutopilotTry> contenders;  ///< those that were begun, in that order
};
/// Called from threads of the Autopilot, one call at a time; must not block.
using AutopilotSink = std::function<void(const AutopilotProgress&)>;

/// What the exported model costs in one format, where there is a limit.
struct AutopilotCost {
  std::string format;
  double bytes = 0;                    ///< of the file that is loaded
  std::optional<double> milliseconds;  ///< of one row; nothing: it cannot be run here
  bool within = true;                  ///< the limits
};

struct Interval {
  double low = 0, high = 0;
};

struct AutopilotOutcome {
  bool stopped = false;            ///< by a person: what was there by then
  store::RunNumber run = 0;        ///< the best single model
  store::RunNumber finalRun = 0;   ///< what was exported: an ensemble, or the best single one
  std::filesystem::path exported;  ///< folder; empty: nothing was
  std::filesystem::path report;
  std::string goal;
  std::map<std::string, double> metrics;  ///< val/ on held-out rows, test/ on the test rows, of the final model
  std::map<std::string, Interval> intervals;
  std::optional<exporting::ParityReport> parity;
  std::vector<AutopilotTry> tried;  ///< best first, baselines last
  std::vector<Warning> warnings;
  double seconds = 0;  ///< the export not counted
  double cpuSeconds = 0;
  double temperature = 1;
  std::optional<double> milliseconds, bytes;  ///< of the exported model, where there is a limit: of its worst format
  std::vector<AutopilotCost> costs;           ///< of each format, where there is a limit
  std::vector<std::string> refits;            ///< what became of training the chosen members again, a sentence each
  std::optional<std::string> winner;          ///< a baseline that nothing was better than
  bool treesWin = false;                      ///< it is the boosted trees, which are not what was exported
};

/// For window and command line alike. One run at a time; the calling thread blocks, so that the window gives it a
/// worker's.
class AutopilotService {
 public:
  virtual ~AutopilotService() = default;
  /// Stopped by `job.stop` it still makes a model of what there is, and exports it. Errors: of the data;
  /// "autopilot.nothing" when no model could be trained; "autopilot.other" when the folder holds the state of another
  /// one; "export.parity".
  virtual Result<AutopilotOutcome> run(const std::shared_ptr<Project>& project, const AutopilotRequest& request,
                                       const AutopilotSink& sink, const JobContext& job) = 0;
};

/// `trees`: boosted trees to compare with; null: there are none.
[[nodiscard]] std::unique_ptr<AutopilotService> makeAutopilotService(std::shared_ptr<engine::Engine> engine,
                                                                     std::shared_ptr<FreshProcess> freshProcess,
                                                                     std::shared_ptr<engine::BoostedTrees> trees = {});

/// Whether `folder` holds an Autopilot that can be resumed; its data file and target then.
struct AutopilotState {
  spec::ExperimentSpec spec;
  double seconds = 0, used = 0;
  std::string goal;
  bool finished = false;
  std::vector<std::string> formats;  ///< empty: an older version did not keep them
  std::optional<double> mostMilliseconds, mostBytes;
  store::RunNumber finalRun = 0;
};
Result<AutopilotState> autopilotStateOf(const std::filesystem::path& folder);

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/autopilot.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/services/autopilot/contest.h"
#include "core/services/autopilot/final_model.h"
#include "core/services/autopilot/refit.h"
#include "core/services/autopilot/report.h"
#include "core/services/autopilot/state_file.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

double cpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

tl::unexpected<Error> otherState(const fs::path& folder) {
  return fail("autopilot.other", LATHE_TEXT("errors", "{folder} holds an Autopilot already."),
              LATHE_TEXT("errors", "Go on with it by --resume, or name another folder."),
              {{"folder", folder.string()}});
}

class LocalAutopilot final : public AutopilotService {
 public:
  LocalAutopilot(std::shared_ptr<engine::Engine> engine, std::shared_ptr<FreshProcess> freshProcess,
                 std::shared_ptr<engine::BoostedTrees> trees)
      : m_engine(std::move(engine)),
        m_trees(std::move(trees)),
        m_models(makeModelService(m_engine, std::move(freshProcess))) {}

  Result<AutopilotOutcome> run(const std::shared_ptr<Project>& project, const AutopilotRequest& request,
                               const AutopilotSink& sink, const JobContext& job) override {
    const double cpu = cpuSeconds();
    LATHE_ASSIGN(state, stateFor(*project, request));
    const Budget budget(request.seconds, state.used);
    const auto tell = [&](const Message& doing) {
      AutopilotProgress progress;
      progress.doing = doing;
      progress.used = budget.used();
      progress.seconds = budget.seconds();
      progress.secondsLeft = std::max(0.0, budget.left());
      if (sink) sink(progress);
    };
    tell({LATHE_TEXT("events", "Reading {file}"), {{"file", request.spec.data.path}}});
    LATHE_ASSIGN(ground, makeGround(project, m_engine, request, state.folds, job));
    state.folds = ground->folds;
    state.goal = ground->goal;
    if (!state.sha256.empty() && state.sha256 != ground->base.spec.data.sha256)
      return fail("autopilot.data_changed", LATHE_TEXT("errors", "{file} has changed since this Autopilot began."),
                  LATHE_TEXT("errors", "Bring the old file back, or start anew in another folder."),
                  {{"file", request.spec.data.path}});
    state.sha256 = ground->base.spec.data.sha256;
    state.finished = false;

    Contest contest(*ground, budget, state, m_trees.get());
    LATHE_TRY(contest.train(sink, job.stop));
    AutopilotOutcome outcome;
    outcome.stopped = contest.stopped();
    const auto& tried = contest.tried();
    auto progress = contest.progress();
    const auto stage = [&](AutopilotStage which, Message doing) {
      progress.stage = which;
      progress.doing = std::move(doing);
      progress.used = budget.used();
      progress.secondsLeft = std::max(0.0, budget.left());
      if (sink) sink(progress);
    };
    stage(AutopilotStage::Joining, {LATHE_TEXT("events", "Joining the best models"), {}});
    const double joining = budget.used();
    auto made = makeFinalModel(*ground, tried);
    if (!made && outcome.stopped && made.error().code == "autopilot.nothing")
      return fail(cancelledCode, LATHE_TEXT("errors", "The Autopilot was stopped before its first model was ready."),
                  LATHE_TEXT("errors", "Go on with it by --resume."));
    if (!made) return passOn(made);
    auto& model = *made;
    if (!outcome.stopped) {
      const auto refitting = [&](const std::string& title) {
        stage(AutopilotStage::Refit,
              {LATHE_TEXT("events", "Training {model} again on all rows but the test rows"), {{"model", title}}});
      };
      LATHE_TRY(refitMembers(*ground, tried, budget, model, refitting, job.stop));
    }
    LATHE_TRY(finishFinalModel(*ground, model, budget.used() - joining));
    stage(AutopilotStage::Testing, {LATHE_TEXT("events", "Scoring the test rows"), {}});
    LATHE_ASSIGN(test, scoreOnTest(*ground, model));
    outcome.run = tried[model.bestSingle].run;
    outcome.finalRun = model.run;
    outcome.goal = ground->goal;
    for (const auto& [name, value] : ground->heldOut->metrics(model.values, model.threshold))
      outcome.metrics["val/" + name] = value;
    outcome.metrics.insert(test.metrics.begin(), test.metrics.end());
    outcome.intervals = test.intervals;
    LATHE_TRY(keepMetrics(*project, model.run, outcome.metrics));
    outcome.tried = listOf(tried, model.weights);
    for (const auto& refit : model.refits) {
      outcome.refits.push_back(sentenceOf(refit));
      for (auto& each : outcome.tried)
        if (each.run == tried[refit.candidate].run) each.refitted = refit.end == MemberRefit::End::Taken;
    }
    sortTried(outcome.tried, ground->heldOut->larger());
    outcome.warnings = ground->base.warnings;
    outcome.warnings.insert(outcome.warnings.end(), model.warnings.begin(), model.warnings.end());
    outcome.temperature = model.temperature;
    outcome.milliseconds = model.milliseconds;
    outcome.bytes = model.bytes;
    outcome.costs = model.costs;
    if (tried[model.bestSingle].candidate.baseline && model.weights[model.bestSingle] > 0.999)
      outcome.winner = tried[model.bestSingle].candidate.title;
    for (const auto& each : tried)
      if (each.outside && each.value && ground->heldOut->value(model.values)) {
        const double ours = *ground->heldOut->value(model.values);
        outcome.treesWin = ground->heldOut->larger() ? *each.value > ours : *each.value < ours;
        if (outcome.treesWin) outcome.winner = each.candidate.title;
      }
    outcome.seconds = budget.used();

    stage(AutopilotStage::Export, {LATHE_TEXT("events", "Exporting and checking"), {}});
    ExportRequest exporting{model.run, request.formats, request.folder / "model", "autopilot"};
    if (!request.spec.exporting.name.empty()) exporting.name = request.spec.exporting.name;
    LATHE_ASSIGN(exported, m_models->exportRun(*project, exporting, {}));
    outcome.exported = exported.folder;
    outcome.parity = exported.worst;
    outcome.cpuSeconds = cpuSeconds() - cpu;
    stage(AutopilotStage::Report, {LATHE_TEXT("events", "Writing the report"), {}});
    outcome.report = request.folder / "report.html";
    LATHE_TRY(writeReport(*ground, model, test, outcome, budget, outcome.report));
    state.finished = !outcome.stopped;
    state.finalRun = model.run;
    state.used = outcome.seconds;
    LATHE_TRY(writeState(request.folder, state));
    LATHE_TRY(project->store().flush());
    return outcome;
  }

 private:
  static Result<SavedState> stateFor(const Project& project, const AutopilotRequest& request) {
    std::error_code error;
    fs::create_directories(request.folder, error);
    if (error) return fileError(error.value(), request.folder);
    const bool there = fs::exists(stateFile(request.folder), error);
    SavedState state;
    if (request.resume) {
      LATHE_ASSIGN(saved, readState(request.folder));
      state = std::move(saved);
    } else if (there) {
      const auto saved = readState(request.folder);
      // One that has ended gives its place to the next.
      if (!saved || !saved->finished) return otherState(request.folder);
    }
    if (!request.resume) state.folds = 0;
    state.spec = request.spec;
    state.project = project.folder().string();
    state.seconds = request.seconds;
    state.formats = request.formats;
    state.mostMilliseconds = request.mostMilliseconds;
    state.mostBytes = request.mostBytes;
    return state;
  }

  static Result<void> keepMetrics(Project& project, store::RunNumber run, const std::map<std::string, double>& all) {
    store::RunUpdate update;
    update.metrics = all;
    return project.store().updateRun(run, update);
  }

  // Best first; those without a value after them, baselines last.
  static void sortTried(std::vector<AutopilotTry>& tried, bool larger) {
    std::stable_sort(tried.begin(), tried.end(), [larger](const AutopilotTry& a, const AutopilotTry& b) {
      if (a.baseline != b.baseline) return b.baseline;
      if (a.value.has_value() != b.value.has_value()) return a.value.has_value();
      if (!a.value) return false;
      return larger ? *a.value > *b.value : *a.value < *b.value;
    });
  }

  const std::shared_ptr<engine::Engine> m_engine;       // shared with other services
  const std::shared_ptr<engine::BoostedTrees> m_trees;  // of the whole process; may be null
  const std::unique_ptr<ModelService> m_models;
};

}  // namespace

std::unique_ptr<AutopilotService> makeAutopilotService(std::shared_ptr<engine::Engine> engine,
                                                       std::shared_ptr<FreshProcess> freshProcess,
                                                       std::shared_ptr<engine::BoostedTrees> trees) {
  return std::make_unique<LocalAutopilot>(std::move(engine), std::move(freshProcess), std::move(trees));
}

}  // namespace lathe::services

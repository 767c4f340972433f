// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/trial_training.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/engine/batching.h"
#include "core/services/nas_costs.h"
#include "core/services/resume_point.h"
#include "core/services/run_facts.h"
#include "core/services/trial_observer.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using Request = engine::TrainingControl::Request;

constexpr int latencyRounds = 30;

StretchResult failedWith(Error error) {
  StretchResult result;
  result.error = std::move(error);
  return result;
}

std::int64_t stepsPerEpoch(const ResolvedTraining& resolved) {
  const auto& training = resolved.spec.training;
  const auto rows = static_cast<std::size_t>(std::max(1, training.batchSize)) *
                    static_cast<std::size_t>(std::max(1, training.accumulateSteps));
  return engine::BatchPlan(resolved.data->split.train.size(), rows).steps();
}

store::RunUpdate factsOf(const ResolvedTraining& resolved) {
  store::RunUpdate update;
  update.specJson = spec::toJson(resolved.spec, -1);
  update.modelJson = spec::toJson(resolved.model);
  update.monitor = resolved.spec.training.monitor;
  update.monitorLarger = resolved.spec.training.monitorDirection == "maximize";
  update.totalEpochs = resolved.spec.training.epochs;
  update.dataHash = resolved.spec.data.sha256;
  update.task = spec::name(resolved.spec.data.task);
  update.model = resolved.spec.model.templateName;
  return update;
}

Result<std::vector<double>> goalsOf(const TrialGround& ground, const ResolvedTraining& resolved,
                                    const engine::TrainingSummary& summary, const std::filesystem::path& folder) {
  std::vector<double> values;
  for (const auto& goal : ground.settings.goals) {
    if (isCostGoal(goal.metric)) {
      LATHE_ASSIGN(value, costOf(goal.metric, *ground.engine, resolved, summary.bestCheckpoint, folder));
      values.push_back(value);
      continue;
    }
    const auto found = summary.metrics.find(goal.metric);
    if (found == summary.metrics.end() || !found->second.isNumber())
      return fail("study.no_metric", LATHE_TEXT("errors", "The training gave no {metric}."),
                  LATHE_TEXT("errors", "Choose a metric that fits the task; help search names them."),
                  {{"metric", goal.metric}});
    values.push_back(found->second.toReal());
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      return fail("study.not_finite", LATHE_TEXT("errors", "{metric} is not a finite number."),
                  LATHE_TEXT("errors", "Such a configuration counts as failed."),
                  {{"metric", ground.settings.goals[i].metric}});
  return values;
}

StretchResult train(const TrialGround& ground, const TrialStretch& stretch, engine::TrainingControl& control,
                    const std::function<void(std::int64_t, double)>& judge) {
  auto& project = *ground.project;
  auto resolved = resolve(stretch.spec, project.folder(), {}, ground.engine.get(), &ground.kept);
  if (!resolved) return failedWith(resolved.error());
  resolved->spec.training.threads =
      std::clamp(resolved->spec.training.threads, 1, std::max(1, ground.settings.threads));
  StretchResult result;
  result.update = factsOf(*resolved);
  const auto folder = project.runFolder(stretch.run);
  engine::TrainingRequest request{resolved->model, resolved->spec.training, resolved->data, folder, std::nullopt, ""};
  for (const auto& [column, role] : resolved->spec.data.roles)
    if (role == spec::ColumnRole::Weight) request.weightColumn = column;
  request.lasting = false;
  request.inherits = stretch.inherits;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return failedWith(fileError(error.value(), folder).value());

  const auto& architecture = ground.settings.architecture;
  if (architecture.active() && !stretch.from) {
    if (const auto fits = checkLimits(ground, *resolved, request); !fits) return failedWith(fits.error());
    if (stretch.weightsFrom) request.initialWeights = weightsOfParent(*resolved, *stretch.weightsFrom, stretch.aligned);
  }
  std::int64_t after = 0;
  if (stretch.from) {
    auto point = resumePoint(*stretch.from);
    if (!point) return failedWith(point.error());
    request.resumeFrom = point->file;
    after = point->step;
    if (!stretch.inherits)
      if (const auto cut = project.store().truncate(stretch.run, after); !cut) return failedWith(cut.error());
  }
  const auto& first = ground.settings.goals.front().metric;
  const auto perEpoch = stepsPerEpoch(*resolved);
  const auto seen = [&](std::int64_t epoch, double value) {
    if (judge) judge(epoch, value);
    if (epoch >= stretch.target && control.requested() == Request::None) control.request(Request::Pause);
  };
  // A goal that is no metric says nothing on the way: epochs are then counted by the loss.
  TrialObserver observer(project.store(), stretch.run, isCostGoal(first) ? "val/loss" : first, perEpoch, after, seen);
  if (perEpoch > 0 && after / perEpoch >= stretch.target && after / perEpoch < request.training.epochs)
    control.request(Request::Pause);
  const auto summary = ground.engine->train(request, observer, control);
  observer.flush();
  result.epochs = observer.step() / std::max<std::int64_t>(1, perEpoch);
  result.update.steps = observer.step();
  result.update.epochs = static_cast<int>(result.epochs);
  if (const auto best = observer.bestFile(); !best.empty()) result.update.bestCheckpoint = project.relative(best);
  if (const auto last = observer.lastFile(); !last.empty()) result.update.lastCheckpoint = project.relative(last);
  if (!summary) {
    result.error = summary.error();
    return result;
  }
  result.update.samplesPerSecond = summary->samplesPerSecond;
  if (auto metrics = plainMetrics(summary->metrics); !metrics.empty()) {
    if (architecture.active() && architecture.proxies && summary->outcome == engine::TrainingOutcome::Completed)
      metrics.merge(proxiesOf(ground, request));
    result.update.metrics = std::move(metrics);
  }
  if (summary->outcome != engine::TrainingOutcome::Completed) {
    result.end = result.epochs >= stretch.target ? StretchEnd::Reached : StretchEnd::Stopped;
    return result;
  }
  result.update.totalSteps = summary->steps;
  auto values = goalsOf(ground, *resolved, *summary, folder);
  if (!values) {
    result.error = values.error();
    return result;
  }
  result.values = std::move(*values);
  result.end = StretchEnd::Completed;
  return result;
}

}  // namespace

StretchResult trainStretch(const TrialGround& ground, const TrialStretch& stretch, engine::TrainingControl& control,
                           const std::function<void(std::int64_t, double)>& judge) {
  const double started = systemClock().steadySeconds();
  StretchResult result;
  try {
    result = train(ground, stretch, control, judge);
  } catch (const std::exception& error) {
    result = failedWith(fail("training.failed", LATHE_TEXT("errors", "The training stopped unexpectedly: {reason}."),
                             LATHE_TEXT("errors", "Resume it from its last checkpoint."), {{"reason", error.what()}})
                            .value());
  }
  result.seconds = systemClock().steadySeconds() - started;
  return result;
}

Result<double> costOf(const std::string& goal, engine::Engine& engine, const ResolvedTraining& resolved,
                      const std::filesystem::path& checkpoint, const std::filesystem::path& folder) {
  if (goal == "parameters") return static_cast<double>(resolved.report.parameters);
  if (goal == "flops") return static_cast<double>(resolved.report.flops);
  // One at a time: trainings beside it are noise enough.
  static std::mutex one;
  const std::lock_guard lock(one);
  const auto file = folder / "cost.pt";
  LATHE_TRY(engine.exportTorchScript(checkpoint, file));
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  Result<double> result = static_cast<double>(bytes);
  if (goal == "latency_ms") {
    auto model = engine.loadTorchScript(file);
    if (!model) {
      std::filesystem::remove(file, error);
      return passOn(model);
    }
    const auto& rows =
        resolved.data->split.validation.empty() ? resolved.data->split.train : resolved.data->split.validation;
    std::vector<double> times;
    for (int i = 0; i < latencyRounds; ++i) {
      const double begin = systemClock().steadySeconds();
      const auto predicted = (*model)->predict(*resolved.data, {rows[static_cast<std::size_t>(i) % rows.size()]});
      times.push_back((systemClock().steadySeconds() - begin) * 1e3);
      if (!predicted) return passOn(predicted);
    }
    std::nth_element(times.begin(), times.begin() + latencyRounds / 2, times.end());
    result = times[latencyRounds / 2];
  }
  std::filesystem::remove(file, error);
  return result;
}

}  // namespace lathe::services

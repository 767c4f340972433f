// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/trial_training.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <mutex>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/engine/batching.h"
#include "core/services/nas_costs.h"
#include "core/services/resume_point.h"
#include "core/services/row_losses.h"
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
  update.modelJson = *spec::sharedJson(resolved.model);
  update.monitor = resolved.spec.training.monitor;
  update.monitorLarger = resolved.spec.training.monitorDirection == "maximize";
  update.totalEpochs = resolved.spec.training.epochs;
  update.dataHash = resolved.spec.data.sha256;
  update.task = spec::name(resolved.spec.data.task);
  update.model = resolved.spec.model.templateName;
  return update;
}

Result<void> checkFinite(const StudySettings& settings, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      return fail("study.not_finite", LATHE_TEXT("errors", "{metric} is not a finite number."),
                  LATHE_TEXT("errors", "Such a configuration counts as failed."),
                  {{"metric", settings.goals[i].metric}});
  return {};
}

// One a goal. `metrics`: of the best epoch, or means over folds; costs are those of `checkpoint`.
Result<std::vector<double>> goalsOf(const TrialGround& ground, const ResolvedTraining& resolved,
                                    const std::map<std::string, double>& metrics,
                                    const std::filesystem::path& checkpoint, const std::filesystem::path& folder) {
  std::vector<double> values;
  for (const auto& goal : ground.settings.goals) {
    if (isCostGoal(goal.metric)) {
      LATHE_ASSIGN(value, costOf(goal.metric, *ground.engine, resolved, checkpoint, folder));
      values.push_back(value);
      continue;
    }
    const auto found = metrics.find(goal.metric);
    if (found == metrics.end())
      return fail("study.no_metric", LATHE_TEXT("errors", "The training gave no {metric}."),
                  LATHE_TEXT("errors", "Choose a metric that fits the task; help search names them."),
                  {{"metric", goal.metric}});
    values.push_back(found->second);
  }
  LATHE_TRY(checkFinite(ground.settings, values));
  return values;
}

/// One training, whole or of one fold.
struct Piece {
  KeptData& kept;
  std::filesystem::path folder;
  std::optional<std::filesystem::path> from;
  std::string prefix;  ///< of its curves; not empty: they are kept only when it completes
};
struct Trained {
  std::optional<ResolvedTraining> resolved;
  std::optional<engine::TrainingSummary> summary;
  std::optional<Error> error;
  std::map<std::string, double> metrics;
  store::RunUpdate update;
  std::int64_t epochs = 0;
  std::filesystem::path best;
  [[nodiscard]] bool completed() const { return summary && summary->outcome == engine::TrainingOutcome::Completed; }
};

using Seen = std::function<void(std::int64_t, double)>;

// What a killed process had learnt of a trial up to its checkpoint, but had not written into the study's log. False:
// its curve is not there, so that it is better trained anew.
Result<bool> tellAgain(const TrialGround& ground, const TrialStretch& stretch, const std::string& goal,
                       std::int64_t after, std::int64_t perEpoch, const Seen& seen) {
  if (!seen || perEpoch <= 0 || after / perEpoch <= stretch.reported) return true;
  LATHE_ASSIGN(points, ground.project->store().points(stretch.run, goal));
  std::int64_t told = stretch.reported;
  for (const auto& point : points) {
    const auto epoch = (point.step + perEpoch - 1) / perEpoch;
    if (point.step > after || epoch <= told) continue;
    told = epoch;
    seen(epoch, point.value);
  }
  return told >= after / perEpoch;
}

std::optional<Error> trainPiece(const TrialGround& ground, const TrialStretch& stretch, const Piece& piece,
                                engine::TrainingControl& control, const Seen& seen, Trained& out) {
  auto& project = *ground.project;
  auto resolved = resolve(stretch.spec, project.folder(), {}, ground.engine.get(), &piece.kept);
  if (!resolved) return resolved.error();
  resolved->spec.training.threads =
      std::clamp(resolved->spec.training.threads, 1, std::max(1, ground.settings.threads));
  out.update = factsOf(*resolved);
  engine::TrainingRequest request{
      resolved->model, resolved->spec.training, resolved->data, piece.folder, std::nullopt, ""};
  for (const auto& [column, role] : resolved->spec.data.roles)
    if (role == spec::ColumnRole::Weight) request.weightColumn = column;
  request.lasting = false;
  request.inherits = stretch.inherits;
  std::error_code error;
  std::filesystem::create_directories(piece.folder, error);
  if (error) return fileError(error.value(), piece.folder).value();

  // A goal that is no metric says nothing on the way: epochs are then counted by the loss.
  const auto& first = ground.settings.goals.front().metric;
  const auto goal = isCostGoal(first) ? std::string("val/loss") : first;
  const auto perEpoch = stepsPerEpoch(*resolved);
  std::int64_t after = 0;
  if (piece.from) {
    auto point = resumePoint(*piece.from);
    if (!point) return point.error();
    auto known = stretch.inherits ? true : tellAgain(ground, stretch, goal, point->step, perEpoch, seen);
    if (!known) return known.error();
    if (!*known && stretch.inherited) {
      point = resumePoint(*stretch.inherited);
      if (!point) return point.error();
      request.inherits = true;
    }
    if (*known || stretch.inherited) {
      request.resumeFrom = point->file;
      after = point->step;
    }
    if (!stretch.inherits)
      if (const auto cut = project.store().truncate(stretch.run, after); !cut) return cut.error();
  }
  const auto& architecture = ground.settings.architecture;
  if (architecture.active() && !request.resumeFrom) {
    if (const auto fits = checkLimits(ground, *resolved, request); !fits) return fits.error();
    if (stretch.weightsFrom) request.initialWeights = weightsOfParent(*resolved, *stretch.weightsFrom, stretch.aligned);
  }
  TrialObserver observer(project.store(), stretch.run, goal, perEpoch, after, seen);
  if (!piece.prefix.empty()) observer.hold(piece.prefix);
  if (piece.prefix.empty() && perEpoch > 0 && after / perEpoch >= stretch.target &&
      after / perEpoch < request.training.epochs)
    control.request(Request::Pause);
  out.resolved = std::move(*resolved);
  auto summary = ground.engine->train(request, observer, control);
  const bool keep = piece.prefix.empty() || (summary && summary->outcome == engine::TrainingOutcome::Completed);
  if (keep) observer.flush();
  out.epochs = observer.step() / std::max<std::int64_t>(1, perEpoch);
  out.update.steps = observer.step();
  out.update.epochs = static_cast<int>(out.epochs);
  out.best = observer.bestFile();
  if (!out.best.empty()) out.update.bestCheckpoint = project.relative(out.best);
  if (const auto last = observer.lastFile(); !last.empty()) out.update.lastCheckpoint = project.relative(last);
  if (!summary) return summary.error();
  out.update.samplesPerSecond = summary->samplesPerSecond;
  out.metrics = plainMetrics(summary->metrics);
  if (architecture.active() && architecture.proxies && piece.prefix.empty() &&
      summary->outcome == engine::TrainingOutcome::Completed && !out.metrics.empty())
    out.metrics.merge(proxiesOf(ground, request));
  if (!out.metrics.empty()) out.update.metrics = out.metrics;
  if (summary->outcome == engine::TrainingOutcome::Completed) out.update.totalSteps = summary->steps;
  out.summary = std::move(*summary);
  return std::nullopt;
}

StretchResult trainWhole(const TrialGround& ground, const TrialStretch& stretch, engine::TrainingControl& control,
                         const std::function<void(std::int64_t, double)>& judge) {
  const auto seen = [&](std::int64_t epoch, double value) {
    if (judge) judge(epoch, value);
    if (epoch >= stretch.target && control.requested() == Request::None) control.request(Request::Pause);
  };
  const auto folder = ground.project->runFolder(stretch.run);
  StretchResult result;
  Trained trained;
  result.error = trainPiece(ground, stretch, {ground.kept, folder, stretch.from, ""}, control, seen, trained);
  result.update = std::move(trained.update);
  result.epochs = trained.epochs;
  if (result.error) return result;
  if (!trained.completed()) {
    result.end = result.epochs >= stretch.target ? StretchEnd::Reached : StretchEnd::Stopped;
    return result;
  }
  auto values = goalsOf(ground, *trained.resolved, trained.metrics, trained.summary->bestCheckpoint, folder);
  if (!values) {
    result.error = values.error();
    return result;
  }
  result.values = std::move(*values);
  result.end = StretchEnd::Completed;
  return result;
}

constexpr const char* foldCurves = "folds/";

/// What each fold gave, by metric.
using FoldValues = std::map<std::string, std::map<std::int64_t, double>>;

Result<FoldValues> foldsSoFar(store::RunStore& store, store::RunNumber run) {
  FoldValues values;
  LATHE_TRY(store.flush());
  LATHE_ASSIGN(all, store.series(run));
  for (const auto& series : all) {
    if (series.name.rfind(foldCurves, 0) != 0) continue;
    LATHE_ASSIGN(points, store.points(run, series.name));
    for (const auto& point : points) values[series.name.substr(std::strlen(foldCurves))][point.step] = point.value;
  }
  return values;
}

double meanTo(const std::map<std::int64_t, double>& values, std::int64_t fold) {
  double sum = 0;
  int count = 0;
  for (const auto& [number, value] : values)
    if (number <= fold) sum += value, ++count;
  return sum / count;
}

// Losses of the held-out rows, for who compares trials row by row.
Result<void> keepLosses(const TrialGround& ground, const Trained& trained, const std::filesystem::path& folder) {
  if (isCostGoal(ground.settings.goals.front().metric)) return {};
  auto model = ground.engine->load(trained.summary->bestCheckpoint);
  if (!model) return passOn(model);
  const auto& data = *trained.resolved->data;
  auto predictions = (*model)->predict(data, data.split.validation);
  if (!predictions) return passOn(predictions);
  return writeLosses(folder / lossesFile,
                     rowLosses(*predictions, data, data.split.validation, ground.settings.goals.front().metric));
}

StretchResult trainFolds(const TrialGround& ground, const TrialStretch& stretch, engine::TrainingControl& control,
                         const std::function<void(std::int64_t, double)>& judge) {
  auto& store = ground.project->store();
  const auto folder = ground.project->runFolder(stretch.run);
  const auto first =
      isCostGoal(ground.settings.goals.front().metric) ? std::string("val/loss") : ground.settings.goals.front().metric;
  const bool each = ground.settings.pruner == "wilcoxon";
  StretchResult result;
  auto known = foldsSoFar(store, stretch.run);
  if (!known) return failedWith(known.error());
  auto& values = *known;
  Trained trained;
  const std::int64_t count = ground.folds->count();
  const auto target = std::min<std::int64_t>(count, stretch.target);
  std::int64_t epochs = 0, steps = 0;
  for (std::int64_t fold = 1; fold <= target; ++fold) {
    if (!values[first].contains(fold)) {
      if (control.requested() != Request::None) break;
      const auto place = foldFolder(folder, static_cast<int>(fold));
      std::error_code error;
      std::filesystem::remove_all(place, error);
      trained = {};
      auto& kept = ground.folds->fold(static_cast<int>(fold));
      result.error = trainPiece(ground, stretch, {kept, place, std::nullopt, "fold " + std::to_string(fold) + "/"},
                                control, {}, trained);
      if (!result.error && !trained.completed()) break;
      if (!result.error && !trained.metrics.contains(first))
        result.error = goalsOf(ground, *trained.resolved, trained.metrics, {}, {}).error();
      if (!result.error)
        if (const auto losses = keepLosses(ground, trained, place); !losses) result.error = losses.error();
      epochs += trained.epochs;
      steps += trained.update.steps.value_or(0);
      result.update = trained.update;
      if (result.error) return result;
      std::vector<store::NamedPoints> curves;
      for (const auto& [name, value] : trained.metrics) {
        values[name][fold] = value;
        curves.push_back({foldCurves + name, {{fold, value}}});
      }
      store.appendNamed(stretch.run, std::move(curves));
      // One model is kept, for costs and for who looks at the run.
      if (fold > 1)
        for (const char* file : {"best.ckpt", "last.ckpt"})
          std::filesystem::remove(foldFolder(folder, static_cast<int>(fold - 1)) / file, error);
    }
    result.epochs = fold;
    if (judge) judge(fold, each ? values[first][fold] : meanTo(values[first], fold));
    if (control.requested() != Request::None && fold < count) break;
  }
  // Of all folds together.
  if (const auto length = result.update.totalEpochs) {
    result.update.epochs = static_cast<int>(result.epochs) * *length;
    result.update.totalEpochs = static_cast<int>(count) * *length;
  }
  if (steps > 0) result.update.steps = steps;
  if (result.epochs < count) {
    result.end = result.epochs >= stretch.target ? StretchEnd::Reached : StretchEnd::Stopped;
    return result;
  }
  std::map<std::string, double> means;
  for (const auto& [name, folds] : values) means[name] = meanTo(folds, count);
  if (!trained.resolved) {  // all folds were there before
    auto& kept = ground.folds->fold(static_cast<int>(count));
    auto resolved = resolve(stretch.spec, ground.project->folder(), {}, ground.engine.get(), &kept);
    if (!resolved) return failedWith(resolved.error());
    trained.resolved = std::move(*resolved);
    trained.best = foldFolder(folder, static_cast<int>(count)) / "best.ckpt";
  }
  auto goals = goalsOf(ground, *trained.resolved, means, trained.best, folder);
  if (!goals) {
    result.error = goals.error();
    return result;
  }
  result.update.metrics = std::move(means);
  result.values = std::move(*goals);
  result.end = StretchEnd::Completed;
  return result;
}

}  // namespace

StretchResult trainStretch(const TrialGround& ground, const TrialStretch& stretch, engine::TrainingControl& control,
                           const std::function<void(std::int64_t, double)>& judge) {
  const double started = systemClock().steadySeconds();
  StretchResult result;
  try {
    const auto train = ground.folds != nullptr ? trainFolds : trainWhole;
    result = train(ground, stretch, control, judge);
  } catch (const std::exception& error) {
    result = failedWith(fail("training.failed", LATHE_TEXT("errors", "The training stopped unexpectedly: {reason}."),
                             LATHE_TEXT("errors", "Resume it from its last checkpoint."), {{"reason", error.what()}})
                            .value());
  }
  result.seconds = systemClock().steadySeconds() - started;
  return result;
}

Result<double> latencyOf(const engine::Predictor& model, const data::Dataset& data,
                         const std::vector<std::uint32_t>& rows) {
  std::vector<double> times;
  for (int i = 0; i < latencyRounds; ++i) {
    const double begin = systemClock().steadySeconds();
    const auto predicted = model.predict(data, {rows[static_cast<std::size_t>(i) % rows.size()]});
    times.push_back((systemClock().steadySeconds() - begin) * 1e3);
    if (!predicted) return passOn(predicted);
  }
  std::nth_element(times.begin(), times.begin() + latencyRounds / 2, times.end());
  return times[latencyRounds / 2];
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
    result = latencyOf(**model, *resolved.data, rows);
  }
  std::filesystem::remove(file, error);
  return result;
}

}  // namespace lathe::services

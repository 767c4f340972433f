// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/training_loop.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "core/engine/batching.h"
#include "core/engine/checkpoint_keeper.h"
#include "core/engine/freezing.h"
#include "core/engine/histogram_counter.h"
#include "core/engine/rate_meter.h"
#include "core/engine/running_scores.h"
#include "core/engine/schedule.h"
#include "core/engine/snapshot_rows.h"
#include "core/engine/spike_guard.h"
#include "core/engine/training_state.h"
#include "core/engine/training_trouble.h"

namespace lathe::engine {
namespace {

constexpr double progressInterval = 0.05;  // seconds
constexpr double rateInterval = 1.0;

enum class Ending { EpochDone, Stopped };

std::size_t rowsOfStep(const spec::TrainingSpec& training) {
  return static_cast<std::size_t>(std::max(1, training.batchSize)) *
         static_cast<std::size_t>(std::max(1, training.accumulateSteps));
}

class TrainingLoop {
 public:
  TrainingLoop(const TrainingRequest& request, const std::string& engineName, Learner& learner,
               TrainingObserver& observer, TrainingControl& control, const Clock& clock)
      : m_request(request),
        m_training(request.training),
        m_learner(learner),
        m_observer(observer),
        m_control(control),
        m_clock(clock),
        m_running(request.model.schema),
        m_plan(request.data->split.train.size(), rowsOfStep(m_training)),
        m_order(request.data->split.train, m_training.seed),
        m_lr(m_training, m_plan.steps()),
        m_monitor(m_training),
        m_keeper(request, engineName, learner, observer, clock),
        m_histograms(m_training.histograms, m_plan.steps(), m_plan.steps() * m_training.epochs),
        m_snapshot(m_training.seed, request.data->split.validation) {}

  Result<TrainingSummary> run();

 private:
  Result<void> restore();
  void registerSeries();
  Result<Ending> epoch();
  Result<void> oneStep(std::int64_t inEpoch, int epochNumber);
  Result<void> finishEpoch();
  Result<std::map<std::string, double>> epochMetrics(int epochNumber);
  Result<void> addValidation(std::map<std::string, double>& metrics, int epochNumber, bool secondTry);
  Result<void> judgeEpoch(int epochNumber);
  Result<void> goBack(const Trouble& trouble);
  void logOptimizer(const StepSettings& settings, const StepOutcome& outcome);
  void reportVerdict(const Monitor::Verdict& verdict, int epochNumber, double value);
  void reportProgress(bool always);
  void logRunning(const BatchScore& score);
  [[nodiscard]] Trouble trouble(TroubleKind kind, std::int64_t step, int epochNumber) const {
    return {kind, step, epochNumber, m_training.optimizer.lr};
  }
  [[nodiscard]] TrainingState currentState() const;
  [[nodiscard]] TrainingSummary summary(TrainingOutcome outcome) const;

  const TrainingRequest& m_request;
  const spec::TrainingSpec& m_training;
  Learner& m_learner;
  TrainingObserver& m_observer;
  TrainingControl& m_control;
  const Clock& m_clock;
  RunningScores m_running;
  BatchPlan m_plan;
  EpochOrder m_order;
  LearningRate m_lr;
  Monitor m_monitor;
  CheckpointKeeper m_keeper;
  SpikeGuard m_guard;
  TrainingState m_state;
  std::optional<RateMeter> m_rate;
  double m_lastProgress = 0;
  double m_lastRatePoint = 0;
  std::int64_t m_lastRateStep = 0;
  bool m_stop = false;
  int m_lossSeries = 0, m_lrSeries = 0, m_rateSeries = 0;
  std::vector<int> m_runningSeries;
  int m_normSeries = -1, m_momentumSeries = -1;
  std::map<std::string, int> m_validationSeries;
  HistogramPlan m_histograms;
  ParameterHistograms m_counted;  ///< of the step in work, where it counts
  SnapshotRows m_snapshot;
};

Result<TrainingSummary> TrainingLoop::run() {
  m_state.seed = m_training.seed;
  m_state.batchSize = m_training.batchSize;
  m_state.trainRows = m_request.data->split.train.size();
  m_state.optimizer = m_training.optimizer.name;
  m_state.accumulateSteps = m_training.accumulateSteps;
  m_state.average = m_training.average.name;
  m_state.shuffle = m_order.state();
  if (m_request.resumeFrom) LATHE_TRY(restore());
  if (m_training.spikeGuard && !m_keeper.hasGood()) {
    m_keeper.rememberGood();
    m_guard.kept(m_state.step);
  }
  registerSeries();
  const double now = m_clock.steadySeconds();
  m_rate.emplace(now, m_state.step);
  m_lastRatePoint = now;
  reportProgress(true);
  while (m_state.epochsDone < m_training.epochs && !m_stop) {
    auto ending = epoch();
    if (!ending) {
      // What was already learnt stays; a second failure of the disk would say nothing new.
      static_cast<void>(m_keeper.flushBest());
      return passOn(ending);
    }
    if (*ending == Ending::Stopped) {
      LATHE_TRY(m_keeper.finish(currentState()));
      const bool pause = m_control.requested() == TrainingControl::Request::Pause;
      return summary(pause ? TrainingOutcome::Paused : TrainingOutcome::Cancelled);
    }
  }
  LATHE_TRY(m_keeper.finish(currentState()));
  reportProgress(true);
  return summary(TrainingOutcome::Completed);
}

Result<void> TrainingLoop::restore() {
  LATHE_ASSIGN(state, m_keeper.restore(m_state));
  m_state = state;
  m_order.setState(m_state.shuffle);
  if (m_state.stoppedEarly) {
    // Whoever resumes a run that stopped by itself wants it to go on: patience starts anew.
    m_state.stoppedEarly = false;
    m_state.monitor.sinceBest = 0;
  }
  m_monitor.setState(m_state.monitor);
  m_guard.setState(m_state.guard);
  return {};
}

void TrainingLoop::registerSeries() {
  m_lossSeries = m_observer.series("train/loss");
  m_runningSeries.clear();
  for (const auto& name : m_running.names()) m_runningSeries.push_back(m_observer.series("train/" + name));
  m_lrSeries = m_observer.series("optim/lr");
  m_rateSeries = m_observer.series("system/samples_per_second");
}

TrainingState TrainingLoop::currentState() const {
  TrainingState state = m_state;
  state.monitor = m_monitor.state();
  state.guard = m_guard.state();
  // Inside an epoch the order is made again from the generator as it was at the epoch's start.
  state.shuffle = m_state.stepInEpoch > 0 ? m_order.stateAtStart() : m_order.state();
  return state;
}

Result<Ending> TrainingLoop::epoch() {
  const int number = m_state.epochsDone + 1;
  m_order.next();
  double started = m_clock.steadySeconds();
  while (m_state.stepInEpoch < m_plan.steps()) {
    if (m_control.requested() != TrainingControl::Request::None) {
      m_state.trainSeconds += m_clock.steadySeconds() - started;
      // Nothing done of this epoch yet: the order is drawn anew when it begins.
      if (m_state.stepInEpoch == 0) m_order.setState(m_order.stateAtStart());
      return Ending::Stopped;
    }
    LATHE_TRY(oneStep(m_state.stepInEpoch, number));
    LATHE_TRY(m_keeper.failure());
    reportProgress(false);
    if (m_state.stepInEpoch < m_plan.steps() && m_keeper.due(m_training.checkpointSeconds)) {
      m_state.trainSeconds += m_clock.steadySeconds() - started;
      LATHE_TRY(m_keeper.writeAll(currentState()));
      started = m_clock.steadySeconds();
    }
  }
  m_state.trainSeconds += m_clock.steadySeconds() - started;
  LATHE_TRY(finishEpoch());
  return Ending::EpochDone;
}

Result<void> TrainingLoop::oneStep(std::int64_t inEpoch, int epochNumber) {
  const auto [first, count] = m_plan.range(inEpoch);
  const auto rows = m_order.order().subspan(first, count);
  const std::int64_t step = m_state.step + 1;
  if (inEpoch + 1 < m_plan.steps()) {
    const auto [next, nextCount] = m_plan.range(inEpoch + 1);
    m_learner.announce(m_order.order().subspan(next, nextCount), step + 1);
  }
  auto settings = m_lr.settings(step, epochNumber, m_monitor.state().lrFactor);
  settings.lr *= m_guard.state().lrFactor;
  if (inEpoch == 0 && epochNumber > 1 && epochNumber == thawingEpochs(m_training) + 1)
    m_observer.event("thawed", {LATHE_TEXT("events", "From epoch {epoch} on all layers learn."),
                                {{"epoch", std::to_string(epochNumber)}}});
  m_counted.clear();
  if (m_histograms.due(step)) m_learner.countNextStep(m_counted);
  LATHE_ASSIGN(outcome, m_learner.step(rows, settings));
  // The step is not counted, so that the same rows come again with the weights that were good.
  if (!std::isfinite(outcome.score.loss)) return goBack(trouble(TroubleKind::Loss, step, epochNumber));
  // Stopped before the weights are spoilt, so that the last checkpoint stays one to go on from.
  if (!std::isfinite(outcome.gradientNorm)) return goBack(trouble(TroubleKind::Gradient, step, epochNumber));
  m_state.step = step;
  m_observer.point(m_lossSeries, step, outcome.score.loss);
  m_state.stepInEpoch = inEpoch + 1;
  m_state.samples += static_cast<std::int64_t>(count);
  m_rate->add(static_cast<std::int64_t>(count));
  m_state.epochScore.add(outcome.score);
  logRunning(m_state.epochScore);
  logOptimizer(settings, outcome);
  if (!m_counted.empty()) m_observer.histograms(step, m_counted);
  if (!m_training.spikeGuard) return {};
  if (m_guard.see(outcome.score.loss)) return goBack(trouble(TroubleKind::Jump, step, epochNumber));
  if (m_guard.due()) {
    m_keeper.rememberGood();
    m_guard.kept(step);
  }
  return {};
}

void TrainingLoop::logOptimizer(const StepSettings& settings, const StepOutcome& outcome) {
  m_observer.point(m_lrSeries, settings.step, outcome.lr >= 0 ? outcome.lr : settings.lr);
  if (outcome.momentum >= 0) {
    if (m_momentumSeries < 0) m_momentumSeries = m_observer.series("optim/momentum");
    m_observer.point(m_momentumSeries, settings.step, outcome.momentum);
  }
  if (outcome.gradientNorm >= 0) {
    if (m_normSeries < 0) m_normSeries = m_observer.series("optim/grad_norm");
    m_observer.point(m_normSeries, settings.step, outcome.gradientNorm);
  }
}

// Weights, optimiser and generators of the last good state; steps, rows and schedule go on from where they are.
Result<void> TrainingLoop::goBack(const Trouble& trouble) {
  if (!m_training.spikeGuard || !m_guard.goBack()) return diverged(trouble);
  LATHE_TRY(m_keeper.goBack());
  const double lr = m_training.optimizer.lr * m_guard.state().lrFactor;
  m_observer.event("rolled_back", wentBack(trouble, m_guard.state().keptStep, lr));
  return {};
}

void TrainingLoop::logRunning(const BatchScore& score) {
  if (!(score.rowWeight > 0)) return;
  for (std::size_t i = 0; i < m_runningSeries.size(); ++i)
    m_observer.point(m_runningSeries[i], m_state.step, m_running.value(i, score));
}

Result<std::map<std::string, double>> TrainingLoop::epochMetrics(int epochNumber) {
  std::map<std::string, double> metrics;
  const BatchScore& score = m_state.epochScore;
  metrics["train/loss"] = score.loss;
  for (std::size_t i = 0; score.rowWeight > 0 && i < m_running.names().size(); ++i)
    metrics["train/" + m_running.names()[i]] = m_running.value(i, score);
  LATHE_TRY(addValidation(metrics, epochNumber, false));
  return metrics;
}

Result<void> TrainingLoop::addValidation(std::map<std::string, double>& metrics, int epochNumber, bool secondTry) {
  const auto& rows = m_request.data->split.validation;
  if (rows.empty()) return {};
  LATHE_ASSIGN(predictions, m_learner.evaluate(rows));
  double threshold = 0.5;
  if (m_training.decisionThreshold != "argmax") {
    threshold = tunedThreshold(predictions, *m_request.data, rows, m_training.decisionThreshold);
    metrics[decisionMetric] = threshold;
    m_observer.point(m_observer.series(decisionMetric), m_state.step, threshold);
  }
  const auto found = scores(predictions, *m_request.data, rows, m_request.model, m_training.loss, threshold);
  const bool lost = std::any_of(found.begin(), found.end(), [](const auto& score) {
    return score.first == "loss" && !std::isfinite(score.second);
  });
  if (lost) {
    const auto what = trouble(TroubleKind::Loss, m_state.step, epochNumber);
    // An average cannot be gone back from: its memory is the weights' for now.
    if (secondTry || m_learner.hasAverage()) return diverged(what);
    LATHE_TRY(goBack(what));
    return addValidation(metrics, epochNumber, true);
  }
  for (const auto& [name, value] : found) {
    metrics["val/" + name] = value;
    if (!std::isfinite(value)) continue;
    auto& series = m_validationSeries.try_emplace(name, -1).first->second;
    if (series < 0) series = m_observer.series("val/" + name);
    m_observer.point(series, m_state.step, value);
  }
  m_observer.predictions(m_snapshot.of(predictions, m_state.step, epochNumber, threshold));
  return {};
}

Result<void> TrainingLoop::finishEpoch() {
  const int number = m_state.epochsDone + 1;
  const bool averaged = m_learner.hasAverage();
  if (averaged) LATHE_TRY(m_learner.enterAverage());
  LATHE_TRY(judgeEpoch(number));
  if (averaged) LATHE_TRY(m_learner.leaveAverage());
  reportProgress(false);
  if (m_keeper.dueAtEpochEnd(m_training.checkpointSeconds)) LATHE_TRY(m_keeper.writeAll(currentState()));
  return {};
}

Result<void> TrainingLoop::judgeEpoch(int number) {
  LATHE_ASSIGN(metrics, epochMetrics(number));
  m_state.epochsDone = number;
  m_state.stepInEpoch = 0;
  m_state.epochScore = {};
  const auto monitored = metrics.find(m_training.monitor);
  const double value = monitored != metrics.end() ? monitored->second : metrics["train/loss"];
  const auto verdict = m_monitor.see(value, number, m_state.step);
  m_stop = verdict.stop;
  m_state.stoppedEarly = verdict.stop && number < m_training.epochs;
  if (verdict.best) {
    m_state.bestMetrics = metrics;
    m_keeper.rememberBest(currentState());
  }
  reportVerdict(verdict, number, value);
  return {};
}

void TrainingLoop::reportVerdict(const Monitor::Verdict& verdict, int number, double value) {
  if (verdict.best)
    m_observer.event(
        "best",
        {LATHE_TEXT("events", "Best so far: {metric} {value} in epoch {epoch}."),
         {{"metric", m_training.monitor}, {"value", fmt::format("{:.6g}", value)}, {"epoch", std::to_string(number)}}});
  if (verdict.lrReduced)
    m_observer.event("lr_reduced",
                     {LATHE_TEXT("events", "Learning rate lowered to {lr} after epoch {epoch}."),
                      {{"lr", fmt::format("{:.4g}", m_training.optimizer.lr * m_monitor.state().lrFactor)},
                       {"epoch", std::to_string(number)}}});
  if (m_state.stoppedEarly)
    m_observer.event("early_stopping",
                     {LATHE_TEXT("events",
                                 "Stopped early after epoch {epoch}: no better {metric} for {patience} "
                                 "epochs."),
                      {{"epoch", std::to_string(number)},
                       {"metric", m_training.monitor},
                       {"patience", std::to_string(m_training.earlyStopping.patience)}}});
}

void TrainingLoop::reportProgress(bool always) {
  const double now = m_clock.steadySeconds();
  if (!always && now - m_lastProgress < progressInterval) return;
  m_lastProgress = now;
  m_rate->mark(now);
  TrainingProgress progress;
  progress.step = m_state.step;
  progress.totalSteps = m_plan.steps() * m_training.epochs;
  progress.totalEpochs = m_training.epochs;
  progress.epoch = std::min(m_state.epochsDone + 1, m_training.epochs);
  progress.samplesPerSecond = m_rate->samplesPerSecond();
  progress.secondsLeft = m_rate->secondsLeft(now, m_state.step, progress.totalSteps);
  m_observer.progress(progress);
  if (m_state.step > 0 && progress.samplesPerSecond > 0 && m_state.step > m_lastRateStep &&
      (always || now - m_lastRatePoint >= rateInterval)) {
    m_lastRatePoint = now;
    m_lastRateStep = m_state.step;
    m_observer.point(m_rateSeries, m_state.step, progress.samplesPerSecond);
  }
}

TrainingSummary TrainingLoop::summary(TrainingOutcome outcome) const {
  TrainingSummary summary;
  summary.outcome = outcome;
  summary.epochs = m_state.epochsDone;
  summary.steps = m_state.step;
  if (m_state.trainSeconds > 0) summary.samplesPerSecond = static_cast<double>(m_state.samples) / m_state.trainSeconds;
  for (const auto& [name, value] : m_state.bestMetrics)
    if (std::isfinite(value)) summary.metrics[name] = value;
  summary.bestEpoch = m_monitor.state().bestEpoch;
  if (summary.bestEpoch > 0) summary.bestCheckpoint = m_keeper.bestFile();
  summary.lastCheckpoint = m_keeper.lastFile();
  summary.checkpointSeconds = m_keeper.spent();
  return summary;
}

}  // namespace

Result<TrainingSummary> runTraining(const TrainingRequest& request, const std::string& engineName, Learner& learner,
                                    TrainingObserver& observer, TrainingControl& control, const Clock& clock) {
  return TrainingLoop(request, engineName, learner, observer, control, clock).run();
}

}  // namespace lathe::engine

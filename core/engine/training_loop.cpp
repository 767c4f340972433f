// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/training_loop.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "core/engine/batching.h"
#include "core/engine/checkpoint_keeper.h"
#include "core/engine/rate_meter.h"
#include "core/engine/running_scores.h"
#include "core/engine/schedule.h"
#include "core/engine/training_state.h"

namespace lathe::engine {
namespace {

constexpr double progressInterval = 0.05;  // seconds
constexpr double rateInterval = 1.0;

enum class Ending { EpochDone, Stopped };

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
        m_plan(request.data->split.train.size(), static_cast<std::size_t>(std::max(1, m_training.batchSize))),
        m_order(request.data->split.train, m_training.seed),
        m_lr(m_training, m_plan.steps()),
        m_monitor(m_training),
        m_keeper(request, engineName, learner, observer, clock) {}

  Result<TrainingSummary> run();

 private:
  Result<void> restore();
  void registerSeries();
  Result<Ending> epoch();
  Result<void> oneStep(std::int64_t inEpoch, int epochNumber);
  Result<void> finishEpoch();
  Result<std::map<std::string, double>> epochMetrics(int epochNumber);
  void reportProgress(bool always);
  void logRunning(const BatchScore& score);
  [[nodiscard]] tl::unexpected<Error> diverged(std::int64_t step, int epochNumber) const;
  [[nodiscard]] tl::unexpected<Error> exploded(std::int64_t step, int epochNumber) const;
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
  TrainingState m_state;
  std::optional<RateMeter> m_rate;
  double m_lastProgress = 0;
  double m_lastRatePoint = 0;
  std::int64_t m_lastRateStep = 0;
  bool m_stop = false;
  int m_lossSeries = 0, m_lrSeries = 0, m_rateSeries = 0;
  std::vector<int> m_runningSeries;
  int m_normSeries = -1;
  std::map<std::string, int> m_validationSeries;
};

Result<TrainingSummary> TrainingLoop::run() {
  m_state.seed = m_training.seed;
  m_state.batchSize = m_training.batchSize;
  m_state.trainRows = m_request.data->split.train.size();
  m_state.optimizer = m_training.optimizer.name;
  m_state.shuffle = m_order.state();
  if (m_request.resumeFrom) LATHE_TRY(restore());
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
      LATHE_TRY(m_keeper.writeAll(currentState()));
      const bool pause = m_control.requested() == TrainingControl::Request::Pause;
      return summary(pause ? TrainingOutcome::Paused : TrainingOutcome::Cancelled);
    }
  }
  LATHE_TRY(m_keeper.writeAll(currentState()));
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
  // Inside an epoch the order is made again from the generator as it was at the epoch's start.
  state.shuffle = m_state.stepInEpoch > 0 ? m_order.stateAtStart() : m_order.state();
  return state;
}

Result<Ending> TrainingLoop::epoch() {
  const int number = m_state.epochsDone + 1;
  m_order.next();
  double started = m_clock.steadySeconds();
  for (std::int64_t i = m_state.stepInEpoch; i < m_plan.steps(); ++i) {
    if (m_control.requested() != TrainingControl::Request::None) {
      m_state.trainSeconds += m_clock.steadySeconds() - started;
      // Nothing done of this epoch yet: the order is drawn anew when it begins.
      if (m_state.stepInEpoch == 0) m_order.setState(m_order.stateAtStart());
      return Ending::Stopped;
    }
    LATHE_TRY(oneStep(i, number));
    reportProgress(false);
    if (i + 1 < m_plan.steps() && m_keeper.due(m_training.checkpointSeconds)) {
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
  const double lr = m_lr.at(step, epochNumber, m_monitor.state().lrFactor);
  LATHE_ASSIGN(outcome, m_learner.step(rows, step, lr));
  if (!std::isfinite(outcome.score.loss)) return diverged(step, epochNumber);
  // Stopped before the weights are spoilt, so that the last checkpoint stays one to go on from.
  if (!std::isfinite(outcome.gradientNorm)) return exploded(step, epochNumber);
  m_state.step = step;
  m_observer.point(m_lossSeries, step, outcome.score.loss);
  m_state.stepInEpoch = inEpoch + 1;
  m_state.samples += static_cast<std::int64_t>(count);
  m_rate->add(static_cast<std::int64_t>(count));
  m_state.epochScore.add(outcome.score);
  logRunning(m_state.epochScore);
  m_observer.point(m_lrSeries, step, lr);
  if (outcome.gradientNorm >= 0) {
    if (m_normSeries < 0) m_normSeries = m_observer.series("optim/grad_norm");
    m_observer.point(m_normSeries, step, outcome.gradientNorm);
  }
  return {};
}

void TrainingLoop::logRunning(const BatchScore& score) {
  if (!(score.rowWeight > 0)) return;
  for (std::size_t i = 0; i < m_runningSeries.size(); ++i)
    m_observer.point(m_runningSeries[i], m_state.step, m_running.value(i, score));
}

tl::unexpected<Error> TrainingLoop::diverged(std::int64_t step, int epochNumber) const {
  return fail("engine.diverged",
              LATHE_TEXT("errors", "The loss became NaN or infinite at step {step} (epoch {epoch})."),
              LATHE_TEXT("errors",
                         "Lower the learning rate (it was {lr}), or clip the gradients "
                         "(training.clip_norm)."),
              {{"step", std::to_string(step)},
               {"epoch", std::to_string(epochNumber)},
               {"lr", fmt::format("{:g}", m_training.optimizer.lr)}});
}

tl::unexpected<Error> TrainingLoop::exploded(std::int64_t step, int epochNumber) const {
  return fail("engine.diverged",
              LATHE_TEXT("errors", "The gradients became NaN or infinite at step {step} (epoch {epoch})."),
              LATHE_TEXT("errors", "Lower the learning rate (it was {lr}), or look for extreme values in the data."),
              {{"step", std::to_string(step)},
               {"epoch", std::to_string(epochNumber)},
               {"lr", fmt::format("{:g}", m_training.optimizer.lr)}});
}

Result<std::map<std::string, double>> TrainingLoop::epochMetrics(int epochNumber) {
  std::map<std::string, double> metrics;
  const BatchScore& score = m_state.epochScore;
  metrics["train/loss"] = score.loss;
  for (std::size_t i = 0; score.rowWeight > 0 && i < m_running.names().size(); ++i)
    metrics["train/" + m_running.names()[i]] = m_running.value(i, score);
  const auto& rows = m_request.data->split.validation;
  if (rows.empty()) return metrics;
  LATHE_ASSIGN(predictions, m_learner.evaluate(rows));
  double threshold = 0.5;
  if (m_training.decisionThreshold != "argmax") {
    threshold = tunedThreshold(predictions, *m_request.data, rows, m_training.decisionThreshold);
    metrics[decisionMetric] = threshold;
    m_observer.point(m_observer.series(decisionMetric), m_state.step, threshold);
  }
  for (const auto& [name, value] :
       scores(predictions, *m_request.data, rows, m_request.model, m_training.loss, threshold)) {
    if (name == "loss" && !std::isfinite(value)) return diverged(m_state.step, epochNumber);
    metrics["val/" + name] = value;
    if (!std::isfinite(value)) continue;
    auto& series = m_validationSeries.try_emplace(name, -1).first->second;
    if (series < 0) series = m_observer.series("val/" + name);
    m_observer.point(series, m_state.step, value);
  }
  return metrics;
}

Result<void> TrainingLoop::finishEpoch() {
  const int number = m_state.epochsDone + 1;
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
    m_observer.event(
        "best",
        {LATHE_TEXT("events", "Best so far: {metric} {value} in epoch {epoch}."),
         {{"metric", m_training.monitor}, {"value", fmt::format("{:.6g}", value)}, {"epoch", std::to_string(number)}}});
  }
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
  reportProgress(false);
  if (m_keeper.dueAtEpochEnd(m_training.checkpointSeconds)) LATHE_TRY(m_keeper.writeAll(currentState()));
  return {};
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
  return summary;
}

}  // namespace

Result<TrainingSummary> runTraining(const TrainingRequest& request, const std::string& engineName, Learner& learner,
                                    TrainingObserver& observer, TrainingControl& control, const Clock& clock) {
  return TrainingLoop(request, engineName, learner, observer, control, clock).run();
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/freezing.h"
#include "core/engine/training_steps.h"
#include "core/engine/training_trouble.h"

namespace lathe::engine {
namespace {

std::size_t rowsOfStep(const spec::TrainingSpec& training) {
  return static_cast<std::size_t>(std::max(1, training.batchSize)) *
         static_cast<std::size_t>(std::max(1, training.accumulateSteps));
}

}  // namespace

TrainingLoop::TrainingLoop(const TrainingRequest& request, const std::string& engineName, Learner& learner,
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

std::optional<TrainingLoop::Step> TrainingLoop::next() {
  if (m_place == Place::Ended) return std::nullopt;
  auto step = upToStep();
  if (step) return *step;
  endWith(step.error());
  return std::nullopt;
}

void TrainingLoop::done(const Result<StepOutcome>& outcome) {
  auto went = outcome ? take(*outcome) : Result<void>(passOn(outcome));
  if (went) went = afterStep();
  if (!went) endWith(went.error());
}

void TrainingLoop::endWith(const Error& error) {
  // What was already learnt stays; a second failure of the disk would say nothing new.
  if (m_place == Place::BetweenEpochs || m_place == Place::InEpoch) static_cast<void>(m_keeper.flushBest());
  m_place = Place::Ended;
  m_result = tl::unexpected<Error>(error);
}

Result<void> TrainingLoop::begin() {
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
  m_place = Place::BetweenEpochs;
  return {};
}

Result<std::optional<TrainingLoop::Step>> TrainingLoop::upToStep() {
  if (m_place == Place::Before) LATHE_TRY(begin());
  for (;;) {
    if (m_place == Place::BetweenEpochs) {
      if (m_state.epochsDone >= m_training.epochs || m_stop) {
        LATHE_TRY(conclude(false));
        return std::nullopt;
      }
      m_order.next();
      m_stretchStart = m_clock.steadySeconds();
      m_place = Place::InEpoch;
    }
    const bool stepsLeft = m_state.stepInEpoch < m_plan.steps();
    const bool stops = stepsLeft && m_control.requested() != TrainingControl::Request::None;
    if (stepsLeft && !stops) return std::optional(prepareStep());
    countStretch();
    if (stops) {
      // Nothing done of this epoch yet: the order is drawn anew when it begins.
      if (m_state.stepInEpoch == 0) m_order.setState(m_order.stateAtStart());
      LATHE_TRY(conclude(true));
      return std::nullopt;
    }
    LATHE_TRY(finishEpoch());
    m_place = Place::BetweenEpochs;
  }
}

Result<void> TrainingLoop::conclude(bool asked) {
  m_place = Place::Ended;
  LATHE_TRY(m_keeper.finish(currentState()));
  if (asked) {
    const bool pause = m_control.requested() == TrainingControl::Request::Pause;
    m_result = summary(pause ? TrainingOutcome::Paused : TrainingOutcome::Cancelled);
    return {};
  }
  reportProgress(true);
  m_result = summary(TrainingOutcome::Completed);
  return {};
}

Result<void> TrainingLoop::afterStep() {
  LATHE_TRY(m_keeper.failure());
  reportProgress(false);
  if (m_state.stepInEpoch >= m_plan.steps() || !m_keeper.due(m_training.checkpointSeconds)) return {};
  countStretch();
  LATHE_TRY(m_keeper.writeAll(currentState()));
  m_stretchStart = m_clock.steadySeconds();
  return {};
}

void TrainingLoop::countStretch() { m_state.trainSeconds += m_clock.steadySeconds() - m_stretchStart; }

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

TrainingState TrainingLoop::currentState() const {
  TrainingState state = m_state;
  state.monitor = m_monitor.state();
  state.guard = m_guard.state();
  // Inside an epoch the order is made again from the generator as it was at the epoch's start.
  state.shuffle = m_state.stepInEpoch > 0 ? m_order.stateAtStart() : m_order.state();
  return state;
}

TrainingLoop::Step TrainingLoop::prepareStep() {
  const auto inEpoch = m_state.stepInEpoch;
  const int epochNumber = m_state.epochsDone + 1;
  const auto [first, count] = m_plan.range(inEpoch);
  m_asked.rows = m_order.order().subspan(first, count);
  const std::int64_t step = m_state.step + 1;
  if (inEpoch + 1 < m_plan.steps()) {
    const auto [next, nextCount] = m_plan.range(inEpoch + 1);
    m_learner.announce(m_order.order().subspan(next, nextCount), step + 1);
  }
  m_asked.settings = m_lr.settings(step, epochNumber, m_monitor.state().lrFactor);
  m_asked.settings.lr *= m_guard.state().lrFactor;
  if (inEpoch == 0 && epochNumber > 1 && epochNumber == thawingEpochs(m_training) + 1)
    m_observer.event("thawed", {LATHE_TEXT("events", "From epoch {epoch} on all layers learn."),
                                {{"epoch", std::to_string(epochNumber)}}});
  m_counted.clear();
  if (m_histograms.due(step)) m_learner.countNextStep(m_counted);
  return m_asked;
}

Result<void> TrainingLoop::take(const StepOutcome& outcome) {
  const std::int64_t step = m_asked.settings.step;
  const int epochNumber = m_state.epochsDone + 1;
  // The step is not counted, so that the same rows come again with the weights that were good.
  if (!std::isfinite(outcome.score.loss)) return goBack(trouble(TroubleKind::Loss, step, epochNumber));
  // Stopped before the weights are spoilt, so that the last checkpoint stays one to go on from.
  if (!std::isfinite(outcome.gradientNorm)) return goBack(trouble(TroubleKind::Gradient, step, epochNumber));
  m_state.step = step;
  m_observer.point(m_lossSeries, step, outcome.score.loss);
  ++m_state.stepInEpoch;
  m_state.samples += static_cast<std::int64_t>(m_asked.rows.size());
  m_rate->add(static_cast<std::int64_t>(m_asked.rows.size()));
  m_state.epochScore.add(outcome.score);
  logRunning(m_state.epochScore);
  logOptimizer(m_asked.settings, outcome);
  if (!m_counted.empty()) m_observer.histograms(step, m_counted);
  if (!m_training.spikeGuard) return {};
  if (m_guard.see(outcome.score.loss)) return goBack(trouble(TroubleKind::Jump, step, epochNumber));
  if (m_guard.due()) {
    m_keeper.rememberGood();
    m_guard.kept(step);
  }
  return {};
}

// Weights, optimiser and generators of the last good state; steps, rows and schedule go on from where they are.
Result<void> TrainingLoop::goBack(const Trouble& trouble) {
  if (!m_training.spikeGuard || !m_guard.goBack()) return diverged(trouble);
  LATHE_TRY(m_keeper.goBack());
  const double lr = m_training.optimizer.lr * m_guard.state().lrFactor;
  m_observer.event("rolled_back", wentBack(trouble, m_guard.state().keptStep, lr));
  return {};
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

Result<TrainingSummary> runTraining(const TrainingRequest& request, const std::string& engineName, Learner& learner,
                                    TrainingObserver& observer, TrainingControl& control, const Clock& clock) {
  TrainingLoop loop(request, engineName, learner, observer, control, clock);
  while (const auto step = loop.next()) loop.done(learner.step(step->rows, step->settings));
  return loop.result();
}

}  // namespace lathe::engine

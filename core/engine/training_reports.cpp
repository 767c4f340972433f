// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/engine/training_steps.h"

// What a training says while it runs: curves, progress, events and its summary.
namespace lathe::engine {
namespace {

constexpr double progressInterval = 0.05;  // seconds
constexpr double rateInterval = 1.0;

}  // namespace

void TrainingLoop::registerSeries() {
  m_lossSeries = m_observer.series("train/loss");
  m_runningSeries.clear();
  for (const auto& name : m_running.names()) m_runningSeries.push_back(m_observer.series("train/" + name));
  m_lrSeries = m_observer.series("optim/lr");
  m_rateSeries = m_observer.series("system/samples_per_second");
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

void TrainingLoop::logRunning(const BatchScore& score) {
  if (!(score.rowWeight > 0)) return;
  for (std::size_t i = 0; i < m_runningSeries.size(); ++i)
    m_observer.point(m_runningSeries[i], m_state.step, m_running.value(i, score));
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

}  // namespace lathe::engine

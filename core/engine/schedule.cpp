// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lathe::engine {

LearningRate::LearningRate(const spec::TrainingSpec& training, std::int64_t stepsPerEpoch)
    : m_schedule(training.schedule),
      m_lr(training.optimizer.lr),
      m_totalSteps(std::max<std::int64_t>(1, stepsPerEpoch * training.epochs)),
      m_warmupSteps(std::llround(m_schedule.warmupFraction * static_cast<double>(m_totalSteps))) {}

double LearningRate::at(std::int64_t step, int epoch, double plateauFactor) const {
  if (m_schedule.name == "plateau") return m_lr * plateauFactor;
  if (m_schedule.name == "step")
    return m_lr * std::pow(m_schedule.gamma, (epoch - 1) / std::max(1, m_schedule.stepEpochs));
  if (m_schedule.name != "cosine") return m_lr;
  if (step <= m_warmupSteps) return m_lr * static_cast<double>(step) / static_cast<double>(m_warmupSteps);
  const auto rest = static_cast<double>(std::max<std::int64_t>(1, m_totalSteps - m_warmupSteps));
  const double done = std::min(1.0, static_cast<double>(step - 1 - m_warmupSteps) / rest);
  const double last = m_schedule.finalFraction;
  return m_lr * (last + (1 - last) * 0.5 * (1 + std::cos(std::numbers::pi * done)));
}

Monitor::Monitor(const spec::TrainingSpec& training)
    : m_stopping(training.earlyStopping),
      m_schedule(training.schedule),
      m_maximize(training.monitorDirection == "maximize") {}

bool Monitor::better(double value, double than, double delta) const {
  return m_maximize ? value > than + delta : value < than - delta;
}

Monitor::Verdict Monitor::see(double value, int epoch, std::int64_t step) {
  Verdict verdict;
  const bool usable = std::isfinite(value);
  // The first epoch is the best so far even if its metric has no value: there must be something to deploy.
  verdict.best = m_state.bestEpoch == 0 || (usable && (!m_state.best || better(value, *m_state.best, 0)));
  if (verdict.best) {
    if (usable) m_state.best = value;
    m_state.bestEpoch = epoch;
    m_state.bestStep = step;
  }
  if (usable && (!m_state.reference || better(value, *m_state.reference, m_stopping.minDelta))) {
    m_state.reference = value;
    m_state.sinceBest = 0;
    m_state.sinceReduced = 0;
  } else {
    ++m_state.sinceBest;
    ++m_state.sinceReduced;
  }
  verdict.stop = m_stopping.patience > 0 && m_state.sinceBest >= m_stopping.patience;
  if (m_schedule.name == "plateau" && m_state.sinceReduced > m_schedule.patience) {
    m_state.lrFactor *= m_schedule.gamma;
    m_state.sinceReduced = 0;
    verdict.lrReduced = true;
  }
  return verdict;
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/engine/freezing.h"
#include "core/spec/customary.h"

namespace lathe::engine {

namespace {

constexpr double momentumSpan = 0.1;     // one_cycle: PyTorch's 0.95 and 0.85
constexpr double startDivisor = 25;      // one_cycle: of the rate at the start
constexpr double endDivisor = 25 * 1e4;  // and at the end

double cosineBetween(double from, double to, double done) {
  return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * done));
}

/// Part of the way up (negative) or down (positive): where a step of one_cycle stands.
struct CyclePlace {
  bool rising;
  double done;
};

CyclePlace placeInCycle(double step, double total, double riseFraction) {
  const double top = riseFraction * total - 1;
  if (top > 0 && step <= top) return {true, step / top};
  const double bottom = std::max(total - 1, 1.0);
  return {false, std::clamp((step - std::max(top, 0.0)) / std::max(bottom - std::max(top, 0.0), 1.0), 0.0, 1.0)};
}

double restartFactor(double epochs, double period, double growth) {
  if (growth <= 1) return 0.5 * (1 + std::cos(std::numbers::pi * std::fmod(epochs, period) / period));
  while (epochs >= period) {
    epochs -= period;
    period *= growth;
  }
  return 0.5 * (1 + std::cos(std::numbers::pi * epochs / period));
}

}  // namespace

double factorOverTime(const std::string& schedule, double done) {
  if (schedule == "cosine") return cosineBetween(1, 0, std::clamp(done, 0.0, 1.0));
  if (schedule == "flat_cos") return cosineBetween(1, 0, std::clamp(2 * done - 1, 0.0, 1.0));
  return 1;
}

LearningRate::LearningRate(const spec::TrainingSpec& training, std::int64_t stepsPerEpoch)
    : m_schedule(training.schedule),
      m_average(training.average),
      m_decaySchedule(training.optimizer.weightDecaySchedule),
      m_dropoutSchedule(training.dropoutSchedule),
      m_lr(training.optimizer.lr),
      m_momentum(spec::momentumOf(training.optimizer)),
      m_epochs(training.epochs),
      m_stepsPerEpoch(std::max<std::int64_t>(1, stepsPerEpoch)),
      m_totalSteps(std::max<std::int64_t>(1, stepsPerEpoch * training.epochs)),
      m_warmupSteps(std::llround(m_schedule.warmupFraction * static_cast<double>(m_totalSteps))),
      m_alwaysFrozen(training.freeze == "backbone"),
      m_thawingEpochs(thawingEpochs(training)) {}

double LearningRate::at(std::int64_t step, int epoch, double plateauFactor) const {
  const bool byEpoch = m_schedule.name == "step" || m_schedule.name == "plateau";
  const bool warming = step <= m_warmupSteps;
  const double warm = warming ? static_cast<double>(step) / static_cast<double>(m_warmupSteps) : 1;
  if (warming && !byEpoch) return m_lr * warm;
  return m_lr * shape(step, epoch, plateauFactor) * warm;
}

// After the warm-up, as a part of the full rate.
double LearningRate::shape(std::int64_t step, int epoch, double plateauFactor) const {
  const auto& name = m_schedule.name;
  if (name == "constant") return 1;
  if (name == "plateau") return plateauFactor;
  if (name == "step") return std::pow(m_schedule.gamma, (epoch - 1) / std::max(1, m_schedule.stepEpochs));
  const auto rest = static_cast<double>(std::max<std::int64_t>(1, m_totalSteps - m_warmupSteps));
  const auto since = static_cast<double>(step - 1 - m_warmupSteps);
  const double epochs = since / static_cast<double>(m_stepsPerEpoch);
  const double done = std::min(1.0, since / rest);
  const double last = m_schedule.finalFraction;
  if (name == "exponential") return std::pow(m_schedule.gamma, epochs);
  if (name == "linear") return last + (1 - last) * (1 - done);
  if (name == "polynomial") return last + (1 - last) * std::pow(1 - done, m_schedule.power);
  if (name == rangeTest) return std::pow(rangeTestSpan, done - 1);
  if (name == "coslog4") return 0.5 * (1 - std::cos(2 * std::numbers::pi * std::log2(1 + 15 * done)));
  if (name == "cosine_restarts")
    return last + (1 - last) * restartFactor(epochs, m_schedule.restartEpochs, m_schedule.restartGrowth);
  if (name == "flat_cosine") {
    const double flat = m_schedule.flatFraction;
    return cosineBetween(1, last, std::clamp((done - flat) / (1 - flat), 0.0, 1.0));
  }
  if (name == "one_cycle") {
    const auto place = placeInCycle(since, rest, m_schedule.riseFraction);
    return place.rising ? cosineBetween(1 / startDivisor, 1, place.done) : cosineBetween(1, 1 / endDivisor, place.done);
  }
  return cosineBetween(1, last, done);
}

double LearningRate::momentumAt(std::int64_t step) const {
  if (m_schedule.name != "one_cycle" || m_momentum < 0) return -1;
  const double low = std::max(0.0, m_momentum - momentumSpan);
  if (step <= m_warmupSteps) return m_momentum;
  const auto rest = static_cast<double>(std::max<std::int64_t>(1, m_totalSteps - m_warmupSteps));
  const auto place = placeInCycle(static_cast<double>(step - 1 - m_warmupSteps), rest, m_schedule.riseFraction);
  return place.rising ? cosineBetween(m_momentum, low, place.done) : cosineBetween(low, m_momentum, place.done);
}

bool LearningRate::averaged(std::int64_t step, int epoch) const {
  if (m_average.name == "ema") return true;
  return m_average.name == "swa" && step % m_stepsPerEpoch == 0 &&
         epoch > std::floor(m_average.startFraction * m_epochs);
}

StepSettings LearningRate::settings(std::int64_t step, int epoch, double plateauFactor) const {
  StepSettings settings;
  settings.step = step;
  settings.lr = at(step, epoch, plateauFactor);
  settings.momentum = momentumAt(step);
  const double done = static_cast<double>(step - 1) / static_cast<double>(m_totalSteps);
  settings.weightDecayFactor = factorOverTime(m_decaySchedule, done);
  settings.dropoutFactor = factorOverTime(m_dropoutSchedule, done);
  settings.average = averaged(step, epoch);
  settings.backboneFrozen = m_alwaysFrozen || epoch <= m_thawingEpochs;
  settings.updateStep =
      settings.backboneFrozen ? step : std::max<std::int64_t>(1, step - m_thawingEpochs * m_stepsPerEpoch);
  return settings;
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/spike_guard.h"

#include <algorithm>
#include <cmath>

namespace lathe::engine {
namespace {

constexpr std::int64_t learntFrom = 30;
constexpr double memory = 50;  // steps
constexpr double deviations = 8;
constexpr double means = 2;
constexpr double learnt = 0.05;  // of the loss at the start: less is no loss of what was learnt
constexpr int spikeLength = 5;
constexpr double absurd = 1000;
constexpr double leastAbsurd = 100;  // losses are of scaled targets or of probabilities

// An untrained network's loss says how large a sane one is, long before deviations can be told.
double limitOf(const SpikeGuard::Statistics& n) {
  if (n.seen < learntFrom) return std::max(absurd * std::abs(n.mean), leastAbsurd);
  const double unusual = n.mean + std::max(deviations * std::sqrt(n.variance), means * std::abs(n.mean));
  return std::max(unusual, n.mean + learnt * std::abs(n.atStart));
}

}  // namespace

bool SpikeGuard::see(double loss) {
  auto& s = m_state;
  auto& n = s.now;
  ++s.sinceKept;
  if (n.seen > 0 && loss > limitOf(n)) {
    s.goodSteps = 0;
    return ++s.above >= spikeLength;
  }
  s.above = 0;
  if (++s.goodSteps >= calm) s.inRow = 0;
  ++n.seen;
  const double share = std::max(1 / static_cast<double>(n.seen), 1 / memory);
  const double difference = loss - n.mean;
  n.mean += share * difference;
  n.variance = (1 - share) * (n.variance + share * difference * difference);
  if (n.seen == learntFrom) n.atStart = n.mean;
  return false;
}

void SpikeGuard::kept(std::int64_t step) {
  m_state.kept = m_state.now;
  m_state.keptStep = step;
  m_state.sinceKept = 0;
}

bool SpikeGuard::goBack() {
  auto& s = m_state;
  s.goodSteps = 0;
  s.above = 0;
  if (++s.inRow >= mostInRow) return false;
  s.lrFactor *= 0.5;
  s.now = s.kept;
  s.sinceKept = 0;
  return true;
}

}  // namespace lathe::engine

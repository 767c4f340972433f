// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/rate_meter.h"

namespace lathe::engine {

void RateMeter::mark(double now) {
  m_marks.push_back({now, m_samples});
  while (m_marks.size() > 2 && now - m_marks[1].time >= 1.0) m_marks.pop_front();
}

double RateMeter::samplesPerSecond() const {
  const double seconds = m_marks.back().time - m_marks.front().time;
  return seconds > 0 ? static_cast<double>(m_marks.back().samples - m_marks.front().samples) / seconds : 0;
}

double RateMeter::secondsLeft(double now, std::int64_t stepsDone, std::int64_t totalSteps) const {
  const double elapsed = now - m_start;
  const auto steps = static_cast<double>(stepsDone - m_startSteps);
  if (elapsed < 0.5 || steps < 1) return -1;
  return static_cast<double>(totalSteps - stepsDone) * elapsed / steps;
}

}  // namespace lathe::engine

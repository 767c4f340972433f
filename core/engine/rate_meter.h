// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>

namespace lathe::engine {

/// Samples a second over about the last second, and the time that is left. Times are steady seconds, given by the
/// caller.
class RateMeter {
 public:
  RateMeter(double now, std::int64_t stepsDone) : m_start(now), m_startSteps(stepsDone) { m_marks.push_back({now, 0}); }
  void add(std::int64_t samples) { m_samples += samples; }
  /// Call at most some dozens of times a second.
  void mark(double now);
  [[nodiscard]] double samplesPerSecond() const;
  /// -1 before half a second has passed. Validation and checkpoints are part of the pace.
  [[nodiscard]] double secondsLeft(double now, std::int64_t stepsDone, std::int64_t totalSteps) const;

 private:
  struct Mark {
    double time;
    std::int64_t samples;
  };
  double m_start;
  std::int64_t m_startSteps;
  std::int64_t m_samples = 0;
  std::deque<Mark> m_marks;
};

}  // namespace lathe::engine

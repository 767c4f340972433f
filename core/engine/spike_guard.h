// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lathe::engine {

/// Watches the loss of each step, so that a training that blew up goes back to its last good state with half the rate.
/// A loss counts as far off when it lies more than 8 deviations, and more than twice the mean, above the mean of the
/// last 50 or so that did not; five of these in a row are a spike, since one alone may be an unlucky batch. The first
/// 30 losses are only learnt from. Works on values alone, never on a clock: the same training gives the same decisions.
class SpikeGuard {
 public:
  static constexpr int mostInRow = 3;            ///< the third one fails the training
  static constexpr std::int64_t interval = 500;  ///< steps between two states that are kept
  static constexpr std::int64_t calm = 200;      ///< good steps after which the next trouble is a new one

  struct Statistics {
    double mean = 0;
    double variance = 0;
    std::int64_t seen = 0;
    double atStart = 0;  ///< mean loss of the first steps: near zero a jump by a large factor is no harm
    bool operator==(const Statistics&) const = default;
  };
  struct State {
    Statistics now;
    Statistics kept;  ///< as it was when the last good state was kept
    int above = 0;    ///< losses in a row that are far off
    int inRow = 0;    ///< times that it went back without calm between them
    std::int64_t goodSteps = 0;
    std::int64_t sinceKept = 0;
    std::int64_t keptStep = 0;
    double lrFactor = 1;
    bool operator==(const State&) const = default;
  };

  /// A finite loss; true when it completes a spike.
  bool see(double loss);
  /// It is time to keep the state, and the state is good.
  [[nodiscard]] bool due() const { return m_state.sinceKept >= interval && m_state.above == 0; }
  void kept(std::int64_t step);
  /// Trouble: true when the training shall go back to the kept state, at half the rate; false when it has failed.
  bool goBack();

  [[nodiscard]] const State& state() const { return m_state; }
  void setState(const State& state) { m_state = state; }

 private:
  State m_state;
};

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/search/trial.h"

namespace lathe::search {

/// How a bracket begins.
struct BracketPlan {
  std::size_t first = 0;  ///< the rung at which its trials start
  std::size_t size = 1;   ///< trials there
  bool promotes = true;   ///< the best share of a rung goes on; else each rung has as many open places instead
};

/// Synchronous successive halving (Jamieson and Talwalkar 2016): trials run to a rung, and when all are there (or
/// ended) the best 1 / eta of them, at least one, go on to the next. Failed ones and NaN count as worst and never go
/// on. A trial that is complete before its time keeps its value and its place without running.
class Bracket {
 public:
  Bracket(const BracketPlan& plan, std::size_t rungs, double eta);

  [[nodiscard]] std::size_t rung() const { return m_rung; }  ///< to which its trials run now
  [[nodiscard]] bool isFirst() const { return m_rung == m_first; }
  [[nodiscard]] bool promotes() const { return m_promotes; }
  [[nodiscard]] std::size_t size() const { return m_members.size() + m_open; }  ///< at this rung
  [[nodiscard]] std::size_t open() const { return m_open; }                     ///< places to be filled
  [[nodiscard]] bool done() const { return m_done; }
  /// A paused trial to be continued to rung().
  [[nodiscard]] std::optional<std::int64_t> waiting() const;

  // What happens. Returned are the paused trials that will not go on here.
  using Released = std::vector<std::int64_t>;
  void fill(std::int64_t trial);  ///< it runs in an open place, which there must be
  void resume(std::int64_t trial);
  Released reached(std::int64_t trial, double value);
  Released ended(std::int64_t trial, TrialState state, double value);
  /// No fresh trials come any more: open places vanish, and rungs promote from now on.
  Released stopIntake();

 private:
  struct Member {
    std::int64_t trial = -1;
    enum class State : std::uint8_t { Chosen, Running, Paused, Complete, Lost } state = State::Running;
    double value = 0;
  };
  Member* find(std::int64_t trial);
  Released closeFullRungs();

  const std::size_t m_first, m_rungs;
  const double m_eta;
  bool m_promotes;
  std::size_t m_rung, m_open;
  std::size_t m_busy = 0;  ///< chosen or running
  bool m_done = false;
  std::vector<Member> m_members;  ///< of this rung
};

}  // namespace lathe::search

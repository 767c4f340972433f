// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/search/pruner.h"

/// A study without training: workers ask a pruner what to do, and curves say what trials report.
namespace lathe::search {

struct StudyPlan {
  std::string pruner;
  PrunerSetup setup;
  std::int64_t trials = 60;  ///< fresh ones at most
  int workers = 1;
  std::uint64_t seed = 1;  ///< of configurations without one and of the order in which workers get on
  std::function<double(const Configuration& x, std::int64_t trial, std::int64_t step)> curve;
  std::function<bool(std::int64_t trial, std::int64_t step)> fails = {};
};

/// What moves a pruner on.
struct PrunerEvent {
  enum class Kind : std::uint8_t { Started, Continued, Report, Reached, Ended } kind = Kind::Report;
  std::int64_t trial = 0;
  std::int64_t step = 0;  ///< Started, Continued: the target
  double value = 0;
  Work work = {};
  TrialState state = TrialState::Complete;
};
void apply(Pruner& pruner, const PrunerEvent& event);

struct StudyTrial {
  Configuration configuration;
  std::int64_t begun = 0, step = 0, parent = -1;
  enum class Place : std::uint8_t { Running, Paused, Ended } place = Place::Running;
  TrialState state = TrialState::Running;
  bool continued = false;
};

struct PrunedStudy {
  std::vector<PrunerEvent> log;
  std::vector<std::pair<std::size_t, Work>> asked;  ///< length of the log, what next() said then
  std::vector<StudyTrial> trials;
  std::int64_t steps = 0;             ///< of all trials together
  std::vector<std::string> problems;  ///< what a pruner must not do
  [[nodiscard]] std::int64_t count(TrialState state) const;
};

[[nodiscard]] PrunedStudy prunedStudy(const StudyPlan& plan);
[[nodiscard]] bool sameWork(const Work& a, const Work& b);

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/search/pruner.h"
#include "core/search/sampler.h"

/// What a study decides, apart from how trials are run and kept: a state machine over its log. The same log gives the
/// same decisions, so a study is continued, and repeated, by feeding its log to a fresh one.
namespace lathe::search {

/// What happened, in the order in which it counts. Values as they are to be minimised.
struct StudyEvent {
  enum class Kind : std::uint8_t { Begin, Continue, Report, Reached, End, Planned };
  Kind kind = Kind::Begin;
  std::int64_t trial = 0;
  /// Begin, Continue: the target; Report, Reached: where; Planned: how many trials the study is now to have, 0 unknown.
  std::int64_t step = 0;
  double value = 0;                         ///< Report
  Configuration configuration = {};         ///< Begin
  TrialState state = TrialState::Complete;  ///< End
  std::vector<double> values = {};          ///< End of a complete one
};

/// What a free worker is to do.
struct StudyWork {
  Work::Kind kind = Work::Kind::Wait;
  std::int64_t trial = -1;
  std::int64_t target = 0;
  Configuration configuration;  ///< Fresh
  std::int64_t parent = -1;     ///< Fresh: whose checkpoint it starts from; -1: anew
  enum class Origin : std::uint8_t { Sampler, Pruner, Person } origin = Origin::Sampler;
  bool exhausted = false;  ///< Finished: because the sampler has no configuration left
};

class StudyLogic {
 public:
  StudyLogic(SearchSpace space, std::unique_ptr<Sampler> sampler, std::unique_ptr<Pruner> pruner,
             std::int64_t maxSteps);

  /// What to do next as things stand. `queued`: a configuration that a person wants tried. The caller applies the Begin
  /// or Continue that comes of it before asking again. Finished: the space is exhausted, or the pruner wants no more;
  /// what is running still runs. When it is exhausted and planned() is not trials(), a Planned event with trials()
  /// makes the pruner go on with what is paused: then ask again.
  [[nodiscard]] StudyWork next(const std::optional<Configuration>& queued = std::nullopt);
  void apply(const StudyEvent& event);
  /// A report that the trial's own decisions need before it counts for the others: apply() of the same one, later,
  /// tells the pruner nothing new.
  void hearAhead(std::int64_t trial, std::int64_t step, double value);

  /// How many reports and endings the pruner has heard; for shouldStop().
  [[nodiscard]] std::uint64_t heard() const { return m_pruner->heard(); }
  [[nodiscard]] bool shouldStop(std::int64_t trial, std::int64_t step, double value, std::uint64_t seen) {
    return m_pruner->shouldStop(trial, step, value, seen);
  }
  /// Paused trials that nothing will continue, to be ended as pruned; each named once.
  [[nodiscard]] std::vector<std::int64_t> hopeless() { return m_pruner->hopeless(); }
  /// All trials that are paused at a rung.
  [[nodiscard]] std::vector<std::int64_t> paused() const;

  [[nodiscard]] std::int64_t trials() const { return m_next; }  ///< begun so far
  [[nodiscard]] std::int64_t ended() const { return m_ended; }
  [[nodiscard]] std::int64_t planned() const { return m_planned; }  ///< by the newest Planned event; -1: there was none
  [[nodiscard]] std::optional<Message> remark() const { return m_sampler->remark(); }
  [[nodiscard]] std::vector<std::int64_t> rungs() const { return m_pruner->rungs(); }

 private:
  struct Trial {
    Configuration configuration;
    std::vector<TrialReport> reports;
    std::int64_t heardAhead = 0;  ///< step
    enum class Place : std::uint8_t { Running, Paused, Ended } place = Place::Running;
  };
  void tell(std::int64_t number, TrialState state, std::vector<double> values);

  const SearchSpace m_space;
  const std::unique_ptr<Sampler> m_sampler;
  const std::unique_ptr<Pruner> m_pruner;
  const std::int64_t m_maxSteps;
  std::map<std::int64_t, Trial> m_trials;
  std::int64_t m_next = 0, m_ended = 0, m_planned = -1;
};

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "core/search/pruner.h"
#include "core/search/pruners/bracket.h"
#include "core/search/pruners/rungs.h"

namespace lathe::search {

/// Brackets one after another. Hyperband (Li and others 2018) goes through the rungs as starting points, again and
/// again, with sizes that spend about equal steps in each bracket; while trials of a bracket are awaited, the next one
/// begins, so that no worker waits. Plain halving has one kind of bracket, from the first rung, and waits.
/// With the study's budget of trials used up, brackets go on with what they have.
class BracketPruner : public Pruner {
 public:
  enum class Kind : std::uint8_t { Halving, Hyperband };
  BracketPruner(const PrunerSetup& setup, Kind kind);

  [[nodiscard]] Work next() override;
  void started(std::int64_t trial, const Work& work) override;
  void continued(std::int64_t trial, std::int64_t target) override;
  [[nodiscard]] bool shouldStop(std::int64_t /*trial*/, std::int64_t /*step*/, double /*value*/,
                                std::uint64_t /*seen*/) override {
    return false;
  }
  void report(std::int64_t trial, std::int64_t step, double value) override;
  void reached(std::int64_t trial, std::int64_t step) override;
  void ended(std::int64_t trial, TrialState state) override;
  void planned(std::int64_t trials) override;
  [[nodiscard]] std::uint64_t heard() const override { return m_heard; }
  [[nodiscard]] std::vector<std::int64_t> hopeless() override { return m_hopeless.take(); }
  [[nodiscard]] std::vector<std::int64_t> rungs() const override { return m_lengths; }

 protected:
  /// Of the bracket with this number.
  [[nodiscard]] virtual BracketPlan planOf(std::size_t number) const;
  /// What fills an open place at a rung of a bracket: a fresh trial that the sampler proposes.
  [[nodiscard]] virtual Work placeWork(const Bracket& bracket);
  /// A trial runs in a place that was open.
  virtual void placed(std::int64_t /*trial*/, const Bracket& /*bracket*/) {}
  /// A trial has come to a rung, paused or complete there.
  virtual void evaluated(std::int64_t /*trial*/, std::size_t /*rung*/, double /*value*/) {}
  /// Paused trials that do not go on in their bracket.
  virtual void released(const std::vector<std::int64_t>& trials) { m_hopeless.add(trials); }

  [[nodiscard]] std::int64_t lengthOf(std::size_t rung) const { return m_lengths[rung]; }
  [[nodiscard]] std::size_t rungCount() const { return m_lengths.size(); }

  const PrunerSetup m_setup;
  HopelessTrials m_hopeless;

 private:
  Bracket* bracketOf(std::int64_t trial);
  /// The oldest bracket with an open place of this length, or nothing.
  std::map<std::size_t, Bracket>::iterator openAt(std::int64_t target);
  std::map<std::size_t, Bracket>::iterator beginBracket();
  [[nodiscard]] Bracket nextBracket() const;
  void place(std::int64_t trial, std::map<std::size_t, Bracket>::iterator at);
  void stopIntake();
  void release(const std::vector<std::int64_t>& trials);
  void dropDone();

  const Kind m_kind;
  const double m_eta;
  const std::vector<std::int64_t> m_lengths;
  std::map<std::size_t, Bracket> m_brackets;  ///< that are not done, by number
  std::size_t m_begun = 0;
  std::unordered_map<std::int64_t, std::size_t> m_places;  ///< number of a trial's bracket
  NewestValues m_values;
  std::int64_t m_started = 0, m_budget;
  std::uint64_t m_heard = 0;
};

}  // namespace lathe::search

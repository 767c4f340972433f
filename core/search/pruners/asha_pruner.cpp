// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

#include "core/search/pruners/pruners.h"
#include "core/search/pruners/rungs.h"

namespace lathe::search {
namespace {

// Asynchronous successive halving (Li and others 2020). A rung holds all that came so far; its best share goes on as
// soon as a worker is free. What failed on the way to a rung counts there as worst.
class AshaPruner final : public Pruner {
 public:
  explicit AshaPruner(const PrunerSetup& setup)
      : m_budget(setup.budget), m_eta(etaOf(setup)), m_lengths(geometricRungs(setup)), m_rungs(m_lengths.size()) {}

  [[nodiscard]] Work next() override {
    for (std::size_t rung = m_rungs.size() - 1; rung-- > 0;)
      if (!m_rungs[rung].ready.empty()) return promotion(m_rungs[rung].ready, rung);
    // Nothing more will come, and nobody has got to the end: the best of the highest rung does.
    if (intakeOver() && m_running == 0 && !m_anyComplete)
      for (std::size_t rung = m_rungs.size() - 1; rung-- > 0;)
        if (!m_rungs[rung].paused.empty()) return promotion(m_rungs[rung].paused, rung);
    return {Work::Kind::Fresh, -1, m_lengths.front(), {}, -1};
  }
  void started(std::int64_t trial, const Work& /*work*/) override {
    m_trials[trial] = {};
    ++m_started;
    ++m_running;
  }
  void continued(std::int64_t trial, std::int64_t /*target*/) override {
    const auto found = m_trials.find(trial);
    if (found == m_trials.end() || !found->second.paused) return;
    leave(trial, found->second);
    ++found->second.rung;
    ++m_running;
  }
  [[nodiscard]] bool shouldStop(std::int64_t /*trial*/, std::int64_t /*step*/, double /*value*/,
                                std::uint64_t /*seen*/) override {
    return false;
  }
  void report(std::int64_t trial, std::int64_t /*step*/, double value) override {
    m_values.report(trial, value);
    ++m_heard;
  }
  void reached(std::int64_t trial, std::int64_t /*step*/) override {
    const auto found = m_trials.find(trial);
    if (found == m_trials.end() || found->second.paused || found->second.rung + 1 >= m_rungs.size()) return;
    --m_running;
    auto& known = found->second;
    known.paused = true;
    known.value = m_values.of(trial);
    const Key key = keyOf(trial, known.value);
    if (std::isnan(known.value))
      m_hopeless.add(trial);  // it will never be promoted
    else
      m_rungs[known.rung].paused.insert(key);
    record(known.rung, key);
  }
  void ended(std::int64_t trial, TrialState state) override {
    ++m_heard;
    m_hopeless.ended(trial);
    const auto found = m_trials.find(trial);
    if (found == m_trials.end()) return;
    if (found->second.paused) {
      leave(trial, found->second);
    } else {
      --m_running;
      const bool complete = state == TrialState::Complete;
      m_anyComplete = m_anyComplete || complete;
      record(found->second.rung, keyOf(trial, complete ? m_values.of(trial) : std::nan("")));
    }
    m_trials.erase(found);
    m_values.forget(trial);
  }
  void planned(std::int64_t trials) override {
    const bool wasOver = intakeOver();
    m_budget = trials;
    if (wasOver && !intakeOver()) m_anyComplete = false;  // what is added is to end with one of its own
  }
  [[nodiscard]] std::uint64_t heard() const override { return m_heard; }
  [[nodiscard]] std::vector<std::int64_t> hopeless() override { return m_hopeless.take(); }
  [[nodiscard]] std::vector<std::int64_t> rungs() const override { return m_lengths; }

 private:
  using Key = std::pair<double, std::int64_t>;
  struct Trial {
    std::size_t rung = 0;  // where it is, or goes to
    bool paused = false;
    double value = 0;  // while it is paused
  };
  struct Rung {
    std::set<Key> top, rest;  // all that came, in order: the share that goes on, the others
    std::set<Key> paused;     // those waiting here
    std::set<Key> ready;      // those of them that lie in top
  };
  [[nodiscard]] bool intakeOver() const { return m_budget > 0 && m_started >= m_budget; }
  static Key keyOf(std::int64_t trial, double value) {
    return {std::isnan(value) ? std::numeric_limits<double>::infinity() : value, trial};
  }
  [[nodiscard]] Work promotion(const std::set<Key>& from, std::size_t rung) const {
    return {Work::Kind::Continue, from.begin()->second, m_lengths[rung + 1], {}, -1};
  }
  void record(std::size_t at, const Key& key) {
    auto& rung = m_rungs[at];
    if (!rung.top.empty() && key < *rung.top.rbegin())
      rise(rung, key);
    else
      rung.rest.insert(key);
    const std::size_t places = shareOf(rung.top.size() + rung.rest.size(), m_eta);
    while (rung.top.size() > places) {
      const auto last = std::prev(rung.top.end());
      rung.ready.erase(*last);
      rung.rest.insert(rung.top.extract(last));
    }
    while (rung.top.size() < places) {
      const auto first = rung.rest.begin();
      const Key risen = *first;
      rung.rest.erase(first);
      rise(rung, risen);
    }
  }
  static void rise(Rung& rung, const Key& key) {
    rung.top.insert(key);
    if (rung.paused.contains(key)) rung.ready.insert(key);
  }
  void leave(std::int64_t trial, Trial& known) {
    const Key key = keyOf(trial, known.value);
    m_rungs[known.rung].paused.erase(key);
    m_rungs[known.rung].ready.erase(key);
    known.paused = false;
  }

  std::int64_t m_budget;
  const double m_eta;
  const std::vector<std::int64_t> m_lengths;
  std::vector<Rung> m_rungs;
  std::unordered_map<std::int64_t, Trial> m_trials;  // those that have not ended
  NewestValues m_values;
  HopelessTrials m_hopeless;
  std::int64_t m_started = 0, m_running = 0;
  bool m_anyComplete = false;  // since the intake was opened
  std::uint64_t m_heard = 0;
};

}  // namespace

std::unique_ptr<Pruner> makeAshaPruner(const PrunerSetup& setup) { return std::make_unique<AshaPruner>(setup); }

}  // namespace lathe::search

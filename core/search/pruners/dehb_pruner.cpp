// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/search/pruners/bracket_pruner.h"
#include "core/search/pruners/pruners.h"
#include "core/search/pruners/subpopulation.h"
#include "core/search/pruners/variation.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr int mostAttempts = 20;
constexpr std::size_t leastPopulation = 4;  // a target and three parents

// Awad, Mallik and Hutter (2021). The first round of brackets is hyperband's. From then on the places of each rung are
// filled by offspring of the rung's subpopulation, whose mutants come from the best of the rung below. Trials stay
// paused while they belong to the subpopulation of their rung: an offspring that equals one continues it.
class DehbPruner final : public BracketPruner {
 public:
  explicit DehbPruner(const PrunerSetup& setup) : BracketPruner(setup, Kind::Hyperband) {
    for (std::size_t rung = 0; rung < rungCount(); ++rung) {
      auto most = static_cast<std::size_t>(std::max(setup.population, 0));
      if (most == 0) most = BracketPruner::planOf(rung).size;  // the largest that any bracket has there
      m_populations.emplace_back(std::max(most, leastPopulation));
    }
  }

  void started(std::int64_t trial, const Work& work) override {
    if (work.configuration) {
      m_trials[trial] = {*work.configuration};
      m_byCode[hashOf(*work.configuration)].push_back(trial);
    }
    BracketPruner::started(trial, work);
  }
  void continued(std::int64_t trial, std::int64_t target) override {
    m_free.erase(trial);
    BracketPruner::continued(trial, target);
  }
  void ended(std::int64_t trial, TrialState state) override {
    BracketPruner::ended(trial, state);
    m_free.erase(trial);
    m_slots.erase(trial);
  }

 protected:
  [[nodiscard]] BracketPlan planOf(std::size_t number) const override {
    auto plan = BracketPruner::planOf(number);
    plan.promotes = number < rungCount() || m_setup.space.size() == 0;
    return plan;
  }

  [[nodiscard]] Work placeWork(const Bracket& bracket) override {
    Work fresh = BracketPruner::placeWork(bracket);
    if (bracket.promotes()) return fresh;
    const auto rung = bracket.rung();
    const auto& population = m_populations[rung];
    if (population.members().empty()) return fresh;
    const auto parents = parentsFor(bracket);
    if (parents.size() < 3) return fresh;
    const auto& target = population.members()[population.slot()].configuration;
    Random random(m_setup.seed * 0x9E3779B97F4A7C15U + population.offspring() * rungCount() + rung, "dehb");
    for (int attempt = 0; attempt < mostAttempts; ++attempt) {
      std::size_t chosen[3];
      chosen[0] = random.below(parents.size());
      do chosen[1] = random.below(parents.size());
      while (chosen[1] == chosen[0]);
      do chosen[2] = random.below(parents.size());
      while (chosen[2] == chosen[0] || chosen[2] == chosen[1]);
      auto offspring =
          differentialOffspring(m_setup.space, target, parents[chosen[0]]->configuration,
                                parents[chosen[1]]->configuration, parents[chosen[2]]->configuration, random);
      if (!offspring) continue;
      const auto twin = twinOf(*offspring);
      if (twin < 0) return {Work::Kind::Fresh, -1, fresh.target, std::move(offspring), -1};
      if (const auto free = m_free.find(twin); free != m_free.end() && free->second < rung)
        return {Work::Kind::Continue, twin, fresh.target, {}, -1};
    }
    return fresh;  // everything near was tried: the sampler knows more
  }

  void placed(std::int64_t trial, const Bracket& bracket) override {
    auto& population = m_populations[bracket.rung()];
    if (bracket.promotes() || population.members().empty()) return;
    m_slots[trial] = population.slot();
    population.bred();
  }

  void evaluated(std::int64_t trial, std::size_t rung, double value) override {
    const auto found = m_trials.find(trial);
    if (found == m_trials.end()) return;
    found->second.rung = rung;
    const auto slot = m_slots.extract(trial);
    if (std::isnan(value)) return;
    Individual candidate{trial, found->second.configuration, value};
    const auto out = slot.empty() ? m_populations[rung].join(std::move(candidate))
                                  : m_populations[rung].compete(std::move(candidate), slot.mapped());
    // It may have gone on since then and be kept for another rung.
    if (const auto free = m_free.find(out); free != m_free.end() && free->second == rung) {
      m_free.erase(free);
      m_hopeless.add(out);
    }
  }

  void released(const std::vector<std::int64_t>& trials) override {
    for (const auto trial : trials) {
      const auto found = m_trials.find(trial);
      if (found != m_trials.end() && m_populations[found->second.rung].contains(trial))
        m_free[trial] = found->second.rung;
      else
        m_hopeless.add(trial);
    }
  }

 private:
  struct Trial {
    Configuration configuration;
    std::size_t rung = 0;  // the last one at which it was compared
  };

  // The best of the rung below, as many as would be promoted; filled up from the rung itself and the others.
  [[nodiscard]] std::vector<const Individual*> parentsFor(const Bracket& bracket) const {
    const auto rung = bracket.rung();
    if (bracket.isFirst()) {
      auto parents = m_populations[rung].best(m_populations[rung].members().size());
      if (parents.size() >= 3) return parents;
    }
    std::vector<const Individual*> parents;
    if (rung > 0) parents = m_populations[rung - 1].best(bracket.size());
    for (std::size_t away = 0; away < rungCount() && parents.size() < 3; ++away)
      for (const auto other : {rung + away, rung - away}) {
        if (other >= rungCount()) continue;  // or below zero
        for (const auto* each : m_populations[other].best(3))
          if (std::none_of(parents.begin(), parents.end(),
                           [&](const Individual* parent) { return parent->trial == each->trial; }))
            parents.push_back(each);
      }
    return parents;
  }

  // A trial with this configuration, if there is one: a paused one if possible.
  [[nodiscard]] std::int64_t twinOf(const Configuration& configuration) const {
    std::int64_t twin = -1;
    const auto found = m_byCode.find(hashOf(configuration));
    if (found == m_byCode.end()) return twin;
    for (const auto trial : found->second)
      if (spec::same(m_trials.at(trial).configuration, configuration) && (twin < 0 || m_free.contains(trial)))
        twin = trial;
    return twin;
  }

  std::vector<Subpopulation> m_populations;          // one a rung
  std::unordered_map<std::int64_t, Trial> m_trials;  // all there were
  std::unordered_map<std::uint64_t, std::vector<std::int64_t>> m_byCode;
  std::unordered_map<std::int64_t, std::size_t> m_free;   // paused for later, at this rung
  std::unordered_map<std::int64_t, std::size_t> m_slots;  // that offspring compete for
};

}  // namespace

std::unique_ptr<Pruner> makeDehbPruner(const PrunerSetup& setup) { return std::make_unique<DehbPruner>(setup); }

}  // namespace lathe::search

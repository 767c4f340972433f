// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/search/pruners/pruners.h"
#include "core/search/pruners/rungs.h"
#include "core/search/pruners/variation.h"

namespace lathe::search {
namespace {

constexpr std::int64_t usualPopulation = 20;

// Population based training (Jaderberg and others 2017) in generations: all members train for an interval; then those
// of the bottom quarter that are worse than the top quarter end, as do failed ones, and children of members of the top
// quarter take their places. Children start before their parents go on, whose newest checkpoint is then the one meant.
// After the last generation another population begins.
class PbtPruner final : public Pruner {
 public:
  explicit PbtPruner(const PrunerSetup& setup) : m_setup(setup) {
    m_setup.maxSteps = std::max<std::int64_t>(m_setup.maxSteps, 1);
    m_setup.minSteps = std::clamp<std::int64_t>(m_setup.minSteps, 1, m_setup.maxSteps);
    begin();
  }

  [[nodiscard]] Work next() override {
    const auto target = std::min((m_generation + 1) * m_setup.minSteps, m_setup.maxSteps);
    if (m_open > 0) {
      Work work{Work::Kind::Fresh, -1, target, {}, -1};
      Random random(m_setup.seed * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(m_started), "pbt");
      if (!m_parents.empty()) {
        const auto parent = m_parents[random.below(m_parents.size())];
        const auto& configuration = find(parent)->configuration;
        if (configuration) {
          work.parent = parent;
          work.configuration = explored(m_setup.space, *configuration, m_setup.inheritable, random);
        }
      }
      return work;
    }
    for (const auto& member : m_members)
      if (member.place == Place::Chosen) return {Work::Kind::Continue, member.trial, target, {}, -1};
    return {Work::Kind::Wait, -1, 0, {}, -1};
  }
  void started(std::int64_t trial, const Work& work) override {
    ++m_started;
    if (m_open > 0) --m_open;
    m_members.push_back({trial, work.configuration, Place::Running, 0});
  }
  void continued(std::int64_t trial, std::int64_t /*target*/) override {
    if (auto* member = find(trial); member && member->place == Place::Chosen) member->place = Place::Running;
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
    auto* member = find(trial);
    if (!member || member->place != Place::Running) return;
    member->place = Place::Paused;
    member->value = m_values.of(trial);
    closeGeneration();
  }
  void ended(std::int64_t trial, TrialState state) override {
    ++m_heard;
    m_values.forget(trial);
    m_hopeless.ended(trial);
    auto* member = find(trial);
    if (!member) return;
    std::erase(m_parents, trial);
    if (state == TrialState::Complete)
      m_members.erase(m_members.begin() + (member - m_members.data()));
    else
      member->place = Place::Lost;
    closeGeneration();
  }
  void planned(std::int64_t trials) override {
    m_setup.budget = trials > 0 ? std::max(trials, m_started) : 0;
    if (m_generation == 0 && m_members.empty()) {
      begin();
    } else if (const auto most = left(); most && *most < m_open) {
      m_open = *most;
      closeGeneration();
    }
  }
  [[nodiscard]] std::uint64_t heard() const override { return m_heard; }
  [[nodiscard]] std::vector<std::int64_t> hopeless() override { return m_hopeless.take(); }
  [[nodiscard]] std::vector<std::int64_t> rungs() const override {
    std::vector<std::int64_t> rungs;
    for (auto length = m_setup.minSteps; length < m_setup.maxSteps; length += m_setup.minSteps) rungs.push_back(length);
    rungs.push_back(m_setup.maxSteps);
    return rungs;
  }

 private:
  enum class Place : std::uint8_t { Chosen, Running, Paused, Lost };
  struct Member {
    std::int64_t trial = -1;
    std::optional<Configuration> configuration;
    Place place = Place::Running;
    double value = 0;  // while it is paused or chosen
  };

  Member* find(std::int64_t trial) {
    const auto found =
        std::find_if(m_members.begin(), m_members.end(), [&](const Member& member) { return member.trial == trial; });
    return found == m_members.end() ? nullptr : &*found;
  }
  // Trials that may still be begun; nothing when that is not known, or was not true.
  [[nodiscard]] std::optional<std::int64_t> left() const {
    if (m_setup.budget <= 0 || m_started > m_setup.budget) return std::nullopt;
    return m_setup.budget - m_started;
  }
  void begin() {
    m_generation = 0;
    m_members.clear();
    m_parents.clear();
    m_open = m_setup.population > 0 ? m_setup.population : usualPopulation;
    if (const auto most = left(); most && *most > 0) m_open = std::min(m_open, *most);
  }

  void closeGeneration() {
    const auto busy = [](const Member& member) {
      return member.place == Place::Running || member.place == Place::Chosen;
    };
    if (m_open > 0 || std::any_of(m_members.begin(), m_members.end(), busy)) return;
    std::vector<Member> ranked;
    for (const auto& member : m_members)
      if (member.place == Place::Paused && !std::isnan(member.value)) ranked.push_back(member);
    std::sort(ranked.begin(), ranked.end(), [](const Member& a, const Member& b) {
      return std::pair(a.value, a.trial) < std::pair(b.value, b.trial);
    });
    auto children = static_cast<std::int64_t>(m_members.size() - ranked.size());  // for those lost, or NaN
    for (const auto& member : m_members)
      if (member.place == Place::Paused && std::isnan(member.value)) m_hopeless.add(member.trial);
    if (ranked.empty()) {
      begin();
      return;
    }
    const auto most = left();
    if (most) children = std::min(children, *most);
    const auto quarter = std::max<std::size_t>(m_members.size() / 4, 1);
    const auto top = std::min(quarter, ranked.size());
    const double bar = ranked[top - 1].value;
    const auto mayReplace = [&] {
      return children < static_cast<std::int64_t>(quarter) && (!most || children < *most) && ranked.size() > top &&
             ranked.back().value > bar;
    };
    for (; mayReplace(); ++children) {
      m_hopeless.add(ranked.back().trial);
      ranked.pop_back();
    }
    m_parents.clear();
    for (std::size_t i = 0; i < top; ++i) m_parents.push_back(ranked[i].trial);
    for (auto& member : ranked) member.place = Place::Chosen;
    m_members = std::move(ranked);
    m_open = children;
    ++m_generation;
  }

  PrunerSetup m_setup;
  std::int64_t m_generation = 0;
  std::int64_t m_open = 0;              // places for fresh trials
  std::vector<Member> m_members;        // of this population
  std::vector<std::int64_t> m_parents;  // the top quarter of the generation before
  NewestValues m_values;
  HopelessTrials m_hopeless;
  std::int64_t m_started = 0;
  std::uint64_t m_heard = 0;
};

}  // namespace

std::unique_ptr<Pruner> makePbtPruner(const PrunerSetup& setup) { return std::make_unique<PbtPruner>(setup); }

}  // namespace lathe::search

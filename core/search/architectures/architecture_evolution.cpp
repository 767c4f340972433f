// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <deque>
#include <unordered_set>

#include "core/search/architectures/architecture_sampler.h"
#include "core/search/architectures/mutation.h"
#include "core/search/samplers/standing.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr int mostTries = 50;

class ArchitectureEvolution final : public Sampler {
 public:
  explicit ArchitectureEvolution(const SamplerSetup& setup) : m_setup(setup), m_size(sizeFor(setup)) {
    for (const auto& result : setup.before) tell(fromOutside(result));
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    m_parent = -1;
    if (m_seen < m_size || !hasParents()) return fresh(random);
    std::optional<Configuration> child;
    for (int i = 0; i < mostTries; ++i) {
      const auto& parent = chosen(random);
      auto mutated = mutate(m_setup.space, parent.configuration, random);
      if (!mutated) continue;
      child = std::move(mutated);
      // Numbers of training (a learning rate that is searched along) move a little with every child.
      for (std::size_t k = 0; k < m_setup.space.size(); ++k)
        if (!isArchitectureParameter(m_setup.space.parameters[k].name)) moved(*child, k, random);
      m_parent = parent.trial;
      if (!m_known.contains(hashOf(*child))) break;
    }
    return child ? child : fresh(random);
  }
  [[nodiscard]] std::int64_t parentOfProposal() const override { return m_parent; }
  void begin(std::int64_t /*trial*/, const Configuration& configuration) override {
    m_known.insert(hashOf(configuration));
    ++m_seen;
  }
  void tell(const TrialResult& result) override {
    m_known.insert(hashOf(result.configuration));
    if (result.trial < 0) ++m_seen;
    // Who comes further takes the place of what was known of it; it grows no younger by that.
    const auto known = std::find_if(m_population.begin(), m_population.end(),
                                    [&](const Told& each) { return each.trial >= 0 && each.trial == result.trial; });
    if (known != m_population.end()) {
      *known = toldOf(result, m_setup.goals);
    } else {
      m_population.push_back(toldOf(result, m_setup.goals));
      if (m_population.size() > m_size) m_population.pop_front();
    }
    m_order.clear();
  }

 private:
  static std::size_t sizeFor(const SamplerSetup& setup) {
    if (setup.population > 0) return static_cast<std::size_t>(std::max(setup.population, 2));
    if (setup.budget <= 0) return 20;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(setup.budget / 4, 8, 50));
  }
  [[nodiscard]] bool hasParents() {
    if (m_order.empty()) {
      std::vector<const Told*> all;
      for (const auto& each : m_population) all.push_back(&each);
      m_order = bestFirst(all);
    }
    return !m_order.empty() && m_population[m_order.front()].standing != Told::Failed;
  }
  // The best of a quarter of the population.
  const Told& chosen(Random& random) {
    std::size_t place = m_order.size();
    for (std::size_t i = 0; i < std::max<std::size_t>(2, m_size / 4); ++i)
      place = std::min<std::size_t>(place, random.below(m_order.size()));
    return m_population[m_order[place]];
  }
  std::optional<Configuration> fresh(Random& random) {
    std::optional<Configuration> drawn;
    for (int i = 0; i < mostTries; ++i) {
      drawn = drawFeasible(m_setup.space, random);
      if (!drawn || !m_known.contains(hashOf(*drawn))) break;
    }
    return drawn;
  }
  void moved(Configuration& child, std::size_t k, Random& random) const {
    const auto& parameter = m_setup.space.parameters[k];
    if (parameter.fixed || !(child[k] == child[k])) return;
    if (parameter.isChoice()) {
      if (random.below(4) == 0) child[k] = drawValue(parameter, random);
      return;
    }
    child[k] = fromUnit(parameter, std::clamp(toUnit(parameter, child[k]) + 0.1 * random.normal(), 0.0, 1.0));
  }

  const SamplerSetup m_setup;
  const std::size_t m_size;
  std::deque<Told> m_population;     ///< the newest last
  std::vector<std::size_t> m_order;  ///< of the population, the best first, when it is known
  std::unordered_set<std::uint64_t> m_known;
  std::size_t m_seen = 0;  ///< trials begun and points from outside
  std::int64_t m_parent = -1;
};

}  // namespace

std::unique_ptr<Sampler> makeArchitectureEvolution(const SamplerSetup& setup) {
  return std::make_unique<ArchitectureEvolution>(setup);
}

}  // namespace lathe::search

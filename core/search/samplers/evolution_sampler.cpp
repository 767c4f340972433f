// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <deque>

#include "core/search/samplers/genetic.h"
#include "core/search/samplers/samplers.h"
#include "core/search/samplers/standing.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

/// Steps, as parts of a parameter's scale: any size between, evenly by factors.
constexpr double widest = 0.3, narrowest = 0.015;

// Regularized evolution (Real et al. 2019): the best of a few of the population is changed a little; the population are
// the newest trials, so that nobody, however lucky once, stays for ever.
class EvolutionSampler final : public Sampler {
 public:
  explicit EvolutionSampler(const SamplerSetup& setup) : m_setup(setup), m_size(sizeFor(setup)) {
    for (const auto& result : setup.before) tell(fromOutside(result));
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    const auto& space = m_setup.space;
    if (m_order.empty()) refresh();
    if (m_seen < m_size || m_population.empty() || m_population[m_order.front()].standing == Told::Failed)
      return newSpreadPoint(space, m_known, trial, m_setup.seed);
    return firstNew(space, m_known, [&] {
      std::size_t place = m_order.size();
      for (std::size_t i = 0; i < std::max<std::size_t>(2, m_size / 2); ++i)
        place = std::min(place, random.below(m_order.size()));
      auto child = m_population[m_order[place]].configuration;
      const double width = widest * std::pow(narrowest / widest, random.uniform());
      step(space, child, 1 / static_cast<double>(space.size()), width, random);
      return child;
    });
  }
  void begin(std::int64_t /*trial*/, const Configuration& configuration) override {
    m_known.insert(hashOf(configuration));
    ++m_seen;
  }
  void tell(const TrialResult& result) override {
    m_known.insert(hashOf(result.configuration));
    if (result.trial < 0) ++m_seen;
    m_order.clear();
    if (auto* before = toldBefore(m_population, result.trial)) {
      *before = toldOf(result, m_setup.goals);
      return;
    }
    m_population.push_back(toldOf(result, m_setup.goals));
    if (m_population.size() > m_size) m_population.pop_front();
  }

 private:
  static std::size_t sizeFor(const SamplerSetup& setup) {
    if (setup.population > 0) return static_cast<std::size_t>(std::max(setup.population, 2));
    if (setup.budget <= 0) return 30;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(setup.budget / 4, 10, 50));
  }
  void refresh() {
    std::vector<const Told*> all;
    for (const auto& each : m_population) all.push_back(&each);
    m_order = bestFirst(all);
  }

  const SamplerSetup m_setup;
  const std::size_t m_size;
  std::deque<Told> m_population;     ///< the newest last
  std::vector<std::size_t> m_order;  ///< of the population, the best first, when it is known
  std::unordered_set<std::uint64_t> m_known;
  std::size_t m_seen = 0;  ///< trials begun and points from outside
};

}  // namespace

std::unique_ptr<Sampler> makeEvolutionSampler(const SamplerSetup& setup) {
  return std::make_unique<EvolutionSampler>(setup);
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/samplers/genetic.h"
#include "core/search/samplers/reference_points.h"
#include "core/search/samplers/samplers.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

/// Indices of the distributions of children around their parents.
constexpr double crossoverSpread = 8, mutationSpread = 5;
/// With several goals a mate is the nearest in them of so many: far ones have little in common.
constexpr int mates = 3;

// NSGA-II (Deb et al. 2002) and NSGA-III (Deb and Jain 2014), steady: each trial that ends joins the population, of
// which the best stay, so that nobody waits for a generation. With one goal a plain genetic algorithm.
class NsgaSampler final : public Sampler {
 public:
  NsgaSampler(const SamplerSetup& setup, bool niched) : m_setup(setup), m_size(sizeFor(setup)) {
    if (niched && setup.goals > 1) m_directions = referencePoints(setup.goals, m_size);
    for (const auto& result : setup.before) tell(fromOutside(result));
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    const auto& space = m_setup.space;
    if (m_best.empty()) m_best = bestOnes();
    const auto& parents = m_best;
    if (m_seen < m_size || parents.empty()) return newSpreadPoint(space, m_known, trial, m_setup.seed);
    const double rate = 1 / static_cast<double>(space.size());
    const auto ranges = rangesOf(parents);
    return firstNew(space, m_known, [&] {
      const auto& a = m_population[pick(parents, random)];
      auto child =
          crossover(space, a.configuration, mateOf(a, parents, ranges, random).configuration, crossoverSpread, random);
      mutate(space, child, rate, mutationSpread, random);
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
    m_best.clear();
    if (auto* before = toldBefore(m_population, result.trial)) {
      *before = toldOf(result, m_setup.goals);
      return;
    }
    m_population.push_back(toldOf(result, m_setup.goals));
    if (m_population.size() < m_size + std::max<std::size_t>(1, m_size > 64 ? m_size / 8 : 1)) return;
    std::vector<Told> kept;
    for (const auto i : survivors()) kept.push_back(std::move(m_population[i]));
    m_population = std::move(kept);
  }

 private:
  static std::size_t sizeFor(const SamplerSetup& setup) {
    if (setup.population > 0) return static_cast<std::size_t>(std::max(setup.population, 4));
    const std::int64_t usual = setup.budget > 0 ? std::clamp<std::int64_t>(setup.budget / 16, 8, 24) : 16;
    return static_cast<std::size_t>(std::max<std::int64_t>(usual, setup.goals > 1 ? 2 * setup.goals + 2 : 0));
  }

  [[nodiscard]] std::vector<std::size_t> survivors() const {
    std::vector<const Told*> all;
    for (const auto& each : m_population) all.push_back(&each);
    if (!m_directions.empty()) return nichedSurvivors(all, m_size, m_directions);
    auto order = bestFirst(all);
    order.resize(std::min(order.size(), m_size));
    return order;
  }
  [[nodiscard]] std::vector<std::size_t> bestOnes() const {
    auto best = survivors();
    std::erase_if(best, [&](std::size_t i) { return m_population[i].standing == Told::Failed; });
    return best;
  }
  // A tournament of two: survivors come with the better ones first.
  [[nodiscard]] static std::size_t pick(const std::vector<std::size_t>& parents, Random& random) {
    const auto a = random.below(parents.size()), b = random.below(parents.size());
    return parents[std::min(a, b)];
  }

  [[nodiscard]] Goals rangesOf(const std::vector<std::size_t>& parents) const {
    Goals low(static_cast<std::size_t>(m_setup.goals), std::numeric_limits<double>::infinity()), high(low.size());
    for (const auto i : parents) {
      if (m_population[i].standing != Told::Complete) continue;
      for (std::size_t k = 0; k < low.size(); ++k) {
        const double value = m_population[i].values[k];
        high[k] = std::isinf(low[k]) ? value : std::max(high[k], value);
        low[k] = std::min(low[k], value);
      }
    }
    for (std::size_t k = 0; k < low.size(); ++k) high[k] = high[k] > low[k] ? high[k] - low[k] : 1;
    return high;
  }
  [[nodiscard]] const Told& mateOf(const Told& a, const std::vector<std::size_t>& parents, const Goals& ranges,
                                   Random& random) const {
    const Told* mate = nullptr;
    double nearest = std::numeric_limits<double>::infinity();
    for (int i = 0; i < (m_setup.goals > 1 ? mates : 1); ++i) {
      const auto& each = m_population[pick(parents, random)];
      double distance = 0;
      for (std::size_t k = 0; k < std::min(a.values.size(), each.values.size()); ++k)
        distance += std::pow((a.values[k] - each.values[k]) / ranges[k], 2);
      if (&each == &a) distance = std::numeric_limits<double>::max();
      if (distance < nearest || mate == nullptr) {
        nearest = distance;
        mate = &each;
      }
    }
    return *mate;
  }

  const SamplerSetup m_setup;
  const std::size_t m_size;
  std::vector<Goals> m_directions;  ///< of NSGA-III
  std::vector<Told> m_population;
  std::unordered_set<std::uint64_t> m_known;
  std::size_t m_seen = 0;           ///< trials begun and points from outside
  std::vector<std::size_t> m_best;  ///< of the population, when it is known
};

}  // namespace

std::unique_ptr<Sampler> makeNsga2Sampler(const SamplerSetup& setup) {
  return std::make_unique<NsgaSampler>(setup, false);
}
std::unique_ptr<Sampler> makeNsga3Sampler(const SamplerSetup& setup) {
  return std::make_unique<NsgaSampler>(setup, true);
}

}  // namespace lathe::search

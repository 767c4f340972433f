// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "core/search/samplers/effective_grid.h"
#include "core/search/samplers/samplers.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t leastLevels = 3;
/// Places of the order that are looked at; beyond them what is not begun yet is drawn.
constexpr std::uint64_t mostWalked = std::uint64_t{1} << 20U;
constexpr int mostDraws = 1000;

std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

// A permutation of 0 .. size - 1 without a list: a Feistel network on the next even number of bits, gone through again
// while it leads outside.
class Permutation {
 public:
  Permutation(std::uint64_t size, std::uint64_t seed)
      : m_size(size), m_seed(seed), m_half((std::max<std::uint64_t>(std::bit_width(size - 1), 2) + 1) / 2) {}

  [[nodiscard]] std::uint64_t operator()(std::uint64_t place) const {
    do place = network(place);
    while (place >= m_size);
    return place;
  }

 private:
  [[nodiscard]] std::uint64_t network(std::uint64_t place) const {
    const std::uint64_t mask = (std::uint64_t{1} << m_half) - 1;
    std::uint64_t left = place >> m_half, right = place & mask;
    for (std::uint64_t round = 0; round < 6; ++round) {
      const auto next = left ^ (mixed(m_seed + mixed((round << 56U) ^ right)) & mask);
      left = right;
      right = next;
    }
    return (left << m_half) | right;
  }

  std::uint64_t m_size, m_seed, m_half;
};

// Values of the floats without steps: as many as fit the budget, the same number for all or one more for the first.
std::vector<std::size_t> levelsFor(const SearchSpace& space, std::int64_t budget) {
  std::vector<std::size_t> levels(space.size(), leastLevels), floats;
  for (std::size_t i = 0; i < space.size(); ++i)
    if (space.parameters[i].count() == 0) floats.push_back(i);
  if (floats.empty() || budget <= 0) return levels;
  const auto most = static_cast<std::size_t>(budget);
  const auto fits = [&](const std::vector<std::size_t>& each) {
    const auto size = EffectiveGrid(space, each).size();
    return size && *size <= most;
  };
  if (!fits(levels)) return levels;
  std::size_t low = leastLevels, high = most + 1;
  while (high - low > 1) {
    const auto middle = low + (high - low) / 2;
    auto tried = levels;
    for (const auto i : floats) tried[i] = middle;
    (fits(tried) ? low : high) = middle;
  }
  for (const auto i : floats) levels[i] = low;
  for (const auto i : floats) {
    ++levels[i];
    if (!fits(levels)) --levels[i];
  }
  return levels;
}

// Every configuration of a finite space once, in an order that is spread over all of it. Which is next depends on what
// has begun or been told only, whoever proposed it.
class GridSampler final : public Sampler {
 public:
  explicit GridSampler(const SamplerSetup& setup)
      : m_setup(setup), m_grid(setup.space, levelsFor(setup.space, setup.budget)), m_size(m_grid.size()) {
    if (m_size) m_order.emplace(*m_size, mixed(setup.seed));
    for (const auto& result : setup.before) take(result.configuration);
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    const auto walked = std::min(m_size.value_or(0), mostWalked);
    for (; m_place < walked; ++m_place) {
      auto configuration = m_grid.at((*m_order)(m_place));
      if (isNew(configuration)) return configuration;
    }
    if (m_size && walked == *m_size) return std::nullopt;
    auto random = randomFor(m_setup, trial);
    Configuration configuration;
    for (int i = 0; i < mostDraws; ++i) {
      configuration.assign(m_setup.space.size(), none);
      settle(m_setup.space, configuration,
             [&](std::size_t parameter) { return m_grid.valueAt(parameter, random.below(m_grid.countOf(parameter))); });
      if (isNew(configuration)) return configuration;
    }
    return configuration;
  }
  void begin(std::int64_t /*trial*/, const Configuration& configuration) override { take(configuration); }
  void tell(const TrialResult& result) override { take(result.configuration); }
  [[nodiscard]] std::optional<Message> remark() const override {
    if (m_size)
      return Message{LATHE_TEXT("search", "The grid has {count} configurations."),
                     {{"count", std::to_string(*m_size)}}};
    return Message{LATHE_TEXT("search", "The grid is too large to count; its configurations are drawn at random."), {}};
  }

 private:
  // Indices in place of values: what comes back from a file may differ in its last bits. Nothing beside the grid.
  [[nodiscard]] std::optional<std::uint64_t> codeOf(const Configuration& configuration) const {
    Configuration indices(configuration.size(), none);
    for (std::size_t i = 0; i < configuration.size(); ++i) {
      if (std::isnan(configuration[i])) continue;
      const auto index = m_grid.indexOf(i, configuration[i]);
      if (!index) return std::nullopt;
      indices[i] = static_cast<double>(*index);
    }
    return hashOf(indices);
  }
  [[nodiscard]] bool isNew(const Configuration& configuration) const {
    return spec::fulfils(m_setup.space, configuration) && !m_taken.contains(*codeOf(configuration));
  }
  void take(const Configuration& configuration) {
    if (const auto code = codeOf(configuration)) m_taken.insert(*code);
  }

  const SamplerSetup m_setup;
  EffectiveGrid m_grid;
  const std::optional<std::uint64_t> m_size;
  std::optional<Permutation> m_order;
  std::unordered_set<std::uint64_t> m_taken;
  std::uint64_t m_place = 0;  ///< all before it are taken or break constraints
};

}  // namespace

std::unique_ptr<Sampler> makeGridSampler(const SamplerSetup& setup) { return std::make_unique<GridSampler>(setup); }

}  // namespace lathe::search

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
double P(const char* n, double d) {
  const char* e = getenv(n);
  return e ? atof(e) : d;
}

constexpr std::size_t mostRises = 50;

// Simulated annealing (Kirkpatrick et al. 1983): steps from where it stands, which become shorter; a worse trial is
// gone to with a probability that falls with the loss and the temperature. The temperature is measured by the rises met
// lately, so that the goal's unit does not matter.
class AnnealingSampler final : public Sampler {
 public:
  explicit AnnealingSampler(const SamplerSetup& setup) : m_setup(setup) {
    for (const auto& result : setup.before) tell(result);
    m_ended = 0;
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    const auto& space = m_setup.space;
    auto index = static_cast<std::uint32_t>(trial);
    if (m_begun < P("INIT", 5) || !m_current || m_current->standing == Told::Failed)
      return firstNew(space, m_known, [&] {
        auto point = spreadPoint(space, index, m_setup.seed);
        index += 0x10000;
        return point;
      });
    const double width = P("W0", .3) * std::pow(P("W1", .02) / P("W0", .3), progress());
    return firstNew(space, m_known, [&] {
      auto child = m_current->configuration;
      step(space, child, P("RATE", 1.5) / static_cast<double>(space.size()), width, random);
      return child;
    });
  }
  void begin(std::int64_t /*trial*/, const Configuration& configuration) override {
    m_known.insert(hashOf(configuration));
    ++m_begun;
  }
  void tell(const TrialResult& result) override {
    m_known.insert(hashOf(result.configuration));
    const auto told = toldOf(result, m_setup.goals);
    ++m_ended;
    if (!m_best || first(told, *m_best)) {
      m_best = told;
      m_since = 0;
    } else {
      ++m_since;
    }
    if (!m_current || first(told, *m_current) || accepted(told)) m_current = told;
    if (m_since > P("PAT", 10) + P("PATN", 2) * m_setup.space.size()) {
      m_current = m_best;
      m_since = 0;
    }
  }

 private:
  // Of the budget; without one it comes near 1 slowly.
  [[nodiscard]] double progress() const {
    const auto ended = static_cast<double>(m_ended);
    if (m_setup.budget <= 0) return ended / (ended + 100);
    return std::min(1.0, ended / static_cast<double>(m_setup.budget));
  }
  [[nodiscard]] bool first(const Told& a, const Told& b) const {
    if (m_setup.goals > 1 && a.standing == Told::Complete && b.standing == Told::Complete)
      return dominates(a.values, b.values);
    return better(a, b);
  }
  // Whether to go to something that is not better.
  bool accepted(const Told& told) {
    if (told.standing != Told::Complete || m_current->standing != Told::Complete)
      return told.standing == m_current->standing;
    double rise = 0;
    for (std::size_t k = 0; k < told.values.size(); ++k) rise += told.values[k] - m_current->values[k];
    if (rise <= 0) return true;
    m_rises.push_back(rise);
    if (m_rises.size() > mostRises) m_rises.pop_front();
    std::vector<double> sorted(m_rises.begin(), m_rises.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const double temperature = P("T0", .5) * std::pow(P("T1", .02) / P("T0", .5), progress());
    auto random = randomFor(m_setup, told.trial, "accept");
    return random.uniform() < std::exp(-rise / (*middle * temperature));
  }

  const SamplerSetup m_setup;
  std::optional<Told> m_current, m_best;
  std::deque<double> m_rises;  ///< the latest last
  std::unordered_set<std::uint64_t> m_known;
  std::int64_t m_begun = 0, m_ended = 0;
  std::size_t m_since = 0;  ///< trials since the best
};

}  // namespace

std::unique_ptr<Sampler> makeAnnealingSampler(const SamplerSetup& setup) {
  return std::make_unique<AnnealingSampler>(setup);
}

}  // namespace lathe::search

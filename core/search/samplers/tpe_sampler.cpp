// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/search/samplers/genetic.h"
#include "core/search/samplers/parzen.h"
#include "core/search/samplers/samplers.h"
#include "core/search/samplers/tpe_history.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr std::size_t startTrials = 8;
constexpr std::int64_t spreadEvery = 8;
constexpr int candidates = 32;
/// Those drawn besides where constraints or what is known leave none.
constexpr int mostDraws = 200;

// Kernels of the good ones are wide and those of the bad ones narrow, in categories above all: what has hardly been
// tried is then rather tried than given up.
ParzenRules goodRules(std::size_t results) {
  ParzenRules rules;
  rules.width = 0.9F;
  // As if a point from anywhere were among the good ones, which with many results would keep kernels from narrowing.
  rules.pull = 0.3F * std::min(1.0F, 100.0F / static_cast<float>(results));
  rules.flip = 0.5F;
  rules.prior = 0.3F;
  return rules;
}
ParzenRules badRules() {
  ParzenRules rules;
  rules.width = 0.5F;
  rules.flip = 0.03F;
  rules.prior = 1;
  return rules;
}

// The tree-structured Parzen estimator (Bergstra et al. 2011): of what the density of good configurations proposes,
// the one that is best in its ratio to the density of the others. Running trials count as bad ones, so that they are
// kept away from (a constant liar, Ginsbourger et al. 2010). For several goals MOTPE (Ozaki et al. 2022).
class TpeSampler final : public Sampler {
 public:
  explicit TpeSampler(const SamplerSetup& setup) : m_setup(setup), m_space(setup.space), m_history(setup, m_space) {}

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    // Where trials are judged early, what they are judged by is noisy and they are cheap: a part of them is drawn from
    // everywhere, as Falkner, Klein and Hutter (2018) do, or the rest gathers around what was once lucky.
    const bool spread = m_history.prunes() && trial % spreadEvery == 0;
    if (m_history.rated() >= startTrials && !spread)
      if (auto found = modelled(trial)) return found;
    return newSpreadPoint(m_setup.space, m_history.known(), trial, m_setup.seed);
  }
  void begin(std::int64_t trial, const Configuration& configuration) override { m_history.begin(trial, configuration); }
  void tell(const TrialResult& result) override { m_history.tell(result); }

 private:
  std::optional<Configuration> modelled(std::int64_t trial) {
    auto random = randomFor(m_setup, trial);
    const auto split = m_history.split();
    const Parzen good(m_space, split.good, split.goodWeights, goodRules(m_history.rated()));
    const Parzen bad(m_space, split.bad, split.badWeights, badRules());
    std::vector<float> point(static_cast<std::size_t>(m_space.size()));
    std::optional<Configuration> best;
    double bestScore = 0;
    int rated = 0;
    for (int i = 0; i < mostDraws && rated < candidates; ++i) {
      if (i == candidates && best) break;
      auto candidate = good.sample(random);
      if (!spec::fulfils(m_setup.space, candidate) || m_history.known().contains(hashOf(candidate))) continue;
      ++rated;
      m_space.code(candidate, point.data());
      const double score = good.logDensity(point.data()) - bad.logDensity(point.data());
      if (best && score <= bestScore) continue;
      best = std::move(candidate);
      bestScore = score;
    }
    return best;
  }

  const SamplerSetup m_setup;
  const ParzenSpace m_space;
  TpeHistory m_history;
};

}  // namespace

std::unique_ptr<Sampler> makeTpeSampler(const SamplerSetup& setup) { return std::make_unique<TpeSampler>(setup); }
std::unique_ptr<Sampler> makeMotpeSampler(const SamplerSetup& setup) { return std::make_unique<TpeSampler>(setup); }

}  // namespace lathe::search

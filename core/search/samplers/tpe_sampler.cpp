// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_set>

#include "core/search/samplers/genetic.h"
#include "core/search/samplers/parzen.h"
#include "core/search/samplers/samplers.h"
#include "core/search/samplers/tpe_history.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {
#define K(name, standard) [] { static const double value = tpeKnob(name, standard); return value; }()

class TpeSampler final : public Sampler {
 public:
  explicit TpeSampler(const SamplerSetup& setup) : m_setup(setup), m_space(setup.space), m_history(setup, m_space) {}

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    if (m_history.rated() < static_cast<std::size_t>(K("START", 10)))
      return newSpreadPoint(m_setup.space, m_history.known(), trial, m_setup.seed);
    const auto split = m_history.split();
    ParzenRules low{(float)K("CB", 0.9), (float)K("MINB", 0.02), 0.5F, (float)K("SHR", 1), (float)K("FLIPB", 0.2), (float)K("PRB", 1)};
    ParzenRules high{(float)K("CA", 0.7), (float)K("MINA", 0.02), 0.5F, 1, (float)K("FLIPA", 0.2), (float)K("PRA", 1)};
    const Parzen l(m_space, split.good, split.weights, low), g(m_space, split.bad, std::vector<float>(split.bad.size(), 1.0F), high);
    std::vector<float> point(static_cast<std::size_t>(m_space.size()));
    std::optional<Configuration> best;
    double bestScore = 0;
    const auto consider = [&](Configuration candidate) {
      if (!spec::fulfils(m_setup.space, candidate) || m_history.known().contains(hashOf(candidate))) return false;
      m_space.code(candidate, point.data());
      const double score = l.logDensity(point.data()) - K("GW", 1) * g.logDensity(point.data());
      if (best && score <= bestScore) return false;
      best = std::move(candidate);
      bestScore = score;
      return true;
    };
    for (int i = 0; i < K("CAND", 24); ++i) consider(l.sample(random));
    float scale = static_cast<float>(K("LOCS", 0.5));
    if (best)
      for (int i = 0; i < K("LOCAL", 0); ++i) scale *= consider(l.near(*best, scale, random)) ? 1.2F : 0.85F;
    if (best) return best;
    return newSpreadPoint(m_setup.space, m_history.known(), trial, m_setup.seed);
  }
  void begin(std::int64_t trial, const Configuration& configuration) override { m_history.begin(trial, configuration); }
  void tell(const TrialResult& result) override { m_history.tell(result); }

 private:
  const SamplerSetup m_setup;
  const ParzenSpace m_space;
  TpeHistory m_history;
};


}  // namespace

std::unique_ptr<Sampler> makeTpeSampler(const SamplerSetup& setup) { return std::make_unique<TpeSampler>(setup); }
std::unique_ptr<Sampler> makeMotpeSampler(const SamplerSetup& setup) { return std::make_unique<TpeSampler>(setup); }

}  // namespace lathe::search

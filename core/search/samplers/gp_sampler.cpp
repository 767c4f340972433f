// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/search/samplers/gp_study.h"
#include "core/search/samplers/samplers.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

using Eigen::VectorXd;

class GpSampler final : public Sampler {
 public:
  explicit GpSampler(const SamplerSetup& setup) : m_setup(setup), m_study(setup, true) {
    m_startup = 4 + setup.space.size();
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    if (m_study.isReady(std::min<std::size_t>(m_startup, 20)))
      if (auto found = modelled(random, trial)) return found;
    return m_study.spread(trial, random);
  }
  void begin(std::int64_t trial, const Configuration& configuration) override { m_study.begin(trial, configuration); }
  void tell(const TrialResult& result) override { m_study.tell(result); }

 private:
  std::optional<Configuration> modelled(Random& random, std::int64_t trial) {
    const auto view = doubts(trial) ? m_study.doubting() : m_study.view();
    const VectorXd means = view.models.front()->means();
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < view.entries.size(); ++i)
      if (!m_study.entry(view.entries[i]).values.empty()) order.push_back(i);
    const auto mean = [&](std::size_t i) { return means[static_cast<Eigen::Index>(i)]; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return mean(a) < mean(b); });
    const LogExpectedImprovement improvement(mean(order.front()));
    const WithSuccess acquisition(improvement, 1, view.success);
    GpSearchTask task{m_setup.space, m_study.features(), view.models, acquisition, {}, m_study.taken()};
    if (view.success.model != nullptr) task.models.push_back(view.success.model);
    for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 5); ++i)
      task.centres.push_back(m_study.entry(view.entries[order[i]]).configuration);
    return gpSearch(task, random);
  }

  // Most probable hyperparameters are too sure where there are few results, or noisy ones: they settle in the second
  // best place. So some proposals, most of them early, come of shorter length scales (compare the safeguard of
  // Berkenkamp, Schoellig and Krause 2019, who shorten them more and more). Chosen with 20 seeds on eleven functions.
  [[nodiscard]] bool doubts(std::int64_t trial) const {
    constexpr std::size_t early = 10;  // results a parameter
    const std::int64_t every = m_study.complete() < early * m_setup.space.size() ? 3 : 6;
    return trial % every == every - 1;
  }

  const SamplerSetup m_setup;
  GpStudy m_study;
  std::size_t m_startup = 0;
};

}  // namespace

std::unique_ptr<Sampler> makeGpSampler(const SamplerSetup& setup) {
  if (setup.goals > 1) return makeEhviSampler(setup);
  return std::make_unique<GpSampler>(setup);
}

}  // namespace lathe::search

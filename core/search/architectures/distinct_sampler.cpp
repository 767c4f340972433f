// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <unordered_set>
#include <utility>

#include "core/search/architectures/architecture_sampler.h"
#include "core/search/architectures/mutation.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr int mostTries = 5, mostMutations = 60;

// A number that no trial has, nor anything that the inner sampler makes of it; also in its lower half, which is the
// place in a sequence of points.
constexpr std::int64_t instead(std::int64_t trial, int again) {
  return trial + (std::int64_t{again} << 50) + (std::int64_t{again} << 24);
}

class DistinctSampler final : public Sampler {
 public:
  DistinctSampler(SamplerSetup setup, ArchitectureStudy study, std::unique_ptr<Sampler> inner)
      : m_setup(std::move(setup)), m_study(std::move(study)), m_inner(std::move(inner)) {
    for (const auto& result : m_setup.before) m_known.insert(codeOf(result.configuration));
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    for (int again = 0; again < mostTries; ++again) {
      auto proposed = m_inner->propose(instead(trial, again));
      if (!proposed || !m_known.contains(codeOf(*proposed))) return proposed;
    }
    // It insists on what it knows: then something near that.
    auto wanted = m_inner->propose(trial);
    auto random = randomFor(m_setup, trial, "distinct");
    auto other = wanted;
    for (int i = 0; i < mostMutations; ++i) {
      other = mutate(m_setup.space, *other, random);
      if (!other) break;
      if (!m_known.contains(codeOf(*other)) && isAllowed(*other)) return other;
    }
    return wanted;
  }
  [[nodiscard]] std::int64_t parentOfProposal() const override { return m_inner->parentOfProposal(); }
  void begin(std::int64_t trial, const Configuration& configuration) override {
    m_known.insert(codeOf(configuration));
    m_inner->begin(trial, configuration);
  }
  void tell(const TrialResult& result) override {
    if (result.trial < 0) m_known.insert(codeOf(result.configuration));
    m_inner->tell(result);
  }
  [[nodiscard]] std::optional<Message> remark() const override { return m_inner->remark(); }

 private:
  [[nodiscard]] bool isAllowed(const Configuration& configuration) const {
    const auto& limits = m_study.limits;
    if (limits.parameters <= 0 && limits.flops <= 0) return true;
    const auto cost = costOfArchitecture(m_study, m_setup.space, configuration);
    return cost && within(limits, *cost);
  }
  // The same network with other settings of its training is another trial.
  [[nodiscard]] std::uint64_t codeOf(const Configuration& configuration) const {
    Configuration others = configuration;
    for (std::size_t i = 0; i < others.size(); ++i)
      if (isArchitectureParameter(m_setup.space.parameters[i].name)) others[i] = std::nan("");
    return networkCode(m_study.space, m_setup.space, configuration, m_study.context) * 31 + hashOf(others);
  }

  const SamplerSetup m_setup;
  const ArchitectureStudy m_study;
  const std::unique_ptr<Sampler> m_inner;
  std::unordered_set<std::uint64_t> m_known;  ///< begun, or told from outside
};

}  // namespace

std::unique_ptr<Sampler> makeDistinctSampler(const SamplerSetup& setup, const ArchitectureStudy& study,
                                             std::unique_ptr<Sampler> inner) {
  return std::make_unique<DistinctSampler>(setup, study, std::move(inner));
}

}  // namespace lathe::search

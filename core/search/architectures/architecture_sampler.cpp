// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/architectures/architecture_sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/architectures/mutation.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr int mostDraws = 300, mostSteps = 200;

bool limited(const ArchitectureLimits& limits) { return limits.parameters > 0 || limits.flops > 0; }

// Draws for another trial number, so that a sampler that draws at random draws anew.
constexpr std::int64_t anotherTrial(std::int64_t trial, int again) { return trial + (std::int64_t{again} << 40); }

class LimitedSampler final : public Sampler {
 public:
  LimitedSampler(SamplerSetup setup, ArchitectureStudy study, std::unique_ptr<Sampler> inner, Configuration smallest,
                 bool draws)
      : m_setup(std::move(setup)),
        m_study(std::move(study)),
        m_inner(std::move(inner)),
        m_smallest(std::move(smallest)),
        m_draws(draws) {}

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto proposed = m_inner->propose(trial);
    if (!proposed || fits(*proposed)) return proposed;
    // One that draws gives even chances to everything that fits; the others are held to what they want.
    for (int i = 1; m_draws && i < mostDraws; ++i) {
      proposed = m_inner->propose(anotherTrial(trial, i));
      if (!proposed || fits(*proposed)) return proposed;
    }
    auto random = randomFor(m_setup, trial, "smaller");
    for (int i = 0; i < mostSteps; ++i) {
      auto smaller = shrink(m_setup.space, *proposed, random);
      if (!smaller) break;
      proposed = std::move(smaller);
      if (fits(*proposed)) return proposed;
    }
    return m_smallest;
  }
  [[nodiscard]] std::int64_t parentOfProposal() const override { return m_inner->parentOfProposal(); }
  void begin(std::int64_t trial, const Configuration& configuration) override { m_inner->begin(trial, configuration); }
  void tell(const TrialResult& result) override { m_inner->tell(result); }
  [[nodiscard]] std::optional<Message> remark() const override { return m_inner->remark(); }

 private:
  [[nodiscard]] bool fits(const Configuration& configuration) const {
    const auto cost = costOfArchitecture(m_study, m_setup.space, configuration);
    return cost && within(m_study.limits, *cost);
  }

  const SamplerSetup m_setup;
  const ArchitectureStudy m_study;
  const std::unique_ptr<Sampler> m_inner;
  const Configuration m_smallest;
  const bool m_draws;
};

/// Gives what has not begun yet: a person may have begun a trial of their own, or one of these.
class RankedSampler final : public Sampler {
 public:
  explicit RankedSampler(std::vector<Configuration> ranked)
      : m_ranked(std::move(ranked)), m_begun(m_ranked.size(), false) {}
  [[nodiscard]] std::optional<Configuration> propose(std::int64_t /*trial*/) override {
    const auto next = std::find(m_begun.begin(), m_begun.end(), false);
    if (next == m_begun.end()) return std::nullopt;
    return m_ranked[static_cast<std::size_t>(next - m_begun.begin())];
  }
  void begin(std::int64_t /*trial*/, const Configuration& configuration) override {
    for (std::size_t i = 0; i < m_ranked.size(); ++i)
      if (spec::same(m_ranked[i], configuration)) m_begun[i] = true;
  }
  void tell(const TrialResult& /*result*/) override {}

 private:
  const std::vector<Configuration> m_ranked;
  std::vector<bool> m_begun;
};

// The cheapest that is found: every gene at its low end, then the better of many that were made smaller step by step.
Configuration smallestOf(const ArchitectureStudy& study, const SearchSpace& space, std::uint64_t seed) {
  Random random(seed, "smallest");
  Configuration best(space.size(), std::nan(""));
  settle(space, best, [&](std::size_t i) {
    const auto& parameter = space.parameters[i];
    return parameter.fixed ? *parameter.fixed : parameter.low;
  });
  const auto weight = [&](const Configuration& configuration) {
    const auto cost = costOfArchitecture(study, space, configuration);
    if (!cost) return std::numeric_limits<float>::infinity();
    const auto part = [](double value, double limit) { return limit > 0 ? value / limit : 0; };
    return static_cast<float>(std::max(part(static_cast<double>(cost->parameters), study.limits.parameters),
                                       part(static_cast<double>(cost->flops), study.limits.flops)));
  };
  auto lightest = weight(best);
  for (int i = 0; i < mostSteps && lightest > 1; ++i) {
    auto other = mutate(space, best, random);
    if (!other) break;
    if (const auto its = weight(*other); its < lightest) {
      lightest = its;
      best = std::move(*other);
    }
  }
  return best;
}

}  // namespace

Result<ArchitectureCost> costOfArchitecture(const ArchitectureStudy& study, const SearchSpace& space,
                                            const Configuration& configuration) {
  LATHE_ASSIGN(graph, buildArchitecture(study.space, space, configuration, study.context));
  const auto report = spec::analyse(graph, study.context.graph);
  return ArchitectureCost{report.parameters, report.flops};
}

bool within(const ArchitectureLimits& limits, const ArchitectureCost& cost) {
  return (limits.parameters <= 0 || static_cast<double>(cost.parameters) <= limits.parameters) &&
         (limits.flops <= 0 || static_cast<double>(cost.flops) <= limits.flops);
}

std::unique_ptr<Sampler> makeRankedSampler(std::vector<Configuration> ranked) {
  return std::make_unique<RankedSampler>(std::move(ranked));
}

Result<std::unique_ptr<Sampler>> makeArchitectureSampler(const std::string& name, const SamplerSetup& setup,
                                                         const ArchitectureStudy& study) {
  Configuration smallest;
  if (limited(study.limits)) {
    smallest = smallestOf(study, setup.space, setup.seed);
    LATHE_ASSIGN(cost, costOfArchitecture(study, setup.space, smallest));
    if (!within(study.limits, cost))
      return fail("nas.impossible",
                  LATHE_TEXT("errors",
                             "No architecture of the space {space} is that cheap: the smallest has {parameters} "
                             "parameters and needs {flops} FLOPs a row."),
                  LATHE_TEXT("errors", "Allow more (--max-parameters, --max-flops), or choose another space."),
                  {{"space", study.space},
                   {"parameters", std::to_string(cost.parameters)},
                   {"flops", std::to_string(cost.flops)}});
  }
  if (name == "ranked") return makeRankedSampler(study.ranked);
  std::unique_ptr<Sampler> inner;
  if (name == "evolution") {
    inner = makeArchitectureEvolution(setup);
  } else {
    LATHE_ASSIGN(made, makeSampler(name, setup));
    inner = std::move(made);
  }
  const bool draws = name == "random" || name == "evolution";
  if (limited(study.limits))
    inner = std::make_unique<LimitedSampler>(setup, study, std::move(inner), std::move(smallest), draws);
  return draws || name == "tpe" ? makeDistinctSampler(setup, study, std::move(inner)) : std::move(inner);
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/search/samplers/samplers.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

// Beyond, a Gaussian process costs more than it gains over what is cheap; see tests/benchmarks/search.
constexpr std::int64_t mostForProcess = 500;
constexpr std::int64_t mostForVolume = 250;  // several goals have a process each
constexpr std::size_t mostParametersForProcess = 40;
constexpr std::size_t mostGrid = 100000;

enum class Kind : std::uint8_t { Grid, Process, Volume, Genetic, Parzen, Adaptation, Differential };

bool onlyNumbers(const SearchSpace& space) {
  return std::all_of(space.parameters.begin(), space.parameters.end(), [](const spec::SearchParameter& parameter) {
    return parameter.type == spec::ParameterType::Float && parameter.conditions.empty();
  });
}

/// Picks by space, goals, budget and the number of trials begun, so that the same log picks the same. What it picked
/// before is let go when it changes, and what it picks next hears the log up to then at once.
class AutoSampler final : public Sampler {
 public:
  explicit AutoSampler(SamplerSetup setup) : m_setup(std::move(setup)) {
    const auto grid = gridSize(m_setup.space, mostGrid);
    m_wholeGrid = m_setup.goals == 1 && grid && m_setup.budget >= static_cast<std::int64_t>(*grid);
    m_numbers = onlyNumbers(m_setup.space);
    pick();
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override { return m_inner->propose(trial); }
  void begin(std::int64_t trial, const Configuration& configuration) override {
    m_log.push_back({trial, configuration, std::nullopt});
    ++m_begun;
    m_inner->begin(trial, configuration);
    pick();
  }
  void tell(const TrialResult& result) override {
    m_log.push_back({result.trial, {}, result});
    m_inner->tell(result);
  }
  [[nodiscard]] std::optional<Message> remark() const override { return m_remark; }

 private:
  struct Entry {
    std::int64_t trial;
    Configuration configuration;
    std::optional<TrialResult> told;  // nothing: it began
  };

  [[nodiscard]] Kind wanted() const {
    const bool few = m_setup.space.size() <= mostParametersForProcess;
    if (m_wholeGrid) return Kind::Grid;
    if (m_setup.goals > 1) {
      if (few && m_begun < mostForVolume) return Kind::Volume;
      return m_setup.goals == 2 ? Kind::Genetic : Kind::Parzen;
    }
    if (few && m_begun < mostForProcess) return Kind::Process;
    return m_numbers ? Kind::Adaptation : Kind::Differential;
  }

  void pick() {
    const auto kind = wanted();
    if (m_inner && kind == m_kind) return;
    m_kind = kind;
    auto setup = m_setup;
    if (kind == Kind::Adaptation)  // starts around what is known already
      for (const auto& entry : m_log)
        if (entry.told && entry.told->state == TrialState::Complete) setup.before.push_back(*entry.told);
    m_inner = make(kind, setup);
    for (const auto& entry : m_log) {
      if (entry.told)
        m_inner->tell(*entry.told);
      else
        m_inner->begin(entry.trial, entry.configuration);
    }
  }

  std::unique_ptr<Sampler> make(Kind kind, const SamplerSetup& setup) {
    switch (kind) {
      case Kind::Grid:
        m_remark = {
            LATHE_TEXT("search", "auto: every configuration once (grid), since that fits the number of trials."), {}};
        return makeGridSampler(setup);
      case Kind::Process:
        m_remark = {LATHE_TEXT("search", "auto: a Gaussian process (gp), which needs the fewest trials."), {}};
        return makeGpSampler(setup);
      case Kind::Genetic:
        m_remark = {LATHE_TEXT("search",
                               "auto: a genetic algorithm (nsga2), since there are two goals and many trials or "
                               "parameters."),
                    {}};
        return makeNsga2Sampler(setup);
      case Kind::Volume:
        m_remark = {
            LATHE_TEXT("search",
                       "auto: Gaussian processes and what adds most to the front (ehvi), which needs the fewest "
                       "trials for several goals."),
            {}};
        return makeEhviSampler(setup);
      case Kind::Parzen:
        m_remark = {
            LATHE_TEXT("search",
                       "auto: densities of good and bad trials (motpe), since there are three goals or more and "
                       "many trials or parameters."),
            {}};
        return makeMotpeSampler(setup);
      case Kind::Adaptation:
        m_remark = {
            LATHE_TEXT("search", "auto: CMA-ES (cmaes), since the space has numbers only and there are many trials."),
            {}};
        return makeCmaesSampler(setup);
      case Kind::Differential:
        break;
    }
    m_remark = {LATHE_TEXT("search", "auto: differential evolution (de), since there are many trials or parameters."),
                {}};
    return makeDeSampler(setup);
  }

  const SamplerSetup m_setup;
  bool m_wholeGrid = false, m_numbers = false;
  Kind m_kind = Kind::Process;
  std::unique_ptr<Sampler> m_inner;
  std::vector<Entry> m_log;
  std::int64_t m_begun = 0;
  Message m_remark;
};

}  // namespace

std::unique_ptr<Sampler> makeAutoSampler(const SamplerSetup& setup) { return std::make_unique<AutoSampler>(setup); }

}  // namespace lathe::search

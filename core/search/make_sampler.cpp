// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/search/names.h"
#include "core/search/reduced_space.h"
#include "core/search/sampler.h"
#include "core/search/samplers/samplers.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

struct Named {
  const char* name;
  std::unique_ptr<Sampler> (*make)(const SamplerSetup& setup);
};

constexpr Named all[] = {
    {"random", makeRandomSampler},
    {"grid", makeGridSampler},
    {"qmc", makeQmcSampler},
    {"tpe", makeTpeSampler},
    {"gp", makeGpSampler},
    {"cmaes", makeCmaesSampler},
    {"nsga2", makeNsga2Sampler},
    {"nsga3", makeNsga3Sampler},
    {"motpe", makeMotpeSampler},
    {"ehvi", makeEhviSampler},
    {"de", makeDeSampler},
    {"evolution", makeEvolutionSampler},
    {"annealing", makeAnnealingSampler},
    {"auto", makeAutoSampler},
};

// Takes out what cannot vary, and mends what a sampler proposes against the constraints.
class GuardedSampler final : public Sampler {
 public:
  GuardedSampler(const SamplerSetup& setup, std::unique_ptr<Sampler> (*make)(const SamplerSetup&))
      : m_setup(setup), m_reduced(setup.space) {
    SamplerSetup inner = setup;
    inner.space = m_reduced.space();
    inner.before.clear();
    for (const auto& result : setup.before)
      if (auto told = reduced(result)) inner.before.push_back(std::move(*told));
    if (inner.space.size() > 0) m_inner = make(inner);
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    if (!m_inner) return m_reduced.expand({});  // nothing varies
    const auto proposed = m_inner->propose(trial);
    if (!proposed) return std::nullopt;
    auto whole = m_reduced.expand(*proposed);
    if (spec::fulfils(m_setup.space, whole)) return whole;
    auto random = randomFor(m_setup, trial, "mend");
    if (mend(m_setup.space, whole, random)) return whole;
    return drawFeasible(m_setup.space, random);
  }
  void begin(std::int64_t trial, const Configuration& configuration) override {
    if (!m_inner) return;
    if (const auto inner = m_reduced.reduce(configuration)) m_inner->begin(trial, *inner);
  }
  void tell(const TrialResult& result) override {
    if (!m_inner) return;
    if (auto told = reduced(result)) m_inner->tell(*told);
  }
  [[nodiscard]] std::optional<Message> remark() const override { return m_inner ? m_inner->remark() : std::nullopt; }

 private:
  // A value that is no number counts as none.
  std::optional<TrialResult> reduced(const TrialResult& result) const {
    auto configuration = m_reduced.reduce(result.configuration);
    if (!configuration) return std::nullopt;
    TrialResult told = result;
    told.configuration = std::move(*configuration);
    const bool finite =
        std::all_of(told.values.begin(), told.values.end(), [](double value) { return std::isfinite(value); });
    if (told.state == TrialState::Complete && (told.values.empty() || !finite)) told.state = TrialState::Failed;
    if (told.state != TrialState::Complete) told.values.clear();
    std::erase_if(told.reports, [](const TrialReport& report) { return !std::isfinite(report.value); });
    return told;
  }

  const SamplerSetup m_setup;
  const ReducedSpace m_reduced;
  std::unique_ptr<Sampler> m_inner;
};

}  // namespace

std::string plainName(const std::string& name) {
  std::string plain;
  for (const char c : name)
    if (c != '-' && c != '_' && c != ' ') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return plain;
}

const std::vector<std::string>& samplerNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const auto& each : all) result.emplace_back(each.name);
    return result;
  }();
  return names;
}

Result<std::unique_ptr<Sampler>> makeSampler(const std::string& name, const SamplerSetup& setup) {
  const auto* found =
      std::find_if(std::begin(all), std::end(all), [&](const Named& each) { return plainName(name) == each.name; });
  if (found == std::end(all))
    return fail("search.sampler", LATHE_TEXT("errors", "There is no sampler {name}."),
                LATHE_TEXT("errors", "Samplers are {names}."), {{"name", name}, {"names", joined(samplerNames())}});
  Random random(setup.seed, "feasible");
  if (!drawFeasible(setup.space, random))
    return fail("space.impossible", LATHE_TEXT("errors", "No configuration was found that fulfils the constraints."),
                LATHE_TEXT("errors", "Loosen them, or widen the ranges of their parameters."));
  return std::make_unique<GuardedSampler>(setup, found->make);
}

}  // namespace lathe::search

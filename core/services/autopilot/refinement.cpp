// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/refinement.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/base/random.h"
#include "core/search/architectures/mutation.h"
#include "core/search/architectures/template_space.h"

namespace lathe::services {
namespace {

constexpr int mostTries = 30;
constexpr const char* keyStart = "refine-";

bool sameNetwork(const spec::ExperimentSpec& a, const spec::ExperimentSpec& b) {
  return a.model.templateName == b.model.templateName && a.model.settings == b.model.settings &&
         a.data.preprocessing == b.data.preprocessing && a.training.optimizer == b.training.optimizer;
}

}  // namespace

bool isRefined(const std::string& key) { return key.rfind(keyStart, 0) == 0; }

std::optional<Contender> refinedCandidate(const Contender& parent,
                                          const std::vector<const spec::ExperimentSpec*>& known, std::int64_t number,
                                          std::uint64_t seed) {
  const auto& model = parent.spec.model;
  const auto architecture = search::templateArchitecture(model.templateName, model.settings);
  if (!architecture) return std::nullopt;
  Random random(seed + static_cast<std::uint64_t>(number), "refinement");
  for (int i = 0; i < mostTries; ++i) {
    const auto child = search::mutate(architecture->space, architecture->at, random);
    if (!child) return std::nullopt;
    auto candidate = parent;
    candidate.spec.model.settings = search::settingsOf(*architecture, *child, model.settings);
    const auto is = [&](const auto* each) { return sameNetwork(*each, candidate.spec); };
    if (sameNetwork(parent.spec, candidate.spec) || std::any_of(known.begin(), known.end(), is)) continue;
    std::string what;
    for (const auto& change : search::changes(architecture->space, architecture->at, *child))
      what += (what.empty() ? "" : ", ") + change.render();
    candidate.key = fmt::format("{}{}", keyStart, number);
    candidate.title = fmt::format("{} refined: {}", model.templateName, what);
    candidate.from = parent.title;
    candidate.most = 0.6;
    candidate.least = 0;
    candidate.kept = false;
    candidate.baseline = false;
    candidate.proposal = -1;
    candidate.again = 0;
    candidate.configuration.clear();
    candidate.refined = true;
    return candidate;
  }
  return std::nullopt;
}

}  // namespace lathe::services

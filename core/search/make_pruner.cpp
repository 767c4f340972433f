// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/search/names.h"
#include "core/search/pruner.h"
#include "core/search/pruners/pruners.h"

namespace lathe::search {
namespace {

struct Named {
  const char* name;
  std::unique_ptr<Pruner> (*make)(const PrunerSetup& setup);
};

constexpr Named all[] = {
    {"none", makeNoPruner},         {"median", makeMedianPruner},       {"percentile", makePercentilePruner},
    {"patient", makePatientPruner}, {"threshold", makeThresholdPruner}, {"halving", makeHalvingPruner},
    {"asha", makeAshaPruner},       {"hyperband", makeHyperbandPruner}, {"bohb", makeBohbPruner},
    {"dehb", makeDehbPruner},       {"wilcoxon", makeWilcoxonPruner},   {"pbt", makePbtPruner},
};

}  // namespace

const std::vector<std::string>& prunerNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const auto& each : all) result.emplace_back(each.name);
    return result;
  }();
  return names;
}

Result<std::unique_ptr<Pruner>> makePruner(const std::string& name, const PrunerSetup& setup) {
  const auto* found =
      std::find_if(std::begin(all), std::end(all), [&](const Named& each) { return plainName(name) == each.name; });
  if (found == std::end(all))
    return fail("search.pruner", LATHE_TEXT("errors", "There is no pruner {name}."),
                LATHE_TEXT("errors", "Pruners are {names}."), {{"name", name}, {"names", joined(prunerNames())}});
  return found->make(setup);
}

std::string customarySampler(const std::string& pruner) {
  const auto plain = plainName(pruner);
  if (plain == "bohb") return "tpe";
  if (plain == "dehb") return "de";
  return "auto";
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/update_rule.h"

namespace lathe::engine {
namespace {

struct Entry {
  const char* name;
  std::unique_ptr<UpdateRule> (*make)(const spec::OptimizerSpec&);
};

constexpr Entry entries[] = {
    {"sgd", makeSgd},
    {"adam", makeAdam},
    {"adamw", makeAdam},
    {"rmsprop", makeRmsprop},
    {"adagrad", makeAdagrad},
    {"adadelta", makeAdadelta},
    {"nadam", makeNadam},
    {"radam", makeRadam},
    {"lion", makeLion},
    {"lamb", makeLamb},
    {"muon", makeMuon},
    {"prodigy", makeProdigy},
    {"dadapt_adam", makeDadaptAdam},
    {"schedule_free_sgd", makeScheduleFreeSgd},
    {"schedule_free_adamw", makeScheduleFreeAdamw},
    {"yellowfin", makeYellowfin},
};

}  // namespace

std::unique_ptr<UpdateRule> makeRule(const spec::OptimizerSpec& spec) {
  std::unique_ptr<UpdateRule> rule;
  for (const auto& entry : entries)
    if (spec.name == entry.name) rule = entry.make(spec);
  if (!rule) rule = makeAdam(spec);
  const bool follows = spec.name == "sgd" || spec.name == "adam" || spec.name == "adamw";
  return follows && spec.hypergradient > 0 ? makeHypergradient(spec, std::move(rule)) : std::move(rule);
}

}  // namespace lathe::engine

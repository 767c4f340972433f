// SPDX-License-Identifier: GPL-3.0-or-later
// Properties that hold for any space, tried on random ones; rapidcheck shrinks what breaks them.
#include <cmath>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "core/search/sampler.h"
#include "core/search/space_tools.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

using spec::ParameterType;
using spec::SearchParameter;

/// A space as people could write it: any kinds, conditions on earlier choices or integers, one constraint at times.
rc::Gen<SearchSpace> anySpace() {
  return rc::gen::exec([] {
    const auto number = [](int low, int high) { return *rc::gen::inRange(low, high); };
    SearchSpace space;
    const int count = number(1, 8);
    for (int i = 0; i < count; ++i) {
      SearchParameter p;
      p.name = fmt::format("p{}", i);
      p.type = static_cast<ParameterType>(number(0, 4));
      if (p.isChoice()) {
        const int choices = number(1, 6);
        p.high = choices - 1;
        for (int c = 0; c < choices; ++c)
          p.choices.emplace_back(p.type == ParameterType::Ordinal ? spec::Value(std::int64_t{c * 3 + 1})
                                                                  : spec::Value(fmt::format("c{}", c)));
      } else {
        p.log = number(0, 3) == 0;
        const double low = p.log ? number(1, 20) : number(-50, 50);
        p.low = low;
        p.high = low + number(0, 200);
        if (p.type == ParameterType::Int)
          p.step = p.log ? 1 : number(1, 4);
        else if (!p.log && number(0, 3) == 0)
          p.step = 0.25;
        if (p.step > 0) p.high = p.low + std::floor((p.high - p.low) / p.step) * p.step;
      }
      if (i > 0 && number(0, 3) == 0) {
        const auto at = static_cast<std::size_t>(number(0, i));
        const auto& parent = space.parameters[at];
        if (parent.isChoice() && parent.choices.size() > 1)
          p.conditions.push_back({at, {static_cast<double>(number(0, static_cast<int>(parent.choices.size())))}});
        else if (parent.type == ParameterType::Int && parent.count() > 1)
          p.conditions.push_back({at, {parent.low, parent.high}});
      }
      if (number(0, 8) == 0) p.fixed = p.isChoice() ? 0.0 : p.low;
      space.parameters.push_back(std::move(p));
    }
    // A bound that the lowest values keep.
    spec::LinearConstraint constraint;
    for (std::size_t i = 0; i < space.size(); ++i) {
      const auto& p = space.parameters[i];
      if (p.isChoice() || p.fixed || constraint.terms.size() == 2) continue;
      constraint.terms.push_back({i, 1});
      constraint.bound += p.low + 0.6 * (p.high - p.low);
    }
    if (!constraint.terms.empty() && number(0, 3) == 0) {
      // Where a parameter is inactive the sum has other terms: the bound has to hold for any of them alone.
      constraint.bound = std::max(constraint.bound, 0.0);
      for (const auto& term : constraint.terms)
        constraint.bound = std::max(constraint.bound, space.parameters[term.parameter].low);
      space.constraints.push_back(std::move(constraint));
    }
    return space;
  });
}

/// Any values for any configuration: the same ones for the same configuration.
double valueAt(const Configuration& configuration) {
  double sum = 0;
  for (std::size_t i = 0; i < configuration.size(); ++i)
    if (!std::isnan(configuration[i]))
      sum += std::sin(configuration[i] * static_cast<double>(i + 1)) + configuration[i];
  return sum;
}

void drive(const std::string& name, const SearchSpace& space, std::uint64_t seed, int goals) {
  SamplerSetup setup;
  setup.space = space;
  setup.seed = seed;
  setup.goals = goals;
  setup.budget = 40;
  setup.population = 6;
  auto sampler = makeSampler(name, setup);
  if (!sampler) RC_FAIL(sampler.error().sentence());
  std::vector<std::pair<Configuration, TrialResult>> log;
  for (std::int64_t trial = 0; trial < 24; ++trial) {
    const auto proposed = (*sampler)->propose(trial);
    if (!proposed) {
      RC_ASSERT(name == "grid" || name == "auto");
      break;
    }
    const auto valid = spec::check(space, *proposed);
    if (!valid) RC_FAIL(name + ": " + valid.error().sentence() + " " + spec::configurationJson(space, *proposed));
    // What is written can be read, and means the same.
    const auto again = spec::configurationFromJson(space, spec::configurationJson(space, *proposed));
    RC_ASSERT(again.has_value());
    RC_ASSERT(spec::same(*again, *proposed));
    // Asking once more, and another one that was told the same, say the same.
    if (trial % 8 == 7) {
      auto other = makeSampler(name, setup);
      for (const auto& [configuration, result] : log) {
        (*other)->begin(result.trial, configuration);
        (*other)->tell(result);
      }
      const auto repeated = (*other)->propose(trial);
      RC_ASSERT(repeated.has_value());
      RC_ASSERT(spec::same(*repeated, *proposed));
    }
    TrialResult result{trial, *proposed, TrialState::Complete, {}, {}};
    if (trial % 5 == 4)
      result.state = TrialState::Failed;
    else
      for (int goal = 0; goal < goals; ++goal) result.values.push_back(valueAt(*proposed) * (goal % 2 == 0 ? 1 : -1));
    (*sampler)->begin(trial, *proposed);
    (*sampler)->tell(result);
    log.emplace_back(*proposed, result);
  }
}

}  // namespace

LATHE_TEST("a random space is what its JSON says") {
  CHECK(rc::check("toJson and back", [] {
    const auto space = *anySpace();
    const auto read = spec::searchSpaceFromJson(spec::toJson(space));
    if (!read) RC_FAIL(read.error().sentence() + " " + spec::toJson(space));
    if (!(*read == space)) RC_FAIL(spec::toJson(space) + " became " + spec::toJson(*read));
  }));
}

LATHE_TEST("every sampler proposes what any space allows, and repeats itself") {
  for (const auto& name : samplerNames())
    for (const int goals : {1, 2})
      if (!rc::check(fmt::format("{}, goals {}", name, goals), [&name = name, goals] {
            const auto space = *anySpace();
            Random random(1, "feasible");
            RC_PRE(drawFeasible(space, random).has_value());
            drive(name, space, *rc::gen::inRange<std::uint64_t>(0, 100), goals);
          }))
        testing::reportFailure(__FILE__, __LINE__, fmt::format("{} with {} goals", name, goals));
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/search_flags.h"

#include <charconv>
#include <fmt/format.h>

#include "app/cli/choices.h"

namespace lathe::cli {

Result<std::uint64_t> seedOf(const Globals& globals) {
  if (globals.seed.empty()) return std::uint64_t{0};
  std::uint64_t seed = 0;
  const char* last = globals.seed.data() + globals.seed.size();
  if (const auto [end, error] = std::from_chars(globals.seed.data(), last, seed); error != std::errc() || end != last)
    return usage("seed", fmt::format("--seed {} is no seed.", globals.seed), "Give a whole number from 0 on.");
  return seed;
}

Result<std::int64_t> wholeNumber(const std::string& option, const std::string& text, std::int64_t least) {
  std::int64_t value = 0;
  const char* last = text.data() + text.size();
  if (const auto [end, error] = std::from_chars(text.data(), last, value);
      error != std::errc() || end != last || value < least)
    return usage(option.substr(2), fmt::format("{} {} is no such number.", option, text),
                 fmt::format("Give a whole number from {} on.", least));
  return value;
}

const char* const spaceHelp =
    R"(A space is a JSON file:
  {"parameters":[
    {"name":"lr","type":"float","low":1e-5,"high":1,"log":true},
    {"name":"layers","type":"int","low":1,"high":4},
    {"name":"optimizer","type":"categorical","choices":["sgd","adam"]},
    {"name":"momentum","type":"float","low":0,"high":0.99,
     "condition":{"parameter":"optimizer","in":["sgd"]}}],
   "constraints":[{"lhs":{"width":1,"depth":16},"op":"<=","rhs":256}]}
float also takes "step", int "log" and "step"; "ordinal" takes choices in their order; "fixed" pins a value.)";

Result<std::vector<services::StudyGoal>> goalsOf(const std::vector<std::string>& metrics,
                                                 const std::vector<std::string>& given) {
  std::vector<services::StudyGoal> goals;
  for (auto metric : splitList(metrics)) {
    for (const auto& cost : services::costGoals())
      if (sameName(metric, cost)) metric = cost;
    goals.push_back(services::goalOf(metric));
  }
  const auto directions = splitList(given);
  if (goals.empty() && !directions.empty()) goals.push_back(services::goalOf("val/loss"));
  if (directions.size() > goals.size())
    return usage("direction", "There are more directions than metrics.",
                 "The n-th --direction belongs to the n-th --metric.");
  for (std::size_t i = 0; i < directions.size(); ++i) {
    LATHE_ASSIGN(name, choice("--direction", directions[i], {"minimize", "maximize"}));
    goals[i].larger = name == "maximize";
  }
  return goals;
}

}  // namespace lathe::cli

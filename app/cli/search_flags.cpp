// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/search_flags.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/duration.h"
#include "core/spec/metrics.h"

namespace lathe::cli {
namespace {

// As it is called, whatever its case.
std::string metricNamed(const std::string& given) {
  for (const auto& cost : services::costGoals())
    if (sameName(given, cost)) return cost;
  for (const auto& metric : spec::metricsFor(spec::Task::Auto))
    for (const char* split : {"train/", "val/", "test/"})
      if (auto name = split + metric.name; sameName(given, name)) return name;
  return given;
}

Result<void> checkMetrics(const std::vector<std::string>& metrics) {
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const auto& metric = metrics[i];
    if (metric.rfind("test/", 0) == 0)
      return usage("metric", fmt::format("Trials never see the test rows, so {} is no goal.", metric),
                   fmt::format("Search by the same metric of the validation rows: val/{}.", metric.substr(5)));
    if (std::find(metrics.begin(), metrics.begin() + static_cast<std::ptrdiff_t>(i), metric) !=
        metrics.begin() + static_cast<std::ptrdiff_t>(i))
      return usage("metric", fmt::format("--metric {} is given twice.", metric), "Give each goal once.");
  }
  return {};
}

}  // namespace

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
  const char* first = text.data() + (text.size() > 1 && text[0] == '+' && text[1] != '-' ? 1 : 0);
  if (const auto [end, error] = std::from_chars(first, last, value);
      error != std::errc() || end != last || value < least)
    return usage(option.substr(2), fmt::format("{} {} is no such number.", option, text),
                 fmt::format("Give a whole number from {} on.", least));
  return value;
}

Result<double> timeLimit(const std::string& option, const std::string& text) {
  LATHE_ASSIGN(seconds, parseDuration(text));
  if (seconds <= 0)
    return usage(option.substr(2), fmt::format("{} {} leaves no time at all.", option, text),
                 fmt::format("Give more, as 10m, or leave {} out.", option));
  return seconds;
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
  auto names = splitList(metrics);
  for (auto& name : names) name = metricNamed(name);
  LATHE_TRY(checkMetrics(names));
  std::vector<services::StudyGoal> goals;
  goals.reserve(names.size());
  for (const auto& name : names) goals.push_back(services::goalOf(name));
  const auto directions = splitList(given);
  if (goals.empty() && !directions.empty())
    return usage("direction", "--direction says nothing without a --metric.",
                 "Give the metric that it belongs to; without both val/loss is minimized.");
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

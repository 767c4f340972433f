// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "core/base/machine.h"
#include "core/search/sampler.h"
#include "core/search/space_tools.h"

/// bench_samplers [SAMPLER...]: milliseconds of processor time that a proposal costs after so many trials, with 8 mixed
/// parameters: the asking alone, and with the begin and tell that go with it. Trials are told one after another from
/// the start, as a study does; the figures are means of the last ones.
namespace {

using namespace lathe;
using namespace lathe::search;

constexpr const char* space =
    R"({"parameters":[{"name":"rate","type":"float","low":1e-5,"high":1,"log":true},
                      {"name":"decay","type":"float","low":0,"high":0.1},
                      {"name":"dropout","type":"float","low":0,"high":0.9},
                      {"name":"width","type":"int","low":8,"high":1024,"log":true},
                      {"name":"layers","type":"int","low":1,"high":6},
                      {"name":"optimizer","type":"categorical","choices":["sgd","adam","lion","muon"]},
                      {"name":"schedule","type":"categorical","choices":["none","cosine","step"]},
                      {"name":"momentum","type":"float","low":0,"high":0.99}]})";

struct Case {
  const char* sampler;
  int trials, goals;
  double limit;  ///< milliseconds that are promised; 0: none
};
constexpr Case cases[] = {{"tpe", 100, 1, 0.2},  {"tpe", 300, 1, 0.2},     {"tpe", 1000, 1, 0.2}, {"gp", 100, 1, 20},
                          {"gp", 300, 1, 20},    {"cmaes", 1000, 1, 0.02}, {"de", 1000, 1, 0},    {"nsga2", 1000, 2, 0},
                          {"motpe", 1000, 2, 1}, {"motpe", 1000, 3, 1},    {"ehvi", 200, 2, 50},  {"ehvi", 200, 3, 50}};

std::vector<double> valuesOf(const Configuration& x, int goals) {
  const double rate = std::log10(x[0]) + 2.7 + 0.3 * x[5];
  std::vector<double> values{0.05 * rate * rate + 5 * x[1] + std::pow(x[2] - 0.2, 2) +
                             0.02 * std::pow(std::log2(x[3]) - 7, 2) + 0.03 * std::pow(x[4] - 3, 2) +
                             0.02 * std::fmod(x[5] + x[6], 3) + 0.1 * std::pow(x[7] - 0.9, 2)};
  if (goals > 1) values.push_back(x[3] * x[4] / 1000 + 0.1 * x[2]);
  if (goals > 2) values.push_back(0.2 * x[6] + x[7] - x[1]);
  return values;
}

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Cost {
  double asking = 0, all = 0;
};

Cost costOf(const Case& each, const SearchSpace& searched) {
  SamplerSetup setup;
  setup.space = searched;
  setup.goals = each.goals;
  setup.seed = 1;
  setup.budget = each.trials;
  auto sampler = makeSampler(each.sampler, setup);
  if (!sampler) {
    fmt::print(stderr, "{}\n", sampler.error().sentence());
    std::exit(1);
  }
  // The last tenth, in which even a sampler that learns now and then learns once.
  const int measured = each.trials / 10;
  Cost cost;
  for (std::int64_t trial = 0; trial < each.trials + measured; ++trial) {
    const double start = seconds();
    const auto configuration = (*sampler)->propose(trial);
    const double asked = seconds();
    if (!configuration) break;
    (*sampler)->begin(trial, *configuration);
    (*sampler)->tell({trial, *configuration, TrialState::Complete, valuesOf(*configuration, each.goals), {}});
    if (trial < each.trials) continue;
    cost.asking += 1000 * (asked - start) / measured;
    cost.all += 1000 * (seconds() - start) / measured;
  }
  return cost;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  auto searched = spec::searchSpaceFromJson(space);
  if (!searched) {
    fmt::print(stderr, "{}\n", searched.error().sentence());
    return 1;
  }
  fmt::print("{}\n", machineInfo().processor);
  fmt::print("{:<8} {:>6} {:>5} {:>12} {:>14} {:>8}\n", "sampler", "trials", "goals", "ms, asking", "with telling",
             "promise");
  bool kept = true;
  for (const auto& each : cases) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), each.sampler) == wanted.end()) continue;
    const auto cost = costOf(each, *searched);
    kept = kept && (each.limit == 0 || cost.asking <= each.limit);
    fmt::print("{:<8} {:>6} {:>5} {:>12.4f} {:>14.4f} {:>8}\n", each.sampler, each.trials, each.goals, cost.asking,
               cost.all, each.limit == 0 ? "-" : fmt::format("{}", each.limit));
    std::fflush(stdout);
  }
  return kept ? 0 : 1;
}

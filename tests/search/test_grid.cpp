// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "core/search/space_tools.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

std::vector<double> zero(const Configuration& /*x*/) { return {0.0}; }

std::vector<Configuration> gridOf(const SearchSpace& space, std::int64_t budget, int most, std::uint64_t seed = 1) {
  SamplerSetup setup;
  setup.space = space;
  setup.budget = budget;
  setup.seed = seed;
  return study("grid", setup, zero, most).asked;
}

std::size_t different(const std::vector<Configuration>& all) {
  std::set<std::uint64_t> codes;
  for (const auto& each : all) codes.insert(hashOf(each));
  return codes.size();
}

const char* const conditional = R"({"parameters":[
    {"name":"kind","type":"categorical","choices":["a","b","c"]},
    {"name":"layers","type":"int","low":1,"high":3},
    {"name":"w1","type":"int","low":0,"high":4},
    {"name":"w2","type":"int","low":0,"high":4,"condition":{"parameter":"layers","in":[2,3]}},
    {"name":"w3","type":"int","low":0,"high":4,"condition":{"parameter":"w2","in":[0,1]}},
    {"name":"mode","type":"categorical","choices":["x","y"],
     "condition":[{"parameter":"kind","in":["b"]},{"parameter":"layers","in":[3]}]}]CONSTRAINTS})";

SearchSpace conditionalSpace(const std::string& constraints) {
  std::string json = conditional;
  json.replace(json.find("CONSTRAINTS"), 11, constraints);
  return spaceOf(json);
}

// All configurations by going through the product of all values.
std::set<std::uint64_t> counted(const SearchSpace& space) {
  std::set<std::uint64_t> codes;
  std::vector<std::size_t> digits(space.size(), 0);
  for (bool more = true; more;) {
    Configuration each(space.size(), NAN);
    settle(space, each, [&](std::size_t i) {
      return space.parameters[i].isChoice() ? static_cast<double>(digits[i])
                                            : space.parameters[i].low + static_cast<double>(digits[i]);
    });
    if (spec::fulfils(space, each)) codes.insert(hashOf(each));
    more = false;
    for (std::size_t i = 0; i < digits.size() && !more; ++i) {
      more = ++digits[i] < space.parameters[i].count();
      if (!more) digits[i] = 0;
    }
  }
  return codes;
}

}  // namespace

LATHE_TEST("a grid gives each configuration of a space with conditions once, and then nothing") {
  for (const auto* constraints : {"", R"(,"constraints":[{"lhs":{"w1":1,"w2":1,"w3":2},"op":"<=","rhs":7}])"}) {
    const auto space = conditionalSpace(constraints);
    const auto expected = counted(space);
    const auto all = gridOf(space, 0, 5000);
    CHECK_EQ(all.size(), expected.size());
    CHECK_EQ(different(all), expected.size());
    for (const auto& each : all) CHECK(expected.contains(hashOf(each)) && spec::check(space, each).has_value());
  }
}

LATHE_TEST("a grid's order is spread over the whole space from the start, and depends on the seed") {
  std::string json;
  for (int i = 0; i < 6; ++i)
    json += fmt::format(R"({}{{"name":"x{}","type":"int","low":0,"high":15}})", i == 0 ? "" : ",", i);
  const auto space = spaceOf(R"({"parameters":[)" + json + "]}");
  const auto first = gridOf(space, 0, 320, 1);
  CHECK_EQ(different(first), 320U);
  for (std::size_t i = 0; i < 6; ++i) {
    std::map<double, int> counts;
    for (const auto& each : first) ++counts[each[i]];
    CHECK_EQ(counts.size(), 16U);
    for (const auto& [value, count] : counts) CHECK(count >= 6 && count <= 40);  // 20 on average
  }
  CHECK(!spec::same(first[0], gridOf(space, 0, 1, 2)[0]));
}

LATHE_TEST("floats take as many values as fit the budget, both ends among them") {
  const auto space = spaceOf(R"({"parameters":[{"name":"lr","type":"float","low":1e-5,"high":1,"log":true},
                                               {"name":"drop","type":"float","low":0,"high":0.5},
                                               {"name":"opt","type":"categorical","choices":["a","b"]}]})");
  const auto values = [&](const std::vector<Configuration>& all, std::size_t i) {
    std::vector<double> result;
    for (const auto& each : all) result.push_back(each[i]);
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  };
  const auto unknown = gridOf(space, 0, 1000);
  CHECK_EQ(unknown.size(), 18U);  // 3 * 3 * 2
  const auto all = gridOf(space, 65, 1000);
  CHECK_EQ(all.size(), 60U);  // 6 * 5 * 2
  const auto rates = values(all, 0), drops = values(all, 1);
  REQUIRE(rates.size() == 6U && drops.size() == 5U);
  for (int i = 0; i < 6; ++i) CHECK(std::abs(std::log10(rates[static_cast<std::size_t>(i)]) - (i - 5)) < 1e-9);
  for (int i = 0; i < 5; ++i) CHECK(std::abs(drops[static_cast<std::size_t>(i)] - 0.125 * i) < 1e-12);
}

LATHE_TEST("a grid leaves out what others have begun, were told from outside or found in earlier studies") {
  SamplerSetup setup;
  setup.space = conditionalSpace("");
  const auto all = gridOf(setup.space, 0, 5000);
  setup.before = {{-1, all[3], TrialState::Complete, {1.0}, {}}};
  auto sampler = makeSampler("grid", setup);
  REQUIRE_OK(sampler);
  (*sampler)->begin(0, all[10]);
  (*sampler)->tell({-1, all[20], TrialState::Failed, {}, {}});
  std::set<std::uint64_t> codes{hashOf(all[3]), hashOf(all[10]), hashOf(all[20])};
  std::int64_t trial = 1;
  while (const auto proposed = (*sampler)->propose(trial)) {
    CHECK(codes.insert(hashOf(*proposed)).second);
    (*sampler)->begin(trial++, *proposed);
  }
  CHECK_EQ(codes.size(), all.size());
}

LATHE_TEST("grids beyond counting are gone through as well, without repetition") {
  std::string json;
  for (int i = 0; i < 40; ++i)
    json += fmt::format(R"({}{{"name":"x{}","type":"int","low":0,"high":9}})", i == 0 ? "" : ",", i);
  const auto huge = gridOf(spaceOf(R"({"parameters":[)" + json + "]}"), 0, 300);
  CHECK_EQ(huge.size(), 300U);
  CHECK_EQ(different(huge), 300U);
  // So many conditions of their own that their cases cannot be kept.
  for (int i = 0; i < 40; ++i)
    json += fmt::format(
        R"(,{{"name":"y{}","type":"int","low":0,"high":9,"condition":{{"parameter":"x{}","in":[1,2]}}}})", i, i);
  const auto space = spaceOf(R"({"parameters":[)" + json + "]}");
  const auto tangled = gridOf(space, 0, 100);
  CHECK_EQ(tangled.size(), 100U);
  CHECK_EQ(different(tangled), 100U);
  for (const auto& each : tangled) CHECK(spec::check(space, each).has_value());
  // Hardly anything is allowed: the few that are come, mended if need be.
  const auto narrow = spaceOf(R"({"parameters":[{"name":"a","type":"int","low":0,"high":9999},
    {"name":"b","type":"int","low":0,"high":9999}],"constraints":[{"lhs":{"a":1,"b":1},"op":"<=","rhs":3}]})");
  const auto few = gridOf(narrow, 0, 10);
  for (const auto& each : few) CHECK(spec::check(narrow, each).has_value());
}

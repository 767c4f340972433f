// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/base/random.h"
#include "core/search/regret_watch.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

SearchSpace plane() {
  const auto space = spec::searchSpaceFromJson(R"({"parameters":[
    {"name":"x","type":"float","low":0,"high":1},{"name":"y","type":"float","low":0,"high":1},
    {"name":"z","type":"float","low":0,"high":1,"fixed":0.5}]})");
  REQUIRE_OK(space);
  return *space;
}

double bowl(const Configuration& at) { return 10 * (std::pow(at[0] - 0.3, 2) + std::pow(at[1] - 0.6, 2)); }

}  // namespace

LATHE_TEST("the bound on the regret falls below the noise once a smooth goal is searched well, and not before") {
  SamplerSetup setup;
  setup.space = plane();
  setup.seed = 3;
  const auto sampler = makeSampler("gp", setup);
  REQUIRE_OK(sampler);
  RegretWatch watch(setup);
  Random noise(7, "noise");
  bool stopped = false;
  std::int64_t at = 0;
  double best = 1e9;
  for (std::int64_t trial = 0; trial < 60; ++trial) {
    const auto configuration = (*sampler)->propose(trial);
    REQUIRE(configuration.has_value());
    (*sampler)->begin(trial, *configuration);
    const TrialResult result{
        trial, *configuration, TrialState::Complete, {bowl(*configuration) + 0.05 * noise.normal()}};
    (*sampler)->tell(result);
    watch.tell(result);
    best = std::min(best, bowl(*configuration));
    const auto termination = watch.judge(0.05);
    CHECK_EQ(termination.has_value(), trial + 1 >= static_cast<std::int64_t>(RegretWatch::leastTrials));
    if (!termination) continue;
    if (termination->shouldStop && !stopped) {
      stopped = true;
      at = trial;
      CHECK(best < 0.1);
    }
  }
  CHECK(stopped);
  CHECK(at >= 19);
}

LATHE_TEST("values that are known to be exact, or a space that is hardly searched, stop nothing") {
  SamplerSetup setup;
  setup.space = plane();
  RegretWatch watch(setup);
  Random random(1, "points");
  for (std::int64_t trial = 0; trial < 25; ++trial) {
    const Configuration at{random.uniform(), random.uniform(), 0.5};
    watch.tell({trial, at, TrialState::Complete, {std::sin(25 * at[0]) * std::cos(31 * at[1])}});
    watch.tell({trial, at, TrialState::Failed, {}});
  }
  const auto termination = watch.judge(0.0);
  REQUIRE(termination.has_value());
  CHECK(!termination->shouldStop);
  CHECK(termination->regretBound > 0.1);
}

LATHE_TEST("one diverged trial among good ones does not blow up the bound and the noise") {
  const auto judged = [](double diverged) {
    SamplerSetup setup;
    setup.space = plane();
    RegretWatch watch(setup);
    Random random(2, "points");
    Random noise(3, "noise");
    for (std::int64_t trial = 0; trial < 30; ++trial) {
      const Configuration at{random.uniform(), random.uniform(), 0.5};
      const double value = trial == 11 ? diverged : 0.3 + 0.01 * bowl(at) + 0.002 * noise.normal();
      watch.tell({trial, at, TrialState::Complete, {value}});
    }
    const auto termination = watch.judge();
    REQUIRE(termination.has_value());
    return *termination;
  };
  // In the goal's own unit; the process is less sure beside such an outlier.
  const auto usual = judged(0.4), diverged = judged(1000);
  CHECK(usual.regretBound < 0.1);
  CHECK(diverged.regretBound < 1);
  CHECK(diverged.noise < 0.03);
}

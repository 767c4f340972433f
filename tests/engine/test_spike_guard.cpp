// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/base/random.h"
#include "core/engine/spike_guard.h"
#include "core/engine/training_state.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

LATHE_TEST("noise, outliers and a slow rise are no spikes, a loss that stays high is one") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SpikeGuard guard;
    Random random(seed, "losses");
    // Heavy tails: now and then a batch fifty times worse, and a mean that falls and rises again.
    for (int i = 0; i < 3000; ++i) {
      const double level = 1.2 + std::cos(i * 0.002);
      const double outlier = random.below(40) == 0 ? 50 : 1;
      CHECK(!guard.see(level * outlier * (1 + 0.3 * random.normal())));
    }
    int after = 0;
    while (!guard.see(60) && after < 100) ++after;
    CHECK(after < 20);
  }
}

LATHE_TEST("near zero a jump by a large factor is no spike, losing a part of what was learnt is one") {
  SpikeGuard guard;
  for (int i = 0; i < 40; ++i) CHECK(!guard.see(1));
  double loss = 1;
  for (int i = 0; i < 2000; ++i) CHECK(!guard.see(loss *= 0.99));
  for (int i = 0; i < 50; ++i) CHECK(!guard.see(1e-3));
  bool found = false;
  for (int i = 0; i < 10; ++i) found = found || guard.see(0.5);
  CHECK(found);
}

LATHE_TEST("falling losses, and negative ones, are no spikes") {
  SpikeGuard guard;
  for (int i = 0; i < 2000; ++i) CHECK(!guard.see(3 * std::exp(-0.01 * i) - 1 + 0.001 * (i % 7)));
  int needed = 0;
  while (!guard.see(5) && needed < 10) ++needed;
  CHECK_EQ(needed, 4);  // the fifth in a row
}

LATHE_TEST("a rate of a million shows at the first steps, an uneven start does not") {
  SpikeGuard guard;
  guard.kept(0);
  CHECK(!guard.see(1.1));
  for (int i = 0; i < 4; ++i) CHECK(!guard.see(4e5));
  CHECK(guard.see(4e5));
  SpikeGuard uneven;  // most batches hold nothing but zeros
  for (int i = 0; i < 60; ++i) CHECK(!uneven.see(i % 4 == 0 ? 60 : 0.001));
}

LATHE_TEST("it goes back twice in a row, the third time fails; calm makes it forget") {
  SpikeGuard guard;
  guard.kept(0);
  for (int i = 0; i < 100; ++i) guard.see(1);
  CHECK(guard.goBack());
  CHECK_EQ(guard.state().lrFactor, 0.5);
  CHECK_EQ(guard.state().now.seen, 0);  // the statistics of the state it went back to
  CHECK(guard.goBack());
  CHECK_EQ(guard.state().lrFactor, 0.25);
  auto calm = guard;
  CHECK(!guard.goBack());
  for (std::int64_t i = 0; i < SpikeGuard::calm; ++i) calm.see(1);
  CHECK(calm.goBack());
  CHECK_EQ(calm.state().lrFactor, 0.125);
}

LATHE_TEST("a state is kept now and then, never while the loss is high") {
  SpikeGuard guard;
  guard.kept(0);
  int kept = 0;
  for (int i = 1; i <= 2000; ++i) {
    guard.see(i >= 500 && i < 503 ? 100 : 1);
    if (!guard.due()) continue;
    CHECK(i < 500 || i >= 503);
    guard.kept(i);
    ++kept;
  }
  CHECK_EQ(kept, 3);
  TrainingState state;
  state.guard = guard.state();
  const auto again = trainingStateFromJson(toJson(state));
  REQUIRE_OK(again);
  CHECK(again->guard == guard.state());
}

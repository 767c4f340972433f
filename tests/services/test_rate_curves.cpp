// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "core/services/rate_curves.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

services::KeptRateCurve curveAt(std::int64_t micros) {
  services::KeptRateCurve kept;
  kept.micros = micros;
  kept.curve.suggestion = 0.0123456789;
  kept.curve.diverges = 3;
  kept.curve.points = {{1e-7, 2.5, 2.5}, {1e-3, 1.25, 1.75}, {3, std::numeric_limits<double>::infinity(), 9}};
  return kept;
}

}  // namespace

LATHE_TEST("a curve belongs to the data, the model and the optimiser, whatever rate, schedule and duration are") {
  spec::ExperimentSpec spec;
  spec.data.path = "a.csv";
  spec.data.sha256 = "00ff";
  const auto key = services::rateCurveKey(spec);
  auto other = spec;
  other.name = "another name";
  other.data.path = "moved/a.csv";
  other.training.optimizer.lr = 0.003;
  other.training.epochs = 77;
  other.training.schedule.name = "one_cycle";
  other.training.monitor = "val/accuracy";
  CHECK_EQ(services::rateCurveKey(other), key);
  other = spec;
  other.training.optimizer.name = "adamw";  // what an automatic one is measured with
  CHECK_EQ(services::rateCurveKey(other), key);
  other.training.optimizer.name = "sgd";
  CHECK(services::rateCurveKey(other) != key);
  other = spec;
  other.data.sha256 = "00fe";
  CHECK(services::rateCurveKey(other) != key);
  other = spec;
  other.model.templateName = "resmlp";
  CHECK(services::rateCurveKey(other) != key);
  other = spec;
  other.training.batchSize = 64;
  CHECK(services::rateCurveKey(other) != key);
}

LATHE_TEST("the newest curves of a project are kept, one an experiment") {
  const Workshop shop;
  auto& store = shop.project->store();
  for (int i = 0; i < 10; ++i) REQUIRE_OK(services::keepRateCurve(store, "key" + std::to_string(i), curveAt(i)));
  REQUIRE_OK(services::keepRateCurve(store, "key9", curveAt(99)));
  const auto newest = services::keptRateCurve(store, "key9");
  REQUIRE_OK(newest);
  REQUIRE(newest->has_value());
  CHECK_EQ((*newest)->micros, 99);
  CHECK_EQ((*newest)->curve.suggestion, 0.0123456789);
  REQUIRE((*newest)->curve.points.size() == 3);
  CHECK_EQ((*newest)->curve.points[1].smoothed, 1.75);
  CHECK(std::isinf((*newest)->curve.points[2].loss));
  for (const char* gone : {"key0", "key1", "never"}) {
    const auto none = services::keptRateCurve(store, gone);
    REQUIRE_OK(none);
    CHECK(!none->has_value());
  }
  const auto oldest = services::keptRateCurve(store, "key2");
  REQUIRE_OK(oldest);
  CHECK(oldest->has_value());
  REQUIRE_OK(store.setSetting("rate_curves", "[{\"key\":\"key9\",\"points\":7},3]"));
  const auto damaged = services::keptRateCurve(store, "key9");
  REQUIRE_OK(damaged);
  CHECK(!damaged->has_value());
}

LATHE_TEST("a run whose rate was taken from a curve keeps that curve; another rate has none") {
  Workshop shop;
  auto request = shop.request(1);
  auto kept = curveAt(1'700'000'000'000'000);
  kept.used = request.spec.training.optimizer.lr;
  auto& store = shop.project->store();
  REQUIRE_OK(services::keepRateCurve(store, services::rateCurveKey(request.spec), kept));
  const auto foundIn = [&](store::RunNumber run) {
    REQUIRE_OK(store.flush());
    const auto events = store.events(run);
    REQUIRE_OK(events);
    return services::foundRateOf(*events);
  };
  const auto run = shop.train(request).number;
  services::noteFoundRate(store, run, request.spec);
  const auto found = foundIn(run);
  REQUIRE(found.has_value());
  CHECK_EQ(found->used, kept.used);
  CHECK_EQ(found->micros, kept.micros);
  CHECK_EQ(found->curve.points.size(), kept.curve.points.size());
  const auto events = store.events(run);
  REQUIRE_OK(events);
  CHECK_EQ(events->back().message.render(),
           std::string("The learning rate 0.05 was found by a range test on 2023-11-14."));

  request.spec.training.optimizer.lr = 0.07;
  const auto second = shop.train(request).number;
  services::noteFoundRate(store, second, request.spec);
  CHECK(!foundIn(second).has_value());
}

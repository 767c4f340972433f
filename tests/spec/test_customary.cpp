// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/customary.h"
#include "core/spec/fields.h"
#include "core/spec/spec_json.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;

namespace {

TrainingSpec read(const std::string& json) {
  const auto spec = fromJson(json);
  REQUIRE_OK(spec);
  return spec->training;
}

}  // namespace

LATHE_TEST("settings that nobody changed follow the optimiser's name, others stay") {
  ExperimentSpec spec;
  CHECK_EQ(spec.training.optimizer.name, std::string("auto"));
  REQUIRE_OK(setField(spec, "training.optimizer.name", "prodigy"));
  CHECK_EQ(spec.training.optimizer.lr, 0.0);  // still automatic
  REQUIRE_OK(setField(spec, "training.optimizer.lr", "1"));
  REQUIRE_OK(setField(spec, "training.optimizer.name", "lion"));
  CHECK_EQ(spec.training.optimizer.lr, 1e-4);
  CHECK_EQ(spec.training.optimizer.beta2, 0.99);
  REQUIRE_OK(setField(spec, "training.optimizer.lr", "0.5"));
  REQUIRE_OK(setField(spec, "training.optimizer.name", "Schedule-Free-AdamW"));
  CHECK_EQ(spec.training.optimizer.lr, 0.5);
  CHECK_EQ(spec.training.schedule.name, std::string("constant"));
  CHECK_EQ(spec.training.schedule.warmupFraction, 0.05);
  REQUIRE_OK(setField(spec, "training.optimizer.name", "adamw"));
  CHECK_EQ(spec.training.schedule.name, std::string("cosine"));
  CHECK_EQ(spec.training.optimizer.beta2, 0.999);
}

LATHE_TEST("warm-up and factor follow the schedule's name") {
  ExperimentSpec spec;
  REQUIRE_OK(setField(spec, "training.schedule.name", "exponential"));
  CHECK_EQ(spec.training.schedule.gamma, 0.95);
  CHECK_EQ(spec.training.schedule.warmupFraction, 0.0);
  REQUIRE_OK(setField(spec, "training.schedule.warmup_fraction", "0.2"));
  REQUIRE_OK(setField(spec, "training.schedule.name", "step"));
  CHECK_EQ(spec.training.schedule.gamma, 0.1);
  CHECK_EQ(spec.training.schedule.warmupFraction, 0.2);
}

LATHE_TEST("JSON that names an optimiser or a schedule alone gets its usual settings") {
  CHECK_EQ(read(R"({"training":{"optimizer":{"name":"muon"}}})").optimizer.lr, 0.0);
  CHECK_EQ(read(R"({"training":{"optimizer":{"lr":0.001,"name":"prodigy"}}})").optimizer.lr, 0.001);
  CHECK_EQ(read(R"({"training":{"optimizer":{"name":"muon"}}})").optimizer.momentum, 0.95);
  CHECK_EQ(read(R"({"training":{"schedule":{"name":"constant"}}})").schedule.warmupFraction, 0.0);
  const auto both = read(R"({"training":{"optimizer":{"name":"schedule_free_sgd"},"schedule":{"name":"cosine"}}})");
  CHECK_EQ(both.schedule.name, std::string("cosine"));
  for (const auto& name : optimizerNames())
    for (const auto& schedule : scheduleNames()) {
      ExperimentSpec spec;
      REQUIRE_OK(setField(spec, "training.optimizer.name", name));
      REQUIRE_OK(setField(spec, "training.schedule.name", schedule));
      const auto back = fromJson(toJson(spec));
      REQUIRE_OK(back);
      CHECK(*back == spec);
      CHECK(validate(spec).empty());
    }
}

LATHE_TEST("a spec of the first layout keeps its meaning: no warm-up where there was none") {
  const auto constant = R"({"schema":1,"training":{"schedule":{"name":"constant","warmup_fraction":0.05}}})";
  CHECK_EQ(read(constant).schedule.warmupFraction, 0.0);
  const auto cosine = R"({"schema":1,"training":{"schedule":{"name":"cosine","warmup_fraction":0.05}}})";
  CHECK_EQ(read(cosine).schedule.warmupFraction, 0.05);
  const auto now = R"({"schema":2,"training":{"schedule":{"name":"constant","warmup_fraction":0.05}}})";
  CHECK_EQ(read(now).schedule.warmupFraction, 0.05);
  CHECK_EQ(fromJson(constant)->schema, currentSchema);
}

LATHE_TEST("a spec of the second layout keeps its meaning: adamw, its rate and 20 epochs where nothing was said") {
  const auto old = read(R"({"schema":2})");
  CHECK_EQ(old.optimizer.name, std::string("adamw"));
  CHECK_EQ(old.optimizer.lr, 1e-3);
  CHECK_EQ(old.epochs, 20);
  CHECK_EQ(read(R"({"schema":2,"training":{"optimizer":{"name":"muon"}}})").optimizer.lr, 0.02);
  const auto now = read(R"({})");
  CHECK_EQ(now.optimizer.name, std::string("auto"));
  CHECK_EQ(now.epochs, 0);
}

LATHE_TEST("auto and find may be written for numbers that have them") {
  const auto words =
      read(R"({"training":{"optimizer":{"name":"sgd","lr":"auto"},"batch_size":"find","epochs":"auto"}})");
  CHECK_EQ(words.optimizer.lr, 0.0);
  CHECK_EQ(words.batchSize, findBatchSize);
  CHECK_EQ(words.epochs, 0);
  CHECK(!fromJson(R"({"training":{"optimizer":{"lr":"find"}}})"));
  CHECK(!fromJson(R"({"training":{"clip_norm":"auto"}})"));
}

LATHE_TEST("the choices of the fields are the optimisers and schedules that exist") {
  auto names = optimizerNames();
  names.insert(names.begin(), "auto");
  CHECK(findField("training.optimizer.name")->choices == names);
  CHECK(findField("training.schedule.name")->choices == scheduleNames());
  ExperimentSpec spec;
  spec.training.optimizer = customaryOptimizer("schedule_free_sgd");
  spec.training.average.name = "ema";
  const auto problems = validate(spec);
  REQUIRE(problems.size() == 1);
  CHECK_EQ(problems[0].code, std::string("spec.two_averages"));
}

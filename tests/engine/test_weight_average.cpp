// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <memory>

#include "core/engine/slot_traits.h"
#include "core/engine/weight_average.h"
#include "core/spec/customary.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

StepSettings averaging(bool yes) {
  StepSettings settings;
  settings.average = yes;
  return settings;
}

double weightAt(int step, std::size_t i) { return std::sin(0.3 * step + static_cast<double>(i)) + 0.01 * step; }

}  // namespace

LATHE_TEST("averages of weights are those of a plain loop, and survive a checkpoint") {
  for (const char* name : {"ema", "swa"}) {
    std::vector<float> weights(21);
    const std::vector<Optimizer::Slot> slots{{"w", weights.data(), weights.size(), true}};
    const Optimizer optimizer({}, slots);
    spec::AverageSpec spec{name, 0.9, 0.5};
    auto kept = std::make_unique<WeightAverage>(spec, slots, optimizer);
    CHECK(!kept->available());
    std::vector<double> expected(weights.size(), 0);
    int count = 0;
    for (int step = 1; step <= 60; ++step) {
      for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(weightAt(step, i));
      const bool counts = std::string(name) == "ema" || step % 5 == 0;
      kept->afterStep(averaging(counts));
      if (!counts) continue;
      const double stays = std::string(name) == "swa" ? count / (count + 1.0)
                           : count == 0               ? 0
                                                      : std::min(0.9, (1.0 + count) / (10.0 + count));
      for (std::size_t i = 0; i < weights.size(); ++i) expected[i] = stays * expected[i] + (1 - stays) * weights[i];
      ++count;
      if (step != 30) continue;
      Checkpoint checkpoint;
      kept->save(checkpoint);
      kept = std::make_unique<WeightAverage>(spec, slots, optimizer);
      REQUIRE_OK(kept->restore(checkpoint));
    }
    auto& average = *kept;
    REQUIRE(average.available());
    const auto before = weights;
    average.enter();
    for (std::size_t i = 0; i < weights.size(); ++i) CHECK(std::abs(weights[i] - expected[i]) < 1e-5);
    average.leave();
    CHECK(weights == before);
    CHECK_EQ(average.needsStatistics(), std::string(name) == "swa");
  }
}

LATHE_TEST("a schedule-free optimiser's own average stands in, and no other") {
  std::vector<float> weights{1, -2, 3};
  const std::vector<Optimizer::Slot> slots{{"w", weights.data(), weights.size(), true}};
  Optimizer optimizer(spec::customaryOptimizer("schedule_free_adamw"), slots);
  WeightAverage average({}, slots, optimizer);
  CHECK(average.available());
  average.enter();
  CHECK((weights == std::vector<float>{1, -2, 3}));  // nothing learnt yet
  average.leave();
  for (int step = 1; step <= 10; ++step) {
    const std::vector<float> gradient = weights;
    optimizer.update({gradient.data()}, step, 0.1);
  }
  const auto trained = weights;
  std::vector<float> expected(3);
  optimizer.writeAverage({expected.data()});
  average.enter();
  CHECK(weights == expected);
  CHECK(weights != trained);
  average.leave();
  CHECK(weights == trained);
  const Optimizer plain({}, slots);
  CHECK(!WeightAverage({}, slots, plain).available());
}

LATHE_TEST(
    "the rate falls with the distance from the output; hidden matrices are told from embeddings and the output") {
  const auto data = tests::mixedTable(spec::Task::Classification, 60);
  auto description = tests::modelFor(*data);
  const auto program = spec::lower(description);
  REQUIRE_OK(program);
  spec::TrainingSpec training;
  training.layerLrDecay = 0.5;
  const auto traits = slotTraits(*program, training);
  const auto of = [&](const std::string& name) {
    for (std::size_t i = 0; i < traits.size(); ++i)
      if (program->parameters[i].name == name) return traits[i];
    lathe::testing::reportFailure(__FILE__, __LINE__, "no parameter " + name);
    return SlotTraits{};
  };
  // wide, shops (an embedding), fc2, out; the normalisations belong to what comes before them.
  CHECK_EQ(of("out.weight").lrScale, 1.0);
  CHECK_EQ(of("fc2.weight").lrScale, 0.5);
  CHECK_EQ(of("norm2.weight").lrScale, 0.5);
  CHECK_EQ(of("norm1.weight").lrScale, 0.25);
  CHECK_EQ(of("wide.bias").lrScale, 0.125);
  CHECK(of("wide.weight").hidden);
  CHECK(of("fc2.weight").hidden);
  CHECK(!of("shops.weight0").hidden);
  CHECK(!of("out.weight").hidden);
  CHECK(!of("fc2.bias").hidden);
  CHECK(!of("norm1.weight").decay);
  training.layerLrDecay = 1;
  for (const auto& trait : slotTraits(*program, training)) CHECK_EQ(trait.lrScale, 1.0);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Every layer kind in a population: what each member sees is what ProgramRunner gives for it alone.
#include <algorithm>

#include "core/engine_torch/population_network.h"
#include "core/engine_torch/population_optimizer.h"
#include "tests/engine/layer_samples.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;
using namespace lathe::tests;

namespace {

constexpr std::int64_t memberCount = 3;
constexpr std::int64_t rowCount = 6;
const torch::Device processor(torch::kCPU);

torch::Tensor rowsFor(const spec::GraphContext::Input& input, std::uint64_t member) {
  std::vector<std::int64_t> shape{rowCount};
  shape.insert(shape.end(), input.shape.begin(), input.shape.end());
  Random random(member, "input");
  auto values = torch::empty(shape, input.cardinalities.empty() ? torch::kFloat32 : torch::kInt64);
  for (std::int64_t i = 0; i < values.numel(); ++i)
    if (input.cardinalities.empty())
      values.data_ptr<float>()[i] = static_cast<float>(random.normal());
    else
      values.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(random.below(
          static_cast<std::uint64_t>(input.cardinalities[static_cast<std::size_t>(i) % input.cardinalities.size()])));
  return values;
}

double apart(const torch::Tensor& given, const torch::Tensor& expected) {
  if (given.sizes() != expected.sizes()) return 1e9;
  if (expected.numel() == 0) return 0;
  // Some gradients are zero but for rounding: of a bias before a normalisation.
  const double largest = std::max(1.0, expected.detach().abs().max().item<double>());
  return (given.detach() - expected.detach()).abs().max().item<double>() / largest;
}

spec::Program programOf(const LayerSample& sample) {
  const auto context = layerContext(sample.place);
  spec::Program program;
  program.values.push_back(context.inputs[0].shape);
  program.prepared = {0};
  REQUIRE_OK(spec::lowerGraph(layerGraph(sample), context, program));
  return program;
}

/// The largest difference of outputs, gradients and running statistics.
double compare(const LayerSample& sample) {
  const auto context = layerContext(sample.place);
  const auto program = programOf(sample);
  std::vector<spec::Program> programs(memberCount, program);
  for (auto& operation : programs[1].model)
    if (operation.primitive == spec::Primitive::Dropout) operation.reals[0] = 0.4;
  for (auto& operation : programs[2].model)
    if (operation.primitive == spec::Primitive::Dropout) operation.reals[0] = 0;

  PopulationStore store(program, processor, memberCount, 0);
  std::vector<ParameterStore> alone;
  std::vector<Random> draws, drawsAlone;
  TensorList inputs;
  for (std::int64_t i = 0; i < memberCount; ++i) {
    alone.emplace_back(program, processor, true);
    alone.back().initialise(static_cast<std::uint64_t>(i));
    store.setMember(i, alone.back());
    draws.emplace_back(static_cast<std::uint64_t>(i), "dropout");
    inputs.push_back(rowsFor(context.inputs[0], static_cast<std::uint64_t>(i)));
  }
  drawsAlone = draws;
  std::vector<MemberPass> passes;
  for (std::size_t i = 0; i < memberCount; ++i) passes.push_back({i, &draws[i], 0.5 + 0.25 * static_cast<double>(i)});
  const PopulationNetwork network(programs, processor);
  const auto together = network.logits({torch::stack(inputs)}, store, passes);
  const auto slopes = torch::sin(torch::arange(together.numel(), torch::kFloat32) * 1.7F + 0.3F).view(together.sizes());
  together.backward(slopes);
  const auto& gradient = store.collectGradients();
  double worst = 0;
  for (std::int64_t i = 0; i < memberCount; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const ProgramRunner runner(programs[k], processor);
    const auto output = runner.model({inputs[k]}, alone[k].all(), &drawsAlone[k], passes[k].dropoutFactor);
    worst = std::max(worst, apart(together.select(0, i), output));
    CHECK(torch::equal(store.flat.select(0, i), alone[k].flat()));
    output.backward(slopes.select(0, i));
    const auto ours = store.member(i);
    for (const auto& place : store.learning()) {
      const auto& expected = alone[k].all()[place.index].grad();
      // The same place in memory of a row as in the store of one training.
      const auto given = gradient.select(0, i).as_strided(ours[place.index].sizes(), ours[place.index].strides(),
                                                          gradient.stride(0) * i + place.offset);
      worst = std::max(worst, apart(given, expected.defined() ? expected : torch::zeros_like(given)));
    }
    for (std::size_t p = 0; p < ours.size(); ++p)
      if (!program.parameters[p].trainable) worst = std::max(worst, apart(ours[p], alone[k].all()[p]));
    CHECK(draws[k].state() == drawsAlone[k].state());
  }
  return worst;
}

}  // namespace

LATHE_TEST("every layer kind gives each member of a population what it gives it alone") {
  int refused = 0;
  for (const auto& sample : layerSamples()) {
    const double worst = compare(sample);
    if (!(worst <= 5e-5))
      lathe::testing::reportFailure(__FILE__, __LINE__, sample.name + " differs by " + std::to_string(worst));
    refused += PopulationNetwork::obstacle(programOf(sample)).has_value() ? 1 : 0;
  }
  CHECK(refused > 0);
}

LATHE_TEST("rows of a population's store are taken and put back without touching the others") {
  spec::Program program;
  program.parameters = {{"w", {3, 5}, {spec::Initialiser::Kind::Uniform, 1}, true, true},
                        {"mean", {4}, {spec::Initialiser::Kind::Normal, 1}, false, false},
                        {"b", {3}, {spec::Initialiser::Kind::Normal, 1}, true, false}};
  PopulationStore store(program, processor, 4, 2);
  for (std::int64_t i = 0; i < 4; ++i) {
    ParameterStore one(program, processor, false);
    one.initialise(static_cast<std::uint64_t>(i));
    store.setMember(i, one);
    CHECK(torch::equal(store.member(i)[0], one.all()[0]));
    CHECK(torch::equal(store.member(i)[1], one.all()[1]));
    CHECK(torch::equal(store.flat.select(0, i), one.flat()));
  }
  const torch::NoGradGuard noGrad;
  const auto before = store.flat.clone();
  const auto rows = torch::tensor({1, 3}, torch::kInt64);
  auto part = store.taken(rows);
  CHECK_EQ(part.members(), 2);
  part.flat.fill_(7);
  part.arrays[1].fill_(8);
  CHECK(torch::equal(store.flat, before));
  store.putBack(part, rows);
  CHECK(torch::equal(store.flat.select(0, 0), before.select(0, 0)));
  CHECK(torch::equal(store.flat.select(0, 2), before.select(0, 2)));
  CHECK(torch::equal(store.flat.select(0, 3), torch::full_like(before.select(0, 3), 7)));
  CHECK_EQ(store.arrays[1].sum().item<float>(), 8 * 2 * static_cast<float>(before.size(1)));
  CHECK_EQ(store.arrays[0].abs().sum().item<float>(), 0);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Averages of weights and their batch-norm statistics on LibTorch.
#include <cmath>

#include "core/engine_torch/batch_statistics.h"
#include "core/engine_torch/device_average.h"
#include "core/spec/customary.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;
using namespace lathe::tests;

namespace {

spec::Program smallProgram() {
  spec::Program program;
  program.parameters = {{"w", {3, 5}, {spec::Initialiser::Kind::Uniform, 1}, true, true},
                        {"b", {3}, {spec::Initialiser::Kind::Normal, 1}, true, false}};
  return program;
}

}  // namespace

LATHE_TEST("statistics made anew are those of the rows, as the average over batches") {
  const auto data = mixedTable(spec::Task::Classification, 300);
  auto request = requestFor(data, "unused");
  // The normalisation reads the features themselves, so that what it must find can be computed beside it.
  request.model.graph = {{{"norm", "batchnorm1d", {}, {"features"}}, {"out", "linear", {{"out", 3}}, {}}}};
  const auto program = spec::lower(request.model);
  REQUIRE_OK(program);
  const torch::NoGradGuard noGrad;
  const ProgramRunner runner(*program, torch::Device(torch::kCPU));
  ParameterStore parameters(*program, torch::Device(torch::kCPU), true);
  parameters.initialise(1);
  const auto raw = torch::from_blob(data->table.data(), {static_cast<std::int64_t>(data->rows), 7}).clone();
  const auto features = runner.preprocess(raw);
  const auto of = [&](std::span<const std::uint32_t> rows) {
    auto index = torch::empty({static_cast<std::int64_t>(rows.size())}, torch::kInt64);
    for (std::size_t i = 0; i < rows.size(); ++i)
      index.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(rows[i]);
    TensorList inputs;
    for (const auto& each : features) inputs.push_back(each.index_select(0, index));
    return inputs;
  };
  const auto& all = data->split.train;  // 210 rows
  torch::Tensor mean, variance;
  std::size_t which = 0;
  for (std::size_t i = 0; i < program->parameters.size(); ++i) {
    if (program->parameters[i].name == "norm.running_mean") mean = parameters.all()[i];
    if (program->parameters[i].name == "norm.running_var") variance = parameters.all()[i];
  }
  for (std::size_t i = 0; i < program->prepared.size(); ++i)
    if (features[i].size(1) == mean.numel()) which = i;
  mean.fill_(7);
  variance.fill_(9);
  const KeptStatistics kept(*program, parameters.all());
  request.training.batchSize = static_cast<int>(all.size());  // one batch: exactly the rows' own statistics
  renewStatistics(runner, parameters.all(), request, of);
  const auto rows = of(all)[which];
  CHECK(torch::allclose(mean, rows.mean(0), 1e-5, 1e-6));
  CHECK(torch::allclose(variance, rows.var(0, true), 1e-4, 1e-6));
  request.training.batchSize = 70;  // three of equal size: the mean of their means is that of the rows
  renewStatistics(runner, parameters.all(), request, of);
  CHECK(torch::allclose(mean, rows.mean(0), 1e-5, 1e-6));
  CHECK(torch::allclose(variance, rows.var(0, true), 0.1, 1e-3));
  CHECK(!torch::equal(variance, rows.var(0, true)));
  kept.putBack();
  CHECK(torch::equal(mean, torch::full_like(mean, 7)));
  CHECK(torch::equal(variance, torch::full_like(variance, 9)));
}

LATHE_TEST("averages on other devices are those of the processor's memory") {
  for (const char* name : {"ema", "swa"}) {
    const auto program = smallProgram();
    ParameterStore store(program, torch::Device(torch::kCPU), true);
    store.initialise(2);
    const std::vector<SlotTraits> traits(2);
    const DeviceOptimizer optimizer(spec::customaryOptimizer("sgd"), store, traits);
    DeviceAverage average({name, 0.9, 0}, store, optimizer);
    CHECK(!average.available());
    auto flat = store.flat();
    const torch::NoGradGuard noGrad;
    auto expected = torch::zeros_like(flat, torch::kFloat64);
    for (int n = 0; n < 30; ++n) {
      flat.copy_(torch::sin(torch::arange(flat.numel()) + n));
      StepSettings settings;
      settings.average = true;
      average.afterStep(settings);
      const double stays = std::string(name) == "swa" ? n / (n + 1.0)
                           : n == 0                   ? 0
                                                      : std::min(0.9, (1.0 + n) / (10.0 + n));
      expected = expected * stays + flat.to(torch::kFloat64) * (1 - stays);
    }
    Checkpoint checkpoint;
    average.save(checkpoint);
    DeviceAverage again({name, 0.9, 0}, store, optimizer);
    REQUIRE_OK(again.restore(checkpoint));
    REQUIRE(again.available());
    const auto before = flat.clone();
    again.enter();
    CHECK(torch::allclose(flat.to(torch::kFloat64), expected, 1e-5, 1e-6));
    again.leave();
    CHECK(torch::equal(flat, before));
  }
}

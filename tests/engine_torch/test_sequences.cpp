// SPDX-License-Identifier: GPL-3.0-or-later
// Batches of windows, gathered from rows that were prepared once, against the program's own preprocessing of the same
// windows, and a forecast against LibTorch's own modules.
#include <cmath>

#include "core/data/data_source.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/fused_learner.h"
#include "tests/engine/sequence_samples.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

ProgramRunner runnerFor(const spec::ModelDescription& model) {
  auto program = spec::lower(model);
  REQUIRE_OK(program);
  return {std::move(*program), torch::Device(torch::kCPU)};
}

}  // namespace

LATHE_TEST("gathered windows are those of the program, bit for bit, categories of the last row beside them") {
  const auto data = tests::waves(spec::Task::Forecast, 9, 2);
  for (const char* scaling : {"standard", "quantile"}) {
    auto model = tests::sequenceModel(*data, "gru");
    model.preprocessing.scaling = scaling;
    model.fitted = *data::fitPreprocessing(*data, model.preprocessing);
    const auto runner = runnerFor(model);
    CHECK(spec::takesWindows(runner.program()));
    BatchSource source(data, runner, 8);
    const auto& order = data->windows.order;
    const std::vector<std::uint32_t> rows{order[8], order[30], order[299], order[308], order[599]};
    const auto raw = rawRows(*data, rows, torch::kCPU);
    CHECK((raw.sizes() == torch::IntArrayRef{5, 9, 4}));
    const auto expected = runner.preprocess(raw);
    const auto given = source.batch(rows);
    REQUIRE(expected.size() == 2 && given.size() == 2);
    // Two numbers, one that is missing at times, three colours and others.
    CHECK((given[0].sizes() == torch::IntArrayRef{5, 9, 2 + 4 + 1}));
    CHECK((given[1].sizes() == torch::IntArrayRef{5, 1}));
    for (std::size_t i = 0; i < 2; ++i) CHECK(torch::equal(given[i], expected[i]));
    // More rows than a batch has, and windows that stand alone.
    const auto whole = std::make_shared<data::Dataset>(tests::wholeWindows(*data, data->split.train));
    BatchSource alone(whole, runner, 8);
    std::vector<std::uint32_t> all(whole->rows);
    for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    const auto a = alone.batch(all);
    const auto b = source.batch(data->split.train);
    for (std::size_t i = 0; i < 2; ++i) CHECK(torch::equal(a[i], b[i]));
  }
}

LATHE_TEST("a forecast by a GRU is what torch::nn makes of the same weights") {
  const auto data = tests::waves(spec::Task::Forecast, 7, 3);
  auto model = tests::sequenceModel(*data, "gru", {{"hidden", 6}});
  const auto runner = runnerFor(model);
  const auto& program = runner.program();
  torch::manual_seed(4);
  TensorList parameters;
  for (const auto& parameter : program.parameters) parameters.push_back(torch::randn(parameter.shape) * 0.3);
  const auto named = [&](const std::string& name) {
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (program.parameters[i].name == name) return parameters[i];
    lathe::testing::reportFailure(__FILE__, __LINE__, "no parameter " + name);
    return torch::Tensor();
  };
  const auto inputs = runner.preprocess(rawRows(*data, data->split.validation, torch::kCPU));
  torch::nn::GRU gru(torch::nn::GRUOptions(inputs[0].size(2), 6).batch_first(true));
  {
    const torch::NoGradGuard noGrad;
    for (const char* part : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"})
      gru->named_parameters()[std::string(part) + "_l0"].copy_(named(std::string("gru.") + part + "_l0"));
  }
  const auto last = std::get<0>(gru->forward(inputs[0])).select(1, 6);
  const auto beside = torch::embedding(named("embed.weight0"), inputs[1].select(1, 0));
  const auto logits = torch::linear(torch::cat({last, beside}, 1), named("output.weight"), named("output.bias"));
  const auto given = runner.head(runner.model(inputs, parameters, nullptr));
  CHECK((given.sizes() == torch::IntArrayRef{static_cast<std::int64_t>(data->split.validation.size()), 3, 1}));
  const auto expected = logits * model.fitted.targetStd + model.fitted.targetMean;
  CHECK((given.view({-1, 3}) - expected).abs().max().item<double>() < 1e-4);
}

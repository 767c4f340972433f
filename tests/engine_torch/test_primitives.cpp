// SPDX-License-Identifier: GPL-3.0-or-later
// Every primitive against values worked out by hand, through the interpreter of programs.
#include <cmath>
#include <limits>

#include "core/engine/plain_preprocessor.h"
#include "core/engine_torch/device_optimizer.h"
#include "core/engine_torch/program_runner.h"
#include "core/spec/customary.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;
using spec::Primitive;

namespace {

const float missing = std::numeric_limits<float>::quiet_NaN();

struct Setup {
  Primitive primitive{};
  std::vector<std::int64_t> ints;
  std::vector<double> reals;
  std::vector<spec::Constant> constants;
};

spec::Program programOf(const Setup& setup, std::size_t inputs, std::size_t parameters) {
  spec::Program program;
  spec::Operation operation;
  operation.primitive = setup.primitive;
  operation.ints = setup.ints;
  operation.reals = setup.reals;
  for (std::size_t i = 0; i < inputs; ++i) {
    operation.inputs.push_back(static_cast<int>(i));
    program.prepared.push_back(static_cast<int>(i));
    program.values.emplace_back();
  }
  for (std::size_t i = 0; i < parameters; ++i) operation.parameters.push_back(static_cast<int>(i));
  for (std::size_t i = 0; i < setup.constants.size(); ++i) operation.constants.push_back(static_cast<int>(i));
  program.values.emplace_back();
  program.constants = setup.constants;
  operation.output = static_cast<int>(inputs);
  program.logits = operation.output;
  program.model = {operation};
  return program;
}

torch::Tensor run(const Setup& setup, const TensorList& inputs, const TensorList& parameters = {},
                  Random* dropout = nullptr) {
  const ProgramRunner runner(programOf(setup, inputs.size(), parameters.size()), torch::Device(torch::kCPU));
  return runner.model(inputs, parameters, dropout);
}

bool equals(const torch::Tensor& given, const torch::Tensor& expected, double tolerance = 1e-6) {
  return given.sizes().equals(expected.sizes()) &&
         torch::allclose(given.to(torch::kFloat64), expected.to(torch::kFloat64), 0, tolerance);
}

torch::Tensor square() { return torch::arange(1, 10, torch::kFloat32).view({1, 1, 3, 3}); }
torch::Tensor numbers(std::vector<float> values) { return torch::tensor(values); }
torch::Tensor row(const std::vector<float>& values) { return torch::tensor(values).unsqueeze(0); }

}  // namespace

LATHE_TEST("primitives: linear and convolution") {
  const auto weight = torch::tensor({{1.F, 2.F}, {3.F, 4.F}});
  CHECK(equals(run({Primitive::Linear, {}, {}, {}}, {row({1, 2})}, {weight, numbers({0.5F, -0.5F})}),
               row({5.5F, 10.5F})));
  CHECK(equals(run({Primitive::Linear, {}, {}, {}}, {row({1, 2})}, {weight}), row({5, 11})));
  const auto ones = torch::ones({1, 1, 2, 2});
  const auto convolved = [&](std::vector<std::int64_t> ints) {
    return run({Primitive::Conv2d, std::move(ints), {}, {}}, {square()}, {ones, numbers({0.5F})});
  };
  CHECK(equals(convolved({1, 1, 0, 0, 1, 1, 1}), torch::tensor({12.5, 16.5, 24.5, 28.5}).view({1, 1, 2, 2})));
  CHECK(equals(convolved({2, 2, 1, 1, 1, 1, 1}), torch::tensor({1.5, 5.5, 11.5, 28.5}).view({1, 1, 2, 2})));
  CHECK(equals(convolved({1, 1, 0, 0, 2, 2, 1}), torch::full({1, 1, 1, 1}, 20.5)));
  const auto two = torch::cat({square(), square() * 10}, 1);
  const auto grouped = run({Primitive::Conv2d, {1, 1, 0, 0, 1, 1, 2}, {}, {}}, {two}, {torch::ones({2, 1, 3, 3})});
  CHECK(equals(grouped, torch::tensor({45., 450.}).view({1, 2, 1, 1}), 1e-3));
}

LATHE_TEST("primitives: pooling") {
  CHECK(equals(run({Primitive::MaxPool2d, {2, 2, 1, 1, 0, 0}, {}, {}}, {square()}),
               torch::tensor({5., 6., 8., 9.}).view({1, 1, 2, 2})));
  CHECK(equals(run({Primitive::MaxPool2d, {2, 2, 2, 2, 1, 1}, {}, {}}, {square()}),
               torch::tensor({1., 3., 7., 9.}).view({1, 1, 2, 2})));
  CHECK(equals(run({Primitive::GlobalAvgPool, {}, {}, {}}, {square()}), torch::full({1, 1}, 5.0)));
}

LATHE_TEST("primitives: batch normalisation learns running statistics and uses them when evaluating") {
  const auto x = torch::tensor({{1.F}, {3.F}});
  auto mean = torch::zeros({1});
  auto variance = torch::ones({1});
  // One that does not learn would use what it has learnt.
  const TensorList parameters{numbers({2}).requires_grad_(), numbers({1}).requires_grad_(), mean, variance};
  const Setup setup{Primitive::BatchNorm, {}, {1e-5, 0.1}, {}};
  Random random(1);
  CHECK(equals(run(setup, {x}, parameters, &random), torch::tensor({{-1.F}, {3.F}}), 1e-4));
  CHECK(equals(mean, numbers({0.2F})));
  CHECK(equals(variance, numbers({1.1F})));
  const double scale = 2 / std::sqrt(1.1 + 1e-5);
  CHECK(equals(run(setup, {x}, parameters), torch::tensor({{0.8 * scale + 1}, {2.8 * scale + 1}})));
  // A single value has no variance: the running statistics stand in and stay.
  CHECK(equals(run(setup, {x.narrow(0, 0, 1)}, parameters, &random), torch::tensor({{0.8 * scale + 1}})));
  CHECK(equals(variance, numbers({1.1F})));
}

LATHE_TEST("primitives: layer normalisation, activations, softmax") {
  CHECK(equals(run({Primitive::LayerNorm, {1}, {1e-5}, {}}, {row({1, 3})}, {numbers({1, 2}), numbers({0, 1})}),
               row({-1, 3}), 1e-4));
  CHECK(equals(run({Primitive::Relu, {}, {}, {}}, {row({-1, 2})}), row({0, 2})));
  CHECK(equals(run({Primitive::Gelu, {}, {}, {}}, {row({1, -1})}), row({0.8413447F, -0.1586553F})));
  CHECK(equals(run({Primitive::Silu, {}, {}, {}}, {row({1, 0})}), row({0.7310586F, 0})));
  CHECK(equals(run({Primitive::Tanh, {}, {}, {}}, {row({0.5F})}), row({0.4621172F})));
  CHECK(equals(run({Primitive::Sigmoid, {}, {}, {}}, {row({0.5F})}), row({0.6224593F})));
  CHECK(equals(run({Primitive::Softmax, {}, {}, {}}, {row({1, 2, 3})}), row({0.0900306F, 0.2447285F, 0.6652410F})));
}

LATHE_TEST("primitives: dropout keeps the expectation and is identity when evaluating") {
  const auto x = torch::ones({100, 101});
  const Setup setup{Primitive::Dropout, {}, {0.25}, {}};
  CHECK(equals(run(setup, {x}), x));
  Random random(5);
  const auto state = random.state();
  const auto dropped = run(setup, {x}, {}, &random);
  const double kept = (dropped > 0).to(torch::kFloat64).mean().item<double>();
  CHECK(std::abs(kept - 0.75) < 0.02);
  CHECK(std::abs(dropped.max().item<double>() - 1 / 0.75) < 1e-6);
  random.setState(state);
  CHECK(equals(run(setup, {x}, {}, &random), dropped, 0));
}

LATHE_TEST("primitives: embedding, shapes and sums") {
  const auto codes = torch::tensor({{1, 0}, {0, 1}}, torch::kInt64);
  const auto first = torch::tensor({{1.F, 2.F}, {3.F, 4.F}});
  const auto second = torch::tensor({{5.F}, {6.F}});
  CHECK(equals(run({Primitive::Embedding, {2, 2}, {}, {}}, {codes}, {first, second}),
               torch::tensor({{3.F, 4.F, 5.F}, {1.F, 2.F, 6.F}})));
  CHECK(equals(run({Primitive::Flatten, {}, {}, {}}, {square()}), torch::arange(1, 10, torch::kFloat32).view({1, 9})));
  CHECK(equals(run({Primitive::Reshape, {9}, {}, {}}, {square()}), torch::arange(1, 10, torch::kFloat32).view({1, 9})));
  CHECK(equals(run({Primitive::Add, {}, {}, {}}, {row({1, 2}), row({3, 4}), row({5, 6})}), row({9, 12})));
  CHECK(equals(run({Primitive::Concat, {}, {}, {}}, {row({1, 2}), row({3})}), row({1, 2, 3})));
}

LATHE_TEST("primitives: preprocessing of numbers") {
  CHECK(equals(run({Primitive::SelectColumns, {2, 0}, {}, {}}, {row({1, 2, 3})}), row({3, 1})));
  CHECK(equals(run({Primitive::IsMissing, {}, {}, {}}, {row({1, missing})}), row({0, 1})));
  CHECK(equals(run({Primitive::FillMissing, {}, {}, {{"fill", {2}, {7, 8}}}}, {row({missing, 2})}), row({7, 2})));
  CHECK(equals(run({Primitive::Affine, {}, {}, {{"a", {2}, {2, 3}}, {"b", {2}, {1, -1}}}}, {row({5, 6})}),
               row({11, 17})));
  CHECK(equals(run({Primitive::Standardize, {}, {}, {{"a", {2}, {2, 3}}, {"b", {2}, {10, -1}}}}, {row({5, 6})}),
               row({30, -3})));
  const auto image = torch::tensor({10, 20, 30, 40}, torch::kUInt8).view({1, 2, 1, 2});
  CHECK(equals(run({Primitive::Standardize, {}, {}, {{"a", {2}, {10, 20}}, {"b", {2}, {0.5F, 2}}}}, {image}),
               torch::tensor({0., 5., 20., 40.}).view({1, 2, 1, 2}), 1e-5));
  const std::vector<spec::Constant> curve{{"knots", {1, 3}, {0, 1, 3}}, {"values", {1, 3}, {-1, 0, 4}}};
  const auto x = torch::tensor({{-5.F}, {0.F}, {0.5F}, {1.F}, {2.F}, {3.F}, {9.F}});
  CHECK(equals(run({Primitive::PiecewiseLinear, {}, {}, curve}, {x}),
               torch::tensor({{-1.F}, {-1.F}, {-0.5F}, {0.F}, {2.F}, {4.F}, {4.F}})));
}

LATHE_TEST("primitives: standardising keeps what float32 holds of a column with a large mean") {
  // Unix times: float32 steps by 128 here, and each such step must come out as 128 / 1000.
  const std::vector<spec::Constant> fitted{{"centre", {1}, {1.7e9F}}, {"scale", {1}, {1e-3F}}};
  for (int step = -20; step <= 20; ++step) {
    const float x = 1.7e9F + 128.0F * static_cast<float>(step);
    const auto given = run({Primitive::Standardize, {}, {}, fitted}, {row({x})});
    CHECK(std::abs(given.item<double>() - 0.128 * step) < 1e-6);
  }
}

LATHE_TEST("primitives: codes and one-hot send everything unknown to the last place") {
  const auto x = torch::tensor({{0.F, 1.F}, {missing, -1.F}, {5.F, 2.F}});
  CHECK(equals(run({Primitive::Codes, {3, 3}, {}, {}}, {x}), torch::tensor({{0, 1}, {2, 2}, {2, 2}})));
  CHECK(equals(run({Primitive::OneHot, {3, 2}, {}, {}}, {x}),
               torch::tensor({{1.F, 0.F, 0.F, 0.F, 1.F}, {0.F, 0.F, 1.F, 0.F, 1.F}, {0.F, 0.F, 1.F, 0.F, 1.F}})));
}

LATHE_TEST("primitives: date parts are those of the plain calendar") {
  std::vector<float> days{0, 59, 60, 366, 8825, -1, -11122, 4000000, 1e9F, missing};
  for (const float day : days) {
    const auto given = run({Primitive::DateParts, {}, {100, 0.01}, {}}, {row({day, 45000})});
    const auto expected = calendarParts(day, 45000);
    for (std::int64_t i = 0; i < 7; ++i)
      CHECK(std::abs(given[0][i + 1].item<float>() - expected[static_cast<std::size_t>(i)]) < 1e-5);
    const double scaled = std::isnan(day) ? 0 : (day - 100.0) * 0.01;
    CHECK(std::abs(given[0][0].item<double>() - scaled) <= 1e-6 * std::max(1.0, std::abs(scaled)));
  }
  CHECK(equals(run({Primitive::DateParts, {}, {0, 1}, {}}, {row({5, missing})}), torch::zeros({1, 8})));
}

LATHE_TEST("preprocessing by tensors agrees with preprocessing in plain C++") {
  const auto data = tests::mixedTable(spec::Task::Classification, 120);
  for (const char* scaling : {"none", "standard", "robust", "quantile"}) {
    auto model = tests::modelFor(*data, scaling);
    for (const char* categories : {"onehot", "auto"}) {
      model.preprocessing.categories = categories;
      if (std::string(categories) == "onehot") model.graph = {{{"out", "linear", {{"out", 3}}, {"features"}}}};
      const auto program = spec::lower(model);
      REQUIRE_OK(program);
      const PlainPreprocessor plain(*program);
      const ProgramRunner runner(*program, torch::Device(torch::kCPU));
      const auto raw = torch::from_blob(data->table.data(), {static_cast<std::int64_t>(data->rows), 7}).clone();
      const auto features = runner.preprocess(raw)[0];
      std::vector<float> row(plain.width());
      for (std::size_t i = 0; i < data->rows; ++i) {
        plain.row(*data, i, row);
        for (std::int64_t d = 0; d < features.size(1); ++d) {
          const double expected = row[static_cast<std::size_t>(d)];
          const double given = features[static_cast<std::int64_t>(i)][d].item<double>();
          CHECK(std::abs(given - expected) <= 1e-5 * std::max(1.0, std::abs(expected)));
        }
      }
    }
  }
}

LATHE_TEST("the optimiser for other devices does what the fused one does") {
  spec::Program program;
  program.parameters = {{"w", {4, 3, 2, 2}, {spec::Initialiser::Kind::Uniform, 1}, true, true},
                        {"b", {5}, {spec::Initialiser::Kind::Normal, 1}, true, false}};
  auto specs = std::vector<spec::OptimizerSpec>{};
  for (const auto& name : spec::optimizerNames()) specs.push_back(spec::customaryOptimizer(name));
  specs.front().nesterov = true;
  specs.push_back(specs.front());
  specs.back().hypergradient = 0.05;
  for (const auto& spec : specs) {
    const std::vector<SlotTraits> traits{{true, 0.5, true}, {false, 1, false}};
    ParameterStore one(program, torch::Device(torch::kCPU), true);
    ParameterStore two(program, torch::Device(torch::kCPU), true);
    one.initialise(1);
    two.initialise(1);
    std::vector<Optimizer::Slot> slots;
    for (const auto& place : one.trainable()) {
      const auto& trait = traits[place.index];
      slots.push_back({"p", one.flat().data_ptr<float>() + place.offset, static_cast<std::size_t>(place.count),
                       trait.decay, one.description(place.index).shape, trait.lrScale, 1, trait.hidden});
    }
    Optimizer fused(spec, slots);
    auto device = std::make_unique<DeviceOptimizer>(spec, two, traits);
    for (int step = 1; step <= 12; ++step) {
      std::vector<const float*> gradients;
      for (auto* store : {&one, &two}) {
        torch::Tensor sum = torch::zeros({});
        for (const auto& tensor : store->all()) sum = sum + (tensor * tensor * tensor).sum();
        sum.backward();
      }
      for (const auto& tensor : one.all()) gradients.push_back(tensor.grad().data_ptr<float>());
      const double norm = fused.gradientNorm(gradients);
      CHECK(std::abs(device->collect() - norm) < 1e-4 * norm);
      StepSettings settings;
      settings.step = step;
      settings.lr = spec.name == "schedule_free_sgd" ? 0.01 : spec.lr;  // a cubic has no bottom
      fused.update(gradients, settings, 0.5);
      device->update(settings, 0.5);
      CHECK(std::abs(fused.rate() - device->rate()) < 1e-3 * fused.rate());
      CHECK(std::abs(fused.momentum() - device->momentum()) < 1e-5);
      if (step == 6) {
        Checkpoint checkpoint;
        device->save(checkpoint);
        device = std::make_unique<DeviceOptimizer>(spec, two, traits);
        REQUIRE_OK(device->restore(checkpoint));
      }
      for (auto* store : {&one, &two})
        for (const auto& tensor : store->all()) tensor.mutable_grad().reset();
    }
    if (!equals(one.flat(), two.flat(), 2e-5)) lathe::testing::reportFailure(__FILE__, __LINE__, spec.name);
  }
}

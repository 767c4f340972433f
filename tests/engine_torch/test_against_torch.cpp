// SPDX-License-Identifier: GPL-3.0-or-later
// Losses and optimisers of core/engine, step by step against LibTorch's own.
#include <cmath>
#include <memory>

#include "core/base/random.h"
#include "core/engine/losses.h"
#include "core/engine/optimizer.h"
#include "core/spec/customary.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

constexpr std::int64_t rows = 24;
constexpr std::int64_t classes = 5;

std::vector<std::uint32_t> allRows() {
  std::vector<std::uint32_t> all(rows);
  for (std::uint32_t i = 0; i < rows; ++i) all[i] = i;
  return all;
}

torch::Tensor noise(std::vector<std::int64_t> shape, const char* stream) {
  auto values = torch::empty(shape, torch::kFloat32);
  Random random(9, stream);
  for (std::int64_t i = 0; i < values.numel(); ++i)
    values.data_ptr<float>()[i] = static_cast<float>(random.normal() * 2);
  return values;
}

std::span<const float> numbersOf(const torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

struct Labels {
  std::shared_ptr<data::Dataset> data = std::make_shared<data::Dataset>();
  spec::ModelDescription model;
  torch::Tensor tensor = torch::empty({rows}, torch::kInt64);
};

Labels labelled() {
  Labels labels;
  labels.data->rows = rows;
  labels.data->schema.task = spec::Task::Classification;
  std::vector<double> counts(classes, 0);
  Random random(4, "labels");
  for (std::int64_t i = 0; i < rows; ++i) {
    const auto label = static_cast<std::int32_t>(std::min(random.below(classes), random.below(classes)));
    labels.data->classes.push_back(label);
    labels.tensor[i] = static_cast<std::int64_t>(label);
    counts[static_cast<std::size_t>(label)] += 1.0 / rows;
  }
  for (std::int64_t c = 0; c < classes; ++c) labels.data->schema.target.classes.push_back("c" + std::to_string(c));
  labels.model.schema = labels.data->schema;
  labels.model.fitted.classFrequencies = counts;
  return labels;
}

// Loss and gradient of ours against autograd of theirs.
template <class Theirs>
void compare(const Loss& ours, const torch::Tensor& output, const Theirs& theirs) {
  const auto leaf = output.detach().clone().set_requires_grad(true);
  const torch::Tensor expected = theirs(leaf);
  expected.backward();
  auto gradient = torch::empty_like(output);
  const auto score = ours.evaluate(numbersOf(output), allRows(),
                                   {gradient.data_ptr<float>(), static_cast<std::size_t>(gradient.numel())});
  CHECK(std::abs(score.loss - expected.item<double>()) < 2e-6 * std::max(1.0, std::abs(score.loss)));
  CHECK(torch::allclose(gradient, leaf.grad(), 1e-5, 1e-7));
}

/// A quadratic bowl with a different curvature in each direction: the gradient of both sides.
torch::Tensor slopeAt(const torch::Tensor& x) {
  return x * torch::linspace(0.1, 3, x.numel()) + torch::sin(x * 3) * 0.2F;
}

std::unique_ptr<torch::optim::Optimizer> theirOptimizer(const spec::OptimizerSpec& spec, const torch::Tensor& x) {
  const std::vector<torch::Tensor> parameters{x};
  const std::tuple<double, double> betas{spec.beta1, spec.beta2};
  if (spec.name == "sgd")
    return std::make_unique<torch::optim::SGD>(parameters, torch::optim::SGDOptions(spec.lr)
                                                               .momentum(spec.momentum)
                                                               .nesterov(spec.nesterov)
                                                               .weight_decay(spec.weightDecay));
  if (spec.name == "adam")
    return std::make_unique<torch::optim::Adam>(
        parameters, torch::optim::AdamOptions(spec.lr).betas(betas).eps(spec.epsilon).weight_decay(spec.weightDecay));
  return std::make_unique<torch::optim::AdamW>(
      parameters, torch::optim::AdamWOptions(spec.lr).betas(betas).eps(spec.epsilon).weight_decay(spec.weightDecay));
}

void compareSteps(const spec::OptimizerSpec& spec, double clipNorm) {
  auto ours = noise({53}, "start");
  const auto theirs = ours.clone().set_requires_grad(true);
  Optimizer fused(spec, {{"x", ours.data_ptr<float>(), static_cast<std::size_t>(ours.numel()), true}});
  const auto reference = theirOptimizer(spec, theirs);
  for (std::int64_t step = 1; step <= 100; ++step) {
    // A learning rate that changes, as schedules do.
    const double lr = spec.lr * (1 + 0.5 * std::cos(0.2 * static_cast<double>(step)));
    const auto gradient = slopeAt(ours);
    const double norm = fused.gradientNorm({gradient.data_ptr<float>()});
    fused.update({gradient.data_ptr<float>()}, step, lr, clippingScale(norm, clipNorm));

    theirs.mutable_grad() = slopeAt(theirs.detach());
    if (clipNorm > 0) torch::nn::utils::clip_grad_norm_({theirs}, clipNorm);
    reference->param_groups()[0].options().set_lr(lr);
    reference->step();
    const double difference = (ours - theirs.detach()).abs().max().item<double>();
    if (difference > 2e-5) {
      lathe::testing::reportFailure(
          __FILE__, __LINE__,
          spec.name + " differs by " + std::to_string(difference) + " after step " + std::to_string(step));
      return;
    }
  }
}

}  // namespace

LATHE_TEST("cross-entropy agrees with LibTorch's, with class weights, label smoothing, or both") {
  const auto labels = labelled();
  const auto logits = noise({rows, classes}, "logits");
  spec::LossSpec spec;
  compare(Loss(spec, labels.model, labels.data), logits,
          [&](const torch::Tensor& x) { return torch::cross_entropy_loss(x, labels.tensor); });
  spec.labelSmoothing = 0.15;
  compare(Loss(spec, labels.model, labels.data), logits, [&](const torch::Tensor& x) {
    return torch::cross_entropy_loss(x, labels.tensor, {}, at::Reduction::Mean, -100, 0.15);
  });
  spec.labelSmoothing = 0;
  spec.classWeights = true;
  auto weights = torch::zeros({classes});
  for (std::int64_t c = 0; c < classes; ++c) {
    const double frequency = labels.model.fitted.classFrequencies[static_cast<std::size_t>(c)];
    if (frequency > 0) weights[c] = 1 / (classes * frequency);
  }
  compare(Loss(spec, labels.model, labels.data), logits,
          [&](const torch::Tensor& x) { return torch::cross_entropy_loss(x, labels.tensor, weights); });
  spec.labelSmoothing = 0.15;
  compare(Loss(spec, labels.model, labels.data), logits, [&](const torch::Tensor& x) {
    return torch::cross_entropy_loss(x, labels.tensor, weights, at::Reduction::Mean, -100, 0.15);
  });
}

LATHE_TEST("squared and Huber losses agree with LibTorch's on the scaled target") {
  Labels values;
  values.data->rows = rows;
  values.data->schema.task = spec::Task::Regression;
  values.model.schema = values.data->schema;
  values.model.fitted.targetMean = 40;
  values.model.fitted.targetStd = 8;
  const auto target = noise({rows}, "target") * 8 + 40;
  for (const float value : numbersOf(target)) values.data->targets.push_back(value);
  const auto scaled = (target - 40) / 8;
  const auto output = noise({rows, 1}, "output");
  spec::LossSpec spec;
  spec.name = "mse";
  compare(Loss(spec, values.model, values.data), output,
          [&](const torch::Tensor& x) { return torch::mse_loss(x.squeeze(1), scaled); });
  spec.name = "huber";
  for (const double delta : {0.5, 1.0, 3.0}) {
    spec.huberDelta = delta;
    compare(Loss(spec, values.model, values.data), output, [&](const torch::Tensor& x) {
      return torch::huber_loss(x.squeeze(1), scaled, at::Reduction::Mean, delta);
    });
  }
}

LATHE_TEST("optimisers walk with LibTorch's, step by step") {
  for (const double decay : {0.0, 0.05})
    for (const double clipNorm : {0.0, 2.0}) {
      spec::OptimizerSpec spec;
      spec.lr = 0.02;
      spec.weightDecay = decay;
      for (const char* name : {"adam", "adamw"}) {
        spec.name = name;
        compareSteps(spec, clipNorm);
      }
      spec.name = "sgd";
      for (const double momentum : {0.0, 0.9}) {
        spec.momentum = momentum;
        spec.nesterov = false;
        compareSteps(spec, clipNorm);
      }
      spec.nesterov = true;
      compareSteps(spec, clipNorm);
    }
}

LATHE_TEST("RMSprop and Adagrad walk with LibTorch's for 100 steps") {
  for (const double decay : {0.0, 0.05})
    for (const double momentum : {0.0, 0.9})
      for (const char* name : {"rmsprop", "adagrad"}) {
        auto spec = spec::customaryOptimizer(name);
        spec.weightDecay = decay;
        spec.momentum = momentum;
        auto ours = noise({53}, "start");
        const auto theirs = ours.clone().set_requires_grad(true);
        Optimizer fused(spec, {{"x", ours.data_ptr<float>(), static_cast<std::size_t>(ours.numel()), true}});
        std::unique_ptr<torch::optim::Optimizer> reference;
        if (spec.name == "rmsprop")
          reference = std::make_unique<torch::optim::RMSprop>(
              std::vector<torch::Tensor>{theirs},
              torch::optim::RMSpropOptions(spec.lr).alpha(0.99).momentum(momentum).weight_decay(decay));
        else
          reference = std::make_unique<torch::optim::Adagrad>(
              std::vector<torch::Tensor>{theirs}, torch::optim::AdagradOptions(spec.lr).weight_decay(decay));
        for (std::int64_t step = 1; step <= 100; ++step) {
          const auto gradient = slopeAt(ours);
          fused.update({gradient.data_ptr<float>()}, step, spec.lr);
          theirs.mutable_grad() = slopeAt(theirs.detach());
          reference->step();
        }
        const double difference = (ours - theirs.detach()).abs().max().item<double>();
        if (difference > 5e-5)
          lathe::testing::reportFailure(__FILE__, __LINE__, spec.name + " differs by " + std::to_string(difference));
      }
}

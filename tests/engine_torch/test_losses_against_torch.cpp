// SPDX-License-Identifier: GPL-3.0-or-later
// Losses of labels, values, counts and quantiles, and the focal loss, against LibTorch's own functions and autograd.
#include <cmath>
#include <memory>

#include "core/base/random.h"
#include "core/engine/losses.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

constexpr std::int64_t rows = 24;

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

struct Sample {
  std::shared_ptr<data::Dataset> data = std::make_shared<data::Dataset>();
  spec::ModelDescription model;
  torch::Tensor target;
};

Sample labels(std::int64_t count) {
  Sample sample;
  sample.data->rows = rows;
  sample.data->schema.task = spec::Task::Multilabel;
  sample.data->schema.target.classes.assign(static_cast<std::size_t>(count), "label");
  sample.target = (noise({rows, count}, "labels") > 0.5).to(torch::kFloat32);
  for (std::int64_t i = 0; i < sample.target.numel(); ++i)
    sample.data->labels.push_back(sample.target.data_ptr<float>()[i] > 0 ? 1 : 0);
  sample.model.schema = sample.data->schema;
  return sample;
}

/// Two targets of different units; `target` is scaled.
Sample values(spec::Task task) {
  Sample sample;
  sample.data->rows = rows;
  sample.data->schema.task = task;
  sample.data->schema.target.columns = {"a", "b"};
  const auto raw = (noise({rows, 2}, "targets") * 2).abs().floor();
  for (std::int64_t i = 0; i < raw.numel(); ++i) sample.data->targets.push_back(raw.data_ptr<float>()[i]);
  sample.model.schema = sample.data->schema;
  sample.model.fitted.targetMeans = {3, 2};
  sample.model.fitted.targetStds = {2, 4};
  sample.target = (raw - torch::tensor({3.0F, 2.0F})) / torch::tensor({2.0F, 4.0F});
  return sample;
}

// Loss and gradient of ours against autograd of theirs.
template <class Theirs>
void compare(const Loss& ours, const torch::Tensor& output, const Theirs& theirs) {
  const auto leaf = output.detach().clone().set_requires_grad(true);
  const torch::Tensor expected = theirs(leaf);
  expected.backward();
  auto gradient = torch::empty_like(output);
  const auto count = static_cast<std::size_t>(output.numel());
  const auto score = ours.evaluate({output.data_ptr<float>(), count}, allRows(), {gradient.data_ptr<float>(), count});
  CHECK(std::abs(score.loss - expected.item<double>()) < 2e-6 * std::max(1.0, std::abs(score.loss)));
  CHECK(torch::allclose(gradient, leaf.grad(), 1e-5, 1e-7));
}

spec::LossSpec named(const char* name) {
  spec::LossSpec spec;
  spec.name = name;
  return spec;
}

}  // namespace

LATHE_TEST("binary cross-entropy of labels is LibTorch's, with smoothing as softened targets") {
  const auto sample = labels(4);
  const auto output = noise({rows, 4}, "logits");
  auto spec = named("bce");
  compare(Loss(spec, sample.model, sample.data), output,
          [&](const torch::Tensor& x) { return torch::binary_cross_entropy_with_logits(x, sample.target); });
  spec.labelSmoothing = 0.2;
  compare(Loss(spec, sample.model, sample.data), output, [&](const torch::Tensor& x) {
    return torch::binary_cross_entropy_with_logits(x, sample.target * 0.8 + 0.1);
  });
}

LATHE_TEST("the focal loss of labels and classes is autograd's of its definition") {
  const auto sample = labels(3);
  auto spec = named("focal");
  for (const double gamma : {0.0, 1.0, 2.0, 3.5}) {
    spec.focalGamma = gamma;
    compare(Loss(spec, sample.model, sample.data), noise({rows, 3}, "logits"), [&](const torch::Tensor& x) {
      const auto p = torch::sigmoid(x.to(torch::kFloat64));
      const auto own = torch::where(sample.target > 0, p, 1 - p);
      return (-torch::pow(1 - own, gamma) * torch::log(own)).mean().to(torch::kFloat32);
    });
    auto data = std::make_shared<data::Dataset>();
    data->rows = rows;
    data->schema.task = spec::Task::Classification;
    data->schema.target.classes = {"a", "b", "c", "d"};
    auto label = torch::empty({rows}, torch::kInt64);
    for (std::int64_t i = 0; i < rows; ++i) {
      data->classes.push_back(static_cast<std::int32_t>(i * 5 % 4));
      label[i] = i * 5 % 4;
    }
    spec::ModelDescription model;
    model.schema = data->schema;
    compare(Loss(spec, model, data), noise({rows, 4}, "class logits"), [&](const torch::Tensor& x) {
      const auto logs = torch::log_softmax(x.to(torch::kFloat64), 1).gather(1, label.unsqueeze(1)).squeeze(1);
      return (-torch::pow(1 - torch::exp(logs), gamma) * logs).mean().to(torch::kFloat32);
    });
  }
}

LATHE_TEST("losses of several values are LibTorch's on the scaled targets") {
  const auto sample = values(spec::Task::Regression);
  const auto output = noise({rows, 2}, "values");
  compare(Loss(named("mse"), sample.model, sample.data), output,
          [&](const torch::Tensor& x) { return torch::mse_loss(x, sample.target); });
  compare(Loss(named("mae"), sample.model, sample.data), output,
          [&](const torch::Tensor& x) { return torch::l1_loss(x, sample.target); });
  compare(Loss(named("huber"), sample.model, sample.data), output,
          [&](const torch::Tensor& x) { return torch::huber_loss(x, sample.target); });
}

LATHE_TEST("the loss of counts is LibTorch's Poisson negative log-likelihood, counted in means") {
  auto sample = values(spec::Task::Regression);
  sample.model.schema.target.link = "log";
  auto raw = torch::empty({rows, 2});
  std::copy(sample.data->targets.begin(), sample.data->targets.end(), raw.data_ptr<float>());
  const auto output = noise({rows, 2}, "values");
  compare(Loss(named("poisson"), sample.model, sample.data), output, [&](const torch::Tensor& x) {
    return torch::poisson_nll_loss(x, raw / torch::tensor({3.0F, 2.0F}), true, false, 1e-8, at::Reduction::Mean);
  });
  sample.model.preprocessing.scaleTarget = false;
  compare(Loss(named("poisson"), sample.model, sample.data), output, [&](const torch::Tensor& x) {
    return torch::poisson_nll_loss(x, raw, true, false, 1e-8, at::Reduction::Mean);
  });
}

LATHE_TEST("the pinball loss is autograd's of its definition, and half the absolute error at the median") {
  auto sample = values(spec::Task::Quantile);
  sample.model.schema.target.quantiles = {0.1, 0.5, 0.95};
  const auto output = noise({rows, 6}, "quantiles");
  const auto levels = torch::tensor({0.1F, 0.5F, 0.95F});
  compare(Loss(named("pinball"), sample.model, sample.data), output, [&](const torch::Tensor& x) {
    const auto above = sample.target.unsqueeze(2) - x.view({rows, 2, 3});
    return torch::max(levels * above, (levels - 1) * above).mean();
  });
  sample.model.schema.target.quantiles = {0.5};
  compare(Loss(named("pinball"), sample.model, sample.data), noise({rows, 2}, "medians"),
          [&](const torch::Tensor& x) { return torch::l1_loss(x, sample.target) / 2; });
}

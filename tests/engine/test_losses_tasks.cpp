// SPDX-License-Identifier: GPL-3.0-or-later
// Losses of labels, several targets, counts and quantiles: by hand, and their gradients against differences.
#include <cmath>
#include <limits>

#include "core/engine/losses.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

bool near(double a, double b, double tolerance = 1e-6) { return std::abs(a - b) <= tolerance; }

spec::ModelDescription modelOf(const data::Dataset& data) {
  spec::ModelDescription model;
  model.schema = data.schema;
  return model;
}

std::shared_ptr<data::Dataset> labelled() {
  auto data = std::make_shared<data::Dataset>();
  data->rows = 3;
  data->schema.task = spec::Task::Multilabel;
  data->schema.target.classes = {"a", "b"};
  data->labels = {1, 0, 0, 1, 1, 1};
  data->weights = {1, 3, 0.5F};
  return data;
}

std::shared_ptr<data::Dataset> valued(spec::Task task) {
  auto data = std::make_shared<data::Dataset>();
  data->rows = 3;
  data->schema.task = task;
  data->schema.target.columns = {"x", "y"};
  data->targets = {12, 400, 4, 100, 7, 0};
  data->weights = {1, 3, 0.5F};
  return data;
}

spec::ModelDescription scaledModel(const data::Dataset& data) {
  auto model = modelOf(data);
  model.fitted.targetMeans = {10, 200};
  model.fitted.targetStds = {2, 100};
  model.fitted.targetMean = 10;
  model.fitted.targetStd = 2;
  return model;
}

/// The gradient that evaluate() gives against differences of its loss, with and without a blend.
void checkGradient(const Loss& loss, std::vector<float> output, const std::vector<std::uint32_t>& rows,
                   const MixedRows& mixed = {}) {
  std::vector<float> gradient(output.size());
  const double whole = loss.evaluate(output, rows, gradient, mixed).loss;
  CHECK(near(whole, loss.evaluate(output, rows, {}, mixed).loss, 1e-12));
  const float h = 1e-2F;
  for (std::size_t i = 0; i < output.size(); ++i) {
    auto more = output;
    auto less = output;
    more[i] += h;
    less[i] -= h;
    const double slope =
        (loss.evaluate(more, rows, {}, mixed).loss - loss.evaluate(less, rows, {}, mixed).loss) / (2.0 * h);
    CHECK(near(gradient[i], slope, 1e-3));
  }
}

const std::vector<std::uint32_t> rows{0, 1, 2};
const std::vector<std::uint32_t> partner{2, 2, 1};
const std::vector<float> logits{1, 2, -3, 0.5F, -1, 0.25F};

double softplus(double x) { return std::log1p(std::exp(x)); }

Predictions sigmoids(const std::vector<float>& from) {
  Predictions predictions{from.size() / 2, 2, {}};
  for (const float z : from) predictions.values.push_back(static_cast<float>(1 / (1 + std::exp(-double(z)))));
  return predictions;
}

}  // namespace

LATHE_TEST("labels: the binary cross-entropies of a row are averaged, rows weighted") {
  const auto data = labelled();
  spec::LossSpec spec;
  spec.name = "bce";
  const Loss loss(spec, modelOf(*data), data);
  CHECK_EQ(loss.outputs(), std::size_t{2});
  const auto score = loss.evaluate(logits, rows, {});
  const double first = (softplus(-1) + softplus(2)) / 2;
  const double second = (softplus(-3) + softplus(-0.5)) / 2;
  const double third = (softplus(1) + softplus(-0.25)) / 2;
  CHECK(near(score.loss, (first + 3 * second + 0.5 * third) / 4.5));
  CHECK_EQ(score.correct, 3.0);  // only in the second row every label is right
  CHECK_EQ(score.rowWeight, 4.5);
  CHECK(near(loss.ofPredictions(sigmoids(logits), rows), score.loss));
}

LATHE_TEST("labels: gradients agree with differences under smoothing, focus and mixing") {
  const auto data = labelled();
  for (const char* name : {"bce", "focal"})
    for (const double amount : {0.0, 0.2, 2.0}) {
      spec::LossSpec spec;
      spec.name = name;
      if (spec.name == "bce" && amount < 1) spec.labelSmoothing = amount;
      spec.focalGamma = amount;
      const Loss loss(spec, modelOf(*data), data);
      checkGradient(loss, logits, rows);
      checkGradient(loss, logits, rows, {partner, 0.3});
      const auto own = loss.evaluate(logits, rows, {});
      const auto other = loss.evaluate(logits, partner, {});
      const auto mixed = loss.evaluate(logits, rows, {}, {partner, 0.3});
      CHECK(near(mixed.loss, 0.3 * own.loss + 0.7 * other.loss));
      CHECK(near(mixed.correct, 0.3 * own.correct + 0.7 * other.correct));
      CHECK(near(loss.ofPredictions(sigmoids(logits), rows), own.loss));
    }
}

LATHE_TEST("labels: very large logits stay finite, NaN shows") {
  const auto data = labelled();
  for (const char* name : {"bce", "focal"}) {
    spec::LossSpec spec;
    spec.name = name;
    const Loss loss(spec, modelOf(*data), data);
    std::vector<float> gradient(2);
    const std::vector<std::uint32_t> one{0};
    CHECK(std::isfinite(loss.evaluate(std::vector<float>{-1e30F, 1e30F}, one, gradient).loss));
    CHECK(std::isfinite(gradient[0]) && std::isfinite(gradient[1]));
    CHECK(near(loss.evaluate(std::vector<float>{1e30F, -1e30F}, one, gradient).loss, 0));
    CHECK(near(gradient[0], 0) && near(gradient[1], 0));
    CHECK(!std::isfinite(loss.evaluate(std::vector<float>{NAN, 0}, one, {}).loss));
  }
}

LATHE_TEST("focal loss of classes: without focus it is cross-entropy, with it gradients agree with differences") {
  auto data = std::make_shared<data::Dataset>();
  data->rows = 2;
  data->schema.task = spec::Task::Classification;
  data->schema.target.classes = {"a", "b", "c"};
  data->classes = {2, 1};
  data->weights = {0.5F, 3};
  auto model = modelOf(*data);
  model.fitted.classFrequencies = {0.5, 0.25, 0.25};
  const std::vector<std::uint32_t> two{0, 1};
  spec::LossSpec spec;
  spec.classWeights = true;
  const double plain = Loss(spec, model, data).evaluate(logits, two, {}).loss;
  spec.name = "focal";
  spec.focalGamma = 0;
  CHECK(near(Loss(spec, model, data).evaluate(logits, two, {}).loss, plain, 1e-12));
  for (const double gamma : {0.5, 2.0, 5.0}) {
    spec.focalGamma = gamma;
    const Loss loss(spec, model, data);
    CHECK(loss.evaluate(logits, two, {}).loss < plain);
    checkGradient(loss, logits, two);
    checkGradient(loss, logits, two, {std::span(two).subspan(0), 0.6});
    Predictions predictions{2, 3, {}};
    for (std::size_t i = 0; i < 2; ++i) {
      double sum = 0;
      for (std::size_t c = 0; c < 3; ++c) sum += std::exp(double(logits[i * 3 + c]));
      for (std::size_t c = 0; c < 3; ++c)
        predictions.values.push_back(static_cast<float>(std::exp(double(logits[i * 3 + c])) / sum));
    }
    CHECK(near(loss.ofPredictions(predictions, two), loss.evaluate(logits, two, {}).loss));
  }
  // A row that is right beyond doubt weighs nothing and breaks nothing.
  std::vector<float> gradient(3);
  spec.focalGamma = 0.5;
  const std::vector<std::uint32_t> one{0};
  CHECK(near(Loss(spec, model, data).evaluate(std::vector<float>{-50, -50, 50}, one, gradient).loss, 0));
  for (const float slope : gradient) CHECK(near(slope, 0));
}

LATHE_TEST("several targets: each is scaled by its own numbers, the loss is their mean") {
  const auto data = valued(spec::Task::Regression);
  const std::vector<float> output{1.5F, 0, 0, -1, 0, 0.5F};  // scaled: 1 2, -3 -1, -1.5 -2
  spec::LossSpec spec;
  spec.name = "mae";
  const Loss mae(spec, scaledModel(*data), data);
  CHECK_EQ(mae.outputs(), std::size_t{2});
  const auto score = mae.evaluate(output, rows, {});
  CHECK(near(score.loss, ((0.5 + 2) / 2 + 3 * (3 + 0) / 2.0 + 0.5 * (1.5 + 2.5) / 2) / 4.5));
  CHECK(near(score.absoluteError, (1 + 200) / 2.0 + 3 * (6 + 0) / 2.0 + 0.5 * (3 + 250) / 2));
  for (const char* name : {"mse", "huber", "mae"}) {
    spec.name = name;
    const Loss loss(spec, scaledModel(*data), data);
    checkGradient(loss, {1.4F, 0.1F, 0.2F, -1.3F, 0, 0.5F}, rows);
    Predictions predictions{3, 2, {}};
    for (std::size_t i = 0; i < 6; ++i)
      predictions.values.push_back(output[i] * (i % 2 == 0 ? 2.0F : 100.0F) + (i % 2 == 0 ? 10.0F : 200.0F));
    CHECK(near(loss.ofPredictions(predictions, rows), loss.evaluate(output, rows, {}).loss));
  }
}

LATHE_TEST("counts: the network gives a logarithm, of the value in means") {
  auto data = valued(spec::Task::Regression);
  data->schema.target.link = "log";
  spec::LossSpec spec;
  spec.name = "poisson";
  const auto model = scaledModel(*data);
  const Loss loss(spec, model, data);
  const std::vector<float> output{0.3F, 0, -0.7F, -1, 0, 0.5F};
  const auto score = loss.evaluate(output, rows, {});
  double expected = 0;
  const double means[] = {10, 200};
  const double weights[] = {1, 3, 0.5};
  for (std::size_t i = 0; i < 6; ++i)
    expected +=
        weights[i / 2] * (std::exp(double(output[i])) - data->targets[i] / means[i % 2] * double(output[i])) / 2;
  CHECK(near(score.loss, expected / 4.5));
  checkGradient(loss, output, rows);
  Predictions predictions{3, 2, {}};
  for (std::size_t i = 0; i < 6; ++i)
    predictions.values.push_back(static_cast<float>(std::exp(double(output[i])) * means[i % 2]));
  CHECK(near(loss.ofPredictions(predictions, rows), score.loss));
}

LATHE_TEST("quantiles: pinball losses of every level, and the middle one's error") {
  auto data = valued(spec::Task::Quantile);
  data->schema.target.quantiles = {0.1, 0.5};
  const auto model = scaledModel(*data);
  spec::LossSpec spec;
  spec.name = "pinball";
  const Loss loss(spec, model, data);
  CHECK_EQ(loss.outputs(), std::size_t{4});
  const std::vector<float> output{0, 1.5F, 1, 1.25F, -4, -3.5F, 0, 0, -1, 0.25F, -1, 0.5F};
  const auto score = loss.evaluate(output, rows, {});
  // Scaled targets: 1 2, -3 -1, -1.5 -2.
  const double first = 0.1 * 1 + 0.5 * 0.5 + 0.1 * 1 + 0.5 * 0.75;
  const double second = 0.1 * 1 + 0.5 * 0.5 + 0.9 * 1 + 0.5 * 1;
  const double third = 0.9 * 0.5 + 0.5 * 1.75 + 0.9 * 1 + 0.5 * 2.5;
  CHECK(near(score.loss, (first + 3 * second + 0.5 * third) / 4 / 4.5));
  CHECK(near(score.absoluteError, (1 + 75) / 2.0 + 3 * (1 + 100) / 2.0 + 0.5 * (3.5 + 250) / 2));
  checkGradient(loss, output, rows);
  Predictions predictions{3, 4, {}};
  for (std::size_t i = 0; i < output.size(); ++i)
    predictions.values.push_back(output[i] * (i % 4 < 2 ? 2.0F : 100.0F) + (i % 4 < 2 ? 10.0F : 200.0F));
  CHECK(near(loss.ofPredictions(predictions, rows), score.loss));
}

LATHE_TEST("rows without a target do not count in the loss of predictions") {
  auto data = valued(spec::Task::Regression);
  data->targets[1] = std::numeric_limits<float>::quiet_NaN();
  const Loss loss({}, modelOf(*data), data);
  CHECK(near(loss.ofPredictions({3, 2, {0, 0, 0, 0, 0, 0}}, rows),
             loss.ofPredictions({2, 2, {0, 0, 0, 0}}, std::vector<std::uint32_t>{1, 2})));
  auto none = labelled();
  none->labels.assign(6, -1);
  CHECK(std::isnan(Loss({}, modelOf(*none), none).ofPredictions({3, 2, {0, 0, 0, 0, 0, 0}}, rows)));
}

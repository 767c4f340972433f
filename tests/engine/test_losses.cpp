// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/losses.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

bool near(double a, double b, double tolerance = 1e-6) { return std::abs(a - b) <= tolerance; }

std::shared_ptr<data::Dataset> labelled(std::vector<std::int32_t> classes, std::vector<float> weights = {}) {
  auto data = std::make_shared<data::Dataset>();
  data->rows = classes.size();
  data->schema.task = spec::Task::Classification;
  data->schema.target.classes = {"a", "b", "c"};
  data->classes = std::move(classes);
  data->weights = std::move(weights);
  return data;
}

std::shared_ptr<data::Dataset> valued(std::vector<float> targets) {
  auto data = std::make_shared<data::Dataset>();
  data->rows = targets.size();
  data->schema.task = spec::Task::Regression;
  data->targets = std::move(targets);
  return data;
}

spec::ModelDescription modelOf(const data::Dataset& data) {
  spec::ModelDescription model;
  model.schema = data.schema;
  model.fitted.classFrequencies = {0.5, 0.25, 0.25};
  model.fitted.targetMean = 10;
  model.fitted.targetStd = 2;
  return model;
}

/// The gradient that evaluate() gives against differences of its loss.
void checkGradient(const Loss& loss, std::vector<float> output, const std::vector<std::uint32_t>& rows) {
  std::vector<float> gradient(output.size());
  static_cast<void>(loss.evaluate(output, rows, gradient));
  const float h = 1e-2F;
  for (std::size_t i = 0; i < output.size(); ++i) {
    auto more = output;
    auto less = output;
    more[i] += h;
    less[i] -= h;
    const double slope = (loss.evaluate(more, rows, {}).loss - loss.evaluate(less, rows, {}).loss) / (2.0 * h);
    CHECK(near(gradient[i], slope, 1e-3));
  }
}

const std::vector<float> logits{1, 2, 3, 0.5F, -1, 0};

}  // namespace

LATHE_TEST("cross-entropy: loss, accuracy and gradient by hand") {
  const auto data = labelled({2, 1});
  const Loss loss({}, modelOf(*data), data);
  std::vector<float> gradient(6);
  const auto score = loss.evaluate(logits, std::vector<std::uint32_t>{0, 1}, gradient);
  // log(1 + e^-1 + e^-2) = 0.4076; log(1 + e^-1.5 + e^-0.5) + 1.5 = 2.1041
  CHECK(near(score.loss, (0.407606 + 2.104138) / 2, 2e-4));
  CHECK_EQ(score.correct, 1.0);
  CHECK_EQ(score.rowWeight, 2.0);
  CHECK(near(gradient[2], (0.665241 - 1) / 2));
  CHECK(near(gradient[0], 0.090031 / 2));
}

LATHE_TEST("cross-entropy: gradients agree with differences under weights and smoothing") {
  const auto data = labelled({2, 1}, {0.5F, 3});
  const std::vector<std::uint32_t> rows{0, 1};
  for (const double smoothing : {0.0, 0.2})
    for (const bool weights : {false, true}) {
      spec::LossSpec spec;
      spec.labelSmoothing = smoothing;
      spec.classWeights = weights;
      checkGradient(Loss(spec, modelOf(*data), data), logits, rows);
    }
}

LATHE_TEST("cross-entropy: class weights are one over classes times frequency") {
  const auto data = labelled({0, 1});
  spec::LossSpec spec;
  spec.classWeights = true;
  const Loss loss(spec, modelOf(*data), data);
  const auto score = loss.evaluate(logits, std::vector<std::uint32_t>{0, 1}, {});
  CHECK(near(score.weight, 1 / (3 * 0.5) + 1 / (3 * 0.25)));
}

LATHE_TEST("cross-entropy: very large logits stay finite, NaN shows") {
  const auto data = labelled({0});
  const Loss loss({}, modelOf(*data), data);
  const std::vector<std::uint32_t> rows{0};
  CHECK(std::isfinite(loss.evaluate(std::vector<float>{-1e30F, 1e30F, 0}, rows, {}).loss));
  CHECK(!std::isfinite(loss.evaluate(std::vector<float>{NAN, 0, 0}, rows, {}).loss));
}

LATHE_TEST("regression: losses on the scaled target, errors in its unit") {
  const auto data = valued({12, 4});
  const std::vector<std::uint32_t> rows{0, 1};
  const std::vector<float> output{1.5F, 0};  // scaled targets are 1 and -3
  spec::LossSpec mse;
  mse.name = "mse";
  const auto score = Loss(mse, modelOf(*data), data).evaluate(output, rows, {});
  CHECK(near(score.loss, (0.25 + 9) / 2));
  CHECK(near(score.squaredError, 1 + 36));
  CHECK(near(score.absoluteError, 1 + 6));
  spec::LossSpec huber;
  huber.name = "huber";
  const Loss robust(huber, modelOf(*data), data);
  CHECK(near(robust.evaluate(output, rows, {}).loss, (0.125 + 2.5) / 2));
  checkGradient(robust, output, rows);
  checkGradient(Loss(mse, modelOf(*data), data), output, rows);
}

LATHE_TEST("the loss of finished predictions is that of the network's outputs") {
  const auto data = labelled({2, 1});
  spec::LossSpec spec;
  spec.labelSmoothing = 0.1;
  const Loss loss(spec, modelOf(*data), data);
  const std::vector<std::uint32_t> rows{0, 1};
  Predictions predictions{2, 3, {}};
  for (std::size_t i = 0; i < 2; ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) sum += std::exp(logits[i * 3 + c]);
    for (std::size_t c = 0; c < 3; ++c)
      predictions.values.push_back(static_cast<float>(std::exp(logits[i * 3 + c]) / sum));
  }
  CHECK(near(loss.ofPredictions(predictions, rows), loss.evaluate(logits, rows, {}).loss));
  const auto numbers = valued({12, 4});
  const Loss mse({}, modelOf(*numbers), numbers);
  CHECK(near(mse.ofPredictions({2, 1, {13, 10}}, rows), mse.evaluate(std::vector<float>{1.5F, 0}, rows, {}).loss));
}

LATHE_TEST("sums of batches are the sums of their rows") {
  BatchScore whole;
  whole.add({2, 3, 3, 1, 4, 2});
  whole.add({5, 1, 1, 1, 0, 0});
  CHECK(near(whole.loss, (2 * 3 + 5) / 4.0));
  CHECK_EQ(whole.correct, 2.0);
  CHECK_EQ(whole.squaredError, 4.0);
}

LATHE_TEST("mixed rows: the loss and its gradient are the shares of both labels' own") {
  const auto data = labelled({2, 1, 0, 0, 1}, {0.5F, 3, 1, 2, 1});
  const std::vector<std::uint32_t> rows{0, 1};
  const std::vector<std::uint32_t> partner{3, 2};
  for (const double smoothing : {0.0, 0.2}) {
    spec::LossSpec spec;
    spec.labelSmoothing = smoothing;
    spec.classWeights = true;
    const Loss loss(spec, modelOf(*data), data);
    std::vector<float> own(6);
    std::vector<float> other(6);
    std::vector<float> both(6);
    const auto first = loss.evaluate(logits, rows, own);
    const auto second = loss.evaluate(logits, partner, other);
    const auto mixed = loss.evaluate(logits, rows, both, {partner, 0.7});
    CHECK(near(mixed.loss, 0.7 * first.loss + 0.3 * second.loss));
    CHECK(near(mixed.rowWeight, 0.7 * first.rowWeight + 0.3 * second.rowWeight));
    CHECK(near(mixed.correct, 0.7 * first.correct + 0.3 * second.correct));
    for (std::size_t i = 0; i < both.size(); ++i) CHECK(near(both[i], 0.7 * own[i] + 0.3 * other[i]));
  }
}

LATHE_TEST("cross-entropy: more rows than go through at once, and more classes than usual") {
  const std::size_t classes = 37;
  const std::size_t count = 45;
  auto data = labelled({});
  data->rows = count;
  data->schema.target.classes.assign(classes, "x");
  for (std::size_t i = 0; i < count; ++i) data->classes.push_back(static_cast<std::int32_t>(i * 7 % classes));
  std::vector<float> output(classes * count);
  for (std::size_t i = 0; i < output.size(); ++i) output[i] = static_cast<float>(std::sin(0.37 * double(i)) * 4);
  std::vector<std::uint32_t> rows(count);
  for (std::size_t i = 0; i < count; ++i) rows[i] = static_cast<std::uint32_t>(count - 1 - i);
  std::vector<float> gradient(output.size());
  const auto score = Loss({}, modelOf(*data), data).evaluate(output, rows, gradient);
  double expected = 0;
  double worst = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = 0;
    const auto label = static_cast<std::size_t>(data->classes[rows[i]]);
    for (std::size_t c = 0; c < classes; ++c) sum += std::exp(double(output[i * classes + c]));
    expected += std::log(sum) - double(output[i * classes + label]);
    for (std::size_t c = 0; c < classes; ++c) {
      const double slope = (std::exp(double(output[i * classes + c])) / sum - (c == label ? 1 : 0)) / double(count);
      worst = std::max(worst, std::abs(slope - double(gradient[i * classes + c])));
    }
  }
  CHECK(near(score.loss, expected / double(count)));
  CHECK(worst < 1e-8);
}

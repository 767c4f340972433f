// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "core/exporting/parity.h"
#include "tests/support/testing.h"

using namespace lathe;
using exporting::compare;

namespace {

spec::ModelDescription classifier() {
  spec::ModelDescription model;
  model.schema.task = spec::Task::Classification;
  return model;
}

spec::ModelDescription regressor(double targetStd) {
  spec::ModelDescription model;
  model.schema.task = spec::Task::Regression;
  model.fitted.targetStd = targetStd;
  return model;
}

engine::Predictions predictions(std::size_t columns, std::vector<float> values) {
  engine::Predictions result;
  result.columns = columns;
  result.rows = values.size() / columns;
  result.values = std::move(values);
  return result;
}

}  // namespace

LATHE_TEST("equal outputs are in parity") {
  const auto same = predictions(2, {0.25F, 0.75F, 0.9F, 0.1F});
  const auto report = compare(same, same, classifier());
  CHECK(report.ok);
  CHECK_EQ(report.rows, std::int64_t{2});
  CHECK_EQ(report.maxDiff, 0.0);
  CHECK_EQ(report.classMismatches, std::int64_t{0});
  CHECK(report.failingRows.empty());
}

LATHE_TEST("a difference above the limit fails and names its rows") {
  const auto reference = predictions(1, {0, 1, 2, 3});
  const auto report = compare(predictions(1, {0, 1.5F, 2, 2.9F}), reference, regressor(1));
  CHECK(!report.ok);
  CHECK(std::abs(report.maxDiff - 0.5) < 1e-6);
  CHECK((report.failingRows == std::vector<std::uint32_t>{1, 3}));
}

LATHE_TEST("large values are compared relative to the engine's") {
  const auto report = compare(predictions(1, {1'000'001}), predictions(1, {1'000'000}), regressor(1));
  CHECK(std::abs(report.maxDiff - 1e-6) < 1e-9);
  CHECK(report.ok);
}

LATHE_TEST("regression is measured in standard deviations of the target") {
  const auto reference = predictions(1, {500});
  const auto exported = predictions(1, {500.005F});
  CHECK(!compare(exported, predictions(1, {0.0F}), regressor(1)).ok);
  // 0.005 / 1000 against max(1, 500 / 1000).
  const auto report = compare(exported, reference, regressor(1000));
  CHECK(std::abs(report.maxDiff - 5e-6) < 5e-7);
  CHECK(report.ok);
  CHECK(std::abs(compare(exported, reference, regressor(0)).maxDiff - 1e-5) < 1e-6);  // no spread: no division
}

LATHE_TEST("another class counts unless the two best are as good as equal") {
  const auto near =
      compare(predictions(2, {0.500002F, 0.499998F}), predictions(2, {0.499998F, 0.500002F}), classifier());
  CHECK_EQ(near.classMismatches, std::int64_t{0});
  CHECK(near.ok);
  const auto far = compare(predictions(2, {0.50001F, 0.49999F}), predictions(2, {0.49999F, 0.50001F}), classifier());
  CHECK_EQ(far.classMismatches, std::int64_t{1});
  CHECK(!far.ok);
}

LATHE_TEST("numbers that are none agree only with each other") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(compare(predictions(1, {nan, infinity}), predictions(1, {nan, infinity}), regressor(1)).ok);
  for (const auto& [a, b] :
       std::vector<std::pair<float, float>>{{nan, 1}, {1, nan}, {infinity, 1}, {infinity, -infinity}}) {
    const auto report = compare(predictions(1, {a}), predictions(1, {b}), regressor(1));
    CHECK(!report.ok);
    CHECK(std::isinf(report.maxDiff));
  }
}

LATHE_TEST("outputs of another shape, and none at all, are no parity") {
  const auto reference = predictions(2, {0, 1, 0, 1});
  CHECK(!compare(predictions(1, {0, 1}), reference, classifier()).ok);
  CHECK(!compare(predictions(2, {0, 1}), reference, classifier()).ok);
  auto torn = reference;
  torn.values.pop_back();
  CHECK(!compare(torn, reference, classifier()).ok);
  CHECK(!compare({}, {}, classifier()).ok);
  engine::Predictions none;
  none.columns = 2;
  CHECK(!compare(none, none, classifier()).ok);
}

LATHE_TEST("at most a hundred failing rows are named") {
  const auto report =
      compare(predictions(1, std::vector<float>(500, 1)), predictions(1, std::vector<float>(500, 0)), regressor(1));
  CHECK_EQ(report.failingRows.size(), std::size_t{100});
  CHECK_EQ(report.rows, std::int64_t{500});
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/manifest.h"
#include "core/exporting/parity.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::exporting;

namespace {

spec::ModelDescription twoTargets(spec::Task task) {
  spec::ModelDescription model;
  model.schema.task = task;
  model.schema.inputShape = {1};
  model.schema.target.name = "a, b";
  model.schema.target.columns = {"a", "b"};
  if (task == spec::Task::Quantile) model.schema.target.quantiles = {0.1, 0.9};
  model.fitted.targetStd = 1000;
  model.fitted.targetStds = {1000, 0.01};
  return model;
}

}  // namespace

LATHE_TEST("values are compared in standard deviations of their own target") {
  const auto model = twoTargets(spec::Task::Regression);
  const engine::Predictions reference{1, 2, {5000, 0.001F}};
  // A thousandth of the first target's spread is ok only when it is divided by it.
  CHECK(compare({1, 2, {5000.005F, 0.001F}}, reference, model).ok);
  CHECK(compare({1, 2, {5000, 0.00100001F}}, reference, model).ok);
  const auto report = compare({1, 2, {5000, 0.0011F}}, reference, model);
  CHECK(!report.ok);
  CHECK(report.maxDiff > 0.009 && report.maxDiff < 0.011);
  CHECK_EQ(report.failingRows.size(), std::size_t{1});
}

LATHE_TEST("quantiles of a target share its standard deviation") {
  const auto model = twoTargets(spec::Task::Quantile);
  const engine::Predictions reference{1, 4, {0, 100, 0, 0.001F}};
  CHECK(compare({1, 4, {0.009F, 100, 0, 0.001F}}, reference, model).ok);
  CHECK(!compare({1, 4, {0, 100, 0.00001F, 0.001F}}, reference, model).ok);
}

LATHE_TEST("labels are compared as probabilities, none of them a class of its own") {
  spec::ModelDescription model;
  model.schema.task = spec::Task::Multilabel;
  model.schema.target.classes = {"a", "b"};
  const engine::Predictions reference{1, 2, {0.7F, 0.6F}};
  const auto report = compare({1, 2, {0.7F, 0.8F}}, reference, model);
  CHECK(!report.ok);
  CHECK_EQ(report.classMismatches, std::int64_t{0});
}

LATHE_TEST("a manifest keeps targets, deviations, quantiles, links and thresholds") {
  ExportManifest manifest;
  manifest.name = "m";
  manifest.schema = twoTargets(spec::Task::Quantile).schema;
  manifest.targetStds = {1000, 0.01};
  manifest.decisionThreshold = 0.25;
  auto back = manifestFromJson(toJson(manifest));
  REQUIRE_OK(back);
  CHECK(back->schema == manifest.schema);
  CHECK(back->targetStds == manifest.targetStds);
  CHECK_EQ(back->decisionThreshold, 0.25);
  manifest.schema = {};
  manifest.schema.inputShape = {1};
  manifest.schema.task = spec::Task::Multilabel;
  manifest.schema.target.name = "tags";
  manifest.schema.target.separator = "|";
  manifest.schema.target.classes = {"x", "y"};
  manifest.targetStds.clear();
  manifest.decisionThreshold = 0.5;
  back = manifestFromJson(toJson(manifest));
  REQUIRE_OK(back);
  CHECK(back->schema == manifest.schema);
  // Nothing of it stands in the manifest of a plain model.
  manifest.schema.task = spec::Task::Classification;
  manifest.schema.target.separator.clear();
  const auto text = toJson(manifest);
  for (const char* word : {"target_stds", "decision_threshold", "quantiles", "label_separator", "\"link\""})
    CHECK(text.find(word) == std::string::npos);
}

LATHE_TEST("a manifest with unusable numbers is refused") {
  ExportManifest manifest;
  manifest.name = "m";
  manifest.schema = twoTargets(spec::Task::Regression).schema;
  manifest.targetStds = {1, 2, 3};
  CHECK(!manifestFromJson(toJson(manifest)));
  manifest.targetStds = {1, -2};
  CHECK(!manifestFromJson(toJson(manifest)));
  manifest.targetStds = {1, 2};
  manifest.decisionThreshold = 1.5;
  CHECK(!manifestFromJson(toJson(manifest)));
}

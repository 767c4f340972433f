// SPDX-License-Identifier: GPL-3.0-or-later
// Quantile bins of numbers, and tables without a target.
#include <algorithm>
#include <cmath>

#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;
using spec::Task;

namespace {

/// `one` is constant, `none` empty, `many` random without repetition; the label is rare.
std::string table(int rows) {
  std::string text = "many,one,none,label\n";
  for (int i = 0; i < rows; ++i)
    text += std::to_string((i * 7919 + 13) % 1009) + ".5,3,," + (i % 10 == 4 ? "bad" : "good") + "\n";
  return text;
}

spec::DataSpec anomalySpec(const std::string& label = {}) {
  spec::DataSpec spec;
  spec.task = Task::Anomaly;
  if (!label.empty()) spec::setTargets(spec, {label});
  return spec;
}

}  // namespace

LATHE_TEST("bins hold equally many training rows, and no other row moves their edges") {
  auto spec = anomalySpec("label");
  const OpenedText opened(table(400), "data.csv", spec);
  auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  spec.preprocessing.numericBins = 8;
  const auto fitted = data::fitPreprocessing(*dataset, spec.preprocessing);
  REQUIRE_OK(fitted);
  const auto& bins = fitted->features[0].bins;
  REQUIRE(bins.size() == 9);
  std::vector<int> counts(8, 0);
  for (const auto row : dataset->split.train) {
    const float x = dataset->table[row * static_cast<std::size_t>(dataset->schema.inputShape[0])];
    const auto place = std::upper_bound(bins.begin() + 1, bins.end() - 1, x) - bins.begin() - 1;
    ++counts[static_cast<std::size_t>(place)];
  }
  for (const int count : counts) CHECK(std::abs(count - 280 / 8) <= 1);
  // Rows that are not trained on may hold anything.
  for (const auto row : dataset->split.validation)
    dataset->table[row * static_cast<std::size_t>(dataset->schema.inputShape[0])] = 1e6F;
  const auto again = data::fitPreprocessing(*dataset, spec.preprocessing);
  REQUIRE_OK(again);
  CHECK(again->features[0].bins == bins);
}

LATHE_TEST("columns with a single value or none have no bins, and the model stays whole") {
  auto spec = anomalySpec("label");
  spec.roles["one"] = spec::ColumnRole::Feature;
  spec.roles["none"] = spec::ColumnRole::Feature;
  spec.kinds["none"] = spec::ColumnKind::Real;
  spec.preprocessing.numericBins = 8;
  const OpenedText opened(table(100), "data.csv", spec);
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  const auto fitted = data::fitPreprocessing(*dataset, spec.preprocessing);
  REQUIRE_OK(fitted);
  REQUIRE(fitted->features.size() == 3);
  CHECK_EQ(fitted->features[0].bins.size(), std::size_t{9});
  CHECK(fitted->features[1].bins.empty() && fitted->features[2].bins.empty());
  const auto context = spec::graphContext(dataset->schema, *fitted, spec.preprocessing);
  CHECK_EQ(context.inputs[0].parts.numbers, 3);
  CHECK_EQ(context.inputs[0].parts.bins.size(), std::size_t{3});
  CHECK_EQ(context.inputs.back().name, std::string("missing"));
  CHECK((context.inputs.back().shape == spec::Shape{3}));
}

LATHE_TEST("anomalies need no target: the last column is a feature, and every row is learnt from") {
  const OpenedText opened(table(100), "data.csv", anomalySpec());
  const auto dataset = (*opened.source)->dataset(opened.spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.task == Task::Anomaly);
  CHECK(dataset->schema.target.name.empty() && dataset->schema.target.classes.empty() && dataset->classes.empty());
  CHECK_EQ(dataset->schema.features.size(), std::size_t{2});
  CHECK_EQ(dataset->split.train.size() + dataset->split.validation.size() + dataset->split.test.size(),
           std::size_t{100});
  const auto profile = (*opened.source)->profile(opened.spec);
  REQUIRE_OK(profile);
  CHECK(profile->task == Task::Anomaly && profile->targets.empty());
}

LATHE_TEST("a label of anomalies has two values, the rarer one last, and labels no row out of the training") {
  auto text = table(100);
  text += "4.5,3,,\n";  // without a label
  const OpenedText opened(text, "data.csv", anomalySpec("label"));
  const auto dataset = (*opened.source)->dataset(opened.spec);
  REQUIRE_OK(dataset);
  CHECK((dataset->schema.target.classes == std::vector<std::string>{"good", "bad"}));
  CHECK_EQ(std::count(dataset->classes.begin(), dataset->classes.end(), 1), 10);
  CHECK_EQ(dataset->classes.back(), -1);
  CHECK(data::isLabelled(*dataset, 100));
  CHECK_EQ(dataset->schema.features.size(), std::size_t{1});
  const OpenedText many(table(100), "data.csv", anomalySpec("many"));
  CHECK_EQ(many.datasetCode(), std::string("data.anomaly_label"));
  // Encoding new rows works with and without the label.
  const OpenedText plain("many\n1.5\n2.5\n");
  const auto encoded = (*plain.source)->encode(dataset->schema, anomalySpec("label"));
  REQUIRE_OK(encoded);
  CHECK_EQ(encoded->rows, std::size_t{2});
  CHECK(data::isLabelled(*encoded, 1));
}

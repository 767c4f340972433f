// SPDX-License-Identifier: GPL-3.0-or-later
// Several columns to predict, labels in columns or lists, quantiles.
#include <cmath>

#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;
using spec::Task;

namespace {

spec::DataSpec specFor(std::vector<std::string> targets, Task task = Task::Auto) {
  spec::DataSpec spec;
  spec::setTargets(spec, targets);
  spec.task = task;
  return spec;
}

const std::string numbers = [] {
  std::string text = "a,low,high\n";
  for (int i = 0; i < 40; ++i)
    text += std::to_string(i * 7 % 11) + "," + std::to_string(i) + ".5," + std::to_string(1000 - 3 * i) + ".25\n";
  return text;
}();

const std::string tags = [] {
  const char* cells[] = {"red; blue", "blue", "green;red", " red ", ""};
  std::string text = "a,tags\n";
  for (int i = 0; i < 40; ++i) text += std::to_string(i * 7 % 11) + "," + cells[i % 5] + "\n";
  return text;
}();

const std::string flags = [] {
  std::string text = "a,on,valid\n";
  for (int i = 0; i < 40; ++i)
    text += std::to_string(i * 7 % 11) + "," + (i % 2 ? "1" : "0") + "," + (i == 3 ? "" : i % 3 ? "yes" : "no") + "\n";
  return text;
}();

}  // namespace

LATHE_TEST("several columns of numbers are a regression of all of them, each with its own scale") {
  const OpenedText opened(numbers, "data.csv", specFor({"high", "low"}));
  const auto dataset = (*opened.source)->dataset(opened.spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.task == Task::Regression);
  CHECK_EQ(dataset->schema.target.name, std::string("high, low"));
  CHECK((dataset->schema.target.columns == std::vector<std::string>{"high", "low"}));
  CHECK_EQ(dataset->schema.features.size(), std::size_t{1});
  CHECK_EQ(dataset->targets.size(), std::size_t{80});
  CHECK_EQ(dataset->targets[2 * 3], 991.25F);
  CHECK_EQ(dataset->targets[2 * 3 + 1], 3.5F);
  const auto fitted = data::fitPreprocessing(*dataset, opened.spec.preprocessing);
  REQUIRE_OK(fitted);
  REQUIRE(fitted->targetMeans.size() == 2);
  double mean = 0;
  for (const auto row : dataset->split.train)
    mean += dataset->targets[row * 2 + 1] / static_cast<double>(dataset->split.train.size());
  CHECK(std::abs(fitted->targetMeans[1] - mean) < 1e-4);
  CHECK(std::abs(fitted->targetStds[0] / fitted->targetStds[1] - 3) < 1e-4);
  CHECK_EQ(fitted->targetMean, fitted->targetMeans[0]);
  const auto profile = (*opened.source)->profile(opened.spec);
  REQUIRE_OK(profile);
  CHECK((profile->targets == std::vector<std::string>{"high", "low"}));
  CHECK(column(*profile, "low").role == spec::ColumnRole::Target);
  CHECK(column(*profile, "high").role == spec::ColumnRole::Target);
}

LATHE_TEST("the columns with the role target are the targets, a row that lacks one is left out") {
  auto text = numbers;
  text.replace(text.find("0.5,1000.25"), 11, ",1000.25");
  spec::DataSpec spec;
  spec.roles = {{"low", spec::ColumnRole::Target}, {"high", spec::ColumnRole::Target}};
  const OpenedText opened(text, "data.csv", spec);
  const auto dataset = (*opened.source)->dataset(opened.spec);
  REQUIRE_OK(dataset);
  CHECK((dataset->schema.target.columns == std::vector<std::string>{"low", "high"}));
  CHECK(!data::isLabelled(*dataset, 0));
  CHECK(data::isLabelled(*dataset, 1));
  const auto& split = dataset->split;
  CHECK_EQ(split.train.size() + split.validation.size() + split.test.size(), std::size_t{39});
  const auto profile = (*opened.source)->profile(opened.spec);
  REQUIRE_OK(profile);
  CHECK(warns(*profile, "data.target_partly_missing", "low"));
}

LATHE_TEST("one number can be asked for its quantiles") {
  const OpenedText opened(numbers, "data.csv", specFor({"low"}, Task::Quantile));
  const auto dataset = (*opened.source)->dataset(opened.spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.task == Task::Quantile);
  CHECK(dataset->schema.target.columns.empty());
  CHECK_EQ(dataset->targets.size(), std::size_t{40});
}

LATHE_TEST("columns of 0 and 1, yes and no, are labels when asked, and a row that lacks one is left out") {
  const OpenedText opened(flags, "data.csv", specFor({"on", "valid"}, Task::Multilabel));
  const auto dataset = (*opened.source)->dataset(opened.spec);
  REQUIRE_OK(dataset);
  CHECK((dataset->schema.target.classes == std::vector<std::string>{"on", "valid"}));
  CHECK_EQ(dataset->labels.size(), std::size_t{80});
  CHECK_EQ(int(dataset->labels[2]), 1);
  CHECK_EQ(int(dataset->labels[3]), 1);
  CHECK_EQ(int(dataset->labels[0]), 0);
  CHECK_EQ(int(dataset->labels[6]), -1);
  CHECK_EQ(int(dataset->labels[7]), -1);
  CHECK(dataset->classes.empty());
  const auto fitted = data::fitPreprocessing(*dataset, {});
  REQUIRE_OK(fitted);
  CHECK(std::abs(fitted->classFrequencies[0] - 0.5) < 0.15);
  // Unseen rows may do without them.
  const OpenedText bare("a\n3\n", "bare.csv");
  const auto encoded = (*bare.source)->encode(dataset->schema, {});
  REQUIRE_OK(encoded);
  CHECK(!data::isLabelled(*encoded, 0));
  CHECK_EQ(int(encoded->labels.at(1)), -1);
}

LATHE_TEST("a cell may list its labels, and what separates them is found and said") {
  const OpenedText opened(tags, "data.csv", specFor({"tags"}, Task::Multilabel));
  const auto dataset = (*opened.source)->dataset(opened.spec);
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->schema.target.separator, std::string(";"));
  CHECK((dataset->schema.target.classes == std::vector<std::string>{"blue", "green", "red"}));
  const auto row = [&](std::size_t i) {
    return std::vector<int>(dataset->labels.begin() + static_cast<std::ptrdiff_t>(3 * i),
                            dataset->labels.begin() + static_cast<std::ptrdiff_t>(3 * i + 3));
  };
  CHECK((row(0) == std::vector<int>{1, 0, 1}));
  CHECK((row(1) == std::vector<int>{1, 0, 0}));
  CHECK((row(2) == std::vector<int>{0, 1, 1}));
  CHECK((row(3) == std::vector<int>{0, 0, 1}));
  CHECK((row(4) == std::vector<int>{-1, -1, -1}));
  const auto profile = (*opened.source)->profile(opened.spec);
  REQUIRE_OK(profile);
  CHECK(warns(*profile, "data.label_separator", ";"));
  CHECK((profile->classCounts == std::vector<std::int64_t>{16, 8, 24}));
  // New rows, with a label nobody knows.
  const OpenedText fresh("tags,a\nred;violet,1\nblue,2\n", "fresh.csv");
  const auto encoded = (*fresh.source)->encode(dataset->schema, {});
  REQUIRE_OK(encoded);
  CHECK((std::vector<int>(encoded->labels.begin(), encoded->labels.end()) == std::vector<int>{0, 0, 1, 1, 0, 0}));
  // Asked for nothing, it is one class of many.
  CHECK((*opened.source)->dataset({}).value().schema.task == Task::Classification);
}

LATHE_TEST("a bar or a comma separates labels where it is in more cells") {
  for (const char separator : {'|', ','}) {
    std::string text = "a;tags\n";
    for (int i = 0; i < 30; ++i) text += std::to_string(i % 7) + ";x" + separator + (i % 2 ? "y" : "z") + "\n";
    const OpenedText opened(text, "data.csv", specFor({"tags"}, Task::Multilabel));
    const auto dataset = (*opened.source)->dataset(opened.spec);
    REQUIRE_OK(dataset);
    CHECK_EQ(dataset->schema.target.separator, std::string(1, separator));
    CHECK_EQ(dataset->schema.target.classes.size(), std::size_t{3});
  }
}

LATHE_TEST("targets that do not fit the task are refused by name") {
  CHECK_EQ(OpenedText(numbers, "d.csv", specFor({"low", "high"}, Task::Classification)).datasetCode(),
           std::string("data.several_classes"));
  CHECK_EQ(OpenedText(numbers, "d.csv", specFor({"low", "high"}, Task::Multilabel)).datasetCode(),
           std::string("data.target_not_label"));
  CHECK_EQ(OpenedText(numbers, "d.csv", specFor({"low"}, Task::Multilabel)).datasetCode(),
           std::string("data.no_label_lists"));
  std::string mixed = "a,x,tags\n";
  for (int i = 0; i < 40; ++i)
    mixed += std::to_string(i % 7) + "," + std::to_string(i % 3) + ",word" + std::to_string(i % 4) + "\n";
  CHECK_EQ(OpenedText(mixed, "d.csv", specFor({"x", "tags"}, Task::Regression)).datasetCode(),
           std::string("data.target_not_numeric"));
  CHECK_EQ(OpenedText(tags, "d.csv", specFor({"tags"}, Task::Quantile)).datasetCode(),
           std::string("data.target_not_numeric"));
  CHECK_EQ(OpenedText(numbers, "d.csv", specFor({"low", "hight"})).datasetCode(), std::string("data.no_target"));
  CHECK_EQ(OpenedText(numbers, "d.csv", specFor({"a", "low", "high"})).datasetCode(), std::string("data.no_features"));
}

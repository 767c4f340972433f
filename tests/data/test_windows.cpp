// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a table as windows in time: what a window holds, what a forecast aims at, and what encode makes of new rows.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/data/windows.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;
using spec::Task;

namespace {

/// Day by day, in a wrong order, two shops mixed: sales is 100 * shop + day.
std::string shops(int days) {
  std::string text = "shop,day,extra,sales\n";
  for (int i = 0; i < days; ++i) {
    const int day = (i * 7 + 3) % days;  // days is no multiple of 7
    for (const int shop : {2, 1})
      text += "s" + std::to_string(shop) + "," + std::to_string(day) + "," + std::to_string(0.5 * day) + "," +
              std::to_string(100 * shop + day) + ".25\n";
  }
  return text;
}

spec::DataSpec forecast(int window, int horizon) {
  spec::DataSpec spec;
  spec.target = "sales";
  spec.task = Task::Forecast;
  spec.sequence = {window, horizon, 1};
  spec.roles = {{"shop", spec::ColumnRole::Group}, {"day", spec::ColumnRole::Time}};
  return spec;
}

std::vector<float> inputOf(const data::Dataset& dataset, std::size_t row) {
  std::vector<float> input(static_cast<std::size_t>(spec::elementCount(dataset.schema.inputShape)));
  data::copyInput(dataset, row, input.data());
  return input;
}

std::string codeOf(const OpenedText& opened, const spec::DataSpec& spec) {
  REQUIRE_OK(opened.source);
  const auto dataset = (*opened.source)->dataset(spec);
  return dataset ? "" : dataset.error().code;
}

std::string sentenceOf(const OpenedText& opened, const spec::DataSpec& spec) {
  const auto dataset = (*opened.source)->dataset(spec);
  return dataset ? "" : dataset.error().sentence();
}

}  // namespace

LATHE_TEST("windows: a window is the rows of one series up to its row, in the order of time; nothing is copied") {
  const OpenedText opened(shops(40));
  const auto dataset = (*opened.source)->dataset(forecast(3, 2));
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->rows, std::size_t{80});
  CHECK((dataset->schema.inputShape == spec::Shape{3, 2}));
  CHECK((dataset->schema.sequence == spec::SequenceSchema{3, 2, "day", "shop"}));
  CHECK_EQ(dataset->schema.features.size(), std::size_t{2});  // the time and the group are none, the target's past is
  CHECK_EQ(dataset->table.size(), std::size_t{160});
  CHECK(data::inputsFitRows(*dataset));
  for (std::uint32_t row = 0; row < dataset->rows; ++row) {
    const int day = static_cast<int>(row / 2) * 7 % 40 + 3 >= 40 ? (static_cast<int>(row / 2) * 7 + 3) % 40
                                                                 : static_cast<int>(row / 2) * 7 % 40 + 3;
    const float sales = static_cast<float>(row % 2 == 0 ? 200 : 100) + static_cast<float>(day) + 0.25F;
    CHECK_EQ(data::hasInput(*dataset, row), day >= 2);
    const bool ends = day + 2 >= 40;
    CHECK_EQ(data::isLabelled(*dataset, row), day >= 2 && !ends);
    if (day < 2) continue;
    const auto input = inputOf(*dataset, row);
    for (std::size_t step = 0; step < 3; ++step) {
      CHECK_EQ(input[step * 2], 0.5F * static_cast<float>(day - 2 + static_cast<int>(step)));
      CHECK_EQ(input[step * 2 + 1], sales - 2 + static_cast<float>(step));
    }
    if (ends) continue;
    CHECK_EQ(dataset->targets[row * 2], sales + 1);
    CHECK_EQ(dataset->targets[row * 2 + 1], sales + 2);
  }
}

LATHE_TEST("windows: two targets two rows ahead stand row by row, and each column has one scale") {
  auto spec = forecast(4, 2);
  spec.target.clear();
  spec.targets = {"sales", "extra"};
  const OpenedText opened(shops(60));
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  const auto row = dataset->split.train.front();
  const auto input = inputOf(*dataset, row);
  const auto* targets = dataset->targets.data() + std::size_t{row} * 4;
  CHECK_EQ(targets[0], input[7] + 1);
  CHECK_EQ(targets[1], input[6] + 0.5F);
  CHECK_EQ(targets[2], input[7] + 2);
  CHECK_EQ(targets[3], input[6] + 1);
  const auto fitted = data::fitPreprocessing(*dataset, spec.preprocessing);
  REQUIRE_OK(fitted);
  REQUIRE(fitted->targetMeans.size() == 4);
  double sum = 0;
  for (const auto each : dataset->split.train) sum += dataset->targets[each * 4] + dataset->targets[each * 4 + 2];
  CHECK(std::abs(fitted->targetMeans[0] - sum / (2.0 * static_cast<double>(dataset->split.train.size()))) < 1e-3);
  CHECK_EQ(fitted->targetMeans[0], fitted->targetMeans[2]);
  CHECK_EQ(fitted->targetStds[1], fitted->targetStds[3]);
}

LATHE_TEST("windows: a class or a number of the last row, whose own past is no feature") {
  std::string text = "x,state\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i) + ".5," + (i % 3 == 0 ? "calm" : "storm") + "\n";
  spec::DataSpec spec;
  spec.sequence.window = 5;
  const OpenedText opened(text);
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.task == Task::Classification);
  CHECK((dataset->schema.inputShape == spec::Shape{5, 1}));
  CHECK_EQ(dataset->classes[3], -1);  // no whole window
  CHECK_EQ(dataset->classes[6], 0);
  CHECK_EQ(dataset->classes[7], 1);
  CHECK((inputOf(*dataset, 7) == std::vector<float>{3.5F, 4.5F, 5.5F, 6.5F, 7.5F}));
  auto number = spec;
  number.target = "x";
  const auto values = (*opened.source)->dataset(number);
  REQUIRE_OK(values);
  CHECK(values->schema.task == Task::Regression);
  CHECK_EQ(values->targets[9], 9.5F);
  CHECK_EQ(values->schema.features.front().name, std::string("state"));
}

LATHE_TEST("windows: the first column of dates orders them, and is a feature only when a person says so") {
  std::string text = "value,when\n";
  for (int i = 0; i < 50; ++i) {
    const int day = 49 - i;  // newest first, as exchanges write it
    text += std::to_string(day) + ".5,2024-" + (day < 28 ? "01" : "02") + "-" + (day % 28 + 1 < 10 ? "0" : "") +
            std::to_string(day % 28 + 1) + "\n";
  }
  spec::DataSpec spec;
  spec.target = "value";
  spec.sequence = {4, 1, 1};
  const OpenedText opened(text);
  const auto profile = (*opened.source)->profile(spec);
  REQUIRE_OK(profile);
  CHECK(profile->task == Task::Forecast);
  CHECK(column(*profile, "when").role == spec::ColumnRole::Time);
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->schema.sequence.time, std::string("when"));
  CHECK((dataset->schema.inputShape == spec::Shape{4, 1}));
  CHECK((inputOf(*dataset, 10) == std::vector<float>{36.5F, 37.5F, 38.5F, 39.5F}));
  CHECK_EQ(dataset->targets[10], 40.5F);
  CHECK(profile->trainRows == static_cast<std::int64_t>(dataset->split.train.size()));
  spec.roles["when"] = spec::ColumnRole::Feature;
  const auto both = (*opened.source)->dataset(spec);
  REQUIRE_OK(both);
  CHECK_EQ(both->schema.sequence.time, std::string("when"));
  CHECK((both->schema.inputShape == spec::Shape{4, 3}));
}

LATHE_TEST("windows: new rows are put in order by the model's columns; those without a whole window have none") {
  const OpenedText opened(shops(40));
  const auto dataset = (*opened.source)->dataset(forecast(3, 2));
  REQUIRE_OK(dataset);
  const OpenedText other("day,sales,shop,extra\n12,7,new,1\n11,6,new,1\n5,1,old,1\n13,8,new,1\n6,2,old,1\n");
  const auto encoded = (*other.source)->encode(dataset->schema, {});
  REQUIRE_OK(encoded);
  CHECK((data::rowsWithInput(*encoded) == std::vector<std::uint32_t>{3}));
  const auto input = inputOf(*encoded, 3);
  CHECK((input == std::vector<float>{1, 6, 1, 7, 1, 8}));
  CHECK(!data::isLabelled(*encoded, 3));  // nobody knows the future
  const OpenedText incomplete("day,extra,sales\n1,2,3\n");
  const auto missing = (*incomplete.source)->encode(dataset->schema, {});
  REQUIRE(!missing);
  CHECK_EQ(missing.error().code, std::string("data.missing_column"));
}

LATHE_TEST("windows: what cannot be done is said in a sentence") {
  const OpenedText opened(shops(40));
  CHECK_EQ(codeOf(opened, forecast(41, 1)), std::string("data.window_too_long"));
  CHECK_EQ(sentenceOf(opened, forecast(38, 5)),
           std::string("The longest series has 40 rows; a window and its horizon together need 43. Make data.window or "
                       "data.horizon smaller, or give more rows."));
  auto number = forecast(41, 0);
  number.task = Task::Regression;
  CHECK_EQ(
      sentenceOf(opened, number),
      std::string("The longest series has 40 rows; a window needs 41. Make data.window smaller, or give more rows."));
  CHECK_EQ(codeOf(opened, forecast(15, 5)), std::string("data.series_too_short"));
  CHECK_EQ(codeOf(opened, forecast(0, 5)), std::string("spec.forecast_window"));
  const OpenedText words("t,v\nmonday,1.5\ntuesday,2.5\nmonday,3.5\nfriday,1.5\n");
  spec::DataSpec spec = forecast(2, 1);
  spec.target = "v";
  spec.roles = {{"t", spec::ColumnRole::Time}};
  CHECK_EQ(codeOf(words, spec), std::string("data.unsortable_time"));
  CHECK_EQ(sentenceOf(words, spec),
           std::string("Row 1 holds monday in the time column t, which is no date and no number, so rows cannot be put "
                       "in order. Write dates as yyyy-mm-dd hh:mm:ss, or give another column the role time."));
  const OpenedText gaps("t,v\n1,1.5\n,2.5\n3,3.5\n4,1.5\n");
  CHECK_EQ(
      sentenceOf(gaps, spec),
      std::string("Row 2 has no value in the time column t, so rows cannot be put in order. Fill it in, remove the "
                  "row, or give another column the role time."));
  const OpenedText text("t,v\n1,a\n2,b\n3,a\n4,b\n");
  CHECK_EQ(codeOf(text, spec), std::string("data.target_not_numeric"));
  // Two series that nothing tells apart.
  const OpenedText mixed(shops(40));
  auto alone = forecast(3, 2);
  alone.roles.erase("shop");
  const auto profile = (*mixed.source)->profile(alone);
  REQUIRE_OK(profile);
  CHECK(warns(*profile, "data.repeated_times"));
}

LATHE_TEST("windows: a single column of numbers is a series") {
  std::string text = "v\n";
  for (int i = 0; i < 50; ++i) text += std::to_string(i * i % 17) + ".5\n";
  const OpenedText opened(text);
  spec::DataSpec spec;
  spec.sequence = {6, 3, 1};
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.task == Task::Forecast);
  CHECK((dataset->schema.inputShape == spec::Shape{6, 1}));
  CHECK_EQ(dataset->schema.target.name, std::string("v"));
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Splits of windows never look ahead, whatever the series are.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/base/random.h"
#include "core/data/windows.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

struct Row {
  std::string series;
  double time = 0;
};

/// Series of different lengths that start at different times, some of them with gaps and equal times, rows shuffled.
/// The column id is the row's number, so that a window tells which rows it holds.
struct Case {
  std::vector<Row> rows;
  std::string text;
  spec::DataSpec spec;
};

Case makeCase(std::uint64_t seed) {
  Random random(seed, "windows");
  Case made;
  const int series = 1 + static_cast<int>(random.below(4));
  for (int s = 0; s < series; ++s) {
    double time = static_cast<double>(random.below(20));
    const int length = 60 + static_cast<int>(random.below(200));
    for (int i = 0; i < length; ++i) {
      made.rows.push_back({"s" + std::to_string(s), time});
      time += static_cast<double>(random.below(3));
    }
  }
  std::vector<std::uint32_t> order(made.rows.size());
  std::iota(order.begin(), order.end(), 0U);
  random.shuffle(order);
  const auto sorted = made.rows;
  for (std::size_t i = 0; i < order.size(); ++i) made.rows[i] = sorted[order[i]];
  made.text = "id,series,time,y\n";
  for (std::size_t i = 0; i < made.rows.size(); ++i)
    made.text += std::to_string(i) + ".5," + made.rows[i].series + "," + std::to_string(made.rows[i].time) + "," +
                 std::to_string(random.normal()) + "\n";
  auto& spec = made.spec;
  spec.target = "y";
  spec.kinds = {{"id", spec::ColumnKind::Real}};
  spec.roles = {{"series", spec::ColumnRole::Group}, {"time", spec::ColumnRole::Time}};
  spec.sequence.window = 1 + static_cast<int>(random.below(12));
  spec.sequence.horizon = seed % 3 == 0 ? 0 : 1 + static_cast<int>(random.below(6));
  spec.task = spec.sequence.horizon > 0 ? spec::Task::Forecast : spec::Task::Regression;
  spec.sequence.stride = 1 + static_cast<int>(random.below(3));
  spec.split.seed = seed;
  return made;
}

/// The rows of a window by their ids, and the rows it predicts, found by looking through all rows.
struct Reach {
  std::vector<std::size_t> inputs;
  std::vector<std::size_t> targets;
};

Reach reachOf(const data::Dataset& dataset, std::uint32_t row, const Case& made) {
  const auto& schema = dataset.schema;
  std::vector<float> input(static_cast<std::size_t>(spec::elementCount(schema.inputShape)));
  data::copyInput(dataset, row, input.data());
  Reach reach;
  for (std::size_t step = 0; step < data::windowLength(schema); ++step)
    reach.inputs.push_back(static_cast<std::size_t>(input[step * data::rowWidth(schema)]));
  if (schema.sequence.horizon == 0) {
    reach.targets = {row};
    return reach;
  }
  // The rows behind, by time and then by the order of the file.
  std::vector<std::size_t> later;
  for (std::size_t i = 0; i < made.rows.size(); ++i)
    if (made.rows[i].series == made.rows[row].series &&
        (made.rows[i].time > made.rows[row].time || (made.rows[i].time == made.rows[row].time && i > row)))
      later.push_back(i);
  std::stable_sort(later.begin(), later.end(), [&](auto a, auto b) { return made.rows[a].time < made.rows[b].time; });
  later.resize(std::min(later.size(), static_cast<std::size_t>(schema.sequence.horizon)));
  reach.targets = later;
  return reach;
}

struct PartReach {
  std::set<std::size_t> inputs, targets;
  double first = 1e300, last = -1e300;
};

PartReach reachOf(const data::Dataset& dataset, const std::vector<std::uint32_t>& rows, const Case& made) {
  PartReach part;
  for (const auto row : rows) {
    const auto reach = reachOf(dataset, row, made);
    CHECK_EQ(reach.inputs.back(), std::size_t{row});
    for (std::size_t i = 0; i < reach.inputs.size(); ++i) {
      CHECK_EQ(made.rows[reach.inputs[i]].series, made.rows[row].series);
      if (i > 0) CHECK(made.rows[reach.inputs[i]].time >= made.rows[reach.inputs[i - 1]].time);
    }
    for (const auto* rowsOfIt : {&reach.inputs, &reach.targets})
      for (const auto each : *rowsOfIt) {
        part.first = std::min(part.first, made.rows[each].time);
        part.last = std::max(part.last, made.rows[each].time);
      }
    part.inputs.insert(reach.inputs.begin(), reach.inputs.end());
    part.targets.insert(reach.targets.begin(), reach.targets.end());
  }
  return part;
}

bool meet(const std::set<std::size_t>& a, const std::set<std::size_t>& b) {
  return std::any_of(a.begin(), a.end(), [&](auto x) { return b.count(x) > 0; });
}

}  // namespace

LATHE_TEST("windows are split in time: training ends before validation begins, and so on, over many series") {
  int split = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto made = makeCase(seed);
    const OpenedText opened(made.text);
    const auto dataset = (*opened.source)->dataset(made.spec);
    if (!dataset) {
      // Series that never meet in time may leave a part without a window; that is said.
      CHECK_EQ(dataset.error().code, std::string("data.series_too_short"));
      continue;
    }
    ++split;
    const auto train = reachOf(*dataset, dataset->split.train, made);
    const auto validation = reachOf(*dataset, dataset->split.validation, made);
    const auto test = reachOf(*dataset, dataset->split.test, made);
    CHECK(!dataset->split.train.empty() && !dataset->split.validation.empty() && !dataset->split.test.empty());
    CHECK(train.last < validation.first);
    CHECK(validation.last < test.first);
    for (const auto& [early, late] : {std::pair{&train, &validation}, {&validation, &test}, {&train, &test}}) {
      CHECK(!meet(early->inputs, late->targets) && !meet(early->targets, late->inputs));
      CHECK(!meet(early->targets, late->targets) && !meet(early->inputs, late->inputs));
    }
    // A seed deals nothing here.
    auto again = made.spec;
    again.split.seed = seed + 1;
    const auto same = (*opened.source)->dataset(again);
    REQUIRE_OK(same);
    CHECK(same->split == dataset->split);
  }
  CHECK(split >= 50);
}

LATHE_TEST("windows: the shares hold for the windows that remain, and a stride thins training alone") {
  std::string text = "v\n";
  for (int i = 0; i < 1200; ++i) text += std::to_string(std::sin(i * 0.1)) + "\n";
  const OpenedText opened(text);
  spec::DataSpec spec;
  spec.sequence = {24, 12, 1};
  const auto all = (*opened.source)->dataset(spec);
  REQUIRE_OK(all);
  const auto& split = all->split;
  const auto total = static_cast<double>(split.train.size() + split.validation.size() + split.test.size());
  // Two cuts lose 35 windows each, the ends of the series another 35.
  CHECK_EQ(total, 1200.0 - 3 * 35);
  CHECK(std::abs(static_cast<double>(split.train.size()) / total - 0.7) < 0.01);
  CHECK(std::abs(static_cast<double>(split.validation.size()) / total - 0.15) < 0.01);
  spec.sequence.stride = 5;
  const auto thin = (*opened.source)->dataset(spec);
  REQUIRE_OK(thin);
  CHECK(thin->split.validation == split.validation);
  CHECK(thin->split.test == split.test);
  CHECK_EQ(thin->split.train.size(), (split.train.size() + 4) / 5);
  CHECK_EQ(thin->split.train[1] - thin->split.train[0], 5U);
}

LATHE_TEST("windows without a time column: every series is cut at the same share of it") {
  std::string text = "series,v\n";
  for (const auto& [name, length] : std::map<std::string, int>{{"long", 400}, {"short", 200}})
    for (int i = 0; i < length; ++i) text += name + "," + std::to_string(i) + ".5\n";
  spec::DataSpec spec;
  spec.target = "v";
  spec.roles = {{"series", spec::ColumnRole::Group}};
  spec.sequence = {8, 2, 1};
  const OpenedText opened(text);
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  const auto lastOf = [&](const std::vector<std::uint32_t>& rows, bool isLong) {
    std::uint32_t last = 0;
    for (const auto row : rows)
      if ((row < 400) == isLong) last = std::max(last, row < 400 ? row : row - 400);
    return static_cast<double>(last);
  };
  CHECK(std::abs(lastOf(dataset->split.train, true) / 400 - lastOf(dataset->split.train, false) / 200) < 0.03);
  CHECK(std::abs(lastOf(dataset->split.validation, true) / 400 - lastOf(dataset->split.validation, false) / 200) <
        0.03);
}

LATHE_TEST("windows: what is fitted knows nothing of validation and test rows") {
  const auto text = [](double later) {
    std::string out = "x,colour,y\n";
    for (int i = 0; i < 300; ++i)
      out += std::to_string(i < 200 ? std::sin(i * 0.3) : later) + "," +
             (i < 200 ? (i % 2 ? "red" : "blue") : "green") + "," +
             std::to_string(i < 200 ? i % 13 + 0.5 : later * 1000) + "\n";
    return out;
  };
  spec::DataSpec spec;
  spec.target = "y";
  spec.sequence = {10, 3, 1};
  spec::FittedPreprocessing fitted[2];
  for (const int which : {0, 1}) {
    const OpenedText opened(text(which == 0 ? 0.25 : 9e6));
    const auto dataset = (*opened.source)->dataset(spec);
    REQUIRE_OK(dataset);
    CHECK(dataset->split.train.back() < 200);
    const auto result = data::fitPreprocessing(*dataset, spec.preprocessing);
    REQUIRE_OK(result);
    fitted[which] = *result;
    for (const auto& feature : dataset->schema.features)
      if (feature.name == "colour") CHECK((feature.vocabulary == std::vector<std::string>{"blue", "red"}));
  }
  CHECK(fitted[0] == fitted[1]);
  // All rows that training windows hold count, not only those at their ends.
  double mean = 0;
  const OpenedText opened(text(0.25));
  const auto dataset = (*opened.source)->dataset(spec);
  const auto last = dataset->split.train.back();
  for (std::uint32_t i = 0; i <= last; ++i) mean += std::sin(i * 0.3) / (last + 1.0);
  CHECK(std::abs(fitted[0].features[0].shift - mean) < 1e-5);
}

LATHE_TEST("windows: a file of test rows is a series of its own") {
  std::string text = "v\n";
  for (int i = 0; i < 200; ++i) text += std::to_string(i) + ".5\n";
  const TempFolder folder;
  writeBytes(folder / "test.csv", "v\n1.5\n2.5\n3.5\n4.5\n5.5\n6.5\n");
  spec::DataSpec spec;
  spec.sequence = {3, 1, 1};
  spec.testPath = (folder / "test.csv").string();
  const OpenedText opened(text, "data.csv", spec);
  const auto dataset = (*opened.source)->dataset(opened.spec);
  REQUIRE_OK(dataset);
  CHECK((dataset->split.test == std::vector<std::uint32_t>{202, 203, 204}));
  CHECK(dataset->split.validation.back() < 199);
  const double share = static_cast<double>(dataset->split.validation.size()) /
                       static_cast<double>(dataset->split.validation.size() + dataset->split.train.size());
  CHECK(std::abs(share - 0.1) < 0.01);
}

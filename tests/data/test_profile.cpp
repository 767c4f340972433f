// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/files.h"
#include "core/base/random.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;
using spec::ColumnKind;
using spec::ColumnRole;

namespace {

spec::DataProfile profileOf(const std::string& rows, const spec::DataSpec& spec = {}) {
  const OpenedText text(rows, "data.csv", spec);
  if (!text.source) throw std::runtime_error(text.openSentence());
  auto profile = (*text.source)->profile(spec);
  if (!profile) throw std::runtime_error(profile.error().sentence());
  return *profile;
}

data::Dataset datasetOf(const std::string& rows, const spec::DataSpec& spec) {
  const OpenedText text(rows, "data.csv", spec);
  if (!text.source) throw std::runtime_error(text.openSentence());
  auto dataset = (*text.source)->dataset(spec);
  if (!dataset) throw std::runtime_error(dataset.error().sentence());
  return *dataset;
}

std::string twoClasses(int rows) {
  Random random(1);
  std::string text = "x,g,t,y\n";
  for (int i = 0; i < rows; ++i)
    text += std::to_string(random.uniform()) + ",g" + std::to_string(i % 10) + "," + std::to_string(rows - i) + "," +
            (i % 4 == 0 ? "rare" : "often") + "\n";
  return text;
}

}  // namespace

LATHE_TEST("statistics are those of the values that are there") {
  const auto profile = profileOf("a,y\n1,1.5\n2,2.5\n,3.5\n5,0\n");
  const auto& a = column(profile, "a");
  CHECK(std::abs(a.mean - 8.0 / 3.0) < 1e-12);
  CHECK(std::abs(a.standardDeviation - 2.0816659994661326) < 1e-12);
  CHECK_EQ(a.min, 1.0);
  CHECK_EQ(a.max, 5.0);
  CHECK_EQ(a.distinct, std::int64_t{3});
  std::int64_t counted = 0;
  for (const auto count : a.histogram.counts) counted += count;
  CHECK_EQ(counted, std::int64_t{3});
  CHECK(profile.task == spec::Task::Regression);
}

LATHE_TEST("an integer target is a class up to 20 values and a number beyond") {
  std::string few = "x,y\n";
  std::string many = "x,y\n";
  for (int i = 0; i < 100; ++i) {
    few += std::to_string(i * 0.25) + "," + std::to_string(i % 20) + "\n";
    many += std::to_string(i * 0.25) + "," + std::to_string(i % 21) + "\n";
  }
  const auto classes = profileOf(few);
  CHECK(classes.task == spec::Task::Classification);
  CHECK_EQ(classes.classes[2], std::string("2"));
  CHECK_EQ(classes.classes[10], std::string("10"));
  CHECK(profileOf(many).task == spec::Task::Regression);
}

LATHE_TEST("identifiers and constant columns are ignored and named, text is read") {
  std::string rows = "row,name,same,x,y\n";
  for (int i = 0; i < 60; ++i)
    rows += std::to_string(i) + ",a longer remark with number " + std::to_string(i) + " in it,7," +
            std::to_string(i * 37 % 11) + "," + (i % 2 == 0 ? "a" : "b") + "\n";
  const auto profile = profileOf(rows);
  CHECK(column(profile, "row").kind == ColumnKind::Id);
  CHECK(column(profile, "name").kind == ColumnKind::Text);
  for (const char* name : {"row", "same"}) CHECK(column(profile, name).role == ColumnRole::Ignore);
  for (const char* name : {"x", "name"}) CHECK(column(profile, name).role == ColumnRole::Feature);
  CHECK(warns(profile, "data.id_column", "row"));
  CHECK(!warns(profile, "data.text_ignored", "name"));
  CHECK(warns(profile, "data.constant_column", "same"));
}

LATHE_TEST("features that tell the target are suspected, honest ones are not") {
  std::string rows = "copy,split,noise,y\n";
  Random random(3);
  for (int i = 0; i < 80; ++i)
    rows += std::string(i % 2 == 0 ? "yes" : "no") + "," + std::to_string(i % 2 == 0 ? i + 1000 : i) + "," +
            std::to_string(random.uniform()) + "," + (i % 2 == 0 ? "a" : "b") + "\n";
  const auto classes = profileOf(rows);
  CHECK(warns(classes, "data.leakage_suspect", "Column copy"));
  CHECK(warns(classes, "data.leakage_suspect", "Column split"));
  CHECK(!warns(classes, "data.leakage_suspect", "Column noise"));
  rows = "twice,noise,y\n";
  for (int i = 0; i < 80; ++i) {
    const double y = random.normal();
    rows += std::to_string(2 * y) + "," + std::to_string(random.normal()) + "," + std::to_string(y) + "\n";
  }
  const auto numbers = profileOf(rows);
  CHECK(warns(numbers, "data.leakage_suspect", "Column twice"));
  CHECK(!warns(numbers, "data.leakage_suspect", "Column noise"));
}

LATHE_TEST("imbalance and rows repeated across the splits are counted") {
  std::string rows = "x,z,y\n";
  for (int i = 0; i < 110; ++i)
    rows += std::to_string(i % 5) + ",0." + std::to_string(i % 3) + "," + (i < 100 ? "a" : "b") + "\n";
  const auto profile = profileOf(rows);
  CHECK(warns(profile, "data.imbalance", "a has 100 rows, b only 10"));
  CHECK(warns(profile, "data.duplicates_across_splits"));
}

LATHE_TEST("the hash is that of the file") {
  const std::string rows = "a,y\n1,2\n2,3\n";
  CHECK_EQ(profileOf(rows).sha256, sha256Of(std::string_view(rows)));
  CHECK_EQ(profileOf(rows).bytes, std::uintmax_t{12});
}

LATHE_TEST("a stratified split keeps shares in every class and is the same every time") {
  const auto rows = twoClasses(400);
  spec::DataSpec spec;
  const auto first = datasetOf(rows, spec);
  CHECK_EQ(first.split.train.size(), std::size_t{280});
  CHECK_EQ(first.split.validation.size(), std::size_t{60});
  CHECK_EQ(first.split.test.size(), std::size_t{60});
  const auto rare =
      std::count_if(first.split.test.begin(), first.split.test.end(), [&](auto row) { return row % 4 == 0; });
  CHECK_EQ(rare, std::ptrdiff_t{15});
  CHECK(datasetOf(rows, spec).split == first.split);
  spec.split.seed = 1;
  CHECK(!(datasetOf(rows, spec).split == first.split));
  std::set<std::uint32_t> all(first.split.train.begin(), first.split.train.end());
  all.insert(first.split.validation.begin(), first.split.validation.end());
  all.insert(first.split.test.begin(), first.split.test.end());
  CHECK_EQ(all.size(), std::size_t{400});
}

LATHE_TEST("no group lies in two parts") {
  spec::DataSpec spec;
  spec.roles["g"] = ColumnRole::Group;
  const auto dataset = datasetOf(twoClasses(400), spec);
  std::set<std::uint32_t> train;
  for (const auto row : dataset.split.train) train.insert(row % 10);
  for (const auto* part : {&dataset.split.validation, &dataset.split.test}) {
    CHECK(!part->empty());
    for (const auto row : *part) CHECK(train.count(row % 10) == 0);
  }
  CHECK_EQ(dataset.schema.features.size(), std::size_t{2});
}

LATHE_TEST("a split by time trains on the past and tests on the latest rows") {
  spec::DataSpec spec;
  spec.roles["t"] = ColumnRole::Time;  // falls with the row number
  const auto dataset = datasetOf(twoClasses(100), spec);
  CHECK_EQ(dataset.split.test.back(), std::uint32_t{14});
  CHECK_EQ(dataset.split.validation.front(), std::uint32_t{15});
  CHECK_EQ(dataset.split.train.front(), std::uint32_t{30});
}

LATHE_TEST("rows without a target are in no part and weights are kept") {
  spec::DataSpec spec;
  spec.roles["w"] = ColumnRole::Weight;
  const auto dataset = datasetOf("x,w,y\n1,2,a\n2,,b\n3,1,\n4,0.5,a\n5,1,b\n6,1,a\n7,1,b\n", spec);
  for (const auto* part : {&dataset.split.train, &dataset.split.validation, &dataset.split.test})
    CHECK(std::find(part->begin(), part->end(), 2U) == part->end());
  CHECK_EQ(dataset.split.train.size() + dataset.split.validation.size() + dataset.split.test.size(), std::size_t{6});
  CHECK_EQ(dataset.weights[0], 2.0F);
  CHECK_EQ(dataset.weights[1], 1.0F);
  CHECK_EQ(dataset.classes[2], -1);
}

LATHE_TEST("impossible splits are refused in words") {
  spec::DataSpec spec;
  const auto codeFor = [&](const std::string& rows) { return OpenedText(rows, "d.csv", spec).datasetCode(); };
  spec.split.method = "group";
  CHECK_EQ(codeFor(twoClasses(40)), std::string("data.no_group"));
  spec.split.method = "time";
  CHECK_EQ(codeFor(twoClasses(40)), std::string("data.no_time"));
  spec.split = {};
  spec.split.train = 0;
  CHECK_EQ(codeFor(twoClasses(40)), std::string("data.bad_split"));
  spec.split = {};
  CHECK_EQ(codeFor("x,y\n1,2.5\n2,3.5\n"), std::string("data.too_few_rows"));
}

LATHE_TEST("preprocessing is fitted on the training rows alone") {
  data::Dataset dataset;
  dataset.schema.inputShape = {2};
  dataset.schema.task = spec::Task::Regression;
  dataset.schema.features = {{"a", ColumnKind::Real, 0, 1, {}}, {"b", ColumnKind::Category, 1, 1, {"u", "v"}}};
  dataset.rows = 6;
  const float none = std::nanf("");
  dataset.table = {1, 0, 2, 1, none, 0, 6, 1, 1000, none, 2000, 0};
  dataset.targets = {1, 2, 3, 6, 100, 200};
  dataset.split.train = {0, 1, 2, 3};
  dataset.split.test = {4, 5};
  spec::PreprocessingSpec preprocessing;
  auto fitted = data::fitPreprocessing(dataset, preprocessing);
  REQUIRE_OK(fitted);
  CHECK_EQ(fitted->features[0].fill, 2.0);
  CHECK(fitted->features[0].indicator);
  CHECK(!fitted->features[1].indicator);
  CHECK_EQ(fitted->features[0].shift, 3.0);
  CHECK(std::abs(fitted->features[0].scale - 1 / std::sqrt(14.0 / 3.0)) < 1e-12);
  CHECK_EQ(fitted->targetMean, 3.0);
  CHECK(std::abs(fitted->targetStd - std::sqrt(3.5)) < 1e-12);
  preprocessing.imputation = "mean";
  preprocessing.scaling = "robust";
  fitted = data::fitPreprocessing(dataset, preprocessing);
  REQUIRE_OK(fitted);
  CHECK_EQ(fitted->features[0].fill, 3.0);
  CHECK_EQ(fitted->features[0].shift, 2.0);
  CHECK_EQ(fitted->features[0].scale, 0.4);
  preprocessing.scaling = "quantile";
  fitted = data::fitPreprocessing(dataset, preprocessing);
  REQUIRE_OK(fitted);
  const auto& knots = fitted->features[0].quantiles;
  CHECK(knots.size() > 50);
  CHECK(std::is_sorted(knots.begin(), knots.end()));
  CHECK_EQ(knots[knots.size() / 2], 2.0F);
}

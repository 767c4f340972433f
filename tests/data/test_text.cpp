// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of text: which are read, as which codes, and what comes of strange cells.
#include <algorithm>
#include <fmt/format.h>

#include "core/base/random.h"
#include "core/data/dataset_part.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;
using spec::ColumnKind;
using spec::ColumnRole;

namespace {

const std::vector<std::string> words{"red", "green", "Blue", "old", "new", "house", "garden", "door", "street", "lamp"};

std::string remark(Random& random, std::size_t count = 6) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? " " : "") + words[random.below(words.size())];
  return text;
}

/// note (text), code (one word, never twice), tag (one word, hardly twice), x, y.
std::string table(int rows) {
  Random random(2, "remarks");
  std::string text = "note,code,tag,x,y\n";
  for (int i = 0; i < rows; ++i)
    text += fmt::format("{} {},k{:x}z,t{:x}q,{},{}\n", remark(random), i, i * 7919, (i % 20 == 0 ? 5 : i) * 104729,
                        i % 9, i % 2 == 0 ? "a" : "b");
  return text;
}

spec::DataSpec specWith(const std::string& column, ColumnKind kind) {
  spec::DataSpec spec;
  spec.kinds[column] = kind;
  return spec;
}

Result<data::Dataset> datasetOf(const OpenedText& text) {
  REQUIRE_OK(text.source);
  return (*text.source)->dataset(text.spec);
}

const spec::FeatureSchema* feature(const data::Dataset& data, const std::string& name) {
  for (const auto& feature : data.schema.features)
    if (feature.name == name) return &feature;
  return nullptr;
}

/// Every row has the codes of its cell.
bool codesAreThoseOfCells(const OpenedText& text, const data::Dataset& data, const std::string& name) {
  const auto names = (*text.source)->columnNames();
  const auto column = static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
  std::size_t t = 0;
  for (const auto& each : data.schema.features) {
    if (each.text.buckets == 0) continue;
    if (each.name == name) break;
    ++t;
  }
  const auto* described = feature(data, name);
  if (described == nullptr || t >= data.texts.size() || data.texts[t].place.size() != data.rows) return false;
  for (std::size_t row = 0; row < data.rows; ++row) {
    std::vector<std::uint16_t> expected;
    spec::appendTextCodes((*text.source)->cell(static_cast<std::int64_t>(row), column), described->text,
                          static_cast<std::size_t>(described->width), expected);
    const auto given = data.texts[t].of(row);
    if (!std::equal(given.begin(), given.end(), expected.begin(), expected.end())) return false;
  }
  return true;
}

}  // namespace

LATHE_TEST("text: remarks are read, single words that name rows are not") {
  const OpenedText text(table(200));
  REQUIRE_OK(text.source);
  const auto profile = (*text.source)->profile(text.spec);
  REQUIRE_OK(profile);
  CHECK(column(*profile, "note").kind == ColumnKind::Text);
  CHECK(column(*profile, "note").role == ColumnRole::Feature);
  CHECK(!warns(*profile, "data.text_ignored", "note"));
  CHECK(column(*profile, "code").kind == ColumnKind::Id);
  CHECK(column(*profile, "code").role == ColumnRole::Ignore);
  CHECK(column(*profile, "tag").kind == ColumnKind::Text);
  CHECK(column(*profile, "tag").role == ColumnRole::Ignore);
  CHECK(warns(*profile, "data.text_ignored", "tag"));
}

LATHE_TEST("text: a person's word about a column holds") {
  for (const char* name : {"code", "tag", "x"}) {
    const OpenedText text(table(200), "data.csv", specWith(name, ColumnKind::Text));
    const auto data = datasetOf(text);
    REQUIRE_OK(data);
    REQUIRE(feature(*data, name) != nullptr);
    CHECK(feature(*data, name)->text.buckets > 0);
    CHECK(codesAreThoseOfCells(text, *data, name));
    CHECK(codesAreThoseOfCells(text, *data, "note"));
  }
  auto spec = specWith("note", ColumnKind::Category);
  const OpenedText category(table(200), "data.csv", spec);
  const auto data = datasetOf(category);
  REQUIRE_OK(data);
  CHECK(feature(*data, "note")->kind == ColumnKind::Category);
  CHECK(data->texts.empty());
  spec::DataSpec ignoring;
  ignoring.preprocessing.text = "ignore";
  const OpenedText ignored(table(200), "data.csv", ignoring);
  REQUIRE_OK(ignored.source);
  CHECK(warns(*(*ignored.source)->profile(ignoring), "data.text_ignored", "note"));
  CHECK(feature(*datasetOf(ignored), "note") == nullptr);
  // As before there was text: a category.
  ignoring.roles["note"] = ColumnRole::Feature;
  const OpenedText forced(table(200), "data.csv", ignoring);
  CHECK(feature(*datasetOf(forced), "note")->kind == ColumnKind::Category);
}

LATHE_TEST("text: windows and anomalies leave it out with a warning, and refuse it when asked for") {
  spec::DataSpec windows;
  windows.sequence.window = 4;
  spec::DataSpec anomalies;
  anomalies.task = spec::Task::Anomaly;
  for (auto spec : {windows, anomalies}) {
    const OpenedText text(table(200), "data.csv", spec);
    REQUIRE_OK(text.source);
    CHECK(warns(*(*text.source)->profile(spec), "data.text_ignored", "note"));
    const auto data = (*text.source)->dataset(spec);
    REQUIRE_OK(data);
    CHECK(feature(*data, "note") == nullptr);
    spec.roles["note"] = ColumnRole::Feature;
    const auto refused = (*text.source)->dataset(spec);
    REQUIRE(!refused);
    CHECK_EQ(refused.error().code, std::string("data.text_not_read"));
  }
}

LATHE_TEST("text: codes lie behind all numbers, as many as 95 % of the training rows need") {
  std::string rows = "note,x,title,y\n";
  Random random(3, "lengths");
  // Two words without parts make three codes; one row in forty has many more.
  for (int i = 0; i < 400; ++i)
    rows += fmt::format("{},{},q {},{}\n", i % 40 == 7 ? remark(random, 90) : fmt::format("a {}", i % 7), i % 9, i % 3,
                        i % 2 == 0 ? "a" : "b");
  spec::DataSpec spec;
  spec.kinds = {{"note", ColumnKind::Text}, {"title", ColumnKind::Text}};
  const OpenedText text(rows, "data.csv", spec);
  const auto data = datasetOf(text);
  REQUIRE_OK(data);
  CHECK((data->schema.inputShape == spec::Shape{1 + 2 * 3}));
  CHECK_EQ(data->schema.features[0].name, std::string("x"));
  CHECK_EQ(feature(*data, "note")->offset, 1);
  CHECK_EQ(feature(*data, "title")->offset, 4);
  CHECK_EQ(feature(*data, "note")->text.buckets, 16384);
  CHECK_EQ(data::rowWidth(data->schema), std::size_t{1});
  CHECK_EQ(data->table.size(), std::size_t{400});
  CHECK(data::inputsFitRows(*data));
  for (const char* name : {"note", "title"}) CHECK(codesAreThoseOfCells(text, *data, name));
  // Equal texts are kept once.
  CHECK(data->texts[0].codes.size() < 100);
  spec.preprocessing.textCodes = 70;
  spec.preprocessing.textBuckets = 500;
  const auto set = (*text.source)->dataset(spec);
  REQUIRE_OK(set);
  CHECK_EQ(feature(*set, "title")->width, 70);
  CHECK_EQ(feature(*set, "title")->text.buckets, 500);
  CHECK(codesAreThoseOfCells(text, *set, "note"));
}

LATHE_TEST("text: quotes, line ends, emoji, empty and missing cells, and a megabyte in one cell") {
  Random random(4, "strange");
  std::string rows = "note,y\n";
  const std::vector<std::string> strange{"\"he said \"\"go\"\" twice, at least\"",
                                         "\"two\nlines\r\nand more\"",
                                         "\xf0\x9f\x98\x80 \xf0\x9f\x98\x80 fine",
                                         "\"\"",
                                         "",
                                         "NA",
                                         "...",
                                         "\xe4\xbd\xa0\xe5\xa5\xbd"};
  for (int i = 0; i < 80; ++i)
    rows += (i < 8 ? strange[static_cast<std::size_t>(i)] : remark(random) + " " + std::to_string(i)) + "," +
            (i % 2 == 0 ? "a" : "b") + "\n";
  rows += "\"" + std::string(1U << 20U, 'x') + " tail\",a\n";
  std::string many;
  while (many.size() < (1U << 20U)) many += "word" + std::to_string(many.size()) + " ";
  rows += many + ",b\n";
  const OpenedText text(rows, "data.csv", specWith("note", ColumnKind::Text));
  const auto data = datasetOf(text);
  REQUIRE_OK(data);
  CHECK_EQ(data->rows, std::size_t{82});
  CHECK(codesAreThoseOfCells(text, *data, "note"));
  const auto& note = data->texts.at(0);
  CHECK(!note.of(0).empty());
  for (const std::size_t row : {3U, 4U, 5U, 6U}) CHECK(note.of(row).empty());
  CHECK_EQ(note.of(81).size(), static_cast<std::size_t>(feature(*data, "note")->width));
}

LATHE_TEST("text: bytes that are no UTF-8 are read in the encoding they are taken for") {
  std::string rows = "note,y\n";
  Random random(5, "latin");
  for (int i = 0; i < 60; ++i)
    rows += remark(random) + " caf\xe9 " + std::to_string(i) + "," + (i % 2 == 0 ? "a" : "b") + "\n";
  const OpenedText text(rows);
  const auto data = datasetOf(text);
  REQUIRE_OK(data);
  CHECK(codesAreThoseOfCells(text, *data, "note"));
  CHECK((*text.source)->cell(0, 0).find("caf\u00e9") != std::string::npos);
}

LATHE_TEST("text: more values than a dictionary keeps are read again from the file") {
  Random random(6, "many");
  std::string rows = "note,y\n";
  for (int i = 0; i < 70000; ++i)
    rows +=
        i % 1000 == 5 ? ",a\n" : fmt::format("\"{} {}, it says\",{}\n", remark(random, 3), i, i % 2 == 0 ? "a" : "b");
  const OpenedText text(rows);
  const auto data = datasetOf(text);
  REQUIRE_OK(data);
  CHECK_EQ(feature(*data, "note")->text.buckets, 16384);
  CHECK(codesAreThoseOfCells(text, *data, "note"));
  CHECK(data->texts[0].of(5).empty());
}

LATHE_TEST("text: new rows and test files get codes by the model's schema") {
  const OpenedText text(table(200));
  const auto data = datasetOf(text);
  REQUIRE_OK(data);
  const OpenedText more("y,note,x\na,green door,1\nb,,2\na,\"Old, old house\",3\n", "more.csv");
  REQUIRE_OK(more.source);
  const auto rows = (*more.source)->encode(data->schema, more.spec);
  REQUIRE_OK(rows);
  CHECK(codesAreThoseOfCells(more, *rows, "note"));
  CHECK(rows->texts[0].of(1).empty());
  CHECK(data::inputsFitRows(*rows));
  const OpenedText without("y,x\na,1\nb,2\n", "without.csv");
  const auto missing = (*without.source)->encode(data->schema, without.spec);
  REQUIRE(!missing);
  CHECK_EQ(missing.error().code, std::string("data.missing_column"));
  // A test file's rows follow those of the data.
  spec::DataSpec both;
  writeBytes(text.folder / "test.csv", table(30));
  both.testPath = (text.folder / "test.csv").string();
  const auto joined = (*text.source)->dataset(both);
  REQUIRE_OK(joined);
  CHECK_EQ(joined->rows, std::size_t{230});
  CHECK_EQ(joined->texts[0].place.size(), std::size_t{230});
  const auto first = joined->texts[0].of(0);
  const auto again = joined->texts[0].of(200);
  CHECK(std::equal(first.begin(), first.end(), again.begin(), again.end()));
}

LATHE_TEST("text: parts of a dataset and raw inputs keep their codes") {
  const OpenedText text(table(200));
  const auto data = datasetOf(text);
  REQUIRE_OK(data);
  const std::vector<std::uint32_t> train{5, 190, 17}, validation{3};
  const auto part = data::partOf(*data, train, validation);
  CHECK(data::inputsFitRows(*part));
  data::Dataset back;
  back.schema = data->schema;
  const auto width = static_cast<std::size_t>(data->schema.inputShape[0]);
  std::vector<float> input(width), again(width);
  for (const auto row : {5U, 190U, 17U, 3U}) {
    data::copyInput(*data, row, input.data());
    data::copyInput(*part, back.rows, again.data());
    CHECK(input == again);
    data::appendInput(back, input);
    ++back.rows;
  }
  CHECK(data::inputsFitRows(back));
  data::copyInput(back, 1, again.data());
  data::copyInput(*data, 190, input.data());
  CHECK(input == again);
}

LATHE_TEST("text: the preparation fits nothing to it") {
  const OpenedText text(table(200));
  const auto data = datasetOf(text);
  REQUIRE_OK(data);
  const auto fitted = data::fitPreprocessing(*data, {});
  REQUIRE_OK(fitted);
  REQUIRE(fitted->features.size() == data->schema.features.size());
  CHECK(fitted->features.back() == spec::FittedFeature());
  // For shapes the codes themselves are not needed.
  const auto without = (*text.source)->datasetWithoutText(text.spec);
  REQUIRE_OK(without);
  CHECK(without->texts.empty());
  CHECK(without->schema == data->schema);
  CHECK(without->table == data->table);
  CHECK(without->classes == data->classes);
}

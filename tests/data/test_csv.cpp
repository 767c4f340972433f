// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;
using spec::ColumnKind;
using spec::ColumnRole;

namespace {

spec::DataProfile profileOf(const OpenedText& text) {
  if (!text.source) throw std::runtime_error(text.openSentence());
  auto profile = (*text.source)->profile(text.spec);
  if (!profile) throw std::runtime_error(profile.error().sentence());
  return *profile;
}

const char* mixed =
    "id,width,count,colour,ok,when,class\n"
    "a1,1.5,3,red,true,2024-01-31,x\n"
    "a2,2.25,4,blue,false,2024-02-01T10:30:00Z,y\n"
    "a3,,5,red,true,2024-02-02 11:00,x\n"
    "a4,-1e3,NA,green,true,2024-02-03 12:00:00.5,y\n"
    "a5,4,7,red,?,2024/02/04,x\n"
    "a6,5,8,blue,true,2024-02-05,y\n"
    "a7,6,9,red,false,2024-02-06,x\n"
    "a8,7,10,red,true,2024-02-07,y\n"
    "a9,8,11,red,true,2024-02-08,x\n"
    "a10,9,12,red,true,2024-02-09,y\n";

}  // namespace

LATHE_TEST("kinds, roles, missing values and the target are inferred from a mixed file") {
  const OpenedText text(mixed);
  const auto profile = profileOf(text);
  CHECK_EQ(profile.format, std::string("csv"));
  CHECK_EQ(profile.rows, std::int64_t{10});
  CHECK(column(profile, "id").kind == ColumnKind::Id);
  CHECK(column(profile, "id").role == ColumnRole::Ignore);
  CHECK(column(profile, "width").kind == ColumnKind::Real);
  CHECK_EQ(column(profile, "width").missing, std::int64_t{1});
  CHECK_EQ(column(profile, "width").min, -1000.0);
  CHECK(column(profile, "count").kind == ColumnKind::Integer);
  CHECK_EQ(column(profile, "count").missing, std::int64_t{1});
  CHECK_EQ(column(profile, "count").distinct, std::int64_t{9});
  CHECK(column(profile, "colour").kind == ColumnKind::Category);
  CHECK(column(profile, "ok").kind == ColumnKind::Boolean);
  CHECK(column(profile, "when").kind == ColumnKind::DateTime);
  CHECK_EQ(column(profile, "when").min, 1706659200.0);
  CHECK_EQ(profile.target, std::string("class"));
  CHECK(profile.task == spec::Task::Classification);
  CHECK(profile.classes == (std::vector<std::string>{"x", "y"}));
  CHECK(profile.classCounts == (std::vector<std::int64_t>{5, 5}));
  CHECK(warns(profile, "data.target_assumed", "class"));
  CHECK_EQ(profile.trainRows + profile.validationRows + profile.heldOutRows, std::int64_t{10});
}

LATHE_TEST("rows become numbers: missing is NaN, categories are codes, dates two numbers") {
  const OpenedText text(mixed);
  REQUIRE_OK(text.source);
  const auto dataset = (*text.source)->dataset(text.spec);
  REQUIRE_OK(dataset);
  const auto& schema = dataset->schema;
  REQUIRE(schema.features.size() == 5);
  CHECK(schema.inputShape == (spec::Shape{6}));
  CHECK_EQ(schema.features[4].offset, 4);
  CHECK_EQ(schema.features[4].width, 2);
  const float* row = dataset->table.data();
  CHECK_EQ(row[0], 1.5F);
  CHECK_EQ(row[1], 3.0F);
  CHECK(schema.features[2].vocabulary[static_cast<std::size_t>(row[2])] == "red");
  CHECK(std::isnan(dataset->table[2 * 6]));
  CHECK(std::isnan(dataset->table[4 * 6 + 3]));
  CHECK_EQ(row[4], 8796.0F);  // 2024-01-31 is so many days after 2000-01-01
  CHECK_EQ(dataset->table[6 + 5], 37800.0F);
  CHECK_EQ(dataset->classes[0], 0);
  CHECK_EQ(dataset->classes[1], 1);
}

LATHE_TEST("cells come back as they stand in the file, quotes and missing values resolved") {
  const OpenedText text("a,b\n1,\"x, \"\"y\"\"\nz\"\n2.50,NA\n");
  REQUIRE_OK(text.source);
  CHECK_EQ((*text.source)->rows(), std::int64_t{2});
  CHECK_EQ((*text.source)->cell(0, 1), std::string("x, \"y\"\nz"));
  CHECK_EQ((*text.source)->cell(1, 0), std::string("2.50"));
  CHECK_EQ((*text.source)->cell(1, 1), std::string());
  CHECK_EQ((*text.source)->cell(5, 0), std::string());
}

LATHE_TEST("delimiter, decimal comma and missing header are found by looking") {
  const auto semicolon = profileOf(OpenedText("x;y;z\n1,5;2;a\n2,5;3;b\n-0,5;4;a\n"));
  CHECK_EQ(semicolon.delimiter, std::string(";"));
  CHECK_EQ(semicolon.decimal, std::string(","));
  CHECK_EQ(column(semicolon, "x").max, 2.5);
  const auto tabs = profileOf(OpenedText("x\ty\n1\t2\n3\t4\n", "data.tsv"));
  CHECK_EQ(tabs.format, std::string("tsv"));
  const auto bare = profileOf(OpenedText("1,2,a\n3,4,b\n5,6,a\n"));
  CHECK(!bare.header);
  CHECK_EQ(bare.rows, std::int64_t{3});
  CHECK_EQ(bare.columns[1].name, std::string("c1"));
  const auto spaces = profileOf(OpenedText("  1.0  2.0   3\n 4.0  5.0 6\n"));
  CHECK_EQ(spaces.columns.size(), std::size_t{3});
  CHECK_EQ(spaces.columns[2].max, 6.0);
}

LATHE_TEST("all encodings give the same text") {
  const std::string utf8 = "name,class\nMünchen,a\nKöln,b\nMünchen,a\n";
  const auto classesOf = [](const std::string& bytes) {
    const OpenedText text(bytes);
    const auto profile = profileOf(text);
    return (*text.source)->cell(0, 0) + "|" + (*text.source)->cell(1, 0) + "|" + profile.encoding;
  };
  std::string utf16le = "\xff\xfe";
  std::string utf16be = "\xfe\xff";
  std::string latin1;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    auto code = static_cast<unsigned char>(utf8[i]);
    if (code == 0xc3) code = static_cast<unsigned char>(static_cast<unsigned char>(utf8[++i]) + 0x40);
    latin1 += static_cast<char>(code);
    utf16le += {static_cast<char>(code), '\0'};
    utf16be += {'\0', static_cast<char>(code)};
  }
  CHECK_EQ(classesOf(utf8), std::string("München|Köln|utf-8"));
  CHECK_EQ(classesOf("\xef\xbb\xbf" + utf8), std::string("München|Köln|utf-8"));
  CHECK_EQ(classesOf(utf16le), std::string("München|Köln|utf-16le"));
  CHECK_EQ(classesOf(utf16be), std::string("München|Köln|utf-16be"));
  CHECK_EQ(classesOf(utf16le.substr(2)), std::string("München|Köln|utf-16le"));
  CHECK_EQ(classesOf(latin1), std::string("München|Köln|latin-1"));
  // 城市 (city), 北京, 上海 in GBK.
  CHECK_EQ(classesOf("\xb3\xc7\xca\xd0,class\n\xb1\xb1\xbe\xa9,a\n\xc9\xcf\xba\xa3,b\n\xb1\xb1\xbe\xa9,a\n"),
           std::string("北京|上海|gbk"));
}

LATHE_TEST("a gzipped file reads like a plain one, whatever its name") {
  const OpenedText text(gzipped(mixed), "data.csv");
  const auto profile = profileOf(text);
  CHECK_EQ(profile.rows, std::int64_t{10});
  CHECK_EQ((*text.source)->cell(9, 0), std::string("a10"));
}

LATHE_TEST("a column that changes its kind late is read again as the wider kind") {
  std::string rows = "n,r,t,class\n";
  for (int i = 0; i < 60000; ++i)
    rows += std::to_string(i % 977) + "," + (i < 59000 ? std::to_string(i % 7) : "0.5") + "," +
            (i < 58000 ? "12" : "word") + "," + (i % 2 == 0 ? "a" : "b") + "\n";
  const OpenedText text(rows);
  const auto profile = profileOf(text);
  CHECK_EQ(profile.rows, std::int64_t{60000});
  CHECK(column(profile, "n").kind == ColumnKind::Integer);
  CHECK(column(profile, "r").kind == ColumnKind::Real);
  CHECK(column(profile, "t").kind == ColumnKind::Category);
  CHECK_EQ(column(profile, "t").distinct, std::int64_t{2});
  CHECK_EQ(column(profile, "r").distinct, std::int64_t{8});
  CHECK_EQ((*text.source)->cell(59999, 1), std::string("0.5"));
}

LATHE_TEST("dates with slashes are read in the one order that fits all, else stay text") {
  const auto kindOf = [](const std::string& rows) { return column(profileOf(OpenedText("d,y\n" + rows)), "d").kind; };
  const auto dayFirst = profileOf(OpenedText("d,y\n03/04/2024,1\n25/04/2024,2\n04/05/2024,1\n"));
  CHECK(column(dayFirst, "d").kind == ColumnKind::DateTime);
  CHECK_EQ(column(dayFirst, "d").min, 1712102400.0);  // 3 April
  const auto monthFirst = profileOf(OpenedText("d,y\n03/04/2024,1\n04/25/2024,2\n04/05/2024,1\n"));
  CHECK_EQ(column(monthFirst, "d").min, 1709510400.0);  // 4 March
  CHECK(kindOf("03/04/2024,1\n05/06/2024,2\n05/06/2024,2\n") != ColumnKind::DateTime);
  CHECK(kindOf("25/04/2024,1\n04/25/2024,2\n05/06/2024,2\n") != ColumnKind::DateTime);
  CHECK(kindOf("03.04.2024,1\n05.06.2024,2\n05.06.2024,2\n") == ColumnKind::DateTime);
  CHECK(kindOf("2024-02-30,1\n2024-03-01,2\n2024-03-01,2\n") != ColumnKind::DateTime);
}

LATHE_TEST("a person's kinds, roles and task override what was inferred") {
  spec::DataSpec spec;
  spec.kinds["n"] = ColumnKind::Category;
  spec.roles["x"] = ColumnRole::Ignore;
  spec.target = "n";
  spec.task = spec::Task::Classification;
  const OpenedText text("n,x,z\n10,1,0.5\n2,2,1.5\n10,3,2.5\n2,4,3.5\n10,5,4.5\n2,6,5.5\n", "data.csv", spec);
  REQUIRE_OK(text.source);
  const auto dataset = (*text.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.target.classes == (std::vector<std::string>{"2", "10"}));
  REQUIRE(dataset->schema.features.size() == 1);
  CHECK_EQ(dataset->schema.features[0].name, std::string("z"));
}

LATHE_TEST("codes with leading zeros are text until a person calls them numbers") {
  const char* rows = "code,y\n007,1.5\n010,2.5\n007,3.5\n000,4.5\n-05,5.5\n";
  const OpenedText text(rows);
  CHECK(column(profileOf(text), "code").kind == ColumnKind::Category);
  spec::DataSpec spec;
  spec.kinds["code"] = ColumnKind::Integer;
  const auto dataset = (*text.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->table == (std::vector<float>{7, 10, 7, 0, -5}));
}

LATHE_TEST("classes of a real target keep the file's spelling") {
  spec::DataSpec spec;
  spec.task = spec::Task::Classification;
  const OpenedText text("x,y\n1,1.0\n2,2.50\n3,1.0\n4,2.50\n5,1.0\n", "data.csv", spec);
  REQUIRE_OK(text.source);
  const auto dataset = (*text.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.target.classes == (std::vector<std::string>{"1.0", "2.50"}));
  CHECK_EQ(dataset->classes[1], 1);
}

LATHE_TEST("rows are encoded against a schema by column name, unknown words as -1") {
  const OpenedText train("a,b,y\n1,u,k\n2,v,l\n3,u,k\n4,v,l\n5,u,k\n6,v,l\n7,u,k\n8,v,l\n");
  REQUIRE_OK(train.source);
  auto learnt = (*train.source)->dataset(train.spec);
  REQUIRE_OK(learnt);
  const OpenedText fresh("extra,b,a\n9,w,5\n9,v,x\n9,,6\n");
  REQUIRE_OK(fresh.source);
  const auto rows = (*fresh.source)->encode(learnt->schema, fresh.spec);
  REQUIRE_OK(rows);
  REQUIRE(rows->table.size() == 6);
  CHECK_EQ(rows->table[0], 5.0F);
  CHECK_EQ(rows->table[1], -1.0F);
  CHECK(std::isnan(rows->table[2]));
  CHECK_EQ(rows->table[3], 1.0F);
  CHECK(std::isnan(rows->table[5]));
  CHECK_EQ(rows->classes[0], -1);
  CHECK(rows->split.train.empty());
  const OpenedText without("a\n1\n");
  REQUIRE_OK(without.source);
  const auto refused = (*without.source)->encode(learnt->schema, without.spec);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("data.missing_column"));
  CHECK(refused.error().sentence().find(" b,") != std::string::npos);
}

LATHE_TEST("a test file of its own becomes the test split and train keeps nine tenths") {
  std::string rows = "x,y\n";
  for (int i = 0; i < 100; ++i) rows += std::to_string(i * 0.5) + "," + (i % 2 == 0 ? "a" : "b") + "\n";
  const TempFolder folder;
  writeBytes(folder / "test.csv", "y,x\na,1\nc,2\n");
  spec::DataSpec spec;
  spec.testPath = (folder / "test.csv").string();
  const OpenedText text(rows, "train.csv", spec);
  REQUIRE_OK(text.source);
  const auto dataset = (*text.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->rows, std::size_t{102});
  CHECK(dataset->split.test == (std::vector<std::uint32_t>{100, 101}));
  CHECK_EQ(dataset->split.validation.size(), std::size_t{10});
  CHECK(dataset->schema.target.classes == (std::vector<std::string>{"a", "b", "c"}));
  CHECK_EQ(dataset->classes[101], 2);
}

LATHE_TEST("a text column with more values than a dictionary keeps can still be compared") {
  std::string rows = "who,twice,x,y\n";
  for (int i = 0; i < 80000; ++i)
    rows += "person-" + std::to_string(i * 7919 % 80000) + ",p" + std::to_string(i / 2) + "," + std::to_string(i % 91) +
            "," + (i % 3 == 0 ? "a" : "b") + "\n";
  const OpenedText text(rows);
  const auto profile = profileOf(text);
  CHECK(column(profile, "who").kind == ColumnKind::Id);
  CHECK_EQ(column(profile, "who").distinct, std::int64_t{80000});
  CHECK_EQ(column(profile, "twice").distinct, std::int64_t{40000});
  CHECK_EQ((*text.source)->cell(79999, 1), std::string("p39999"));
  spec::DataSpec spec;
  spec.kinds["who"] = ColumnKind::Category;
  spec.roles["who"] = ColumnRole::Feature;
  const auto refused = (*text.source)->dataset(spec);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("data.too_many_categories"));
  spec = {};
  spec.roles["who"] = ColumnRole::Group;
  REQUIRE_OK((*text.source)->dataset(spec));
}

LATHE_TEST("cells with line ends inside survive the cuts between chunks") {
  std::string rows = "n,note,y\r\n";
  for (int i = 0; i < 30000; ++i)
    rows += std::to_string(i) + ",\"line one, of " + std::to_string(i % 5) + "\nline \"\"two\"\"\"," +
            (i % 2 == 0 ? "a" : "b") + "\r\n";
  const OpenedText text(rows);
  const auto profile = profileOf(text);
  CHECK_EQ(profile.rows, std::int64_t{30000});
  CHECK_EQ(column(profile, "note").distinct, std::int64_t{5});
  CHECK_EQ((*text.source)->cell(29999, 0), std::string("29999"));
  CHECK_EQ((*text.source)->cell(29999, 1), std::string("line one, of 4\nline \"two\""));
  CHECK_EQ((*text.source)->cell(29999, 2), std::string("b"));
}

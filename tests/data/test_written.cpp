// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/data/dates.h"
#include "core/data/written_numbers.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;
using spec::ColumnKind;

namespace {

double written(const std::string& text, char decimal = '.') {
  double value = 0;
  std::uint32_t signs = 0;
  return data::parseWritten(text.data(), text.data() + text.size(), decimal, value, signs) ? value : std::nan("");
}

/// A table with a column v of these cells, a number and a class; the delimiter is ; unless said.
std::string tableOf(const std::vector<std::string>& cells, char delimiter = ';') {
  std::string text = std::string("v") + delimiter + "n" + delimiter + "y\n";
  for (std::size_t i = 0; i < cells.size(); ++i)
    text += cells[i] + delimiter + std::to_string(i * 7 % 5) + delimiter + (i % 2 == 0 ? "a" : "b") + "\n";
  return text;
}

spec::DataProfile profileOf(const std::string& text, const spec::DataSpec& spec = {}) {
  const OpenedText opened(text, "data.csv", spec);
  if (!opened.source) throw std::runtime_error(opened.openSentence());
  auto profile = (*opened.source)->profile(spec);
  if (!profile) throw std::runtime_error(profile.error().sentence());
  return *profile;
}

std::int64_t seconds(const std::string& text, data::DayOrder order = data::DayOrder::DayFirst) {
  data::DayOrderSeen seen;
  std::int64_t micros = 0;
  const bool read = data::parseDateTime(text.data(), text.data() + text.size(), order, seen, micros);
  return read ? micros / 1'000'000 : -1;
}

}  // namespace

LATHE_TEST("written numbers lose their signs and nothing else") {
  CHECK_EQ(written("1,234.5"), 1234.5);
  CHECK_EQ(written("1,234,567"), 1234567.0);
  CHECK_EQ(written("1 234,5", ','), 1234.5);
  CHECK_EQ(written("1.234,5", ','), 1234.5);
  CHECK_EQ(written("1\u202f234\u202f567"), 1234567.0);
  CHECK_EQ(written("1'234.50"), 1234.5);
  CHECK_EQ(written("12.5 %"), 12.5);
  CHECK_EQ(written("-3%"), -3.0);
  CHECK_EQ(written("$1,234.50"), 1234.5);
  CHECK_EQ(written("-$5"), -5.0);
  CHECK_EQ(written("$-5"), -5.0);
  CHECK_EQ(written("5 \u20ac"), 5.0);
  CHECK_EQ(written("\u00a37"), 7.0);
  CHECK_EQ(written("\u00a5 1,000"), 1000.0);
  CHECK_EQ(written("USD 20"), 20.0);
  CHECK_EQ(written("12.5\u5143"), 12.5);
  CHECK_EQ(written("(1,234.5)"), -1234.5);
  CHECK_EQ(written("($3)"), -3.0);
  CHECK_EQ(written("\u22122.5"), -2.5);
  for (const char* other : {"1,23", "12,34,567",  "1234,567", "0,567", ",567",  "1,234,56", "1,234 567", "1.234.567",
                            "5%%",  "$5%",        "(-5)",     "()",    "%",     "$",        "007%",      "1e5%",
                            "5 kg", "2024-01-01", "1_000",    "0x10",  "((5))", "5 5"})
    CHECK(std::isnan(written(other)));
  CHECK(std::isnan(written("12.5")));
}

LATHE_TEST("columns of thousands, percentages, currencies and accountants' negatives are numbers, and said to be") {
  const auto check = [](const std::vector<std::string>& cells, double least, double most, const std::string& example) {
    const auto profile = profileOf(tableOf(cells));
    CHECK(column(profile, "v").kind == ColumnKind::Real);
    CHECK_EQ(column(profile, "v").min, least);
    CHECK_EQ(column(profile, "v").max, most);
    CHECK(warns(profile, "data.written_numbers", example));
  };
  check({"1,234.5", "12", "1,000,000", "3.25"}, 3.25, 1e6, "1,234.5 in row 1 is 1234.5");
  check({"1 234,5", "12", "1 000 000", "3,25"}, 3.25, 1e6, "1 234,5 in row 1 is 1234.5");
  check({"1.234,5", "12,5", "1.000.000", "3,25"}, 3.25, 1e6, "1.234,5 in row 1 is 1234.5");
  check({"12.5 %", "3 %", "-1 %", "100 %"}, -1, 100, "12.5 % in row 1 is 12.5");
  check({"7", "$1,250", "$3.50", "-$2"}, -2, 1250, "$1,250 in row 2 is 1250");
  check({"5 \u20ac", "6 \u20ac", "7 \u20ac", ""}, 5, 7, "5 \u20ac in row 1 is 5");
  check({"100", "(250)", "30", "(1)"}, -250, 100, "(250) in row 2 is -250");
}

LATHE_TEST("a comma in a quoted cell of a comma file separates thousands, unless some cell shows a decimal comma") {
  const auto thousands = profileOf(tableOf({"\"1,234\"", "\"2,500\"", "900"}, ','));
  CHECK_EQ(thousands.decimal, ".");
  CHECK_EQ(column(thousands, "v").max, 2500.0);
  CHECK(warns(thousands, "data.written_numbers", "1,234 in row 1 is 1234"));
  const auto decimals = profileOf(tableOf({"\"1,234\"", "\"0,500\"", "\"2,5\""}, ','));
  CHECK_EQ(decimals.decimal, ",");
  CHECK_EQ(column(decimals, "v").min, 0.5);
  CHECK_EQ(column(decimals, "v").max, 2.5);
}

LATHE_TEST("a comma that may be either sign is named, and a person's decimal sign decides") {
  const auto text = tableOf({"1,234", "2,500", "9,125"});
  const auto guessed = profileOf(text);
  CHECK_EQ(column(guessed, "v").max, 9.125);
  CHECK(warns(guessed, "data.unclear_comma", "1,234"));
  spec::DataSpec spec;
  spec.reading.decimal = ".";
  const auto told = profileOf(text, spec);
  CHECK_EQ(column(told, "v").max, 9125.0);
  CHECK(!warns(told, "data.unclear_comma"));
  CHECK(warns(told, "data.written_numbers"));
}

LATHE_TEST("percentages beside plain numbers, two currencies, and labels in parentheses stay words") {
  const auto mixed = profileOf(tableOf({"5%", "0.05", "7%", "5%"}));
  CHECK(column(mixed, "v").kind == ColumnKind::Category);
  CHECK(warns(mixed, "data.mixed_units", "Column v"));
  CHECK(warns(profileOf(tableOf({"$5", "\u20ac5", "$7", "$5"})), "data.mixed_units"));
  const auto labels = profileOf(tableOf({"(1)", "(2)", "(1)", "(2)"}));
  CHECK(column(labels, "v").kind == ColumnKind::Category);
  CHECK(!warns(labels, "data.mixed_units"));
}

LATHE_TEST("a written number far down in a column of plain ones is read, and its row named") {
  std::vector<std::string> cells;
  cells.reserve(60000);
  for (int i = 0; i < 60000; ++i) cells.push_back(i == 50000 ? "\"1,234\"" : std::to_string(i % 900));
  const auto profile = profileOf(tableOf(cells, ','));
  CHECK_EQ(column(profile, "v").max, 1234.0);
  CHECK(warns(profile, "data.written_numbers", "1,234 in row 50001 is 1234"));
}

LATHE_TEST("quantile names such as 25% are a header") {
  const OpenedText opened("25%,50%,75%,y\n1,2,3,a\n2,3,4,b\n3,4,5,a\n");
  REQUIRE_OK(opened.source);
  CHECK_EQ((*opened.source)->columnNames()[0], "25%");
  const OpenedText bare("5%,6%,a\n7%,8%,b\n9%,10%,a\n");
  REQUIRE_OK(bare.source);
  CHECK_EQ((*bare.source)->rows(), 3);
}

LATHE_TEST("a class of a written target keeps its spelling and is found again") {
  spec::DataSpec spec;
  spec.target = "v";
  spec.task = spec::Task::Classification;
  const OpenedText opened(tableOf({"5 %", "10 %", "5 %", "10 %", "5 %", "10 %"}), "d.csv", spec);
  REQUIRE_OK(opened.source);
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.target.classes == (std::vector<std::string>{"10 %", "5 %"}) ||
        dataset->schema.target.classes == (std::vector<std::string>{"5 %", "10 %"}));
  for (const auto index : dataset->classes) CHECK(index >= 0);
}

LATHE_TEST("a column that is numbers but for a few cells names the first and its row") {
  std::vector<std::string> few;
  few.reserve(40);
  for (int i = 0; i < 40; ++i) few.push_back(i == 7 ? "n.d." : i == 9 ? "broken" : std::to_string(i % 9) + ".5");
  const auto profile = profileOf(tableOf(few));
  CHECK(warns(profile, "data.mostly_numbers", "row 8 holds n.d."));
  spec::DataSpec spec;
  spec.reading.missing.insert(spec.reading.missing.end(), {"n.d.", "broken"});
  const auto mended = profileOf(tableOf(few), spec);
  CHECK(column(mended, "v").kind == ColumnKind::Real);
  CHECK_EQ(column(mended, "v").missing, std::int64_t{2});
  CHECK(!warns(mended, "data.mostly_numbers"));
  // More different values than a dictionary keeps.
  std::vector<std::string> many;
  many.reserve(90000);
  for (int i = 0; i < 90000; ++i) many.push_back(i == 70000 ? "oops" : std::to_string(i * 7919LL % 90001) + ".25");
  const auto large = profileOf(tableOf(many));
  CHECK(warns(large, "data.mostly_numbers", "row 70001 holds oops"));
  CHECK(!warns(large, "data.text_ignored"));
}

LATHE_TEST("codes with leading zeros and ordinary categories are not called mostly numbers") {
  std::vector<std::string> codes;
  std::vector<std::string> words;
  for (int i = 0; i < 60; ++i) {
    codes.push_back(i % 10 == 0 ? "01234" : std::to_string(10000 + i % 20));
    words.push_back(i % 3 == 0 ? "1" : i % 3 == 1 ? "B" : "C");
  }
  CHECK(!warns(profileOf(tableOf(codes)), "data.mostly_numbers"));
  CHECK(!warns(profileOf(tableOf(words)), "data.mostly_numbers"));
}

LATHE_TEST("a row of units below the header is left out and quoted") {
  std::string text = "length,mass,name,y\n(cm),(kg),-,\n";
  for (int i = 0; i < 30; ++i)
    text += std::to_string(i) + ".5," + std::to_string(i * 2) + ",n" + std::to_string(i % 3) + "," +
            std::to_string(i % 2) + "\n";
  const auto profile = profileOf(text);
  CHECK_EQ(profile.rows, std::int64_t{30});
  CHECK(column(profile, "length").kind == ColumnKind::Real);
  CHECK(column(profile, "mass").kind == ColumnKind::Integer);
  CHECK(warns(profile, "data.units_row", "(cm) | (kg)"));
  // One odd cell in the first row is no row of units.
  CHECK_EQ(profileOf("a,b,y\nx,1,0\n2,2,1\n3,3,0\n4,4,1\n5,5,0\n").rows, std::int64_t{5});
}

LATHE_TEST("dates with month names, 12-hour clocks, offsets and Chinese signs are read") {
  const std::int64_t day = 1'709'251'200;  // 2024-03-01
  for (const char* text :
       {"1 Mar 2024", "Mar 1, 2024", "March 1 2024", "01-Mar-2024", "01-Mar-24", "1st March 2024", "Fri, 01 Mar 2024",
        "Friday, March 1st, 2024", "2024-Mar-01", "20240301", "2024/3/1", "01Mar2024", "2024年3月1日", "MAR. 1, 2024"})
    CHECK_EQ(seconds(text), day);
  CHECK_EQ(seconds("2024-03-01T10:00:00.123Z"), day + 36000);
  CHECK_EQ(seconds("2024-03-01T10:00:00.123+02:00"), day + 28800);
  CHECK_EQ(seconds("1 Mar 2024 10:30 PM"), day + 81000);
  CHECK_EQ(seconds("3/1/2024 12:05:30 AM", data::DayOrder::MonthFirst), day + 330);
  CHECK_EQ(seconds("2024-03-01 12:00 p.m."), day + 43200);
  CHECK_EQ(seconds("Fri, 01 Mar 2024 10:00:00 GMT"), day + 36000);
  CHECK_EQ(seconds("2024年3月1日 10:00"), day + 36000);
  for (const char* wrong : {"32 Mar 2024", "1 Mrz 2024", "Mar 2024 1", "2024-03-01 13:00 PM", "2024-03-01 0:10 AM",
                            "20241301", "18990101", "Monday", "March", "1 Mar 2024x", "May be 1, 2024", "20240301x"})
    CHECK_EQ(seconds(wrong), std::int64_t{-1});
}

LATHE_TEST("integers that are all days as yyyymmdd are dates, others stay integers") {
  const auto dates = profileOf(tableOf({"20240301", "20240229", "", "20231231"}));
  CHECK(column(dates, "v").kind == ColumnKind::DateTime);
  CHECK_EQ(column(dates, "v").max, 1709251200.0);
  CHECK_EQ(column(dates, "v").missing, std::int64_t{1});
  CHECK(warns(dates, "data.compact_dates", "column v"));
  CHECK(column(profileOf(tableOf({"20240301", "20240230", "20231231"})), "v").kind == ColumnKind::Integer);
}

LATHE_TEST("a date column that could be either order follows the file's others and says so") {
  const auto followed = profileOf("a,b,y\n03/04/2024,04/25/2024,1\n05/06/2024,01/02/2024,2\n05/07/2024,02/03/2024,1\n");
  CHECK(column(followed, "a").kind == ColumnKind::DateTime);
  CHECK_EQ(column(followed, "a").min, 1709510400.0);  // 4 March
  CHECK(warns(followed, "data.date_order", "column a are read as month/day"));
  CHECK(!warns(followed, "data.date_order", "column b"));
  std::string alone = "d,y\n";
  for (int i = 0; i < 60; ++i) alone += "0" + std::to_string(i % 3 + 1) + "/05/2024," + std::to_string(i % 2) + "\n";
  const auto ambiguous = profileOf(alone);
  CHECK(column(ambiguous, "d").kind == ColumnKind::Category);
  CHECK(warns(ambiguous, "data.ambiguous_dates", "Column d is taken as words"));
}

LATHE_TEST("a model of dates refuses rows whose dates may be either order, and takes plain yyyymmdd numbers as such") {
  std::string rows = "when,code,y\n";
  for (int i = 0; i < 30; ++i)
    rows += "0" + std::to_string(i % 9 + 1) + "/2" + std::to_string(i % 9) + "/2024," +
            std::to_string(20240301 + i % 7 * 100) + "5," + std::to_string(i % 2) + "\n";
  const OpenedText train(rows);
  REQUIRE_OK(train.source);
  const auto learnt = (*train.source)->dataset(train.spec);
  REQUIRE_OK(learnt);
  REQUIRE(learnt->schema.features.size() == 2);
  CHECK(learnt->schema.features[0].kind == ColumnKind::DateTime);
  CHECK(learnt->schema.features[1].kind == ColumnKind::Integer);
  const OpenedText unclear("when,code\n03/04/2024,1\n");
  REQUIRE_OK(unclear.source);
  const auto refused = (*unclear.source)->encode(learnt->schema, unclear.spec);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("data.ambiguous_dates"));
  const OpenedText days("when,code\n2024-04-03,20240301\n2024-04-03,20240302\n2024-04-03,20240303\n");
  REQUIRE_OK(days.source);
  const auto encoded = (*days.source)->encode(learnt->schema, days.spec);
  REQUIRE_OK(encoded);
  CHECK_EQ(encoded->table[2], 20240301.0F);
  CHECK_EQ(data::compactDay(seconds("2024-02-29") * 1'000'000), std::int64_t{20240229});
}

LATHE_TEST("columns that only count the rows are ignored whatever they are called") {
  for (const char* name : {"", "Unnamed: 0", "index", "row", "counter"}) {
    for (const int first : {0, 1}) {
      std::string text = std::string(name) + ",x,y\n";
      for (int i = 0; i < 30; ++i)
        text += std::to_string(i + first) + "," + std::to_string(i % 4) + ".5," + std::to_string(i % 2) + "\n";
      const auto profile = profileOf(text);
      CHECK(profile.columns[0].kind == ColumnKind::Id);
      CHECK(profile.columns[0].role == spec::ColumnRole::Ignore);
      CHECK(warns(profile, "data.id_column"));
    }
  }
}

LATHE_TEST("a first line of counts and class names that fills the columns is no header") {
  std::string iris = "30,4,setosa,versicolor,virginica\n";
  std::string boston = "30,4,,,\n\"A\",\"B\",\"C\",\"D\",\"Y\"\n";
  for (int i = 0; i < 30; ++i) {
    const auto row = "5." + std::to_string(i % 10) + ",3.5,1.4,0.2," + std::to_string(i % 3) + "\n";
    iris += row;
    boston += row;
  }
  const auto first = profileOf(iris);
  CHECK_EQ(first.rows, std::int64_t{30});
  CHECK(!first.header);
  const auto second = profileOf(boston);
  CHECK_EQ(second.rows, std::int64_t{30});
  CHECK_EQ(second.target, "Y");
  CHECK(column(second, "A").kind == ColumnKind::Real);
}

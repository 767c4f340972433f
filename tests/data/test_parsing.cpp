// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>

#include "core/base/random.h"
#include "core/data/cells.h"
#include "core/data/csv_columns.h"
#include "core/data/csv_dialect.h"
#include "core/data/encoding.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::data;

namespace {

/// One column of cells, indexed as the reader would, with the margins that the fast loops need.
struct OneColumn {
  explicit OneColumn(const std::vector<std::string>& cells) {
    std::string rows;
    for (const auto& cell : cells) rows += cell + ",x\n";
    memory = std::string(64, ' ') + rows + std::string(128, ' ');
    const CsvDialect dialect;
    indexed = scanPlain(memory.data() + 64, rows.size(), dialect, 2, index);
  }
  [[nodiscard]] ColumnCells cells() const { return {memory.data() + 64, &index, 2, 0}; }
  std::string memory;
  CellIndex index;
  bool indexed = false;
};

const CellRules plainRules{MissingWords({"", "NA"}), '.'};

std::string withoutMargin(const std::string& cell) {
  const auto first = cell.find_first_not_of("\n \r");
  return first == std::string::npos ? std::string() : cell.substr(first);
}

std::string randomReal(Random& random) {
  switch (random.below(8)) {
    case 0:
      return fmt::format("{}", random.normal() * std::pow(10.0, static_cast<double>(random.below(8)) - 4));
    case 1:
      return fmt::format("{:.17g}", random.normal());
    case 2:
      return fmt::format("{:.3f}", random.normal() * 1000);
    case 3:
      return fmt::format("-0.{:0>{}}", random.below(1000), 3 + random.below(16));
    case 4:
      return std::to_string(random.below(100000)) + "." + std::to_string(random.next());
    case 5:
      return fmt::format("{:e}", random.normal() * 1e200);
    case 6:
      return std::to_string(random.next() >> random.below(60));
    default:
      return "." + std::to_string(random.below(1000000));
  }
}

}  // namespace

LATHE_TEST("reals are rounded as the C library rounds them, to the last bit") {
  Random random(11);
  std::vector<std::string> texts;
  for (int i = 0; i < 40000; ++i) texts.push_back(randomReal(random));
  const OneColumn column(texts);
  REQUIRE(column.indexed);
  ColumnGathering gathering;
  Segment segment;
  REQUIRE(parseColumn(column.cells(), Storage::Real, DayOrder::DayFirst, plainRules, gathering, segment) ==
          Storage::Real);
  int wrong = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const double expected = std::strtod(texts[i].c_str(), nullptr);
    wrong += std::memcmp(&expected, segment.as<double>() + i, sizeof expected) == 0 ? 0 : 1;
  }
  CHECK_EQ(wrong, 0);
}

LATHE_TEST("integers are exact, and what is no integer makes the column wider") {
  Random random(12);
  std::vector<std::string> texts;
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 20000; ++i) {
    expected.push_back(static_cast<std::int64_t>(random.next() >> (1 + random.below(62))) *
                       (random.below(2) == 0 ? 1 : -1));
    texts.push_back(std::to_string(expected.back()));
  }
  const OneColumn column(texts);
  ColumnGathering gathering;
  Segment segment;
  REQUIRE(parseColumn(column.cells(), Storage::Integer, DayOrder::DayFirst, plainRules, gathering, segment) ==
          Storage::Integer);
  CHECK(std::memcmp(expected.data(), segment.as<std::int64_t>(), expected.size() * 8) == 0);
  const auto widened = [&](const std::string& odd) {
    const OneColumn cells({"1", "2", odd, "3"});
    return parseColumn(cells.cells(), Storage::Integer, DayOrder::DayFirst, plainRules, gathering, segment);
  };
  for (const char* fits : {"NA", "", " 7 ", "+7", "\"7\"", "-9223372036854775807"})
    CHECK(widened(fits) == Storage::Integer);
  for (const char* real : {"1.5", "9223372036854775808", "1e3", "-.5", "inf", "1e999", "1e-999"})
    CHECK(widened(real) == Storage::Real);
  for (const char* text : {"007", "-", "1 2", "0x10", "2024-01-01", "1_000", "--1"})
    CHECK(widened(text) == Storage::Codes);
}

LATHE_TEST("dates agree with the calendar in the fast and the careful way") {
  Random random(13);
  std::vector<std::string> texts;
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t seconds = static_cast<std::int64_t>(random.below(8'000'000'000)) - 2'000'000'000;
    const std::int64_t micros = seconds * 1'000'000;
    expected.push_back(micros);
    texts.push_back(dateText(micros));
  }
  const OneColumn column(texts);
  ColumnGathering gathering;
  Segment segment;
  REQUIRE(parseColumn(column.cells(), Storage::Date, DayOrder::DayFirst, plainRules, gathering, segment) ==
          Storage::Date);
  CHECK(std::memcmp(expected.data(), segment.as<std::int64_t>(), expected.size() * 8) == 0);
  const auto micros = [](const std::string& text) {
    std::int64_t value = -1;
    DayOrderSeen seen;
    return parseDateTime(text.data(), text.data() + text.size(), DayOrder::DayFirst, seen, value) ? value : -1;
  };
  CHECK_EQ(micros("1970-01-02"), std::int64_t{86'400'000'000});
  CHECK_EQ(micros("1970-01-01T00:00:01.25Z"), std::int64_t{1'250'000});
  CHECK_EQ(micros("1970-01-01 02:00:00+02:00"), std::int64_t{0});
  CHECK_EQ(micros("1970-01-01 00:00-0130"), std::int64_t{5'400'000'000});
  CHECK_EQ(micros("2000-02-29"), std::int64_t{951'782'400'000'000});
  for (const char* wrong : {"1900-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "2024-01-01T25:00", "2024-1",
                            "2024-01-01x", "2024-01-01 10", "0000-01-01", "2024-01-01 10:00:00.", "1/2/03"})
    CHECK_EQ(micros(wrong), std::int64_t{-1});
}

LATHE_TEST("the vectorised scan and the plain one cut the same cells") {
  Random random(14);
  const std::string alphabet = "ab,,\n\"\" \r1";
  const CsvDialect dialect;
  int compared = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const auto length = random.below(200);
    for (std::uint64_t i = 0; i < length; ++i)
      text += alphabet[static_cast<std::size_t>(random.below(alphabet.size()))];
    text += '\n';
    std::string memory = text + std::string(128, ',');
    std::vector<std::string_view> row;
    std::size_t position = 0;
    if (!nextRow(text, dialect, position, row)) continue;
    const std::size_t columns = row.size();
    CellIndex index;
    std::size_t consumed = 0;
    const auto problem = scanExactly(memory.data(), text.size(), dialect, columns, true, index, consumed);
    if (problem.kind == ScanProblem::Kind::OpenQuote) continue;
    position = 0;
    std::size_t rows = 0;
    bool ragged = false;
    while (nextRow(text, dialect, position, row) && !ragged) {
      ragged = row.size() != columns;
      for (std::size_t c = 0; c < columns && !ragged && rows < index.rows; ++c, ++compared) {
        const std::size_t begin = c == 0 ? index.rowStarts[rows] : index.ends[rows * columns + c - 1] + 1;
        const std::size_t end = index.ends[rows * columns + c];
        // Blank lines before a row belong to its first cell in one of the two.
        CHECK_EQ(withoutMargin(memory.substr(begin, end - begin)), withoutMargin(std::string(row[c])));
      }
      if (!ragged) ++rows;
    }
    CHECK_EQ(ragged, problem.kind == ScanProblem::Kind::Ragged);
    if (!ragged) CHECK_EQ(rows, index.rows);
  }
  CHECK(compared > 1000);
}

LATHE_TEST("UTF-8 is told from what is not, and repaired") {
  CHECK(isUtf8("gr\xc3\xbc\xc3\x9f"));
  CHECK(!isUtf8("gr\xfc\xdf"));
  CHECK(!isUtf8("\xc0\x80"));
  CHECK(!isUtf8("\xed\xa0\x80"));
  CHECK(!isUtf8("\xf5\x80\x80\x80"));
  CHECK(!isUtf8("ab\xc3"));
  CHECK(isUtf8("ab\xc3", true));
  CHECK_EQ(repairUtf8("a\xffz"), std::string("a\xef\xbf\xbdz"));
}

LATHE_TEST("words are sorted as people count") {
  CHECK(naturalLess("2", "10"));
  CHECK(naturalLess("-3", "1"));
  CHECK(naturalLess("class2", "class10"));
  CHECK(naturalLess("9", "a"));
  CHECK(!naturalLess("b", "a"));
  CHECK(!naturalLess("a", "a"));
}

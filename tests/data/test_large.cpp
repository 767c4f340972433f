// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

// Longer than a chunk, with quotes of every sort.
std::string quotedRows(int rows, int oddRow, const std::string& odd) {
  std::string text = "size,note,n,y\n";
  for (int i = 0; i < rows; ++i)
    text += i == oddRow ? odd
                        : "\"" + std::to_string(i % 9) + "\",\"say \"\"" + std::to_string(i % 5) +
                              "\"\",\nand stop\"," + std::to_string(i) + "," + (i % 2 == 0 ? "\"a\"" : "b") + "\n";
  return text;
}

}  // namespace

LATHE_TEST("quotes inside plain cells do not mislead the cuts between chunks") {
  for (const int oddRow : {3, 20000, 39999}) {
    const OpenedText text(quotedRows(40000, oddRow, "5\" pipe,x,7,b\n"));
    REQUIRE_OK(text.source);
    const auto& source = **text.source;
    CHECK_EQ(source.rows(), std::int64_t{40000});
    CHECK_EQ(source.cell(oddRow, 0), std::string("5\" pipe"));
    CHECK_EQ(source.cell(oddRow == 39999 ? 39998 : 39999, 2), std::to_string(oddRow == 39999 ? 39998 : 39999));
    CHECK_EQ(source.cell(19998, 1), std::string("say \"3\",\nand stop"));
  }
}

LATHE_TEST("a ragged row or an open quote among many quoted rows is named by its line") {
  const OpenedText ragged(quotedRows(40000, 30000, "1,2,3\n"));
  CHECK_EQ(ragged.openCode(), std::string("data.ragged"));
  CHECK(ragged.openSentence().find("Line 60002 ") != std::string::npos);
  const OpenedText open(quotedRows(40000, 30000, "1,\"2,3,a\n"));
  CHECK_EQ(open.openCode(), std::string("data.unbalanced_quote"));
  CHECK(open.openSentence().find("line 60002 ") != std::string::npos);
}

LATHE_TEST("ten thousand columns are read and encoded") {
  std::string text;
  for (int c = 0; c < 10000; ++c) text += (c == 0 ? "v" : ",v") + std::to_string(c);
  text += "\n";
  for (int i = 0; i < 60; ++i)
    for (int c = 0; c < 10000; ++c)
      text += std::to_string((i * 31 + c * 7) % 97) + (c == 9999 ? "\n" : c % 2 == 0 ? ".5," : ",");
  const OpenedText opened(text);
  REQUIRE_OK(opened.source);
  CHECK_EQ((*opened.source)->columnNames().size(), std::size_t{10000});
  CHECK_EQ((*opened.source)->cell(59, 9998), std::to_string((59 * 31 + 9998 * 7) % 97) + ".5");
  spec::DataSpec spec;
  spec.target = "v0";
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->schema.inputShape[0], std::int64_t{9999});
  CHECK_EQ(dataset->table[9999 + 1], static_cast<float>((31 + 2 * 7) % 97) + 0.5F);
}

LATHE_TEST("a row of a hundred megabytes is refused with its line") {
  const OpenedText text("a,b\n1,2\n3," + std::string(std::size_t{100} << 20, 'x') + "\n");
  CHECK_EQ(text.openCode(), std::string("data.row_too_long"));
  CHECK(text.openSentence().find("Line 3 ") != std::string::npos);
}

LATHE_TEST("carriage returns alone end lines, also where a quoted cell holds a line feed") {
  std::string text = "a,note,y\r";
  for (int i = 0; i < 30000; ++i) text += std::to_string(i) + ",\"one\ntwo\"," + (i % 2 == 0 ? "u" : "v") + "\r";
  const OpenedText opened(text);
  REQUIRE_OK(opened.source);
  CHECK_EQ((*opened.source)->rows(), std::int64_t{30000});
  CHECK_EQ((*opened.source)->cell(29999, 0), std::string("29999"));
  CHECK_EQ((*opened.source)->cell(29999, 1), std::string("one\ntwo"));
}

LATHE_TEST("columns of a large file that change their kind at the end keep all their values") {
  constexpr int rows = 500'000;
  std::string text = "whole,real,word,y\n";
  for (int i = 0; i + 1 < rows; ++i)
    text += std::to_string(i % 1000) + "," + std::to_string(i) + "," + std::to_string(i % 7) + "," +
            (i % 2 == 0 ? "left" : "right") + "\n";
  text += "5,1.5,many,left\n";
  const OpenedText opened(text);
  REQUIRE_OK(opened.source);
  const auto profile = (*opened.source)->profile({});
  REQUIRE_OK(profile);
  CHECK(column(*profile, "whole").kind == spec::ColumnKind::Integer);
  CHECK(column(*profile, "real").kind == spec::ColumnKind::Real);
  CHECK_EQ(column(*profile, "word").distinct, std::int64_t{8});
  spec::DataSpec spec;
  spec.target = "y";
  spec.roles["word"] = spec::ColumnRole::Feature;
  spec.kinds["word"] = spec::ColumnKind::Category;
  const auto dataset = (*opened.source)->dataset(spec);
  REQUIRE_OK(dataset);
  int wrong = 0;
  for (int i = 0; i + 1 < rows; ++i) {
    const float* row = dataset->table.data() + static_cast<std::size_t>(i) * 3;
    const bool kept = row[0] == static_cast<float>(i % 1000) && row[1] == static_cast<float>(i) &&
                      row[2] == static_cast<float>(i % 7);
    if (!kept) ++wrong;
  }
  CHECK_EQ(wrong, 0);
  CHECK_EQ(dataset->table[static_cast<std::size_t>(rows - 1) * 3 + 1], 1.5F);
  CHECK_EQ(dataset->table[static_cast<std::size_t>(rows - 1) * 3 + 2], 7.0F);
}

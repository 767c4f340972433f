// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>

#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

std::string rowsOf(const std::string& head, const std::function<std::string(int)>& row) {
  std::string text = head;
  for (int i = 0; i < 40; ++i) text += row(i) + "\n";
  return text;
}

std::string plainRow(int i) { return std::to_string(i % 7) + "," + std::to_string(i) + ".5," + std::to_string(i % 2); }

using Names = std::vector<std::string>;

}  // namespace

LATHE_TEST("comments and titles before the header are passed over") {
  for (const char* head : {"# made by a program\n# in 2024, by me\na,b,y\n", "Report of sales\n\na,b,y\n",
                           "#a comment, of, three\n# and another\na,b,y\n"}) {
    const OpenedText opened(rowsOf(head, plainRow));
    REQUIRE_OK(opened.source);
    CHECK((*opened.source)->columnNames() == Names({"a", "b", "y"}));
    CHECK_EQ((*opened.source)->rows(), 40);
    CHECK_EQ((*opened.source)->cell(0, 1), "0.5");
  }
}

LATHE_TEST("a header that starts with a number sign is a header") {
  const OpenedText opened(rowsOf("#a,b,y\n", plainRow));
  REQUIRE_OK(opened.source);
  CHECK((*opened.source)->columnNames() == Names({"#a", "b", "y"}));
}

LATHE_TEST("a first line of sizes and class names is not part of the table") {
  const OpenedText opened(
      rowsOf("40,6,no,yes\n", [](int i) { return std::to_string(i) + ".5,1,2,3,4,5,6,7," + std::to_string(i % 2); }));
  REQUIRE_OK(opened.source);
  CHECK_EQ((*opened.source)->columnNames().size(), 9U);
  CHECK_EQ((*opened.source)->rows(), 40);
}

LATHE_TEST("the line sep= names the delimiter") {
  const OpenedText opened(rowsOf("sep=;\r\na;b;y\r\n", [](int i) { return std::to_string(i) + ";1,5;x\r"; }));
  REQUIRE_OK(opened.source);
  CHECK((*opened.source)->columnNames() == Names({"a", "b", "y"}));
  CHECK_EQ((*opened.source)->rows(), 40);
}

LATHE_TEST("a delimiter at the end of each row makes an empty column that is no target") {
  for (const char* head : {"a,b,y\n", "a,b,y,\n"}) {
    const OpenedText opened(rowsOf(head, [](int i) { return plainRow(i) + ","; }));
    REQUIRE_OK(opened.source);
    CHECK((*opened.source)->columnNames() == Names({"a", "b", "y", "c3"}));
    const auto profile = (*opened.source)->profile(opened.spec);
    REQUIRE_OK(profile);
    CHECK_EQ(profile->target, "y");
  }
}

LATHE_TEST("row names without a name above them come first") {
  const OpenedText opened(rowsOf("\"a\" \"b\" \"y\"\n", [](int i) {
    return "\"" + std::to_string(i + 1) + "\" " + std::to_string(i % 7) + " 1.5 " + std::to_string(i % 2);
  }));
  REQUIRE_OK(opened.source);
  CHECK((*opened.source)->columnNames() == Names({"c0", "a", "b", "y"}));
  CHECK_EQ((*opened.source)->cell(0, 0), "1");
}

LATHE_TEST("errors behind a preamble name the line of the file") {
  const OpenedText opened(rowsOf("# one\n# two\na,b,y\n", plainRow) + "1,2\n");
  CHECK_EQ(opened.openCode(), "data.ragged");
  CHECK(opened.openSentence().find("Line 44 ") != std::string::npos);
}

LATHE_TEST("half-precision arrays are read") {
  std::string header = "{'descr': '<f2', 'fortran_order': False, 'shape': (4, 2), }";
  header.resize(117, ' ');
  header += '\n';
  std::string bytes = std::string("\x93NUMPY\x01", 7) + std::string(1, '\0') + static_cast<char>(header.size()) +
                      std::string(1, '\0') + header;
  // 1.5, -2, the smallest subnormal, 65504, an infinity, NaN, 0, 1.
  for (const unsigned bits : {0x3e00U, 0xc000U, 0x0001U, 0x7bffU, 0x7c00U, 0x7e00U, 0x0000U, 0x3c00U})
    bytes += {static_cast<char>(bits & 0xff), static_cast<char>(bits >> 8)};
  const OpenedText opened(bytes, "d.npy");
  REQUIRE_OK(opened.source);
  const auto& source = **opened.source;
  CHECK_EQ(source.cell(0, 0), "1.5");
  CHECK_EQ(source.cell(0, 1), "-2");
  CHECK_EQ(source.cell(1, 0), "5.960464477539063e-08");
  CHECK_EQ(source.cell(1, 1), "65504");
  CHECK_EQ(source.cell(2, 0), "");
  CHECK_EQ(source.cell(2, 1), "");
}

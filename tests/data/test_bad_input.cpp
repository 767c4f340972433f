// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

bool says(const OpenedText& text, const std::string& words) {
  return text.openSentence().find(words) != std::string::npos;
}

}  // namespace

LATHE_TEST("an empty file, and one of blank lines, is refused with its name") {
  const OpenedText empty("");
  CHECK_EQ(empty.openCode(), std::string("data.empty_file"));
  CHECK(says(empty, "data.csv is empty"));
  CHECK_EQ(OpenedText("\n\n  \r\n").openCode(), std::string("data.empty_file"));
  CHECK_EQ(OpenedText("\xef\xbb\xbf").openCode(), std::string("data.empty_file"));
  CHECK_EQ(OpenedText(gzipped(""), "data.csv.gz").openCode(), std::string("data.empty_file"));
}

LATHE_TEST("a header without rows is refused") {
  CHECK_EQ(OpenedText("a,b,c\n").openCode(), std::string("data.header_only"));
  CHECK_EQ(OpenedText("a,b,c").openCode(), std::string("data.header_only"));
  CHECK_EQ(OpenedText("a,b,c\n\n\n").openCode(), std::string("data.header_only"));
}

LATHE_TEST("a ragged row is refused with its line and its number of values") {
  const OpenedText shorter("a,b,c\n1,2,3\n4,5,6\n7,8\n9,1,2\n");
  CHECK_EQ(shorter.openCode(), std::string("data.ragged"));
  CHECK(says(shorter, "Line 4 "));
  CHECK(says(shorter, "2 values where 3"));
  const OpenedText longer("a,b\n1,\"x\ny\"\n2,y\n3,y,z,w\n");
  CHECK_EQ(longer.openCode(), std::string("data.ragged"));
  CHECK(says(longer, "Line 5 "));
  CHECK(says(longer, "4 values where 2"));
  std::string many = "a,b\n";
  for (int i = 0; i < 200000; ++i) many += i == 150000 || i == 190000 ? "1\n" : "12345,67890\n";
  const OpenedText late(many);
  CHECK(says(late, "Line 150002 "));
}

LATHE_TEST("an unbalanced quote is refused with the line that opens it") {
  const OpenedText atEnd("a,b\n1,x\n2,\"y\n3,z\n");
  CHECK_EQ(atEnd.openCode(), std::string("data.unbalanced_quote"));
  CHECK(says(atEnd, "line 3 "));
  const OpenedText middle("a,b\n1,\"x\n2,y\n3,\"z\"\n4,w\n");
  CHECK_EQ(middle.openCode(), std::string("data.unbalanced_quote"));
  CHECK(says(middle, "line 2 "));
  std::string many = "a,b\n1,\"open\n";
  for (int i = 0; i < 100000; ++i) many += "12345,67890\n";
  CHECK_EQ(OpenedText(many).openCode(), std::string("data.unbalanced_quote"));
}

LATHE_TEST("quotes inside a cell are ordinary characters") {
  const OpenedText text("size,y\n5\" pipe,1\n6\" pipe,2\n5\" pipe,1\n");
  REQUIRE_OK(text.source);
  CHECK_EQ((*text.source)->cell(1, 0), std::string("6\" pipe"));
}

LATHE_TEST("binary data named .csv is refused, and so are single images and other formats") {
  std::string binary;
  for (int i = 0; i < 2000; ++i) binary += static_cast<char>(i * 37 % 256);
  CHECK_EQ(OpenedText(binary).openCode(), std::string("data.binary_file"));
  CHECK_EQ(OpenedText("\x7f"
                      "ELF\x02\x01\x01" +
                      std::string(64, '\0'))
               .openCode(),
           std::string("data.binary_file"));
  CHECK_EQ(OpenedText("\x89PNG\r\n\x1a\n" + std::string(64, '\0')).openCode(), std::string("data.single_image"));
  CHECK_EQ(OpenedText("PAR1" + std::string(64, '\1')).openCode(), std::string("data.unknown_format"));
}

LATHE_TEST("one column can be looked at but not trained on") {
  const OpenedText text("a\n1\n2\n3\n");
  REQUIRE_OK(text.source);
  CHECK_EQ((*text.source)->rows(), std::int64_t{3});
  CHECK_EQ(text.datasetCode(), std::string("data.one_column"));
  const auto profile = (*text.source)->profile({});
  REQUIRE_OK(profile);
  CHECK(warns(*profile, "data.one_column"));
}

LATHE_TEST("a missing, constant, empty or all-distinct target is refused") {
  spec::DataSpec spec;
  spec.target = "clas";
  const OpenedText unknown("x,class\n1,a\n2,b\n3,a\n", "data.csv", spec);
  REQUIRE_OK(unknown.source);
  CHECK_EQ(unknown.datasetCode(), std::string("data.no_target"));
  CHECK((*unknown.source)->dataset(spec).error().sentence().find("Did you mean class?") != std::string::npos);
  CHECK_EQ(OpenedText("x,y\n1,a\n2,a\n3,a\n").datasetCode(), std::string("data.constant_target"));
  CHECK_EQ(OpenedText("x,y\n1,5\n2,5\n3,5\n").datasetCode(), std::string("data.constant_target"));
  CHECK_EQ(OpenedText("x,y\n1,NA\n2,\n3,?\n").datasetCode(), std::string("data.target_missing"));
  CHECK_EQ(OpenedText("x,y\n1,ann\n2,bob\n3,cid\n4,dan\n").datasetCode(), std::string("data.all_distinct_target"));
}

LATHE_TEST("a text target cannot be a regression, and a table without features cannot train") {
  spec::DataSpec spec;
  spec.task = spec::Task::Regression;
  CHECK_EQ(OpenedText("x,y\n1,a\n2,b\n3,a\n", "d.csv", spec).datasetCode(), std::string("data.target_not_numeric"));
  CHECK_EQ(OpenedText("x,y\n7,a\n7,b\n7,a\n").datasetCode(), std::string("data.no_features"));
}

LATHE_TEST("missing, unreadable and strange paths are errors with the path") {
  const auto missing = data::openData("/no/such/file.csv", {});
  REQUIRE(!missing);
  CHECK_EQ(missing.error().code, std::string("file.missing"));
  CHECK_EQ(data::openData("", {}).error().code, std::string("file.missing"));
  const TempFolder folder;
  const auto pipe = folder / "pipe.csv";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_EQ(data::openData(pipe, {}).error().code, std::string("data.not_a_file"));
  if (geteuid() != 0) {
    const OpenedText text("a,b\n1,2\n");
    std::filesystem::permissions(text.path, std::filesystem::perms::none);
    CHECK_EQ(data::openData(text.path, {}).error().code, std::string("file.no_permission"));
  }
}

LATHE_TEST("a truncated gzip file is refused") {
  std::string rows = "a,b\n";
  for (int i = 0; i < 5000; ++i) rows += std::to_string(i) + "," + std::to_string(i * i) + "\n";
  const auto whole = gzipped(rows);
  CHECK_EQ(OpenedText(whole.substr(0, whole.size() / 2), "d.csv.gz").openCode(), std::string("data.truncated_gz"));
}

LATHE_TEST("a file that vanishes or shrinks after opening keeps its dataset and gives empty cells") {
  std::string rows = "a,y\n";
  for (int i = 0; i < 100000; ++i) rows += std::to_string(i % 100) + "," + (i % 2 == 0 ? "u" : "v") + "\n";
  const OpenedText text(rows);
  REQUIRE_OK(text.source);
  std::filesystem::resize_file(text.path, 10);
  CHECK_EQ((*text.source)->cell(99999, 0), std::string());
  const auto dataset = (*text.source)->dataset(text.spec);
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->rows, std::size_t{100000});
}

LATHE_TEST("infinities, huge integers and a class of one row are accepted with a warning") {
  std::string rows = "r,big,wide,y\n";
  for (int i = 0; i < 30; ++i)
    rows += (i == 3   ? std::string("inf")
             : i == 4 ? std::string("-Infinity")
                      : std::to_string(i) + ".5") +
            "," + "9999999999999999999" + std::to_string(i % 10) + "," + std::to_string(16777217 + i * 3 % 17) + "," +
            (i == 0       ? "single"
             : i % 2 == 0 ? "a"
                          : "b") +
            "\n";
  const OpenedText text(rows);
  REQUIRE_OK(text.source);
  const auto profile = (*text.source)->profile({});
  REQUIRE_OK(profile);
  CHECK(warns(*profile, "data.infinities", "2 infinite"));
  CHECK_EQ(column(*profile, "r").missing, std::int64_t{2});
  CHECK(warns(*profile, "data.integers_beyond_64_bits", "big"));
  CHECK(column(*profile, "big").kind == spec::ColumnKind::Real);
  CHECK(warns(*profile, "data.integers_beyond_24_bits", "wide"));
  CHECK(warns(*profile, "data.single_row_class", "single"));
  const auto dataset = (*text.source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->split.train[0], std::uint32_t{0});
}

LATHE_TEST("numbers that single precision cannot hold or tell apart are warned of") {
  std::string rows = "stamp,huge,fine,y\n";
  for (int i = 0; i < 40; ++i)
    rows += std::to_string(1600000000 + i) + ".5," + (i == 7 ? "1e39" : std::to_string(i) + ".25") + "," +
            std::to_string(1000000 + i * 1000) + ".5," + std::to_string(2000000000 + i % 25) + ".5\n";
  const OpenedText text(rows);
  REQUIRE_OK(text.source);
  const auto profile = (*text.source)->profile({});
  REQUIRE_OK(profile);
  CHECK(warns(*profile, "data.rounded_to_float32", "Column stamp"));
  CHECK(warns(*profile, "data.rounded_to_float32", "Column y"));
  CHECK(!warns(*profile, "data.rounded_to_float32", "Column fine"));
  CHECK(warns(*profile, "data.beyond_float32", "Column huge"));
  const auto dataset = (*text.source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK(std::isnan(dataset->table[7 * 3 + 1]));
}

LATHE_TEST("a cancelled reading says so") {
  const TempFolder folder;
  std::string rows = "a,b\n";
  for (int i = 0; i < 1000; ++i) rows += "1,2\n";
  writeBytes(folder / "d.csv", rows);
  std::stop_source stop;
  stop.request_stop();
  const auto source = data::openData(folder / "d.csv", {}, {{}, stop.get_token()});
  REQUIRE(!source);
  CHECK_EQ(source.error().code, std::string(cancelledCode));
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Data files that are wrong: one sentence, nothing lost.
#include <filesystem>
#include <fmt/format.h>
#include <zlib.h>

#include "tests/cli/cli_tables.h"
#include "tests/cli/faults_support.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

/// train and data inspect both refuse it, and the file is left as it was.
void checkBad(const std::string& text, const std::string& says, const Args& more = {}, bool inspectToo = true) {
  const TempFolder folder;
  write(folder / "bad.csv", text);
  Args train{"train", "--data", "bad.csv", "--epochs", "1"};
  train.insert(train.end(), more.begin(), more.end());
  CHECK_REFUSED(latheJson(folder.path(), train), "data.", says);
  if (inspectToo) CHECK_REFUSED(latheJson(folder.path(), {"data", "inspect", "bad.csv"}), "data.", says);
  CHECK_EQ(read(folder / "bad.csv"), text);
  // The project stays usable.
  writeClasses(folder / "d.csv", 60);
  CHECK_EQ(latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "1"}).code, 0);
}

/// It trains; gives what data inspect sees.
Json checkAccepted(const TempFolder& folder, const Args& more = {}) {
  Args train{"train", "--data", "d.csv", "--epochs", "1"};
  train.insert(train.end(), more.begin(), more.end());
  const auto result = latheJson(folder.path(), train);
  CHECK_EQ(result.code, 0);
  if (result.code != 0) lathe::testing::reportFailure(__FILE__, __LINE__, result.err);
  return latheJson(folder.path(), {"data", "inspect", "d.csv"}).json();
}

std::string utf16(const std::string& text) {
  std::string out = "\xFF\xFE";
  for (const char c : text) {
    out += c;
    out += '\0';
  }
  return out;
}

std::string bigEndian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

void writeGz(const std::filesystem::path& file, const std::string& content) {
  gzFile out = gzopen(file.c_str(), "wb");
  gzwrite(out, content.data(), static_cast<unsigned>(content.size()));
  gzclose(out);
}

/// `count` grey images of 6 x 6, dark or bright by label.
void writeIdx(const std::filesystem::path& folder, std::uint32_t count) {
  std::string images = std::string("\0\0\x08\x03", 4) + bigEndian(count) + bigEndian(6) + bigEndian(6);
  std::string labels = std::string("\0\0\x08\x01", 4) + bigEndian(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const bool bright = i % 2 == 1;
    for (int p = 0; p < 36; ++p) images += static_cast<char>((bright ? 150 : 10) + (p * 7 + static_cast<int>(i)) % 60);
    labels += static_cast<char>(bright ? 1 : 0);
  }
  std::filesystem::create_directories(folder);
  writeGz(folder / "train-images-idx3-ubyte.gz", images);
  writeGz(folder / "train-labels-idx1-ubyte.gz", labels);
}

}  // namespace

LATHE_TEST("an empty file") { checkBad("", "bad.csv"); }
LATHE_TEST("a header without rows") { checkBad("a,b,y\n", "bad.csv"); }
LATHE_TEST("ragged rows") { checkBad("a,b,y\n1,2,x\n3,4\n5,6,y\n1,2,x,9\n", "3"); }
LATHE_TEST("an unbalanced quote") { checkBad("a,b,y\n1,\"2,x\n3,4,y\n5,6,x\n", "2"); }
LATHE_TEST("one column") { checkBad("a\n1\n2\n3\n4\n5\n6\n", "column", {}, false); }

LATHE_TEST("a binary file named .csv") {
  std::string bytes =
      "\x7F"
      "ELF";
  for (int i = 0; i < 4000; ++i) bytes += static_cast<char>(i * 37 % 251);
  bytes += std::string(200, '\0');
  checkBad(bytes, "bad.csv");
}

LATHE_TEST("a target that is missing, constant, or text that is different in every row") {
  std::string constant = "a,y\n";
  std::string distinct = "a,y\n";
  for (int i = 0; i < 40; ++i) {
    constant += fmt::format("{},same\n", i % 5);
    distinct += fmt::format("{},word number {}\n", i % 5, i);
  }
  checkBad(constant, "y", {"--target", "y"}, false);
  checkBad(distinct, "y", {"--target", "y"}, false);
  checkBad(constant, "prize", {"--target", "prize"}, false);
}

LATHE_TEST("UTF-16 is accepted") {
  const TempFolder folder;
  writeClasses(folder / "plain.csv", 60);
  write(folder / "d.csv", utf16(read(folder / "plain.csv")));
  const auto seen = checkAccepted(folder);
  CHECK_EQ(seen["rows"].get<int>(), 60);
  CHECK_EQ(seen["encoding"].get<std::string>(), "utf-16le");
}

LATHE_TEST("a class with one row is accepted, with a warning") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  write(folder / "d.csv", read(folder / "d.csv") + "1.0,2.0,red,lonely\n");
  const auto seen = checkAccepted(folder);
  CHECK_EQ(seen["classes"].size(), 4U);
  CHECK(!seen["warnings"].empty());
}

LATHE_TEST("infinities are taken as missing, integers beyond 64 bits as real") {
  const TempFolder folder;
  std::string text = "a,big,y\n";
  for (int i = 0; i < 60; ++i)
    text += fmt::format("{},{}{},{}\n",
                        i == 7   ? "inf"
                        : i == 8 ? "-Infinity"
                                 : fmt::format("{}.5", i),
                        i + 1, "00000000000000000000", i * 0.25);
  write(folder / "d.csv", text);
  const auto seen = checkAccepted(folder);
  REQUIRE(seen.contains("columns") && seen["columns"].size() == 3);
  CHECK_EQ(seen["columns"][0]["missing"].get<int>(), 2);
  CHECK_EQ(seen["columns"][1]["kind"].get<std::string>(), "real");
}

LATHE_TEST("a file that is not there, or may not be read") {
  const TempFolder folder;
  CHECK_REFUSED(latheJson(folder.path(), {"train", "--data", "gone.csv"}), "file.missing", "gone.csv");
  CHECK_REFUSED(latheJson(folder.path(), {"data", "inspect", "gone.csv"}), "file.missing", "gone.csv");
  CHECK(!std::filesystem::exists(folder / "lathe-project.lathe"));
  writeClasses(folder / "d.csv", 60);
  std::filesystem::permissions(folder / "d.csv", std::filesystem::perms::none);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  const auto args = withoutRights({LATHE_CLI, "data", "inspect", "d.csv", "--json"});
  if (!args.empty()) CHECK_REFUSED(program(folder.path(), args), "file.no_permission", "d.csv");
}

LATHE_TEST("a truncated IDX.gz") {
  const TempFolder folder;
  writeIdx(folder / "whole", 60);
  CHECK_EQ(latheJson(folder.path(), {"train", "--data", "whole", "--epochs", "1"}).code, 0);
  std::filesystem::create_directories(folder / "cut");
  for (const char* name : {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"})
    std::filesystem::copy(folder / "whole" / name, folder / "cut" / name);
  const auto images = folder / "cut" / "train-images-idx3-ubyte.gz";
  std::filesystem::resize_file(images, std::filesystem::file_size(images) / 2);
  CHECK_REFUSED(latheJson(folder.path(), {"train", "--data", "cut", "--epochs", "1"}), "data.", "train-images");
  CHECK_REFUSED(latheJson(folder.path(), {"data", "inspect", "cut"}), "data.", "train-images");
}

LATHE_TEST("a folder with broken images") {
  const TempFolder folder;
  for (const char* name : {"cat", "dog"}) {
    std::filesystem::create_directories(folder / "images" / name);
    for (int i = 0; i < 6; ++i)
      write(folder / "images" / name / fmt::format("{}.png", i), "\x89PNG\r\n\x1a\n this is no picture");
  }
  CHECK_REFUSED(latheJson(folder.path(), {"train", "--data", "images", "--epochs", "1"}), "data.", "images");
}

LATHE_TEST("a learning rate of 1e6 ends the run as failed with the step named, curves kept") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 400);
  const auto result = latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "20", "--optimizer", "sgd",
                                                "--lr", "1e6", "--set", "training.schedule.name=constant"});
  CHECK_REFUSED(result, "engine.diverged", "step");
  CHECK_EQ(result.json()["status"].get<std::string>(), "failed");
  CHECK_EQ(statusOf(folder.path()), std::string("failed"));
  CHECK(lastStep(folder.path()) >= 1);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// An export on its way into a folder that may hold others, with every moment at which it can be cut off.
#include <filesystem>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/services/export_files.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using exporting::ExportManifest;
using services::StagingFolder;
namespace fs = std::filesystem;

namespace {

constexpr int neverKilled = 100;

std::set<std::string> filesIn(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

ExportManifest manifestOf(const std::string& name, const std::vector<std::string>& files, const std::string& content,
                          int run) {
  ExportManifest manifest;
  manifest.name = name;
  manifest.run = run;
  manifest.schema.task = spec::Task::Regression;
  manifest.schema.inputShape = {1};
  manifest.schema.features = {{"x", spec::ColumnKind::Real, 0, 1, {}}};
  manifest.schema.target.name = "y";
  for (const auto& file : files)
    manifest.files.push_back({file, "torchscript", content.size(), sha256Of(std::string_view(content)), {}});
  return manifest;
}

/// Exports `content` as NAME.pt; `kill` ends the process after so many visible steps.
Result<void> put(const fs::path& folder, const std::string& name, const std::string& content, int run,
                 int kill = neverKilled) {
  LATHE_ASSIGN(staging, StagingFolder::make(folder));
  writeText(staging.path() / (name + ".pt"), content);
  return staging.install(manifestOf(name, {name + ".pt"}, content, run), [&kill] {
    if (--kill == 0) _exit(9);
  });
}

/// The same in a process of its own; true when it was killed before its end.
bool putAndKill(const fs::path& folder, const std::string& name, const std::string& content, int run, int kill) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(put(folder, name, content, run, kill) ? 0 : 1);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status) == 9;
}

/// The description that is found belongs to the file that is found.
std::int64_t wholeExport(const fs::path& dirOrFile) {
  const auto found = exporting::findExport(dirOrFile);
  REQUIRE_OK(found);
  CHECK_EQ(sha256Of(found->modelFile).value(), found->sha256);
  CHECK_EQ(found->manifest.files.at(0).sha256, found->sha256);
  return found->manifest.run;
}

}  // namespace

LATHE_TEST("killed after any step, a replaced export is the old one or the new one, whole") {
  int kill = 1;
  bool killed = true;
  std::set<std::int64_t> seen;
  for (; killed; ++kill) {
    const TempFolder folder;
    REQUIRE_OK(put(folder.path(), "model", "old weights", 1));
    killed = putAndKill(folder.path(), "model", "new weights", 2, kill);
    const auto byFolder = wholeExport(folder.path());
    CHECK_EQ(wholeExport(folder / "model.pt"), byFolder);
    seen.insert(byFolder);
    // The next export takes over whatever was left.
    REQUIRE_OK(put(folder.path(), "model", "newest weights", 3));
    CHECK_EQ(wholeExport(folder.path()), std::int64_t{3});
    CHECK(filesIn(folder.path()) == (std::set<std::string>{"model.pt", "lathe-export.json"}));
    CHECK(exporting::manifestOf(folder.path()).value()->others.empty());
  }
  CHECK(kill > 3);
  CHECK(seen == (std::set<std::int64_t>{1, 2}));
}

LATHE_TEST("killed after any step, an export of another name leaves the first as it was") {
  bool killed = true;
  for (int kill = 1; killed; ++kill) {
    const TempFolder folder;
    REQUIRE_OK(put(folder.path(), "first", "weights", 1));
    killed = putAndKill(folder.path(), "second", "other weights", 2, kill);
    CHECK_EQ(wholeExport(folder / "first.pt"), std::int64_t{1});
    CHECK(!killed || kill > 1 || wholeExport(folder.path()) == 1);
  }
}

LATHE_TEST("exports of several names live in one folder, and replacing one keeps the rest") {
  const TempFolder folder;
  REQUIRE_OK(put(folder.path(), "first", "1", 1));
  REQUIRE_OK(put(folder.path(), "second", "2", 2));
  REQUIRE_OK(put(folder.path(), "third", "3", 3));
  CHECK_EQ(wholeExport(folder.path()), std::int64_t{3});
  CHECK_EQ(wholeExport(folder / "first.pt"), std::int64_t{1});
  REQUIRE_OK(put(folder.path(), "first", "11", 11));
  CHECK_EQ(wholeExport(folder.path()), std::int64_t{11});
  CHECK_EQ(wholeExport(folder / "first.pt"), std::int64_t{11});
  CHECK_EQ(wholeExport(folder / "second.pt"), std::int64_t{2});
  CHECK_EQ(wholeExport(folder / "third.pt"), std::int64_t{3});
  fs::remove(folder / "second.pt");
  REQUIRE_OK(put(folder.path(), "fourth", "4", 4));
  CHECK_EQ(exporting::manifestOf(folder.path()).value()->others.size(), std::size_t{2});
}

LATHE_TEST("several processes export into one folder at the same time and all are found") {
  const TempFolder folder;
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(put(folder.path(), "m" + std::to_string(i), std::to_string(i), i + 1) ? 0 : 1);
    children.push_back(child);
  }
  for (const auto child : children) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  for (int i = 0; i < 6; ++i) CHECK_EQ(wholeExport(folder / ("m" + std::to_string(i) + ".pt")), std::int64_t{i + 1});
  CHECK_EQ(filesIn(folder.path()).size(), std::size_t{7});
}

LATHE_TEST("a description that cannot be read is replaced, one of a newer version is not") {
  const TempFolder folder;
  writeText(folder / "lathe-export.json", "{");
  REQUIRE_OK(put(folder.path(), "model", "weights", 1));
  CHECK_EQ(wholeExport(folder.path()), std::int64_t{1});
  const std::string newer = R"({"format": 999})";
  writeText(folder / "lathe-export.json", newer);
  const auto refused = put(folder.path(), "model", "later weights", 2);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("export.newer_version"));
  CHECK_EQ(readFile(folder / "model.pt").value(), std::string("weights"));
  CHECK_EQ(readFile(folder / "lathe-export.json").value(), newer);
}

LATHE_TEST("when one file cannot be moved, the files before it and the description are put back") {
  const TempFolder folder;
  REQUIRE_OK(put(folder.path(), "a", "old", 1));
  fs::create_directory(folder / "b.pt");
  writeText(folder / "b.pt" / "in", "a folder in the way");
  const auto before = readFile(folder / "lathe-export.json").value();
  {
    const auto staging = StagingFolder::make(folder.path());
    REQUIRE_OK(staging);
    writeText(staging->path() / "a.pt", "new");
    writeText(staging->path() / "b.pt", "new");
    CHECK(!staging->install(manifestOf("a", {"a.pt", "b.pt"}, "new", 2)));
  }
  CHECK_EQ(readFile(folder / "a.pt").value(), std::string("old"));
  CHECK_EQ(readFile(folder / "lathe-export.json").value(), before);
  CHECK(fs::is_directory(folder / "b.pt"));
  CHECK_EQ(filesIn(folder.path()).size(), std::size_t{3});
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Exports of several files and folders on their way into a folder, with every moment at which they can be cut off.
#include <cmath>
#include <filesystem>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/services/export_files.h"
#include "tests/support/plain_user.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using exporting::ExportManifest;
using services::StagingFolder;
namespace fs = std::filesystem;

namespace {

constexpr int neverKilled = 1000;

const std::vector<std::string> mainFiles{"m/1/saved_model.pb", "m.c", "triton/m/1/model.onnx", "m.pt"};

std::string contentOf(const std::string& path, int run) { return path + " of run " + std::to_string(run); }

/// A SavedModel's folder, C with its header, a Triton repository, one plain file and a document.
ExportManifest manifestOf(int run, const std::string& name = "m") {
  ExportManifest manifest;
  manifest.name = name;
  manifest.run = run;
  manifest.schema.task = spec::Task::Regression;
  manifest.schema.inputShape = {1};
  manifest.schema.features = {{"x", spec::ColumnKind::Real, 0, 1, {}}};
  manifest.schema.target.name = "y";
  const auto described = [&](const std::string& path) {
    const auto content = contentOf(path, run);
    return exporting::AlongFile{path, content.size(), sha256Of(std::string_view(content))};
  };
  const auto add = [&](const char* format, const std::string& path, const std::vector<std::string>& along) {
    const auto file = described(path);
    manifest.files.push_back({file.path, format, file.bytes, file.sha256, {}, {}});
    for (const auto& each : along) manifest.files.back().along.push_back(described(each));
  };
  add("savedmodel", name + "/1/saved_model.pb", {});
  add("c", name + ".c", {name + ".h"});
  add("triton", "triton/" + name + "/1/model.onnx",
      {"triton/" + name + "/config.pbtxt", "triton/" + name + "/labels.txt"});
  add("torchscript", name + ".pt", {});
  manifest.documents = {described(name + ".md")};
  return manifest;
}

std::vector<std::string> pathsOf(const ExportManifest& manifest) {
  std::vector<std::string> paths;
  for (const auto& document : manifest.documents) paths.push_back(document.path);
  for (const auto& file : manifest.files) {
    paths.push_back(file.path);
    for (const auto& along : file.along) paths.push_back(along.path);
  }
  return paths;
}

Result<void> put(const fs::path& folder, const ExportManifest& manifest, int kill = neverKilled) {
  LATHE_ASSIGN(staging, StagingFolder::make(folder));
  for (const auto& path : pathsOf(manifest)) {
    fs::create_directories((staging.path() / path).parent_path());
    writeText(staging.path() / path, contentOf(path, static_cast<int>(manifest.run)));
  }
  return staging.install(manifest, [&kill] {
    if (--kill == 0) _exit(9);
  });
}

/// The same in a process of its own; true when it was killed before its end.
bool putAndKill(const fs::path& folder, const ExportManifest& manifest, int kill) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(put(folder, manifest, kill) ? 0 : 1);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 9 || WEXITSTATUS(status) == 0);
  return WEXITSTATUS(status) == 9;
}

/// The run that a path's description names, which is that of the bytes on disk.
std::int64_t runOf(const fs::path& path) {
  const auto found = exporting::findExport(path);
  REQUIRE_OK(found);
  CHECK_EQ(sha256Of(found->modelFile).value(), found->sha256);
  return found->manifest.run;
}

/// Every file below a folder with its content, hidden ones too.
std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    all[entry.path().lexically_relative(folder).generic_string()] =
        entry.is_directory() ? "folder" : readFile(entry.path()).value_or("?");
  return all;
}

void checkWhole(const fs::path& folder, int run) {
  for (const auto& path : pathsOf(manifestOf(run)))
    CHECK_EQ(readFile(folder / path).value_or("none"), contentOf(path, run));
  CHECK_EQ(contents(folder).size(), pathsOf(manifestOf(run)).size() + 6);  // m, m/1, triton .. 1, the description
  CHECK(exporting::manifestOf(folder).value()->others.empty());
}

}  // namespace

LATHE_TEST("killed after any step, each file of a replaced export is the old one or the new one, whole") {
  int kill = 1;
  bool killed = true;
  std::map<std::string, std::set<std::int64_t>> seen;
  for (; killed; ++kill) {
    const TempFolder folder;
    REQUIRE_OK(put(folder.path(), manifestOf(1)));
    killed = putAndKill(folder.path(), manifestOf(2), kill);
    for (const auto& file : mainFiles) seen[file].insert(runOf(folder / file));
    for (const char* around : {"m", "triton/m", "triton", "m.h", "."}) CHECK(runOf(folder / around) > 0);
    CHECK_EQ(runOf(folder.path()), runOf(folder / "m.pt"));
    // The next export takes over whatever was left.
    REQUIRE_OK(put(folder.path(), manifestOf(3)));
    checkWhole(folder.path(), 3);
  }
  CHECK(kill > 9);
  for (const auto& file : mainFiles) CHECK(seen[file] == (std::set<std::int64_t>{1, 2}));
}

LATHE_TEST("killed after any step, a first export is there whole or not at all, and can be made again") {
  bool killed = true;
  for (int kill = 1; killed; ++kill) {
    const TempFolder folder;
    killed = putAndKill(folder.path(), manifestOf(2), kill);
    const auto found = exporting::findExport(folder.path());
    if (!found) CHECK_EQ(found.error().code, std::string("export.missing"));
    CHECK(found.has_value() || killed);
    REQUIRE_OK(put(folder.path(), manifestOf(3)));
    checkWhole(folder.path(), 3);
  }
}

LATHE_TEST("killed after any step, an export beside another leaves all of that as it was") {
  bool killed = true;
  for (int kill = 1; killed; ++kill) {
    const TempFolder folder;
    REQUIRE_OK(put(folder.path(), manifestOf(1)));
    killed = putAndKill(folder.path(), manifestOf(2, "other"), kill);
    for (const auto& file : mainFiles) CHECK_EQ(runOf(folder / file), std::int64_t{1});
    for (const auto& path : pathsOf(manifestOf(1)))
      CHECK_EQ(readFile(folder / path).value_or("none"), contentOf(path, 1));
    if (!killed) CHECK_EQ(runOf(folder / "triton" / "other"), std::int64_t{2});
  }
}

LATHE_TEST("what somebody else keeps in the folders of an export stays there") {
  const TempFolder folder;
  fs::create_directories(folder / "m" / "7");
  fs::create_directories(folder / "triton" / "m");
  writeText(folder / "m" / "7" / "saved_model.pb", "mine");
  writeText(folder / "triton" / "m" / "notes.txt", "mine");
  REQUIRE_OK(put(folder.path(), manifestOf(1)));
  REQUIRE_OK(put(folder.path(), manifestOf(2)));
  CHECK_EQ(readFile(folder / "m" / "7" / "saved_model.pb").value(), std::string("mine"));
  CHECK_EQ(readFile(folder / "triton" / "m" / "notes.txt").value(), std::string("mine"));
  for (const auto& file : mainFiles) CHECK_EQ(runOf(folder / file), std::int64_t{2});
}

LATHE_TEST("formats that a second export does not have stay with the same model and go with another") {
  const auto only = [](ExportManifest manifest, const std::string& format) {
    std::erase_if(manifest.files, [&](const auto& file) { return file.format != format; });
    manifest.documents.clear();
    return manifest;
  };
  const auto withRows = [](int run, float output) {
    auto manifest = manifestOf(run);
    manifest.referenceRows = {{std::nanf("")}, {2}};
    manifest.referenceOutputs = {{1}, {output}};
    return manifest;
  };
  const TempFolder folder;
  REQUIRE_OK(put(folder.path(), only(withRows(1, 2), "triton")));
  REQUIRE_OK(put(folder.path(), only(withRows(1, 2), "c")));
  REQUIRE_OK(put(folder.path(), only(withRows(1, 2), "torchscript")));
  REQUIRE_OK(put(folder.path(), manifestOf(7, "other")));
  for (const char* path : {"m.pt", "m.c", "m.h", "triton/m/labels.txt"})
    CHECK_EQ(runOf(folder / path), std::int64_t{1});
  writeText(folder / "m.h", "changed by hand");
  // The same run, trained on: another model.
  REQUIRE_OK(put(folder.path(), only(withRows(1, 3), "torchscript")));
  CHECK_EQ(runOf(folder / "m.pt"), std::int64_t{1});
  CHECK(!fs::exists(folder / "m.c"));
  CHECK(!fs::exists(folder / "triton" / "m"));
  CHECK_EQ(readFile(folder / "m.h").value(), std::string("changed by hand"));
  for (const auto& path : pathsOf(manifestOf(7, "other")))
    CHECK_EQ(readFile(folder / path).value_or("none"), contentOf(path, 7));
}

LATHE_TEST("when something is in the way of a file or folder, everything is put back") {
  struct Obstacle {
    const char* path;
    bool folder;
  };
  for (const auto& obstacle :
       {Obstacle{"m", false}, Obstacle{"m/1", false}, Obstacle{"m.c", true}, Obstacle{"m.h", true},
        Obstacle{"triton", false}, Obstacle{"triton/m/1/model.onnx", true}, Obstacle{"m.pt", true},
        Obstacle{"m.md", true}}) {
    for (const bool replaces : {false, true}) {
      const TempFolder folder;
      if (replaces) REQUIRE_OK(put(folder.path(), manifestOf(1)));
      const auto place = folder / obstacle.path;
      fs::remove_all(place);
      fs::create_directories(place.parent_path());
      if (obstacle.folder) fs::create_directory(place);
      writeText(obstacle.folder ? place / "in" : place, "in the way");
      const auto before = contents(folder.path());
      CHECK(!put(folder.path(), manifestOf(2)));
      const auto after = contents(folder.path());
      if (before != after) {
        for (const auto& [path, content] : after)
          if (before.count(path) == 0 || before.at(path) != content)
            testing::reportFailure(__FILE__, __LINE__, std::string(obstacle.path) + ": " + path + " is " + content);
        CHECK_EQ(before.size(), after.size());
      }
    }
  }
}

LATHE_TEST("a folder that may not be written is refused and left as it was") {
  for (const char* shut : {".", "m/1", "triton/m"}) {
    const TempFolder folder;
    REQUIRE_OK(put(folder.path(), manifestOf(1)));
    const auto before = contents(folder.path());
    fs::permissions(folder / shut,
                    fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    {
      const PlainUser user({folder.path()});
      if (!user.limited()) return;
      const auto refused = put(folder.path(), manifestOf(2));
      REQUIRE(!refused);
      CHECK_EQ(refused.error().code, std::string("file.no_permission"));
    }
    fs::permissions(folder / shut, fs::perms::owner_all);
    CHECK(contents(folder.path()) == before);
  }
}

LATHE_TEST("an export that could not be put anywhere leaves no folder") {
  const TempFolder folder;
  {
    const auto staging = StagingFolder::make(folder / "new");
    REQUIRE_OK(staging);
    writeText(staging->path() / "m.pt", "half");
  }
  CHECK(!fs::exists(folder / "new"));
  writeText(folder / "file", "in the way");
  CHECK(!StagingFolder::make(folder / "file"));
  CHECK(!StagingFolder::make(folder / "file" / "out"));
}

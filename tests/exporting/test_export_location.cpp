// SPDX-License-Identifier: GPL-3.0-or-later
// Which export a path belongs to, where an export is several files and folders.
#include <filesystem>

#include "core/base/files.h"
#include "core/exporting/manifest.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::exporting;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

/// Exports of every format, as files of which each says its own path and a version.
struct Exports {
  ExportManifest manifest(const std::string& name, int run) {
    ExportManifest result;
    result.name = name;
    result.run = run;
    result.schema.task = spec::Task::Regression;
    result.schema.inputShape = {1};
    result.schema.features = {{"x", spec::ColumnKind::Real, 0, 1, {}}};
    result.schema.target.name = "y";
    const auto described = [&](const std::string& path) {
      const auto content = path + " of run " + std::to_string(run);
      return AlongFile{path, content.size(), sha256Of(std::string_view(content))};
    };
    const auto add = [&](const char* format, const std::string& path, const std::vector<std::string>& along) {
      const auto file = described(path);
      result.files.push_back({file.path, format, file.bytes, file.sha256, {}, {}});
      for (const auto& each : along) result.files.back().along.push_back(described(each));
    };
    add("savedmodel", name + "/1/saved_model.pb", {});
    add("c", name + ".c", {name + ".h"});
    add("triton", "triton/" + name + "/1/model.onnx",
        {"triton/" + name + "/config.pbtxt", "triton/" + name + "/labels.txt"});
    add("torchscript", name + ".pt", {});
    result.documents = {described(name + ".md")};
    return result;
  }

  void write(const ExportManifest& manifest) const {
    const auto put = [&](const std::string& path) {
      const auto file = folder / path;
      fs::create_directories(file.parent_path());
      writeText(file, path + " of run " + std::to_string(manifest.run));
    };
    for (const auto& file : manifest.files) {
      put(file.path);
      for (const auto& along : file.along) put(along.path);
    }
    for (const auto& document : manifest.documents) put(document.path);
  }

  void describe(const ExportManifest& manifest) const { writeText(folder / "lathe-export.json", toJson(manifest)); }

  /// The model file that a path stands for, below the folder; the error's code where there is none.
  [[nodiscard]] std::string found(const fs::path& path) const {
    const auto location = findExport(folder / path);
    if (!location) return location.error().code;
    CHECK_EQ(location->folder, folder.path());
    CHECK_EQ(sha256Of(location->modelFile).value(), location->sha256);
    return location->modelFile.lexically_relative(folder.path()).generic_string();
  }

  TempFolder folder;
};

}  // namespace

LATHE_TEST("what goes with a file and the documents come back with the manifest") {
  Exports exports;
  const auto manifest = exports.manifest("m", 7);
  const auto back = manifestFromJson(toJson(manifest));
  REQUIRE_OK(back);
  REQUIRE(back->files.size() == manifest.files.size());
  for (std::size_t i = 0; i < back->files.size(); ++i) {
    REQUIRE(back->files[i].along.size() == manifest.files[i].along.size());
    for (std::size_t k = 0; k < back->files[i].along.size(); ++k) {
      CHECK_EQ(back->files[i].along[k].path, manifest.files[i].along[k].path);
      CHECK_EQ(back->files[i].along[k].sha256, manifest.files[i].along[k].sha256);
      CHECK_EQ(back->files[i].along[k].bytes, manifest.files[i].along[k].bytes);
    }
  }
  REQUIRE(back->documents.size() == 1);
  CHECK_EQ(back->documents[0].path, std::string("m.md"));
  CHECK_EQ(back->documents[0].sha256, manifest.documents[0].sha256);
}

LATHE_TEST("files beside a model and documents that leave the folder are refused") {
  Exports exports;
  for (const char* path : {"../m.h", "/etc/passwd", "", "a/../../m.h", "./m.h"}) {
    auto manifest = exports.manifest("m", 1);
    manifest.files[1].along[0].path = path;
    CHECK_EQ(manifestFromJson(toJson(manifest)).error().code, std::string("export.bad_manifest"));
    manifest = exports.manifest("m", 1);
    manifest.documents[0].path = path;
    CHECK_EQ(manifestFromJson(toJson(manifest)).error().code, std::string("export.bad_manifest"));
  }
  auto manifest = exports.manifest("m", 1);
  manifest.files[1].along[0].sha256 = "abc";
  CHECK(!manifestFromJson(toJson(manifest)));
  manifest = exports.manifest("m", 1);
  manifest.files[1].along.resize(2000, manifest.files[1].along[0]);
  CHECK(!manifestFromJson(toJson(manifest)));
}

LATHE_TEST("an export is found by each of its files and by each folder around one") {
  Exports exports;
  const auto manifest = exports.manifest("m", 1);
  exports.write(manifest);
  exports.describe(manifest);
  for (const char* whole : {".", "lathe-export.json", "m.pt"}) CHECK_EQ(exports.found(whole), std::string("m.pt"));
  for (const char* model : {"m", "m/1", "m/1/saved_model.pb", "m/"})
    CHECK_EQ(exports.found(model), std::string("m/1/saved_model.pb"));
  for (const char* c : {"m.c", "m.h"}) CHECK_EQ(exports.found(c), std::string("m.c"));
  for (const char* triton :
       {"triton", "triton/m", "triton/m/1", "triton/m/1/model.onnx", "triton/m/config.pbtxt", "triton/m/labels.txt"})
    CHECK_EQ(exports.found(triton), std::string("triton/m/1/model.onnx"));
}

LATHE_TEST("what lies below an export and is not of it is no export") {
  Exports exports;
  const auto manifest = exports.manifest("m", 1);
  exports.write(manifest);
  exports.describe(manifest);
  fs::create_directories(exports.folder / "other" / "1");
  fs::create_directories(exports.folder / "m" / "2");
  writeText(exports.folder / "m" / "2" / "saved_model.pb", "other");
  writeText(exports.folder / "other" / "m.pt", "other");
  writeText(exports.folder / "triton" / "notes.txt", "other");
  for (const char* path : {"other", "other/1", "other/m.pt", "m/2", "m/2/saved_model.pb", "triton/notes.txt"})
    CHECK_EQ(exports.found(path), std::string("export.missing"));
  CHECK_EQ(exports.found("m/3"), std::string("file.missing"));
  CHECK_EQ(exports.found("other/none.pt"), std::string("file.missing"));
}

LATHE_TEST("an export inside another's folder is its own") {
  Exports outer;
  const auto manifest = outer.manifest("m", 1);
  outer.write(manifest);
  outer.describe(manifest);
  const auto inner = outer.folder / "m";
  auto second = outer.manifest("n", 2);
  second.files.erase(second.files.begin(), second.files.begin() + 3);
  writeText(inner / "n.pt", "n.pt of run 2");
  writeText(inner / "lathe-export.json", toJson(second));
  const auto found = findExport(inner);
  REQUIRE_OK(found);
  CHECK_EQ(found->manifest.run, std::int64_t{2});
  CHECK_EQ(found->modelFile, inner / "n.pt");
}

LATHE_TEST("a whole export predicts with TorchScript, and with the first file that is left when that is gone") {
  Exports exports;
  const auto manifest = exports.manifest("m", 1);
  exports.write(manifest);
  exports.describe(manifest);
  CHECK_EQ(exports.found("."), std::string("m.pt"));
  fs::remove(exports.folder / "m.pt");
  CHECK_EQ(exports.found("."), std::string("m/1/saved_model.pb"));
  fs::remove_all(exports.folder / "m");
  CHECK_EQ(exports.found("lathe-export.json"), std::string("m.c"));
  fs::remove(exports.folder / "m.c");
  CHECK_EQ(exports.found("m.h"), std::string("file.missing"));
  fs::remove_all(exports.folder / "triton");
  CHECK_EQ(exports.found("."), std::string("file.missing"));
}

LATHE_TEST("of two exports that share a folder each file belongs to its own") {
  Exports exports;
  auto first = exports.manifest("first", 1);
  const auto second = exports.manifest("second", 2);
  exports.write(first);
  exports.write(second);
  first.others = {second};
  exports.describe(first);
  const auto runOf = [&](const char* path) { return findExport(exports.folder / path).value().manifest.run; };
  for (const char* path : {".", "first.c", "first", "triton/first", "triton"}) CHECK_EQ(runOf(path), std::int64_t{1});
  for (const char* path : {"second.h", "second/1", "triton/second", "second.pt"}) {
    CHECK_EQ(runOf(path), std::int64_t{2});
    CHECK(findExport(exports.folder / path).value().manifest.others.empty());
  }
}

LATHE_TEST("while an export is replaced, the hash of each model file says whose it is") {
  Exports exports;
  auto old = exports.manifest("m", 1);
  const auto fresh = exports.manifest("m", 2);
  exports.write(old);
  old.others = {fresh};
  exports.describe(old);
  const auto runOf = [&](const char* path) { return findExport(exports.folder / path).value().manifest.run; };
  for (const char* path : {".", "m.c", "m.h", "m", "triton"}) CHECK_EQ(runOf(path), std::int64_t{1});
  writeText(exports.folder / "m.c", "m.c of run 2");
  writeText(exports.folder / "m" / "1" / "saved_model.pb", "m/1/saved_model.pb of run 2");
  for (const char* path : {"m.c", "m.h", "m", "m/1"}) CHECK_EQ(runOf(path), std::int64_t{2});
  for (const char* path : {".", "m.pt", "triton/m"}) CHECK_EQ(runOf(path), std::int64_t{1});
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/random.h"
#include "core/exporting/manifest.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::exporting;
namespace fs = std::filesystem;

namespace {

ExportManifest wine() {
  ExportManifest manifest;
  manifest.name = "wine";
  manifest.created = "2026-11-24T05:03:10.123Z";
  manifest.latheVersion = "0.1.0";
  manifest.run = 7;
  manifest.schema.inputShape = {4};
  manifest.schema.features = {{"alcohol", spec::ColumnKind::Real, 0, 1, {}},
                              {"made \"on\"", spec::ColumnKind::DateTime, 1, 2, {}},
                              {"colour", spec::ColumnKind::Category, 3, 1, {"red", "white", "rosé"}}};
  manifest.schema.task = spec::Task::Classification;
  manifest.schema.target = {"class", {"a", "b"}};
  manifest.targetStd = 0.1;
  ExportedFile file;
  file.path = "wine.pt";
  file.format = "torchscript";
  file.bytes = 123;
  file.sha256 = std::string(64, 'a');
  file.parity.runtime = "LibTorch 1.13.1";
  file.parity.independent = true;
  file.parity.rows = 30;
  file.parity.maxDiff = 1.2345678901234567e-7;
  file.parity.ok = true;
  manifest.files = {file};
  manifest.referenceRows = {{0.1F, 9000, 43200, 2}, {std::numeric_limits<float>::quiet_NaN(), -1, 0, -1}};
  manifest.referenceOutputs = {{0.3F, 0.7F}, {1.0F / 3, 2.0F / 3}};
  return manifest;
}

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string codeOf(const std::string& json) {
  const auto manifest = manifestFromJson(json);
  return manifest ? "" : manifest.error().code;
}

}  // namespace

LATHE_TEST("a manifest comes back from its JSON with every bit") {
  const auto manifest = wine();
  const auto back = manifestFromJson(toJson(manifest));
  REQUIRE_OK(back);
  CHECK_EQ(back->name, manifest.name);
  CHECK_EQ(back->created, manifest.created);
  CHECK_EQ(back->latheVersion, manifest.latheVersion);
  CHECK_EQ(back->run, manifest.run);
  CHECK(back->schema == manifest.schema);
  CHECK_EQ(back->targetStd, manifest.targetStd);
  REQUIRE(back->files.size() == 1);
  CHECK_EQ(back->files[0].path, manifest.files[0].path);
  CHECK_EQ(back->files[0].sha256, manifest.files[0].sha256);
  CHECK_EQ(back->files[0].bytes, manifest.files[0].bytes);
  CHECK_EQ(back->files[0].parity.maxDiff, manifest.files[0].parity.maxDiff);
  CHECK_EQ(back->files[0].parity.runtime, manifest.files[0].parity.runtime);
  CHECK(back->files[0].parity.ok);
  CHECK(back->referenceOutputs == manifest.referenceOutputs);
  CHECK(back->referenceRows[0] == manifest.referenceRows[0]);
  CHECK(std::isnan(back->referenceRows[1][0]));
}

LATHE_TEST("a manifest tells other programs what the files take and give") {
  auto manifest = wine();
  auto second = manifest.files[0];
  second.parity.maxDiff = 0.5;
  second.parity.ok = false;
  manifest.files.push_back(second);
  auto json = nlohmann::json::parse(toJson(manifest));
  CHECK_EQ(json["formats"], nlohmann::json({"torchscript"}));
  CHECK_EQ(json["parity"]["max_diff"].get<double>(), 0.5);
  CHECK(!json["parity"]["ok"].get<bool>());
  CHECK_EQ(json["input"]["name"].get<std::string>(), std::string("input_tensor"));
  CHECK_EQ(json["input"]["shape"].dump(), std::string("[\"N\",4]"));
  CHECK_EQ(json["input"]["types"].dump(), std::string("[\"float32\"]"));
  CHECK_EQ(json["output"]["name"].get<std::string>(), std::string("output_tensor"));
  CHECK_EQ(json["output"]["shape"].dump(), std::string("[\"N\",2]"));
  for (const char* word : {"days since 2000-01-01", "NaN", "vocabulary"})
    CHECK(json["input"]["values"].get<std::string>().find(word) != std::string::npos);
  manifest.schema.image = true;
  manifest.schema.inputShape = {1, 28, 28};
  json = nlohmann::json::parse(toJson(manifest));
  CHECK_EQ(json["input"]["shape"].dump(), std::string("[\"N\",1,28,28]"));
  CHECK_EQ(json["input"]["types"].dump(), std::string("[\"uint8\",\"float32\"]"));
  manifest.schema.task = spec::Task::Regression;
  json = nlohmann::json::parse(toJson(manifest));
  CHECK_EQ(json["output"]["shape"].dump(), std::string("[\"N\",1]"));
}

LATHE_TEST("an image's schema comes back") {
  auto manifest = wine();
  manifest.schema.image = true;
  manifest.schema.inputShape = {1, 2, 2};
  manifest.schema.features.clear();
  const auto back = manifestFromJson(toJson(manifest));
  REQUIRE_OK(back);
  CHECK(back->schema == manifest.schema);
}

LATHE_TEST("the schema of windows comes back, and one that contradicts itself is refused") {
  auto manifest = wine();
  auto& schema = manifest.schema;
  schema.inputShape = {5, 4};
  schema.task = spec::Task::Forecast;
  schema.target = {"alcohol", {}};
  schema.sequence = {5, 3, "made \"on\"", "cask"};
  manifest.referenceRows = {std::vector<float>(20, 0.5F)};
  manifest.referenceOutputs = {{1, 2, 3}};
  const auto json = toJson(manifest);
  const auto back = manifestFromJson(json);
  REQUIRE_OK(back);
  CHECK(back->schema == schema);
  const auto told = nlohmann::json::parse(json);
  CHECK_EQ(told["input"]["shape"].dump(), std::string("[\"N\",5,4]"));
  CHECK_EQ(told["output"]["shape"].dump(), std::string("[\"N\",3,1]"));
  CHECK(told["input"]["values"].get<std::string>().find("rows in the order of time") == 0);
  CHECK_EQ(codeOf(replaced(json, "\"window\": 5", "\"window\": 6")), std::string("export.bad_manifest"));
  CHECK_EQ(codeOf(replaced(json, "\"horizon\": 3", "\"horizon\": 0")), std::string("export.bad_manifest"));
  CHECK_EQ(codeOf(replaced(json, "\"sequence\"", "\"table\"")), std::string("export.bad_manifest"));
}

LATHE_TEST("a field of a later version is passed over, a later format is refused") {
  const auto json = toJson(wine());
  CHECK_EQ(codeOf(replaced(json, "\"name\"", "\"colour_of_the_box\": [1, {}], \"name\"")), std::string());
  CHECK_EQ(codeOf(replaced(json, "\"format\": 1", "\"format\": 2")), std::string("export.newer_version"));
}

LATHE_TEST("what is wrong in a manifest is refused") {
  const auto json = toJson(wine());
  const std::vector<std::pair<std::string, std::string>> faults{
      {"\"wine.pt\"", "\"../wine.pt\""},
      {"\"wine.pt\"", "\"/etc/passwd\""},
      {"\"wine.pt\"", "\"a/../../b\""},
      {"\"wine.pt\"", "\"\""},
      {"\"wine.pt\"", "\"a\\u0000b\""},
      {"\"wine.pt\"", "5"},
      {std::string(64, 'a'), "abc"},
      {"\"bytes\": 123", "\"bytes\": -1"},
      {"\"bytes\": 123", "\"bytes\": 1e30"},
      {"\"run\": 7", "\"run\": 18446744073709551615"},
      {"\"target_std\": 0.1", "\"target_std\": 0"},
      {"\"target_std\": 0.1", "\"target_std\": null"},
      {"\"offset\": 3", "\"offset\": 4"},
      {"\"width\": 2", "\"width\": 2000000000"},
      {"\"kind\": \"category\"", "\"kind\": \"fruit\""},
      {"\"task\": \"classification\"", "\"task\": \"auto\""},
      {"\"kind\": \"table\"", "\"kind\": \"image\""},
      {"9000.0", "\"x\""},
      {"9000.0", "1e300"},
      {"9000.0", "1, 9000.0"},
      {"\"reference_outputs\": [", "\"reference_outputs\": [[1, 2], "},
      {"\"files\": [", "\"files\": [3, "},
      {"\"name\": \"wine\"", "\"nom\": \"wine\""},
  };
  for (const auto& [from, to] : faults) {
    const auto code = codeOf(replaced(json, from, to));
    if (code != "export.bad_manifest")
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{} -> {}: {}", from, to, code));
  }
  CHECK_EQ(codeOf(""), std::string("export.bad_manifest"));
  CHECK_EQ(codeOf("[]"), std::string("export.bad_manifest"));
  CHECK_EQ(codeOf("{}"), std::string("export.bad_manifest"));
  CHECK_EQ(codeOf(std::string(5'000'000, '[')), std::string("export.bad_manifest"));
  CHECK_EQ(codeOf(replaced(json, "\"input_shape\": [", "\"input_shape\": [999999999999, ")),
           std::string("export.bad_manifest"));
}

LATHE_TEST("a manifest with any bytes changed is read or refused, never followed") {
  const auto json = toJson(wine());
  Random random(3);
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    auto text = json;
    for (std::uint64_t i = 0; i <= random.below(6); ++i)
      text[random.below(text.size())] = static_cast<char>(random.below(256));
    if (random.below(3) == 0) text.resize(random.below(text.size()));
    if (!manifestFromJson(text)) ++refused;
  }
  CHECK(refused > 2000);
}

LATHE_TEST("an export is found by its folder, its manifest or its file") {
  const tests::TempFolder folder;
  const auto dir = folder / "out";
  fs::create_directory(dir);
  write(dir / "wine.pt", "model");
  CHECK_EQ(findExport(dir).error().code, std::string("export.missing"));
  write(dir / "lathe-export.json", toJson(wine()));
  for (const auto& path : {dir, dir / "", dir / "wine.pt", dir / "lathe-export.json", dir / ".." / "out"}) {
    const auto found = findExport(path);
    REQUIRE_OK(found);
    CHECK_EQ(found->folder, dir);
    CHECK_EQ(found->modelFile, dir / "wine.pt");
    CHECK_EQ(found->manifest.name, std::string("wine"));
  }
  write(dir / "other.pt", "model");
  CHECK_EQ(findExport(dir / "other.pt").error().code, std::string("export.missing"));
  CHECK_EQ(findExport(folder / "none").error().code, std::string("file.missing"));
  write(dir / "lathe-export.json", "{");
  CHECK_EQ(findExport(dir).error().code, std::string("export.bad_manifest"));
}

LATHE_TEST("a file that is gone is named, a link out of the folder is not followed") {
  const tests::TempFolder folder;
  const auto dir = folder / "out";
  fs::create_directory(dir);
  write(dir / "lathe-export.json", toJson(wine()));
  const auto gone = findExport(dir);
  REQUIRE(!gone);
  CHECK_EQ(gone.error().code, std::string("file.missing"));
  CHECK(gone.error().sentence().find("wine.pt") != std::string::npos);
  write(folder / "secret", "x");
  fs::create_symlink(folder / "secret", dir / "wine.pt");
  CHECK_EQ(findExport(dir).error().code, std::string("export.bad_manifest"));
}

LATHE_TEST("codes of text come back with their rule, and places that cannot be are refused") {
  auto manifest = wine();
  manifest.schema.inputShape = {6};
  manifest.schema.features.push_back({"note", spec::ColumnKind::Text, 4, 2, {}, {100}});
  for (auto& row : manifest.referenceRows) row.insert(row.end(), {17, -1});
  const auto json = toJson(manifest);
  const auto back = manifestFromJson(json);
  REQUIRE_OK(back);
  CHECK(back->schema == manifest.schema);
  CHECK(back->referenceRows[0] == manifest.referenceRows[0]);
  const auto described = nlohmann::json::parse(json);
  CHECK_EQ(described["input"]["text_codes"]["rule"].get<std::string>(), std::string("lathe-text-1"));
  CHECK_EQ(described["schema"]["features"][3]["codes"]["buckets"].get<int>(), 100);
  const std::string bad = "export.bad_manifest";
  CHECK_EQ(codeOf(replaced(json, "\"rule\": \"lathe-text-1\"", "\"rule\": \"lathe-text-2\"")), bad);
  CHECK_EQ(codeOf(replaced(json, "\"buckets\": 100", "\"buckets\": 0")), bad);
  CHECK_EQ(codeOf(replaced(json, "\"buckets\": 100", "\"buckets\": 1e9")), bad);
  CHECK_EQ(codeOf(replaced(json, "\"offset\": 4", "\"offset\": 3")), bad);
  CHECK_EQ(codeOf(replaced(json, "\"kind\": \"text\"", "\"kind\": \"real\"")), bad);
}

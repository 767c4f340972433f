// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <zip.h>

#include "core/base/files.h"
#include "core/exporting/torchserve/mar_archive.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using exporting::extractMar;
using exporting::MarDescription;
using exporting::writeMar;
namespace fs = std::filesystem;

namespace {

MarDescription wineArchive() {
  MarDescription description;
  description.name = "wine \"red\"";
  description.version = "2.0";
  description.decisionThreshold = 0.375;
  auto& schema = description.schema;
  schema.inputShape = {2};
  schema.features = {{"alcohol", spec::ColumnKind::Real, 0, 1, {}},
                     {"colour", spec::ColumnKind::Category, 1, 1, {"red", "ros\xC3\xA9"}}};
  schema.task = spec::Task::Classification;
  schema.target = {"class", {"a \"quoted\"", "b"}};
  return description;
}

struct Archive {
  std::map<std::string, std::string> entries;
  std::map<std::string, int> methods;
};

Archive opened(const fs::path& file) {
  Archive result;
  zip_t* archive = zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr);
  REQUIRE(archive != nullptr);
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    zip_stat_t part;
    REQUIRE(zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &part) == 0);
    std::string content(part.size, '\0');
    zip_file_t* in = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
    REQUIRE(in != nullptr);
    CHECK_EQ(zip_fread(in, content.data(), content.size()), static_cast<zip_int64_t>(content.size()));
    zip_fclose(in);
    result.entries[part.name] = content;
    result.methods[part.name] = part.comp_method;
  }
  zip_discard(archive);
  return result;
}

void zipped(const fs::path& file, const std::map<std::string, std::string>& entries, int method = ZIP_CM_STORE) {
  zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  REQUIRE(archive != nullptr);
  for (const auto& [name, content] : entries) {
    const auto index = zip_file_add(archive, name.c_str(),
                                    zip_source_buffer(archive, content.data(), content.size(), 0), ZIP_FL_ENC_UTF_8);
    REQUIRE(index >= 0);
    REQUIRE(zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0) == 0);
  }
  REQUIRE(zip_close(archive) == 0);
}

std::string codeOf(const Result<void>& result) { return result ? "" : result.error().code; }

std::vector<fs::path> everythingIn(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) all.push_back(entry.path());
  return all;
}

/// Changes bytes of a file where `part` stands in it.
void replaceIn(const fs::path& file, const std::string& part, const std::string& by, bool everywhere = false) {
  auto bytes = readFile(file).value();
  auto at = bytes.find(part);
  REQUIRE(at != std::string::npos);
  for (; at != std::string::npos; at = everywhere ? bytes.find(part, at + by.size()) : std::string::npos)
    bytes.replace(at, by.size(), by);
  writeText(file, bytes);
}

std::string fourBytes(std::uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i, value >>= 8U) bytes += static_cast<char>(value & 0xffU);
  return bytes;
}

}  // namespace

LATHE_TEST("a TorchServe archive holds the model as it is, a handler and what both say") {
  const TempFolder folder;
  const std::string script("PK\3\4 the script \0 with any bytes", 31);
  writeText(folder / "script.pt", script);
  REQUIRE_OK(writeMar(folder / "script.pt", wineArchive(), folder / "wine.mar"));
  const auto archive = opened(folder / "wine.mar");
  CHECK_EQ(archive.entries.size(), std::size_t{6});
  CHECK_EQ(archive.entries.at("model.pt"), script);
  // Weights do not get smaller, and what is stored is read without delay.
  for (const auto& [name, method] : archive.methods)
    CHECK_EQ(method, name == "model.pt" ? ZIP_CM_STORE : ZIP_CM_DEFLATE);

  const auto manifest = nlohmann::json::parse(archive.entries.at("MAR-INF/MANIFEST.json"));
  CHECK_EQ(manifest["runtime"].get<std::string>(), std::string("python"));
  CHECK_EQ(manifest["model"]["modelName"].get<std::string>(), wineArchive().name);
  CHECK_EQ(manifest["model"]["modelVersion"].get<std::string>(), std::string("2.0"));
  for (const char* part : {"serializedFile", "handler", "configFile"})
    CHECK_EQ(archive.entries.count(manifest["model"][part].get<std::string>()), std::size_t{1});

  const auto about = nlohmann::json::parse(archive.entries.at("lathe-model.json"));
  CHECK((about["columns"] == nlohmann::json{"prediction", "prob_a \"quoted\"", "prob_b"}));
  CHECK((about["classes"] == nlohmann::json{"a \"quoted\"", "b"}));
  CHECK_EQ(about["decision_threshold"].get<double>(), 0.375);
  CHECK_EQ(about["schema"]["features"][1]["vocabulary"][1].get<std::string>(), std::string("ros\xC3\xA9"));
  const auto names = nlohmann::json::parse(archive.entries.at("index_to_name.json"));
  CHECK_EQ(names["1"].get<std::string>(), std::string("b"));
  CHECK(archive.entries.at("lathe_handler.py").find("class LatheHandler") != std::string::npos);
  CHECK(archive.entries.at("model-config.yaml").find("batchSize: 8") != std::string::npos);
}

LATHE_TEST("a regression's archive names no classes, and an archive that is there is replaced whole") {
  const TempFolder folder;
  writeText(folder / "script.pt", "script");
  auto description = wineArchive();
  REQUIRE_OK(writeMar(folder / "script.pt", description, folder / "m.mar"));
  description.schema.task = spec::Task::Regression;
  description.schema.target = {"price", {}};
  REQUIRE_OK(writeMar(folder / "script.pt", description, folder / "m.mar"));
  const auto archive = opened(folder / "m.mar");
  CHECK_EQ(archive.entries.size(), std::size_t{5});
  CHECK_EQ(archive.entries.count("index_to_name.json"), std::size_t{0});
}

LATHE_TEST("an archive that cannot be written is an error") {
  const TempFolder folder;
  writeText(folder / "script.pt", "script");
  CHECK_EQ(codeOf(writeMar(folder / "script.pt", wineArchive(), folder / "none" / "m.mar")),
           std::string("file.write_failed"));
  CHECK_EQ(codeOf(writeMar(folder / "none.pt", wineArchive(), folder / "m.mar")), std::string("file.write_failed"));
}

LATHE_TEST("a model comes out of an archive, stored or deflated, and nothing else does") {
  const TempFolder folder;
  std::string script;
  for (int i = 0; i < 300'000; ++i) script += static_cast<char>((i % 251) * (i % 251) % 251);
  const TempFolder out;
  for (const int method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    zipped(folder / "m.mar",
           {{"model.pt", script}, {"../evil.txt", "x"}, {"/tmp/lathe-evil.txt", "x"}, {"a/../../b", "x"}}, method);
    REQUIRE_OK(extractMar(folder / "m.mar", out / "model.pt"));
    CHECK(readFile(out / "model.pt").value() == script);
  }
  CHECK_EQ(everythingIn(out.path()).size(), std::size_t{1});
  CHECK_EQ(everythingIn(folder.path()).size(), std::size_t{1});
  CHECK(!fs::exists("/tmp/lathe-evil.txt"));
}

LATHE_TEST("a path that leaves the archive is not its model") {
  const TempFolder folder;
  for (const char* name : {"../model.pt", "/model.pt", "sub/model.pt", "model.pt/x", "MODEL.PT", "./model.pt"}) {
    zipped(folder / "m.mar", {{name, "script"}});
    const auto refused = extractMar(folder / "m.mar", folder / "in" / "model.pt");
    CHECK_EQ(codeOf(refused), std::string("engine.foreign_model"));
    CHECK(refused.error().sentence().find("holds no model.pt") != std::string::npos);
  }
  CHECK_EQ(everythingIn(folder.path()).size(), std::size_t{1});
}

LATHE_TEST("what is no archive is refused with its name") {
  const TempFolder folder;
  const auto out = folder / "model.pt";
  for (const std::string& content :
       {std::string(), std::string("no zip"), std::string("PK\3\4"), std::string(5000, 'P')}) {
    writeText(folder / "m.mar", content);
    const auto refused = extractMar(folder / "m.mar", out);
    CHECK_EQ(codeOf(refused), std::string("engine.foreign_model"));
    CHECK(refused.error().sentence().find((folder / "m.mar").string()) != std::string::npos);
  }
  CHECK_EQ(codeOf(extractMar(folder / "none.mar", out)), std::string("file.missing"));
  fs::create_directory(folder / "folder.mar");
  CHECK(!extractMar(folder / "folder.mar", out));
  zipped(folder / "other.mar", {{"MAR-INF/MANIFEST.json", "{}"}});
  CHECK_EQ(codeOf(extractMar(folder / "other.mar", out)), std::string("engine.foreign_model"));
}

LATHE_TEST("a model that was damaged in its archive is refused") {
  const TempFolder folder;
  for (const int method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    std::string script;
    for (int i = 0; i < 50'000; ++i) script += static_cast<char>((i % 251) * (i % 251) % 251);
    zipped(folder / "m.mar", {{"model.pt", script}}, method);
    auto bytes = readFile(folder / "m.mar").value();
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
    writeText(folder / "m.mar", bytes);
    CHECK_EQ(codeOf(extractMar(folder / "m.mar", folder / "model.pt")), std::string("engine.foreign_model"));
    // Cut off anywhere.
    for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t{40}}) {
      writeText(folder / "m.mar", bytes.substr(0, size));
      CHECK(!extractMar(folder / "m.mar", folder / "model.pt"));
    }
  }
}

LATHE_TEST("a model that says it is larger than there is room for, or grows while it is unpacked, is refused") {
  const TempFolder folder;
  const std::string script(2'000'000, 'x');
  zipped(folder / "m.mar", {{"model.pt", script}}, ZIP_CM_DEFLATE);
  const auto good = readFile(folder / "m.mar").value();
  // Both headers of the entry say its size.
  replaceIn(folder / "m.mar", fourBytes(2'000'000), fourBytes(0xfffffff0U), true);
  CHECK_EQ(codeOf(extractMar(folder / "m.mar", folder / "model.pt")), std::string("engine.foreign_model"));
  writeText(folder / "m.mar", good);
  replaceIn(folder / "m.mar", fourBytes(2'000'000), fourBytes(10), true);
  CHECK_EQ(codeOf(extractMar(folder / "m.mar", folder / "model.pt")), std::string("engine.foreign_model"));
  std::error_code error;
  CHECK(!fs::exists(folder / "model.pt") || fs::file_size(folder / "model.pt", error) < 2'000'000);
}

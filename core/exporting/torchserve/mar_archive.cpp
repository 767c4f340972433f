// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/torchserve/mar_archive.h"

#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <vector>
#include <zip.h>

#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/exporting/schema_json.h"
#include "core/spec/targets.h"

namespace lathe::exporting {
namespace fs = std::filesystem;
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* handler =
#include "lathe_handler.inc"
    ;
constexpr const char* scriptName = "model.pt";
constexpr const char* manifestEntry = "MAR-INF/MANIFEST.json";
constexpr zip_uint64_t largestScript = zip_uint64_t{1} << 32;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

std::string manifestText(const MarDescription& description) {
  const OrderedJson manifest{{"createdBy", std::string("Lathe ") + latheVersion()},
                             {"runtime", "python"},
                             {"archiverVersion", "0.12.0"},
                             {"model",
                              {{"modelName", description.name},
                               {"modelVersion", description.version},
                               {"serializedFile", scriptName},
                               {"handler", "lathe_handler.py"},
                               {"configFile", "model-config.yaml"}}}};
  return manifest.dump(2) + "\n";
}

std::string modelText(const MarDescription& description) {
  const OrderedJson about{{"schema", schemaJson(description.schema)},
                          {"classes", description.schema.target.classes},
                          {"columns", spec::predictionColumns(description.schema)},
                          {"decision_threshold", description.decisionThreshold}};
  return about.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

std::string namesText(const std::vector<std::string>& classes) {
  auto names = OrderedJson::object();
  for (std::size_t i = 0; i < classes.size(); ++i) names[std::to_string(i)] = classes[i];
  return names.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

// A worker takes what has come within five milliseconds, at most eight requests.
constexpr const char* configText =
    "# How TorchServe runs this model.\n"
    "minWorkers: 1\n"
    "maxWorkers: 2\n"
    "batchSize: 8\n"
    "maxBatchDelay: 5\n"
    "responseTimeout: 120\n";

bool add(zip_t* archive, const char* name, zip_source_t* source, zip_int32_t compression) {
  if (source == nullptr) return false;
  const auto index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  return zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), compression, 0) == 0;
}

tl::unexpected<Error> notWritten(const fs::path& file) {
  return fail("file.write_failed", LATHE_TEXT("errors", "{file} could not be written."),
              LATHE_TEXT("errors", "Check that the folder exists, is writable and has room."),
              {{"file", file.string()}});
}

tl::unexpected<Error> foreign(const fs::path& file, std::string reason) {
  return fail("engine.foreign_model",
              LATHE_TEXT("errors", "{file} is not a TorchServe archive made by Lathe: {reason}."),
              LATHE_TEXT("errors", "Choose the .mar file of an export, or export the run again."),
              {{"file", file.string()}, {"reason", std::move(reason)}});
}

}  // namespace

Result<void> writeMar(const fs::path& script, const MarDescription& description, const fs::path& file) {
  int problem = 0;
  std::unique_ptr<zip_t, Discard> archive(zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &problem));
  if (!archive) return notWritten(file);
  std::vector<std::pair<const char*, std::string>> texts{{manifestEntry, manifestText(description)},
                                                         {"lathe_handler.py", handler},
                                                         {"lathe-model.json", modelText(description)},
                                                         {"model-config.yaml", configText}};
  if (!description.schema.target.classes.empty())
    texts.emplace_back("index_to_name.json", namesText(description.schema.target.classes));
  for (const auto& [name, text] : texts)
    if (!add(archive.get(), name, zip_source_buffer(archive.get(), text.data(), text.size(), 0), ZIP_CM_DEFLATE))
      return notWritten(file);
  // Weights do not get smaller, and what is stored is read without delay.
  if (!add(archive.get(), scriptName, zip_source_file(archive.get(), script.c_str(), 0, -1), ZIP_CM_STORE))
    return notWritten(file);
  if (zip_close(archive.get()) != 0) return notWritten(file);
  (void)archive.release();  // closed, so no longer there to be discarded
  return {};
}

Result<void> extractMar(const fs::path& file, const fs::path& script) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return fileError(ENOENT, file);
  int problem = 0;
  const std::unique_ptr<zip_t, Discard> archive(zip_open(file.c_str(), ZIP_RDONLY, &problem));
  if (!archive) return foreign(file, "it is not a zip archive");
  zip_stat_t part;
  zip_stat_init(&part);
  const auto wanted = ZIP_STAT_INDEX | ZIP_STAT_SIZE;
  if (zip_stat(archive.get(), scriptName, 0, &part) != 0 || (part.valid & wanted) != wanted)
    return foreign(file, "it holds no model.pt");
  const auto room = fs::space(script.parent_path(), error).available;
  if (part.size > largestScript || (!error && part.size > room)) return foreign(file, "its model.pt is too large");
  const std::unique_ptr<zip_file_t, Discard> source(zip_fopen_index(archive.get(), part.index, 0));
  if (!source) return foreign(file, "its model.pt cannot be read");
  std::ofstream out(script, std::ios::binary | std::ios::trunc);
  std::vector<char> buffer(std::size_t{1} << 20);
  zip_int64_t read = 0;
  zip_uint64_t left = part.size;  // what it says; a deflated one may hold more than that
  while ((read = zip_fread(source.get(), buffer.data(), buffer.size())) > 0 &&
         static_cast<zip_uint64_t>(read) <= left) {
    out.write(buffer.data(), read);
    left -= static_cast<zip_uint64_t>(read);
  }
  if (read != 0 || left != 0) return foreign(file, "its model.pt has changed since it was written");
  out.close();
  if (!out) return notWritten(script);
  return {};
}

Result<MarIdentity> marIdentity(const fs::path& file) {
  constexpr zip_uint64_t largestManifest = zip_uint64_t{1} << 20;
  int problem = 0;
  const std::unique_ptr<zip_t, Discard> archive(zip_open(file.c_str(), ZIP_RDONLY, &problem));
  if (!archive) return foreign(file, "it is not a zip archive");
  zip_stat_t part;
  zip_stat_init(&part);
  const auto wanted = ZIP_STAT_INDEX | ZIP_STAT_SIZE;
  if (zip_stat(archive.get(), manifestEntry, 0, &part) != 0 || (part.valid & wanted) != wanted ||
      part.size > largestManifest)
    return foreign(file, "it holds no manifest");
  const std::unique_ptr<zip_file_t, Discard> source(zip_fopen_index(archive.get(), part.index, 0));
  std::string text(part.size, '\0');
  if (!source || zip_fread(source.get(), text.data(), part.size) != static_cast<zip_int64_t>(part.size))
    return foreign(file, "its manifest cannot be read");
  const auto json = OrderedJson::parse(text, nullptr, false);
  const auto model = json.is_object() ? json.value("model", OrderedJson::object()) : OrderedJson::object();
  const auto said = [&](const char* name) {
    return model.is_object() && model.contains(name) && model[name].is_string() ? model[name].get<std::string>()
                                                                                : std::string();
  };
  MarIdentity identity{said("modelName"), said("modelVersion")};
  if (identity.name.empty()) return foreign(file, "its manifest names no model");
  return identity;
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/manifest.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/files.h"
#include "core/exporting/json_reader.h"
#include "core/exporting/schema_json.h"
#include "core/spec/targets.h"

namespace lathe::exporting {
namespace fs = std::filesystem;
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int formatVersion = 1;
constexpr const char* manifestName = "lathe-export.json";
constexpr std::size_t mostReferenceRows = 16;
constexpr std::size_t mostFiles = 1000;
constexpr std::uintmax_t mostManifestBytes = std::uintmax_t{64} << 20;

OrderedJson rowsJson(const std::vector<std::vector<float>>& rows) {
  auto json = OrderedJson::array();
  for (const auto& row : rows) {
    auto cells = OrderedJson::array();
    for (const float value : row)
      if (std::isfinite(value))
        cells.push_back(static_cast<double>(value));
      else
        cells.push_back(nullptr);
    json.push_back(std::move(cells));
  }
  return json;
}

OrderedJson parityJson(const ParityReport& parity) {
  OrderedJson json{{"runtime", parity.runtime}, {"independent", parity.independent}, {"rows", parity.rows}};
  // An infinite difference is null, as every infinity in Lathe's JSON.
  json["max_diff"] = std::isfinite(parity.maxDiff) ? OrderedJson(parity.maxDiff) : OrderedJson();
  json["class_mismatches"] = parity.classMismatches;
  json["ok"] = parity.ok;
  if (!parity.failingRows.empty()) json["failing_rows"] = parity.failingRows;
  return json;
}

Result<ParityReport> parityFrom(const Json& json) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  FieldReader reader(json, "a parity");
  ParityReport parity;
  parity.runtime = reader.text("runtime");
  parity.independent = reader.boolean("independent");
  parity.rows = reader.integer("rows", 0, most);
  parity.maxDiff = reader.number("max_diff");
  if (std::isnan(parity.maxDiff)) parity.maxDiff = std::numeric_limits<double>::infinity();
  parity.classMismatches = reader.integer("class_mismatches", 0, most);
  parity.ok = reader.boolean("ok");
  if (reader.has("failing_rows"))
    for (const auto row : reader.integers("failing_rows", 0, std::numeric_limits<std::uint32_t>::max()))
      parity.failingRows.push_back(static_cast<std::uint32_t>(row));
  LATHE_TRY(reader.result());
  return parity;
}

// A name below the export's folder and nothing else.
bool isPlainPath(const std::string& text) {
  const fs::path path(text);
  if (text.empty() || text.find('\0') != std::string::npos || path.is_absolute()) return false;
  return std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".." || part == "."; });
}

bool isSha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

OrderedJson alongJson(const std::vector<AlongFile>& files) {
  auto json = OrderedJson::array();
  for (const auto& file : files) json.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  return json;
}

Result<std::vector<AlongFile>> alongFrom(const Json& list) {
  std::vector<AlongFile> files;
  if (list.size() > mostFiles) return badManifest("it lists too many files");
  for (const auto& entry : list) {
    if (!entry.is_object()) return badManifest("one of its files is no object");
    FieldReader reader(entry, "a file");
    AlongFile file;
    file.path = reader.text("path");
    file.bytes = static_cast<std::uintmax_t>(reader.integer("bytes", 0, std::numeric_limits<std::int64_t>::max()));
    file.sha256 = reader.text("sha256");
    if (!isPlainPath(file.path)) reader.complain("has a path that leaves the folder");
    if (!isSha256(file.sha256)) reader.complain("has no SHA-256");
    LATHE_TRY(reader.result());
    files.push_back(std::move(file));
  }
  return files;
}

OrderedJson quantizationJson(const Quantization& quantization) {
  const auto number = [](double value) { return std::isfinite(value) ? OrderedJson(value) : OrderedJson(); };
  return {{"kind", quantization.kind},
          {"float_bytes", quantization.floatBytes},
          {"latency_ms_1", number(quantization.latencyMs1)},
          {"latency_ms_32", number(quantization.latencyMs32)},
          {"float_latency_ms_1", number(quantization.floatLatencyMs1)},
          {"float_latency_ms_32", number(quantization.floatLatencyMs32)},
          {"metric", quantization.metric},
          {"value", number(quantization.value)},
          {"float_value", number(quantization.floatValue)}};
}

Result<Quantization> quantizationFrom(const Json& json) {
  FieldReader reader(json, "a quantization");
  Quantization quantization;
  quantization.kind = reader.text("kind");
  quantization.floatBytes =
      static_cast<std::uintmax_t>(reader.integer("float_bytes", 0, std::numeric_limits<std::int64_t>::max()));
  quantization.latencyMs1 = reader.number("latency_ms_1");
  quantization.latencyMs32 = reader.number("latency_ms_32");
  quantization.floatLatencyMs1 = reader.number("float_latency_ms_1");
  quantization.floatLatencyMs32 = reader.number("float_latency_ms_32");
  quantization.metric = reader.text("metric");
  quantization.value = reader.number("value");
  quantization.floatValue = reader.number("float_value");
  if (quantization.kind.empty()) reader.complain("names no kind");
  LATHE_TRY(reader.result());
  return quantization;
}

Result<ExportedFile> fileFrom(const Json& json) {
  FieldReader reader(json, "a file");
  ExportedFile file;
  file.path = reader.text("path");
  file.format = reader.text("format");
  file.bytes = static_cast<std::uintmax_t>(reader.integer("bytes", 0, std::numeric_limits<std::int64_t>::max()));
  file.sha256 = reader.text("sha256");
  const auto& parity = reader.object("parity");
  const Json none = Json::array();
  const auto& along = reader.has("along") ? reader.list("along") : none;
  if (!isPlainPath(file.path)) reader.complain("has a path that leaves the folder");
  if (!isSha256(file.sha256)) reader.complain("has no SHA-256");
  LATHE_TRY(reader.result());
  LATHE_ASSIGN(report, parityFrom(parity));
  file.parity = std::move(report);
  LATHE_ASSIGN(beside, alongFrom(along));
  file.along = std::move(beside);
  if (!json.contains("quantization")) return file;
  LATHE_ASSIGN(quantization, quantizationFrom(reader.object("quantization")));
  file.quantization = std::move(quantization);
  return file;
}

Result<void> checkReference(const ExportManifest& manifest) {
  if (manifest.referenceRows.size() != manifest.referenceOutputs.size())
    return badManifest("it has not as many reference outputs as rows");
  for (const auto& row : manifest.referenceRows)
    if (row.size() != inputSize(manifest.schema)) return badManifest("a reference row does not fit the schema");
  for (const auto& row : manifest.referenceOutputs)
    if (row.empty() || row.size() != manifest.referenceOutputs.front().size())
      return badManifest("the reference outputs differ in length");
  return {};
}

const ParityReport* worstOf(const std::vector<ExportedFile>& files) {
  const ParityReport* worst = nullptr;
  for (const auto& file : files)
    if (worst == nullptr || (worst->ok && !file.parity.ok) ||
        (worst->ok == file.parity.ok && file.parity.maxDiff > worst->maxDiff))
      worst = &file.parity;
  return worst;
}

// For people and programs that use the files without Lathe: nothing here is read back.
void describeTensors(const ExportManifest& manifest, OrderedJson& json) {
  const auto& schema = manifest.schema;
  const auto withRows = [](const auto& sizes) {
    auto shape = OrderedJson::array({"N"});
    for (const auto size : sizes) shape.push_back(size);
    return shape;
  };
  OrderedJson input{
      {"name", "input_tensor"},
      {"types", schema.image ? OrderedJson::array({"uint8", "float32"}) : OrderedJson::array({"float32"})},
      {"shape", withRows(schema.inputShape)}};
  if (schema.image)
    input["values"] = "0 to 255, channels first";
  else if (schema.sound())
    input["values"] = "samples of sound from -1 to 1, the mean of all channels, at schema.sample_rate Hz; 0 is silence";
  else
    input["values"] =
        "numbers in their own unit; a category or boolean is its place in the vocabulary, counted from 0, and -1 for "
        "any other value; a date takes two places, days since 2000-01-01 and seconds of the day; NaN is a missing "
        "value";
  const auto isText = [](const auto& feature) { return feature.text.buckets > 0; };
  if (std::any_of(schema.features.begin(), schema.features.end(), isText)) {
    input["values"] =
        input["values"].get<std::string>() +
        "; a text takes as many places as its width says and fills them with codes, from its offset on, then -1 "
        "(TorchScript cannot hash UTF-8, so whoever calls the model does)";
    input["text_codes"] = {{"rule", spec::textRuleName}, {"description", spec::describeTextRule()}};
  }
  if (schema.sequence.window > 0)
    input["values"] = "rows in the order of time, the newest last, of " + input["values"].get<std::string>();
  json["input"] = std::move(input);
  const char* values = "values in the target's unit";
  if (schema.task == spec::Task::Classification) values = "probabilities in the order of classes";
  if (schema.task == spec::Task::Multilabel) values = "a probability of each label, in the order of classes";
  if (schema.task == spec::Task::Quantile) values = "quantiles in the target's unit, ascending, in the order of levels";
  if (schema.task == spec::Task::Forecast) values = "values in the target's unit, of the next row first";
  if (schema.task == spec::Task::Quantile && schema.sequence.horizon > 0)
    values = "quantiles in the target's unit, ascending, in the order of levels, of the next row first";
  if (schema.task == spec::Task::Anomaly) values = "how unusual a row is, the larger the stranger";
  if (schema.task == spec::Task::Regression && !schema.target.columns.empty())
    values = "values in their own units, in the order of targets";
  json["output"] = {{"name", "output_tensor"},
                    {"types", OrderedJson::array({"float32"})},
                    {"shape", withRows(spec::outputShape(schema))},
                    {"values", values}};
}

OrderedJson manifestJson(const ExportManifest& manifest) {
  OrderedJson json;
  json["format"] = formatVersion;
  json["name"] = manifest.name;
  json["created"] = manifest.created;
  json["lathe_version"] = manifest.latheVersion;
  json["run"] = manifest.run;
  json["schema"] = schemaJson(manifest.schema);
  json["classes"] = manifest.schema.target.classes;
  json["target_std"] = manifest.targetStd;
  if (!manifest.targetStds.empty()) json["target_stds"] = manifest.targetStds;
  if (manifest.decisionThreshold != 0.5) json["decision_threshold"] = manifest.decisionThreshold;
  describeTensors(manifest, json);
  auto formats = OrderedJson::array();
  for (const auto& file : manifest.files)
    if (std::find(formats.begin(), formats.end(), file.format) == formats.end()) formats.push_back(file.format);
  json["formats"] = std::move(formats);
  if (const auto* worst = worstOf(manifest.files)) json["parity"] = parityJson(*worst);
  auto files = OrderedJson::array();
  for (const auto& file : manifest.files) {
    OrderedJson entry{{"path", file.path}, {"format", file.format}, {"bytes", file.bytes}, {"sha256", file.sha256}};
    if (!file.along.empty()) entry["along"] = alongJson(file.along);
    entry["parity"] = parityJson(file.parity);
    if (file.quantization) entry["quantization"] = quantizationJson(*file.quantization);
    files.push_back(std::move(entry));
  }
  json["files"] = std::move(files);
  if (!manifest.documents.empty()) json["documents"] = alongJson(manifest.documents);
  json["reference_rows"] = rowsJson(manifest.referenceRows);
  json["reference_outputs"] = rowsJson(manifest.referenceOutputs);
  return json;
}

Result<ExportManifest> manifestFrom(const Json& json) {
  FieldReader reader(json, "the manifest");
  if (reader.integer("format", 1, std::numeric_limits<int>::max()) > formatVersion)
    return fail("export.newer_version", LATHE_TEXT("errors", "This export was written by a newer Lathe."),
                LATHE_TEXT("errors", "Use that version of Lathe, or export the model again with this one."));
  ExportManifest manifest;
  manifest.name = reader.text("name");
  manifest.created = reader.text("created");
  manifest.latheVersion = reader.text("lathe_version");
  manifest.run = reader.integer("run", 0, std::numeric_limits<std::int64_t>::max());
  const auto classes = reader.texts("classes");
  manifest.targetStd = reader.number("target_std");
  if (!(manifest.targetStd > 0) || !std::isfinite(manifest.targetStd)) reader.complain("has no usable target_std");
  if (reader.has("target_stds")) manifest.targetStds = reader.numbers("target_stds");
  for (const double deviation : manifest.targetStds)
    if (!(deviation > 0) || !std::isfinite(deviation)) reader.complain("has no usable target_stds");
  if (reader.has("decision_threshold")) manifest.decisionThreshold = reader.number("decision_threshold");
  if (!(manifest.decisionThreshold >= 0) || !(manifest.decisionThreshold <= 1))
    reader.complain("has no usable decision_threshold");
  const auto& schema = reader.object("schema");
  const auto& files = reader.list("files");
  const Json none = Json::array();
  const auto& documents = reader.has("documents") ? reader.list("documents") : none;
  manifest.referenceRows = reader.rows("reference_rows", mostReferenceRows);
  manifest.referenceOutputs = reader.rows("reference_outputs", mostReferenceRows);
  if (files.size() > mostFiles) reader.complain("lists too many files");
  LATHE_TRY(reader.result());
  LATHE_ASSIGN(read, schemaFrom(schema));
  manifest.schema = std::move(read);
  manifest.schema.target.classes = classes;
  if (!manifest.targetStds.empty() && manifest.targetStds.size() != spec::targetCount(manifest.schema))
    return badManifest("it has not as many target_stds as targets");
  for (const auto& entry : files) {
    auto file = fileFrom(entry);
    if (!file) return passOn(file);
    manifest.files.push_back(std::move(*file));
  }
  LATHE_ASSIGN(forPeople, alongFrom(documents));
  manifest.documents = std::move(forPeople);
  LATHE_TRY(checkReference(manifest));
  return manifest;
}

}  // namespace

std::string toJson(const Quantization& quantization) { return quantizationJson(quantization).dump(); }

std::string toJson(const ExportManifest& manifest) {
  auto json = manifestJson(manifest);
  if (!manifest.others.empty()) {
    auto others = OrderedJson::array();
    for (const auto& other : manifest.others) others.push_back(manifestJson(other));
    json["others"] = std::move(others);
  }
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

Result<ExportManifest> manifestFromJson(std::string_view text) {
  LATHE_ASSIGN(json, parseManifest(text));
  auto manifest = manifestFrom(json);
  if (!manifest || !json.contains("others")) return manifest;
  FieldReader reader(json, "the manifest");
  const auto& others = reader.list("others");
  if (others.size() > mostOtherExports) reader.complain("lists too many exports");
  LATHE_TRY(reader.result());
  for (const auto& entry : others) {
    if (!entry.is_object()) return badManifest("one of its exports is no object");
    auto other = manifestFrom(entry);
    if (!other) return other;
    manifest->others.push_back(std::move(*other));
  }
  return manifest;
}

Result<std::optional<ExportManifest>> manifestOf(const fs::path& folder) {
  std::error_code error;
  const auto file = folder / manifestName;
  if (!fs::is_regular_file(file, error)) return std::optional<ExportManifest>();
  LATHE_ASSIGN(text, readFile(file, mostManifestBytes));
  auto manifest = manifestFromJson(text);
  if (!manifest) return passOn(manifest);
  return std::optional<ExportManifest>(std::move(*manifest));
}

}  // namespace lathe::exporting

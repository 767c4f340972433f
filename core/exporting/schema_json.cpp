// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/schema_json.h"

namespace lathe::exporting {
namespace {

constexpr std::int64_t mostInputs = std::int64_t{1} << 26;
constexpr std::size_t mostTargets = 65536;

Result<spec::FeatureSchema> featureFrom(const Json& json, std::int64_t inputs) {
  FieldReader reader(json, "a feature");
  spec::FeatureSchema feature;
  feature.name = reader.text("name");
  const auto kind = spec::columnKind(reader.text("kind"));
  if (!kind) reader.complain("has an unknown kind");
  feature.kind = kind.value_or(spec::ColumnKind::Real);
  feature.offset = static_cast<int>(reader.integer("offset", 0, inputs - 1));
  feature.width = static_cast<int>(reader.integer("width", 1, inputs));
  if (feature.offset + static_cast<std::int64_t>(feature.width) > inputs) reader.complain("lies beyond the input");
  if (reader.has("vocabulary")) feature.vocabulary = reader.texts("vocabulary");
  LATHE_TRY(reader.result());
  return feature;
}

}  // namespace

nlohmann::ordered_json schemaJson(const spec::DataSchema& schema) {
  using OrderedJson = nlohmann::ordered_json;
  auto features = OrderedJson::array();
  for (const auto& feature : schema.features) {
    OrderedJson entry{{"name", feature.name},
                      {"kind", spec::name(feature.kind)},
                      {"offset", feature.offset},
                      {"width", feature.width}};
    if (!feature.vocabulary.empty()) entry["vocabulary"] = feature.vocabulary;
    features.push_back(std::move(entry));
  }
  OrderedJson json;
  json["kind"] = schema.image ? "image" : "table";
  json["input_shape"] = schema.inputShape;
  json["features"] = std::move(features);
  json["task"] = spec::name(schema.task);
  json["target"] = schema.target.name;
  const auto& target = schema.target;
  if (!target.columns.empty()) json["targets"] = target.columns;
  if (!target.separator.empty()) json["label_separator"] = target.separator;
  if (!target.quantiles.empty()) json["quantiles"] = target.quantiles;
  if (!target.link.empty()) json["link"] = target.link;
  return json;
}

Result<spec::DataSchema> schemaFrom(const Json& json) {
  FieldReader reader(json, "the schema");
  spec::DataSchema schema;
  const auto kind = reader.text("kind");
  if (kind != "image" && kind != "table") reader.complain("is of an unknown kind");
  schema.image = kind == "image";
  schema.inputShape = reader.integers("input_shape", 1, mostInputs);
  if (schema.inputShape.size() != (schema.image ? 3U : 1U)) reader.complain("has an input of a wrong shape");
  const auto task = spec::task(reader.text("task"));
  if (!task || *task == spec::Task::Auto) reader.complain("has an unknown task");
  schema.task = task.value_or(spec::Task::Auto);
  schema.target.name = reader.text("target");
  if (reader.has("targets")) schema.target.columns = reader.texts("targets");
  if (reader.has("label_separator")) schema.target.separator = reader.text("label_separator");
  if (reader.has("quantiles")) schema.target.quantiles = reader.numbers("quantiles");
  if (reader.has("link")) schema.target.link = reader.text("link");
  if (schema.target.columns.size() > mostTargets || schema.target.quantiles.size() > mostTargets)
    reader.complain("has too many targets");
  const auto& features = reader.list("features");
  LATHE_TRY(reader.result());
  std::int64_t inputs = 1;
  for (const auto size : schema.inputShape) {
    inputs *= size;
    if (inputs > mostInputs) return badManifest("the schema has too large an input");
  }
  for (const auto& entry : features) {
    auto feature = featureFrom(entry, inputs);
    if (!feature) return passOn(feature);
    schema.features.push_back(std::move(*feature));
  }
  return schema;
}

std::size_t inputSize(const spec::DataSchema& schema) {
  return static_cast<std::size_t>(spec::elementCount(schema.inputShape));
}

}  // namespace lathe::exporting

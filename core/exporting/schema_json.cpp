// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/schema_json.h"

#include "core/spec/text_schema.h"

namespace lathe::exporting {
namespace {

constexpr std::int64_t mostInputs = std::int64_t{1} << 26;
constexpr std::size_t mostTargets = 65536;
constexpr std::int64_t mostSteps = 65536;

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
  const bool text = reader.has("codes");
  const Json none = Json::object();
  const auto& codes = text ? reader.object("codes") : none;
  LATHE_TRY(reader.result());
  if (!text) return feature;
  FieldReader rule(codes, "the codes of a text");
  if (rule.text("rule") != spec::textRuleName) rule.complain("follow an unknown rule");
  feature.text.buckets = static_cast<int>(rule.integer("buckets", 1, spec::mostTextBuckets));
  LATHE_TRY(rule.result());
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
    if (feature.text.buckets > 0)
      entry["codes"] = OrderedJson{{"rule", spec::textRuleName}, {"buckets", feature.text.buckets}};
    features.push_back(std::move(entry));
  }
  OrderedJson json;
  const auto& sequence = schema.sequence;
  json["kind"] = schema.image ? "image" : schema.sound() ? "audio" : sequence.window > 0 ? "sequence" : "table";
  json["input_shape"] = schema.inputShape;
  if (schema.sound()) json["sample_rate"] = schema.sampleRate;
  json["features"] = std::move(features);
  if (sequence.window > 0) {
    json["window"] = sequence.window;
    if (sequence.horizon > 0) json["horizon"] = sequence.horizon;
    if (!sequence.time.empty()) json["time"] = sequence.time;
    if (!sequence.group.empty()) json["group"] = sequence.group;
  }
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
  const bool windows = kind == "sequence";
  const bool sound = kind == "audio";
  if (kind != "image" && kind != "table" && !windows && !sound) reader.complain("is of an unknown kind");
  schema.image = kind == "image";
  if (sound) {
    const auto rate = reader.number("sample_rate");
    if (!(rate >= 1 && rate <= 1e6)) reader.complain("has an impossible sample rate");
    schema.sampleRate = rate >= 1 && rate <= 1e6 ? static_cast<int>(rate) : 0;
  }
  schema.inputShape = reader.integers("input_shape", 1, mostInputs);
  if (schema.inputShape.size() != (schema.image ? 3U : windows ? 2U : 1U))
    reader.complain("has an input of a wrong shape");
  if (windows) {
    schema.sequence.window = reader.integer("window", 1, mostInputs);
    if (reader.has("horizon")) schema.sequence.horizon = reader.integer("horizon", 1, mostSteps);
    if (reader.has("time")) schema.sequence.time = reader.text("time");
    if (reader.has("group")) schema.sequence.group = reader.text("group");
    if (!schema.inputShape.empty() && schema.inputShape.front() != schema.sequence.window)
      reader.complain("has a window of another length than its input");
  }
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
    auto feature = featureFrom(entry, windows ? schema.inputShape.back() : inputs);
    if (!feature) return passOn(feature);
    schema.features.push_back(std::move(*feature));
  }
  if (!spec::textLiesLast(schema)) return badManifest("the schema has codes of text in a wrong place");
  return schema;
}

std::size_t inputSize(const spec::DataSchema& schema) {
  return static_cast<std::size_t>(spec::elementCount(schema.inputShape));
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include <mutex>

#include "core/spec/json_tools.h"
#include "core/spec/prepared.h"

namespace lathe::spec {
namespace {

constexpr int formatVersion = 1;

OrderedJson schemaJson(const DataSchema& schema) {
  auto features = OrderedJson::array();
  for (const auto& feature : schema.features) {
    OrderedJson entry{{"name", feature.name}, {"kind", name(feature.kind)}, {"offset", feature.offset}};
    if (feature.width != 1) entry["width"] = feature.width;
    if (!feature.vocabulary.empty()) entry["vocabulary"] = feature.vocabulary;
    if (feature.text.buckets != 0)
      entry["text"] = OrderedJson{{"rule", textRuleName}, {"buckets", feature.text.buckets}};
    features.push_back(std::move(entry));
  }
  OrderedJson json{{"image", schema.image}, {"input_shape", schema.inputShape}};
  if (schema.sound()) json["sample_rate"] = schema.sampleRate;
  json["features"] = std::move(features);
  json["task"] = name(schema.task);
  const auto& target = schema.target;
  json["target"] = OrderedJson{{"name", target.name}, {"classes", target.classes}};
  // Only where they say something, so that plain targets read as ever.
  if (!target.columns.empty()) json["target"]["columns"] = target.columns;
  if (!target.separator.empty()) json["target"]["separator"] = target.separator;
  if (!target.quantiles.empty()) json["target"]["quantiles"] = target.quantiles;
  if (!target.link.empty()) json["target"]["link"] = target.link;
  if (const auto& sequence = schema.sequence; sequence.window > 0) {
    json["sequence"] = OrderedJson{{"window", sequence.window}, {"horizon", sequence.horizon}};
    if (!sequence.time.empty()) json["sequence"]["time"] = sequence.time;
    if (!sequence.group.empty()) json["sequence"]["group"] = sequence.group;
  }
  return json;
}

OrderedJson fittedJson(const FittedPreprocessing& fitted) {
  auto features = OrderedJson::array();
  for (const auto& feature : fitted.features) {
    OrderedJson entry{
        {"fill", feature.fill}, {"indicator", feature.indicator}, {"shift", feature.shift}, {"scale", feature.scale}};
    if (!feature.quantiles.empty()) entry["quantiles"] = feature.quantiles;
    if (!feature.bins.empty()) entry["bins"] = feature.bins;
    features.push_back(std::move(entry));
  }
  OrderedJson json;
  json["features"] = std::move(features);
  json["channel_mean"] = fitted.channelMean;
  json["channel_std"] = fitted.channelStd;
  json["target_mean"] = fitted.targetMean;
  json["target_std"] = fitted.targetStd;
  if (!fitted.targetMeans.empty()) json["target_means"] = fitted.targetMeans;
  if (!fitted.targetStds.empty()) json["target_stds"] = fitted.targetStds;
  json["class_frequencies"] = fitted.classFrequencies;
  return json;
}

OrderedJson preprocessingJson(const PreprocessingSpec& p) {
  OrderedJson json;
  json["imputation"] = p.imputation;
  json["missing_indicator"] = p.missingIndicator;
  json["scaling"] = p.scaling;
  json["categories"] = p.categories;
  json["date_parts"] = p.dateParts;
  json["scale_target"] = p.scaleTarget;
  if (p.text != PreprocessingSpec().text) json["text"] = p.text;
  if (p.textBuckets != 0) json["text_buckets"] = p.textBuckets;
  if (p.textCodes != 0) json["text_codes"] = p.textCodes;
  if (p.numericBins != 0) json["numeric_bins"] = p.numericBins;
  json["image_size"] = p.imageSize;
  if (p.imageScaling != "auto") json["image_scaling"] = p.imageScaling;
  if (p.sampleRate != 0) json["sample_rate"] = p.sampleRate;
  if (p.clipSeconds != 0) json["clip_seconds"] = p.clipSeconds;
  return json;
}

// Layers and what goes with them, of a model or a member of an ensemble.
void putGraph(OrderedJson& json, const ModelGraph& graph, double temperature) {
  json["layers"] = graphJson(graph);
  if (graph.lora.rank > 0) json["lora"] = OrderedJson{{"rank", graph.lora.rank}, {"alpha", graph.lora.alpha}};
  if (temperature != 1) json["temperature"] = temperature;
}

}  // namespace

Result<void> readValue(const Json& json, const std::string& field, TextRule& out) {
  ObjectReader reader(json, field);
  std::string rule;
  LATHE_TRY(reader.required("rule", rule).required("buckets", out.buckets).finish());
  if (rule == textRuleName && out.buckets >= 1 && out.buckets <= mostTextBuckets) return {};
  return typeError(field, json, LATHE_TEXT("errors", "{field} must be a known rule and its buckets, not {value}."));
}

Result<void> readValue(const Json& json, const std::string& field, FeatureSchema& out) {
  ObjectReader reader(json, field);
  reader.required("name", out.name).required("kind", out.kind).required("offset", out.offset);
  return reader.optional("width", out.width).optional("vocabulary", out.vocabulary).optional("text", out.text).finish();
}

Result<void> readValue(const Json& json, const std::string& field, TargetSchema& out) {
  ObjectReader reader(json, field);
  reader.required("name", out.name).required("classes", out.classes);
  reader.optional("columns", out.columns).optional("separator", out.separator);
  return reader.optional("quantiles", out.quantiles).optional("link", out.link).finish();
}

Result<void> readValue(const Json& json, const std::string& field, SequenceSchema& out) {
  ObjectReader reader(json, field);
  reader.required("window", out.window).required("horizon", out.horizon);
  return reader.optional("time", out.time).optional("group", out.group).finish();
}

Result<void> readValue(const Json& json, const std::string& field, DataSchema& out) {
  ObjectReader reader(json, field);
  reader.optional("sample_rate", out.sampleRate);
  reader.required("image", out.image).required("input_shape", out.inputShape).required("features", out.features);
  reader.optional("sequence", out.sequence);
  return reader.required("task", out.task).required("target", out.target).finish();
}

Result<void> readValue(const Json& json, const std::string& field, FittedFeature& out) {
  ObjectReader reader(json, field);
  reader.required("fill", out.fill).required("indicator", out.indicator);
  reader.required("shift", out.shift).required("scale", out.scale);
  return reader.optional("quantiles", out.quantiles).optional("bins", out.bins).finish();
}

Result<void> readValue(const Json& json, const std::string& field, FittedPreprocessing& out) {
  ObjectReader reader(json, field);
  reader.required("features", out.features).required("channel_mean", out.channelMean);
  reader.required("channel_std", out.channelStd).required("target_mean", out.targetMean);
  reader.optional("target_means", out.targetMeans).optional("target_stds", out.targetStds);
  return reader.required("target_std", out.targetStd).required("class_frequencies", out.classFrequencies).finish();
}

Result<void> readValue(const Json& json, const std::string& field, PreprocessingSpec& out) {
  ObjectReader reader(json, field);
  reader.required("imputation", out.imputation).required("missing_indicator", out.missingIndicator);
  reader.required("scaling", out.scaling).required("categories", out.categories);
  reader.required("date_parts", out.dateParts).required("scale_target", out.scaleTarget);
  reader.optional("numeric_bins", out.numericBins).optional("text", out.text);
  reader.optional("text_buckets", out.textBuckets).optional("text_codes", out.textCodes);
  reader.required("image_size", out.imageSize).optional("image_scaling", out.imageScaling);
  reader.optional("sample_rate", out.sampleRate).optional("clip_seconds", out.clipSeconds);
  LATHE_TRY(reader.finish());
  LATHE_ASSIGN(images, choose(field + ".image_scaling", out.imageScaling, {"auto", "fitted", "imagenet"}));
  LATHE_ASSIGN(text, choose(field + ".text", out.text, {"hashed", "ignore"}));
  LATHE_ASSIGN(imputation, choose(field + ".imputation", out.imputation, {"median", "mean", "zero"}));
  LATHE_ASSIGN(scaling, choose(field + ".scaling", out.scaling, {"none", "standard", "robust", "quantile"}));
  LATHE_ASSIGN(categories, choose(field + ".categories", out.categories, {"auto", "onehot", "embedding"}));
  out.imputation = imputation;
  out.scaling = scaling;
  out.categories = categories;
  out.imageScaling = images;
  out.text = text;
  return {};
}

Result<void> readValue(const Json& json, const std::string& field, LoraSpec& out) {
  constexpr int highestRank = 1024;
  ObjectReader reader(json, field);
  LATHE_TRY(reader.required("rank", out.rank).required("alpha", out.alpha).finish());
  if (out.rank >= 1 && out.rank <= highestRank && out.alpha > 0 && out.alpha <= 1e4) return {};
  return typeError(field, json, LATHE_TEXT("errors", "{field} must be a rank and an alpha, not {value}."));
}

Result<void> readValue(const Json& json, const std::string& field, EnsembleMember& out) {
  ObjectReader reader(json, field);
  reader.required("weight", out.weight).required("fitted", out.fitted).required("preprocessing", out.preprocessing);
  reader.required("layers", out.graph).optional("lora", out.graph.lora);
  return reader.optional("temperature", out.temperature).finish();
}

std::string toJson(const ModelDescription& description) {
  OrderedJson json;
  json["format"] = formatVersion;
  json["schema"] = schemaJson(description.schema);
  json["fitted"] = fittedJson(description.fitted);
  json["preprocessing"] = preprocessingJson(description.preprocessing);
  putGraph(json, description.graph, description.temperature);
  for (const auto& member : description.members) {
    OrderedJson entry{{"weight", member.weight},
                      {"fitted", fittedJson(member.fitted)},
                      {"preprocessing", preprocessingJson(member.preprocessing)}};
    putGraph(entry, member.graph, member.temperature);
    json["members"].push_back(std::move(entry));
  }
  return dump(json);
}

std::shared_ptr<const std::string> sharedJson(const ModelDescription& description) {
  struct Written {
    ModelDescription description;
    std::shared_ptr<const std::string> text;
  };
  static std::mutex mutex;
  static std::shared_ptr<const Written> newest;
  std::shared_ptr<const Written> known;
  {
    const std::lock_guard lock(mutex);
    known = newest;
  }
  if (known && known->description == description) return known->text;
  known =
      std::make_shared<const Written>(Written{description, std::make_shared<const std::string>(toJson(description))});
  const std::lock_guard lock(mutex);
  newest = known;
  return known->text;
}

Result<ModelDescription> modelDescriptionFromJson(std::string_view text) {
  LATHE_ASSIGN(json, parseJson(text));
  ModelDescription description;
  ObjectReader reader(json, "");
  int format = 0;
  reader.required("format", format);
  if (format > formatVersion)
    return fail("spec.newer", LATHE_TEXT("errors", "This model was written by a newer version of Lathe."),
                LATHE_TEXT("errors", "Update Lathe to open it."));
  reader.required("schema", description.schema).required("fitted", description.fitted);
  reader.required("preprocessing", description.preprocessing).required("layers", description.graph);
  reader.optional("lora", description.graph.lora).optional("temperature", description.temperature);
  reader.optional("members", description.members);
  LATHE_TRY(reader.finish());
  LATHE_TRY(checkDescription(description));
  return description;
}

}  // namespace lathe::spec

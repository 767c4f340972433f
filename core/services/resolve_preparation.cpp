// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>

#include "core/services/resolve_rules.h"
#include "core/spec/layer_kind.h"
#include "core/spec/prepared.h"

namespace lathe::services {
namespace {

// The authors' own default (rtdl_num_embeddings).
constexpr int usualBins = 48;
constexpr const char* piecewise = "piecewise_linear";

// Choices ignore case, '-' and '_'.
std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (c != '-' && c != '_') out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

bool wantsBins(const spec::ModelSpec& model) {
  if (const auto setting = model.settings.find("numeric_embedding"); setting != model.settings.end())
    if (model.templateName != "custom" && plain(setting->second.toText()) == plain(piecewise)) return true;
  return std::any_of(model.graph.layers.begin(), model.graph.layers.end(), [](const auto& node) {
    return node.kind == "piecewise_embedding" ||
           (node.kind == "feature_tokenizer" && spec::attribute(node, "numbers").toText() == piecewise);
  });
}

std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) out += (out.empty() ? "" : ", ") + names[i];
  return names.size() > shown ? out + " ..." : out;
}

}  // namespace

void resolvePreparation(spec::ExperimentSpec& spec, std::vector<Message>& reasons) {
  auto& preprocessing = spec.data.preprocessing;
  if (spec.model.templateName == "autoencoder" && spec.data.task == spec::Task::Auto) {
    spec.data.task = spec::Task::Anomaly;
    reasons.push_back({LATHE_TEXT("events", "An autoencoder searches for anomalies, so that is the task."), {}});
  }
  if (spec.model.templateName == "ft-transformer" && preprocessing.categories == "auto") {
    preprocessing.categories = "embedding";
    reasons.push_back(
        {LATHE_TEXT("events", "Categories are embedded, so that each column is one token of the transformer."), {}});
  }
  if (preprocessing.numericBins == 0 && wantsBins(spec.model)) {
    preprocessing.numericBins = usualBins;
    reasons.push_back({LATHE_TEXT("events", "Each number is cut into up to {count} bins for its embedding."),
                       {{"count", std::to_string(usualBins)}}});
  }
}

void resolveText(spec::PreprocessingSpec& preprocessing, const data::Dataset& dataset, std::vector<Message>& reasons) {
  std::vector<std::string> names;
  for (const auto& feature : dataset.schema.features) {
    if (feature.text.buckets == 0) continue;
    names.push_back(feature.name);
    preprocessing.textBuckets = feature.text.buckets;
    preprocessing.textCodes = feature.width;
  }
  if (names.empty()) return;
  std::size_t bytes = 0;
  for (const auto& text : dataset.texts)
    bytes += text.place.size() * sizeof(text.place[0]) + text.starts.size() * sizeof(text.starts[0]) +
             text.codes.size() * sizeof(text.codes[0]);
  reasons.push_back(
      {LATHE_TEXT("events",
                  "The text of {columns} is read as up to {codes} codes a row out of {buckets}, {size} MB "
                  "in memory."),
       {{"columns", joined(names)},
        {"codes", std::to_string(preprocessing.textCodes)},
        {"buckets", std::to_string(preprocessing.textBuckets)},
        {"size", std::to_string((bytes + 999'999) / 1'000'000)}}});
}

void resolveSound(spec::PreprocessingSpec& preprocessing, const spec::DataSchema& schema,
                  std::vector<Message>& reasons) {
  if (!schema.sound() || (preprocessing.sampleRate > 0 && preprocessing.clipSeconds > 0)) return;
  preprocessing.sampleRate = schema.sampleRate;
  preprocessing.clipSeconds = static_cast<double>(schema.inputShape.front()) / schema.sampleRate;
  reasons.push_back(
      {LATHE_TEXT("events", "Every clip is brought to {rate} Hz and {seconds} s, which suits most of them."),
       {{"rate", std::to_string(schema.sampleRate)}, {"seconds", fmt::format("{:.3g}", preprocessing.clipSeconds)}}});
}

void noteCategories(const spec::ModelDescription& model, std::vector<Message>& reasons) {
  if (model.preprocessing.categories != "auto" || model.schema.image || model.schema.sound()) return;
  const auto layout = spec::preparedLayout(model.schema, model.fitted, model.preprocessing);
  std::vector<std::string> embedded;
  for (const auto i : layout.codes) embedded.push_back(model.schema.features[i].name);
  TextArgs args{{"limit", std::to_string(spec::mostOneHot(model.schema))}, {"columns", joined(embedded)}};
  if (!embedded.empty() && !layout.oneHot.empty())
    reasons.push_back({LATHE_TEXT("events",
                                  "Categories with at most {limit} values get an input for each of them; larger ones "
                                  "are embedded: {columns}."),
                       std::move(args)});
  else if (!embedded.empty())
    reasons.push_back(
        {LATHE_TEXT("events", "Categories are embedded, since each has more than {limit} values."), std::move(args)});
  else if (!layout.oneHot.empty())
    reasons.push_back(
        {LATHE_TEXT("events", "Categories get an input for each value, since none has more than {limit}."),
         std::move(args)});
}

void noteBins(const spec::ModelDescription& model, std::vector<Message>& reasons) {
  if (model.preprocessing.numericBins == 0) return;
  std::vector<std::string> without;
  for (std::size_t i = 0; i < model.schema.features.size() && i < model.fitted.features.size(); ++i) {
    const auto kind = model.schema.features[i].kind;
    const bool number = kind == spec::ColumnKind::Integer || kind == spec::ColumnKind::Real;
    if (number && model.fitted.features[i].bins.empty()) without.push_back(model.schema.features[i].name);
  }
  if (without.empty()) return;
  reasons.push_back({LATHE_TEXT("events",
                                "No bins for {columns}: fewer than two different values in the training rows, so the "
                                "embedding takes the number itself."),
                     {{"columns", joined(without)}}});
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/template_builders.h"

#include <algorithm>

namespace lathe::spec {
namespace {

const Value& valueIn(const ValueMap& values, std::string_view name) {
  static const Value nothing;
  const auto at = values.find(name);
  return at == values.end() ? nothing : at->second;
}

}  // namespace

std::int64_t TemplateSettings::integer(std::string_view name) const { return valueIn(values, name).toInteger(); }
double TemplateSettings::real(std::string_view name) const { return valueIn(values, name).toReal(); }
std::string TemplateSettings::text(std::string_view name) const { return valueIn(values, name).toText(); }
std::vector<std::int64_t> TemplateSettings::integers(std::string_view name) const {
  return valueIn(values, name).toIntegers();
}

std::string GraphWriter::add(const std::string& kind, const std::string& prefix, ValueMap attributes,
                             std::vector<std::string> inputs) {
  return addNamed(kind, prefix + std::to_string(++m_counts[prefix]), std::move(attributes), std::move(inputs));
}

std::string GraphWriter::addNamed(const std::string& kind, const std::string& name, ValueMap attributes,
                                  std::vector<std::string> inputs) {
  m_graph.layers.push_back({name, kind, std::move(attributes), std::move(inputs)});
  return name;
}

void GraphWriter::dropout(double p) {
  if (p > 0) add("dropout", "drop", {{"p", p}});
}

std::string GraphWriter::tableInput(const GraphContext& context) {
  if (findInput(context, "image")) return addNamed("flatten", "flatten", {}, {"image"});
  std::string row;
  if (findInput(context, "features")) row = "features";
  if (findInput(context, "sequence")) row = addNamed("flatten", "flatten", {}, {"sequence"});
  return withCodes(row, context);
}

std::string GraphWriter::withCodes(const std::string& row, const GraphContext& context, ValueMap embedding) {
  std::vector<std::string> parts;
  if (!row.empty()) parts.push_back(row);
  if (findInput(context, "categories"))
    parts.push_back(addNamed("embedding", "embed", std::move(embedding), {"categories"}));
  if (findInput(context, "text")) parts.push_back(addNamed("text_embedding", "words", {}, {"text"}));
  if (parts.size() < 2) return parts.empty() ? row : parts.front();
  return addNamed("concat", "join", {}, std::move(parts));
}

AttributeInfo setting(std::string name, AttributeType type, Value value, double low, double high, std::string label,
                      std::string help) {
  return {std::move(name), type, std::move(value), low, high, {}, std::move(label), std::move(help)};
}

AttributeInfo activationSetting() {
  auto info =
      setting("activation", AttributeType::Choice, "relu", 0, 0, LATHE_TEXT("layers", "Activation"),
              LATHE_TEXT("layers",
                         "The bend between two layers, without which they would be one. ReLU is fast and a good "
                         "first choice; GELU and SiLU are smoother and sometimes a little better."));
  info.choices = {"relu", "gelu", "silu", "tanh"};
  return info;
}

AttributeInfo dropoutSetting(double value) {
  return setting("dropout", AttributeType::Real, value, 0, 0.9, LATHE_TEXT("layers", "Dropout"),
                 LATHE_TEXT("layers",
                            "Part of the numbers that is set to zero while training. Raise it when training keeps "
                            "improving while validation gets worse; set 0 to switch it off."));
}

AttributeInfo embeddingSetting() {
  return setting("embedding", AttributeType::Integer, 0, 0, 1024, LATHE_TEXT("layers", "Embedding size"),
                 LATHE_TEXT("layers",
                            "Numbers learnt for each value of a category with many values; 0 chooses by the count of "
                            "values. Without such columns it does nothing."));
}

AttributeInfo textSizeSetting() {
  return setting("text_size", AttributeType::Integer, 16, 1, 1024, LATHE_TEXT("layers", "Size of text embedding"),
                 LATHE_TEXT("layers",
                            "Numbers learnt for each hashed word and part of a word; a text is the mean of those it "
                            "has. More tells finer meanings apart and makes every step slower. Without columns of text "
                            "it does nothing."));
}

std::int64_t widthFor(const TemplateContext& context) {
  const auto rows = context.trainRows;
  const std::int64_t byRows = rows < 2000 ? 64 : rows < 20000 ? 128 : rows < 200000 ? 256 : 512;
  std::int64_t inputs = 0;
  for (const auto& input : context.graph.inputs)
    inputs = saturatingAdd(inputs, input.name == "text" ? input.shape[0] : elementCount(input.shape));
  // Wide rows need a first layer that does not throw most of them away.
  const std::int64_t byInputs = inputs > 512 ? 256 : inputs > 128 ? 128 : 64;
  return std::max(byRows, byInputs);
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/attributes.h"
#include "core/spec/templates.h"

/// The three templates, and what they share. For this folder only.
namespace lathe::spec {

[[nodiscard]] const TemplateInfo* findTemplate(std::string_view name);
/// The setting's value spelled right, or an error that names the nearest setting or the range.
Result<Value> checkSetting(const TemplateInfo& info, const std::string& name, const Value& value);
[[nodiscard]] const GraphContext::Input* findInput(const GraphContext& context, std::string_view name);

/// Checked settings, defaults filled in.
struct TemplateSettings {
  ValueMap values;
  [[nodiscard]] std::int64_t integer(std::string_view name) const;
  [[nodiscard]] double real(std::string_view name) const;
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view name) const;
};

/// Appends layers and counts their names: fc1, fc2, act1 ...
class GraphWriter {
 public:
  /// Returns the layer's name. `inputs` empty: reads the layer before.
  std::string add(const std::string& kind, const std::string& prefix, ValueMap attributes = {},
                  std::vector<std::string> inputs = {});
  /// The same without a number.
  std::string addNamed(const std::string& kind, const std::string& name, ValueMap attributes = {},
                       std::vector<std::string> inputs = {});
  /// Only with a probability above 0.
  void dropout(double p);
  /// Embeds the categories, joins them with the features, flattens images and sequences; the name of what the first
  /// layer reads.
  std::string tableInput(const GraphContext& context);
  /// A row (empty: none), and beside it the embedded categories and text, where there are any: the name of all.
  std::string withCodes(const std::string& row, const GraphContext& context, ValueMap embedding = {});
  [[nodiscard]] const ModelGraph& graph() const { return m_graph; }
  ModelGraph take() { return std::move(m_graph); }

 private:
  ModelGraph m_graph;
  std::map<std::string, int> m_counts;
};

/// A template on clips of sound: a log-mel picture first, which image templates read as an image of one channel (of
/// three equal ones in torchvision's layout) and sequence templates column by column.
Result<ModelGraph> buildOnAudio(const std::string& name, const ValueMap& settings, const TemplateContext& context);

TemplateInfo mlpTemplate();
TemplateInfo resmlpTemplate();
TemplateInfo cnnTemplate();
ModelGraph buildMlp(const TemplateSettings& settings, const TemplateContext& context);
ModelGraph buildResmlp(const TemplateSettings& settings, const TemplateContext& context);
ModelGraph buildCnn(const TemplateSettings& settings, const TemplateContext& context);

/// Settings that several templates have.
AttributeInfo activationSetting();
AttributeInfo dropoutSetting(double value);
AttributeInfo embeddingSetting();
/// none, periodic, piecewise_linear; with `automatic` auto as well.
AttributeInfo numericEmbeddingSetting(const char* value, bool automatic);
AttributeInfo numericSizeSetting();
AttributeInfo setting(std::string name, AttributeType type, Value value, double low, double high, std::string label,
                      std::string help);

/// Every template for tables has it; buildTemplate() does what it says.
AttributeInfo textSizeSetting();

/// The layer piecewise_embedding or periodic_embedding over the features, if the settings want one and the table has
/// numbers: its name, else "features".
std::string embeddedFeatures(GraphWriter& writer, const TemplateSettings& settings, const GraphContext& context);
/// tableInput() with the numbers embedded as the settings say.
std::string embeddedTableInput(GraphWriter& writer, const TemplateSettings& settings, const GraphContext& context);

/// A width that suits the data: few rows carry few parameters.
std::int64_t widthFor(const TemplateContext& context);

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
// The numeric embeddings that templates for tables have as a setting.
#include "core/spec/template_networks.h"

namespace lathe::spec {

AttributeInfo numericEmbeddingSetting(const char* value, bool automatic) {
  std::vector<std::string> choices{"none", "periodic", "piecewise_linear"};
  if (automatic) choices.insert(choices.begin(), "auto");
  return choiceSetting(
      "numeric_embedding", value, std::move(choices), LATHE_TEXT("layers", "Numeric embedding"),
      automatic ? LATHE_TEXT("layers",
                             "periodic turns each number into several by learnt waves of it, which follows thresholds "
                             "and bumps along a column; piecewise_linear by the bins it has passed "
                             "(data.preprocessing.numeric_bins), which suits steps and skewed columns; auto takes "
                             "periodic but for very wide tables.")
                : LATHE_TEXT("layers",
                             "periodic turns each number into several by learnt waves of it, which follows thresholds "
                             "and bumps along a column; piecewise_linear by the bins it has passed "
                             "(data.preprocessing.numeric_bins), which suits steps and skewed columns. Both often help "
                             "on tables of numbers, and cost time."));
}

AttributeInfo numericSizeSetting() {
  return setting("numeric_size", AttributeType::Integer, 0, 0, 1024, LATHE_TEXT("layers", "Size of numeric embedding"),
                 LATHE_TEXT("layers",
                            "Numbers made of each number by the numeric embedding; 0 takes what its authors do. "
                            "Without one it does nothing."));
}

std::string embeddedFeatures(GraphWriter& writer, const TemplateSettings& settings, const GraphContext& context) {
  const auto* features = findInput(context, "features");
  const auto mode = settings.text("numeric_embedding");
  if (features == nullptr || features->parts.numbers == 0) return "features";
  ValueMap attributes;
  if (settings.integer("numeric_size") > 0) attributes["size"] = settings.integer("numeric_size");
  if (mode == "piecewise_linear")
    return writer.addNamed("piecewise_embedding", "bins", std::move(attributes), {"features"});
  if (mode == "periodic") return writer.addNamed("periodic_embedding", "waves", std::move(attributes), {"features"});
  return "features";
}

std::string embeddedTableInput(GraphWriter& writer, const TemplateSettings& settings, const GraphContext& context) {
  if (findInput(context, "image") != nullptr || findInput(context, "features") == nullptr)
    return writer.tableInput(context);
  const auto row = embeddedFeatures(writer, settings, context);
  if (row == "features") return writer.tableInput(context);
  return writer.withCodes(row, context);
}

}  // namespace lathe::spec

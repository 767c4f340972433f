// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "core/spec/layer_kind.h"

namespace lathe::spec {

/// What a template may size itself by.
struct TemplateContext {
  GraphContext graph;
  Task task = Task::Classification;
  std::int64_t trainRows = 0;
  bool operator==(const TemplateContext&) const = default;
};

/// A starting point that becomes an ordinary graph.
struct TemplateInfo {
  std::string name;   ///< mlp, resnet-small ...
  std::string label;  ///< LATHE_TEXT("layers", ...)
  std::string help;
  std::vector<AttributeInfo> settings;
  bool forImages = false;
  bool forTables = false;     ///< neither images nor sequences
  bool forAnomalies = false;  ///< for the task anomaly, and no other
};

[[nodiscard]] const std::vector<TemplateInfo>& templates();
/// mlp for tables, cnn for images and sound, conv1d for sequences; autoencoder for anomalies.
[[nodiscard]] std::string defaultTemplate(const GraphContext& context, Task task = Task::Classification);
/// The graph of a template; unknown names and settings are errors that list or name the nearest known one.
Result<ModelGraph> buildTemplate(const std::string& name, const ValueMap& settings, const TemplateContext& context);

}  // namespace lathe::spec

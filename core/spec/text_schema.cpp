// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/text_schema.h"

#include <algorithm>

namespace lathe::spec {

bool textLiesLast(const DataSchema& schema) {
  const auto isText = [](const FeatureSchema& feature) { return feature.text.buckets != 0; };
  const auto first = std::find_if(schema.features.begin(), schema.features.end(), isText);
  if (first == schema.features.end()) return true;
  if (schema.image || schema.inputShape.size() != 1 || schema.sequence.window != 0 || schema.task == Task::Anomaly)
    return false;
  std::int64_t end = first->offset;
  for (auto feature = first; feature != schema.features.end(); ++feature) {
    const auto& rule = feature->text;
    if (feature->kind != ColumnKind::Text || rule.buckets < 1 || rule.buckets > mostTextBuckets ||
        feature->width != first->width || feature->width < 1 || feature->width > mostTextCodes ||
        feature->offset != end)
      return false;
    end += feature->width;
  }
  if (first->offset < 0 || end != schema.inputShape[0]) return false;
  return std::all_of(schema.features.begin(), first, [&](const FeatureSchema& feature) {
    return std::int64_t{feature.offset} + feature.width <= first->offset;
  });
}

}  // namespace lathe::spec

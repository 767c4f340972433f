// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/spec/schema.h"

namespace lathe::data {

/// Row numbers of each part.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> test;
  bool operator==(const Split&) const = default;
};

/// Rows ready for an engine: raw inputs as plain numbers, targets, weights and the split. Immutable once built; shared
/// between threads by shared_ptr<const Dataset>.
struct Dataset {
  spec::DataSchema schema;
  std::size_t rows = 0;
  std::vector<float> table;           ///< tables: rows x F, raw units, NaN = missing, category codes
  std::vector<std::uint8_t> pixels;   ///< images: rows x C x H x W
  std::vector<std::int32_t> classes;  ///< classification: index into schema.target.classes, -1 where unlabelled;
                                      ///< anomaly: empty, or 1 for an anomaly, 0 for none, -1 where unlabelled
  std::vector<float> targets;         ///< regression, quantile: rows x targets, raw unit, NaN where unlabelled
  std::vector<std::int8_t> labels;    ///< multilabel: rows x labels, 1 or 0, all -1 where unlabelled
  std::vector<float> weights;         ///< empty: all 1
  Split split;                        ///< rows without a target are in none
};

/// Whether a row says everything that its task is to learn: for anomalies any row. Rows beyond the data are not.
[[nodiscard]] bool isLabelled(const Dataset& dataset, std::size_t row);
/// As many classes, targets or labels as the rows of its task need.
[[nodiscard]] bool labelsFitRows(const Dataset& dataset);

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/spec/schema.h"

/// How a table's features become the network's inputs; shared by graphContext() and lower(). For this folder only.
namespace lathe::spec {

/// Indices into DataSchema::features. "features" is numeric, then dates, one-hot, indicators side by side; "categories"
/// is codes. Of windows the same at each row: "sequence" [W, width], and codes of the last row alone.
struct PreparedLayout {
  std::vector<std::size_t> numeric;
  std::vector<std::size_t> dates;
  std::vector<std::size_t> oneHot;
  std::vector<std::size_t> indicators;
  std::vector<std::size_t> codes;
  std::vector<std::size_t> text;  ///< "text", [columns, places]
  std::int64_t width = 0;         ///< of "features"
};

constexpr std::int64_t datePartCount = 8;

/// The columns whose cells a network sees, in the order of its inputs: numbers, dates, one-hot, codes.
std::vector<std::size_t> columnsWithCells(const PreparedLayout& layout);

/// Values a code can take: the vocabulary and the unknown bucket.
std::int64_t cardinalityOf(const FeatureSchema& feature);
/// Edges of a number's bins as its prepared values lie among them: strictly ascending, none where fewer than two are
/// left.
std::vector<float> preparedBins(const FittedFeature& fitted, const PreprocessingSpec& preprocessing);
/// A column's curve from raw values to normal scores, with strictly ascending knots (quantile scaling).
struct QuantileCurve {
  std::vector<float> knots, values;
};
QuantileCurve quantileCurve(const std::vector<float>& quantiles);
/// Values of a category that has an input for each where preprocessing.categories is auto.
std::size_t mostOneHot(const DataSchema& schema);
PreparedLayout preparedLayout(const DataSchema& schema, const FittedPreprocessing& fitted,
                              const PreprocessingSpec& preprocessing);
/// Whether the parts of a description fit together; nothing of it is believed before.
Result<void> checkDescription(const ModelDescription& description);

/// Adds program.preprocess and program.prepared for a checked description.
Result<void> lowerPreprocessing(const ModelDescription& description, Program& program);

}  // namespace lathe::spec

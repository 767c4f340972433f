// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/graph.h"

namespace lathe::spec {

/// Numbers that an autoencoder has to give back of a table's row: each number, the parts of each date, and a place for
/// each value of each category. Indicators of missing cells are not among them.
[[nodiscard]] std::int64_t reconstructionWidth(const GraphContext& context);

/// What the primitive ReconstructionError compares, in the order of the decoded numbers.
struct ReconstructionLayout {
  std::int64_t numbers = 0;
  std::int64_t dates = 0;
  std::vector<std::int64_t> oneHot;            ///< places of each group
  std::vector<std::int64_t> codes;             ///< cardinality of each column of codes
  [[nodiscard]] std::int64_t columns() const;  ///< as many as the input named missing has
  [[nodiscard]] std::int64_t width() const;    ///< of what is decoded
  [[nodiscard]] bool readsFeatures() const { return numbers > 0 || dates > 0 || !oneHot.empty(); }
};
/// What a category's cross-entropy is multiplied by, so that a guess counts about 1 as a number's mean does.
[[nodiscard]] double categoryFactor(std::int64_t places);
[[nodiscard]] ReconstructionLayout reconstructionLayout(const std::vector<std::int64_t>& ints);

}  // namespace lathe::spec

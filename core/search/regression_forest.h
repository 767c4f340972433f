// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/search/forest_space.h"

namespace lathe::search {

struct ForestOptions {
  int trees = 64;
  int minLeaf = 2;  ///< different trials in a leaf, at least
  int maxDepth = 40;
  std::uint64_t seed = 0;
};

/// Regression trees on bootstrap samples (Breiman 2001) over a search space. Every parameter is tried at every split. A
/// parameter that only some of a node's trials have splits only where all have it: before, the tree splits by what
/// switches it on, so that predictions do not depend on what is inactive.
class RegressionForest {
 public:
  struct Node {
    std::int32_t input = -1;    ///< -1: a leaf
    double threshold = 0;       ///< ordered: codes up to it go left
    std::uint64_t choices = 0;  ///< categories that go left
    std::uint32_t left = 0, right = 0;
    double value = 0;  ///< mean of its trials
  };
  using Tree = std::vector<Node>;  ///< the root first

  /// codes[input][trial] as ForestSpace has them, at least one trial; finite values.
  RegressionForest(const ForestSpace& space, const std::vector<std::vector<double>>& codes,
                   std::span<const double> values, const ForestOptions& options);

  [[nodiscard]] const std::vector<Tree>& trees() const { return m_trees; }
  /// Share of the values' variance that trees predict for trials they were not grown with, at least 0.
  [[nodiscard]] double explained() const { return m_explained; }

 private:
  std::vector<Tree> m_trees;
  double m_explained = 0;
};

/// Boxes of a tree's leaves: sides[leaf * inputs + input].
struct LeafBoxes {
  std::size_t inputs = 0;
  std::vector<Side> sides;
  std::vector<double> values;
  [[nodiscard]] std::size_t size() const { return values.size(); }
  [[nodiscard]] const Side& side(std::size_t leaf, std::size_t input) const { return sides[leaf * inputs + input]; }
};
[[nodiscard]] LeafBoxes leafBoxes(const RegressionForest::Tree& tree, const ForestSpace& space);

}  // namespace lathe::search

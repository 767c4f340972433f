// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/search/architectures/architecture.h"

/// Cells as networks that hold all of their operations at once (Liu et al. 2019; names as core/engine/supernet.h wants
/// them). Pure.
namespace lathe::search {

/// The space of cells with everything but the cell itself pinned, to what a middling network has: what a shared network
/// can compare. Other spaces pin only what is the same in all of them.
[[nodiscard]] SearchSpace sharedSpace(const std::string& name, const SearchSpace& space);

/// The graph with every operation on every edge of the cell. `space` from sharedSpace() of cells.
[[nodiscard]] spec::ModelGraph buildMixture(const SearchSpace& space, const spec::TemplateContext& context);

/// Configurations by the probability that the weights of the mixture give them, the most probable first, all different,
/// at most `count`. `weights` as Supernet::architectureWeights() gives them.
[[nodiscard]] std::vector<Configuration> likeliest(const SearchSpace& space,
                                                   const std::map<std::string, std::vector<double>>& weights,
                                                   std::size_t count);
/// Logarithm of that probability.
[[nodiscard]] double likelihood(const SearchSpace& space, const std::map<std::string, std::vector<double>>& weights,
                                const Configuration& configuration);
/// The operations of an edge in the order of a mixture's weights, and the keys of a cell's edges with the nodes that
/// they join.
[[nodiscard]] const std::vector<std::string>& mixedOperations();
struct MixedEdge {
  std::string key;
  int from = 0, to = 0;
};
[[nodiscard]] std::vector<MixedEdge> mixedEdges();

/// Epochs over which curvature is smoothed, and how far back it is looked.
inline constexpr std::size_t curvatureWindow = 5;
/// Whether the mean curvature of the last epochs is more than 4 / 3 of that of those before (Zela et al. 2020); not
/// before there are twice as many. NaN counts as none.
[[nodiscard]] bool bendsMore(const std::vector<double>& curvatures);

/// Edges whose most probable operation is a shortcut.
[[nodiscard]] int likelyShortcuts(const std::map<std::string, std::vector<double>>& weights);

}  // namespace lathe::search

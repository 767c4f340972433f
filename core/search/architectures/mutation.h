// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/base/text.h"
#include "core/search/architectures/architecture.h"

/// Small changes of architectures, and what two have in common. Pure.
namespace lathe::search {

enum class MutationKind : std::uint8_t {
  Insert,      ///< a new node at a random place
  Deepen,      ///< a node once more, behind itself
  Remove,      ///< a node
  Widen,       ///< a width, channels, expansion one step up
  Narrow,      ///< one step down
  Operation,   ///< another operation on a node or edge
  Kernel,      ///< one step
  Activation,  ///< another one
  AddSkip,     ///< a shortcut to an earlier node
  RemoveSkip,
  Other  ///< normalisation, dropout, pooling, head ...
};
inline constexpr MutationKind lastMutation = MutationKind::Other;

/// Kinds that can change this architecture.
[[nodiscard]] std::vector<MutationKind> possibleMutations(const SearchSpace& space, const Configuration& configuration);
/// One change of this kind; nothing when it is not possible. The result fulfils the space's conditions and differs.
[[nodiscard]] std::optional<Configuration> mutate(const SearchSpace& space, const Configuration& configuration,
                                                  MutationKind kind, Random& random);
/// One change of a kind drawn evenly from the possible ones; nothing when nothing varies.
[[nodiscard]] std::optional<Configuration> mutate(const SearchSpace& space, const Configuration& configuration,
                                                  Random& random);
/// One step towards a cheaper one: narrower, smaller or shorter; nothing when it is the smallest.
[[nodiscard]] std::optional<Configuration> shrink(const SearchSpace& space, const Configuration& configuration,
                                                  Random& random);

/// For each node of the child, counted from 1 (entry 0 is the first), the parent's node that it is: in the same order
/// and as like as can be; 0: a new one.
[[nodiscard]] std::vector<int> alignNodes(const SearchSpace& space, const Configuration& parent,
                                          const Configuration& child);
/// Name of a child's layer in its parent's graph; empty for a new node's layer. `aligned` from alignNodes().
[[nodiscard]] std::string layerInParent(const std::string& layer, const std::vector<int>& aligned);
/// What the child changed, one sentence a change.
[[nodiscard]] std::vector<Message> changes(const SearchSpace& space, const Configuration& parent,
                                           const Configuration& child);

}  // namespace lathe::search

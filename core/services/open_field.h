// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "core/spec/search_space.h"

namespace lathe::services {

/// Whether a search may vary this path of the spec at all. `templateName` as in usualSpace().
[[nodiscard]] bool canOpen(const std::string& templateName, const std::string& path);

/// What opening one field adds to a space: its usual range (usualSpace), else all its choices, else the range that the
/// field allows, else a tenth to ten times what it is now. Several for a list such as model.hidden, which is searched
/// by parts. Empty when it cannot be opened.
[[nodiscard]] std::vector<spec::SearchParameter> openedField(const spec::ExperimentSpec& base,
                                                             const std::string& templateName, const std::string& path);

/// The parameters of a space that belong to a field: itself, and its parts.
[[nodiscard]] std::vector<std::size_t> openedBy(const spec::SearchSpace& space, const std::string& path);

/// A space without these parameters, and without the conditions and constraints that name them.
[[nodiscard]] spec::SearchSpace without(const spec::SearchSpace& space, const std::vector<std::size_t>& parameters);

/// Everything that is wrong with a space, one sentence a parameter at most; empty: it can be searched. `base` as far as
/// it is known: paths that it does not have are named too.
struct SpaceProblem {
  std::optional<std::size_t> parameter;  ///< nothing: the space as a whole
  Error error;
};
[[nodiscard]] std::vector<SpaceProblem> problemsOf(const spec::SearchSpace& space, const spec::ExperimentSpec& base);

}  // namespace lathe::services

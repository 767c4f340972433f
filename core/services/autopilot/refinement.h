// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/services/autopilot/contender.h"

namespace lathe::services {

/// `parent` with one small change of its architecture (search/architectures/mutation.h): a layer more or less, wider or
/// narrower, other blocks, members, channels. One that is none of `known`; nothing where its template has no such
/// settings, or all changes were tried. The same for the same number and seed.
[[nodiscard]] std::optional<Contender> refinedCandidate(const Contender& parent,
                                                        const std::vector<const spec::ExperimentSpec*>& known,
                                                        std::int64_t number, std::uint64_t seed);

/// Whether a candidate of this key is such a one.
[[nodiscard]] bool isRefined(const std::string& key);

}  // namespace lathe::services

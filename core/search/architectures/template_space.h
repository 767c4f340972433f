// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/search/architectures/architecture.h"

/// The architecture of a template's network, as a space that mutate() walks in. Pure, any thread.
namespace lathe::search {

/// Widths, depth, blocks, channels, members and kernel: those settings that a template has, a list of layers as the
/// nodes of an architecture. Where the network stands now is `at`, on the nearest step of each.
struct TemplateArchitecture {
  SearchSpace space;
  Configuration at;
  std::string list;  ///< the setting whose layers are the nodes; empty: there is none
};

/// Nothing for a template without such settings. What is sized to the data stays so, and is no part of the space.
[[nodiscard]] std::optional<TemplateArchitecture> templateArchitecture(const std::string& templateName,
                                                                       const spec::ValueMap& settings);

/// `settings` with what differs between `at` and this configuration.
[[nodiscard]] spec::ValueMap settingsOf(const TemplateArchitecture& architecture, const Configuration& configuration,
                                        spec::ValueMap settings);

}  // namespace lathe::search

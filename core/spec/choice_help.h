// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace lathe::spec {

/// When to take one choice of a field ("training.schedule.name", "one_cycle"): LATHE_TEXT("spec", ...), empty where
/// there is nothing to say.
[[nodiscard]] std::string choiceHelp(std::string_view path, std::string_view choice);

}  // namespace lathe::spec

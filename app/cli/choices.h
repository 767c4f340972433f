// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace lathe::cli {

/// The choice that `given` names, ignoring case, '-' and '_'. Else a usage error with the list.
Result<std::string> choice(const std::string& option, const std::string& given, const std::vector<std::string>& known);

/// Whether two names differ at most in case, '-' and '_'.
[[nodiscard]] bool sameName(const std::string& a, const std::string& b);

/// "a, b or c"
[[nodiscard]] std::string listText(const std::vector<std::string>& names);

/// Items of options that may be repeated or comma-separated.
[[nodiscard]] std::vector<std::string> splitList(const std::vector<std::string>& given);

}  // namespace lathe::cli

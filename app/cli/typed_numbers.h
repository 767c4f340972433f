// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

/// Numbers as people type them.
namespace lathe::cli {

/// ".003", "+0.5" and "5." as JSON writes them: 0.003, 0.5 and 5. Any other text stays as it is.
[[nodiscard]] std::string plainNumber(std::string_view text);
/// VALUE of a field of the spec: the same where the field is a number, a setting of a template or a list of numbers.
[[nodiscard]] std::string plainValue(const std::string& path, const std::string& value);
/// A finite number, else a usage error that names the option.
Result<double> realNumber(const std::string& option, const std::string& text);

}  // namespace lathe::cli

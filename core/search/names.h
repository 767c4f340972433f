// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace lathe::search {

/// Lower case, without - and _ and spaces.
[[nodiscard]] std::string plainName(const std::string& name);
/// "a, b, c"
[[nodiscard]] inline std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace lathe::search

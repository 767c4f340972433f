// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lathe::tests {

void write(const std::filesystem::path& file, std::string_view text);
[[nodiscard]] std::string read(const std::filesystem::path& file);

/// Columns a, b, colour, kind: three well separated classes "x", "y", "z, odd" (a name that must be quoted).
void writeClasses(const std::filesystem::path& file, int rows, unsigned seed = 1);
/// Columns a, b, price: a linear target with a little noise.
void writeNumbers(const std::filesystem::path& file, int rows, unsigned seed = 1);

}  // namespace lathe::tests

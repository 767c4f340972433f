// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lathe::layering {

/// A translation unit and every header that the compiler read for it, as the build system recorded them.
struct Unit {
  std::string object;
  std::vector<std::string> files;  ///< absolute, the source first
};

/// Dependency records of a build folder: Ninja's log through `ninja -t deps`, or .d files where it is not Ninja.
std::vector<Unit> readUnits(const std::filesystem::path& buildFolder);

/// The files named by the #include "..." lines of one source.
std::vector<std::string> quotedIncludes(const std::filesystem::path& source);

}  // namespace lathe::layering

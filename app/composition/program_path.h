// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace lathe::app {

/// The running program's own file, links resolved.
[[nodiscard]] std::filesystem::path programPath();

}  // namespace lathe::app

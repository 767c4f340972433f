// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <sys/types.h>
#include <vector>

#include "core/store/records.h"

namespace lathe::tests {

/// Runs `body` in a child process that ends with _exit(): 0 when it gives true, 1 when false or thrown. Call while no
/// other thread lives.
pid_t startChild(const std::function<bool()>& body);
/// Waits for its end; true when it exited with 0.
bool childSucceeded(pid_t child);

/// The value that fault tests give a step of their n-th curve.
[[nodiscard]] double valueAt(std::int64_t step, int curve);
/// Points 1, 2 ... n with the values they were given, none missing.
[[nodiscard]] bool isPrefix(const std::vector<store::Point>& points, int curve);
/// SQLite's own check of every page and index.
[[nodiscard]] bool isWhole(const std::filesystem::path& file);

}  // namespace lathe::tests

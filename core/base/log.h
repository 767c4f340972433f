// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

namespace lathe {

enum class LogLevel { Debug, Info, Warn, Failure };

/// Sends the log to a rotating file (5 MB, 3 files). Without it nothing is written. Thread-safe.
void logToFile(const std::filesystem::path& file);
void log(LogLevel level, std::string_view message);

}  // namespace lathe

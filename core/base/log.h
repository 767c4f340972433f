// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace lathe {

enum class LogLevel { Debug, Info, Warn, Failure };

/// Sends messages of `level` and above to a rotating file (5 MB, 3 files), which is made with its folder when the first
/// one comes. An empty path, or none ever: nothing is written. Thread-safe.
void logToFile(const std::filesystem::path& file, LogLevel level = LogLevel::Info);
/// One line with its time. Never fails and never throws: a log that cannot be written must not stop the program.
void log(LogLevel level, std::string_view message);

/// Where the programs keep their logs: $XDG_STATE_HOME/lathe, else ~/.local/state/lathe. Empty without a home.
[[nodiscard]] std::filesystem::path logFolder();
/// The last whole lines of a log, at most `bytes` of them; "" when there is none.
[[nodiscard]] std::string lastLines(const std::filesystem::path& file, std::size_t bytes);

}  // namespace lathe

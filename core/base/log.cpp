// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <memory>
#include <mutex>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace lathe {
namespace {

struct Log {
  std::mutex mutex;
  std::filesystem::path file;
  LogLevel level = LogLevel::Info;
  std::shared_ptr<spdlog::logger> logger;
};

Log& theLog() {
  static Log instance;
  return instance;
}

/// With the lock held. Null: nowhere to write.
std::shared_ptr<spdlog::logger> opened(Log& log) {
  if (log.logger || log.file.empty()) return log.logger;
  try {
    std::error_code error;
    std::filesystem::create_directories(log.file.parent_path(), error);
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(log.file.string(), 5U << 20, 3);
    log.logger = std::make_shared<spdlog::logger>("lathe", sink);
    log.logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %P %l: %v", spdlog::pattern_time_type::utc);
    log.logger->set_level(spdlog::level::debug);
    log.logger->flush_on(spdlog::level::debug);
    log.logger->set_error_handler([](const std::string&) {});
  } catch (const std::exception&) {
    log.file.clear();
  }
  return log.logger;
}

}  // namespace

void logToFile(const std::filesystem::path& file, LogLevel level) {
  auto& target = theLog();
  const std::lock_guard lock(target.mutex);
  target.file = file;
  target.level = level;
  target.logger.reset();
}

void log(LogLevel level, std::string_view message) {
  std::shared_ptr<spdlog::logger> target;
  {
    auto& all = theLog();
    const std::lock_guard lock(all.mutex);
    if (level >= all.level) target = opened(all);
  }
  if (!target) return;
  constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                  spdlog::level::err};
  target->log(levels[static_cast<int>(level)], "{}", message);
}

std::filesystem::path logFolder() {
  // What the XDG base directory specification says; relative paths are to be ignored.
  const auto from = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value != nullptr && value[0] == '/' ? value : "";
  };
  if (const auto state = from("XDG_STATE_HOME"); !state.empty()) return state / "lathe";
  const auto home = from("HOME");
  return home.empty() ? home : home / ".local" / "state" / "lathe";
}

std::string lastLines(const std::filesystem::path& file, std::size_t bytes) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  const auto end = static_cast<std::streamoff>(in.tellg());
  const auto from = std::max<std::streamoff>(0, end - static_cast<std::streamoff>(bytes));
  std::string text(static_cast<std::size_t>(end - from), '\0');
  in.seekg(from);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (from > 0) text.erase(0, std::min(text.size(), text.find('\n') + 1));
  return text;
}

}  // namespace lathe

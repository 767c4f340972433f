// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include <memory>
#include <mutex>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace lathe {
namespace {

std::mutex& mutex() {
  static std::mutex m;
  return m;
}

std::shared_ptr<spdlog::logger>& logger() {
  static std::shared_ptr<spdlog::logger> instance;
  return instance;
}

}  // namespace

void logToFile(const std::filesystem::path& file) {
  const std::lock_guard lock(mutex());
  try {
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), 5U << 20, 3);
    logger() = std::make_shared<spdlog::logger>("lathe", sink);
    logger()->flush_on(spdlog::level::info);
  } catch (const spdlog::spdlog_ex&) {
    logger().reset();  // a log that cannot be written must not stop the program
  }
}

void log(LogLevel level, std::string_view message) {
  std::shared_ptr<spdlog::logger> target;
  {
    const std::lock_guard lock(mutex());
    target = logger();
  }
  if (!target) return;
  constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                  spdlog::level::err};
  target->log(levels[static_cast<int>(level)], "{}", message);
}

}  // namespace lathe

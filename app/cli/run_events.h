// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <mutex>
#include <set>
#include <string>

#include "app/cli/progress_line.h"
#include "core/services/project.h"

namespace lathe::cli {

/// Says on standard error what a training notes about itself: automatic choices, warnings, a vanished data file, early
/// stopping. Thread-safe.
class RunEvents {
 public:
  /// Events up to now are old and stay unsaid.
  RunEvents(const services::Project& project, ProgressLine& line) : m_project(project), m_line(line) {}
  void skipOld(store::RunNumber run);

  /// Looks for new events, at most once a second unless `all`.
  void show(store::RunNumber run, bool all);

 private:
  const services::Project& m_project;
  ProgressLine& m_line;
  std::mutex m_mutex;
  std::int64_t m_lastId = 0;
  std::set<std::string> m_said;
  std::chrono::steady_clock::time_point m_lastLook;
};

}  // namespace lathe::cli

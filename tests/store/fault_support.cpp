// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/store/fault_support.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

namespace lathe::tests {

pid_t startChild(const std::function<bool()>& body) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  bool done = false;
  try {
    done = body();
  } catch (...) {
    std::fprintf(stderr, "the child process ended with an exception\n");
  }
  std::fflush(nullptr);
  _exit(done ? 0 : 1);
}

bool childSucceeded(pid_t child) {
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

double valueAt(std::int64_t step, int curve) { return static_cast<double>(step * 7 % 1009) / 3 + curve; }

bool isWhole(const std::filesystem::path& file) {
  SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
  return std::string(database.execAndGet("PRAGMA integrity_check").getText()) == "ok";
}

bool isPrefix(const std::vector<store::Point>& points, int curve) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto step = static_cast<std::int64_t>(i + 1);
    if (points[i].step != step || points[i].value != valueAt(step, curve)) return false;
  }
  return true;
}

}  // namespace lathe::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace lathe {

/// How far a job is. `done` of `total` in `unit`s (bytes, rows, files); total 0 means unknown.
struct Progress {
  std::string what;
  double done = 0;
  double total = 0;
  std::string unit;
};

/// Called from the job's thread, at most some 30 times a second; must not block.
using ProgressSink = std::function<void(const Progress&)>;

/// What every long operation takes: where to report, and whether to stop. Both may be empty.
struct JobContext {
  ProgressSink progress;
  std::stop_token stop;

  void report(const Progress& value) const {
    if (progress) progress(value);
  }
  [[nodiscard]] bool cancelled() const { return stop.stop_requested(); }
};

/// Code of the pseudo error by which a cancelled job unwinds; callers turn it into their cancelled outcome.
inline constexpr const char* cancelledCode = "cancelled";

}  // namespace lathe

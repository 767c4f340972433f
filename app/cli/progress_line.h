// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/services/study_run.h"
#include "core/services/training_service.h"

namespace lathe::cli {

/// Progress on standard error: on a terminal a bar on one line, redrawn some ten times a second; else a plain line at
/// most every second, after a minute ever more seldom. Thread-safe.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);
  /// How far a training is, or before its first step the choice of its settings.
  void show(const services::LiveRun& live);
  void show(const services::StudyProgress& study);
  /// Removes the bar, so that a message can be written below what stands.
  void clear();

 private:
  /// `tail`: the parts of the line, the most telling first; on a narrow terminal the last ones are left out.
  void draw(double fraction, const std::string& head, const std::vector<std::string>& tail);

  std::mutex m_mutex;
  bool m_terminal;
  const std::chrono::steady_clock::time_point m_start;
  std::chrono::steady_clock::time_point m_last;
  bool m_drawn = false;
  std::optional<std::chrono::steady_clock::time_point> m_confirmingFrom;
  std::string m_what;
  double m_whatStart = 0;
};

}  // namespace lathe::cli

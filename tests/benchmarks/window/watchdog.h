// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThread>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace lathe::bench {

using Clock = std::chrono::steady_clock;

inline double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Value below which `share` of the sorted values lie.
double quantile(std::vector<double> values, double share);

/// Asks the GUI thread and the event loop of an idle control thread every millisecond for a sign of life, and keeps how
/// long each took to give it. What the machine itself delays is in both.
class Watchdog {
 public:
  explicit Watchdog(QObject& gui);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  /// Ends the measurement.
  void stop();
  [[nodiscard]] const std::vector<double>& guiDelays() const { return m_gui; }
  [[nodiscard]] const std::vector<double>& controlDelays() const { return m_control; }

 private:
  std::vector<double> m_gui;
  std::vector<double> m_control;
  QThread m_controlThread;
  std::unique_ptr<QObject> m_controlObject;
  std::atomic<bool> m_stop{false};
  std::thread m_asker;
};

}  // namespace lathe::bench

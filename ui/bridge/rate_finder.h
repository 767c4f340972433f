// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/services/training_finders.h"

namespace lathe::ui {

class Workbench;

/// A learning-rate range test of the experiment as it is, on a worker; its points arrive as they are made. GUI thread.
class RateFinder : public QObject {
  Q_OBJECT
 public:
  enum class State : std::uint8_t { Idle, Running, Done, Failed };

  explicit RateFinder(Workbench& workbench, QObject* parent = nullptr);
  ~RateFinder() override;
  RateFinder(const RateFinder&) = delete;
  RateFinder& operator=(const RateFinder&) = delete;

  /// Begins, or begins anew. Failed at once when nothing can be trained now.
  void start();
  void stop();
  [[nodiscard]] State state() const { return m_state; }
  [[nodiscard]] const std::vector<services::RatePoint>& points() const { return m_points; }
  /// 0 until the test is done, or when the loss never fell.
  [[nodiscard]] double suggestion() const { return m_suggestion; }
  [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

 Q_SIGNALS:
  void changed();

 private:
  struct Job;
  void take();

  Workbench& m_workbench;
  std::shared_ptr<Job> m_job;
  State m_state = State::Idle;
  std::vector<services::RatePoint> m_points;
  double m_suggestion = 0;
  std::optional<Error> m_error;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/services/rate_curves.h"

namespace lathe::ui {

class Workbench;

/// A learning-rate range test of the experiment as it is, on a worker; its points arrive as they are made. What was
/// measured is kept with the project, for this experiment on these data. GUI thread.
class RateFinder : public QObject {
  Q_OBJECT
 public:
  enum class State : std::uint8_t { Idle, Running, Done, Failed };

  explicit RateFinder(Workbench& workbench, QObject* parent = nullptr);
  ~RateFinder() override;
  RateFinder(const RateFinder&) = delete;
  RateFinder& operator=(const RateFinder&) = delete;

  /// Looks for a kept curve of the experiment: Done with it, else start().
  void open();
  /// Done with that one.
  void show(const services::KeptRateCurve& kept);
  /// Begins, or begins anew. Failed at once when nothing can be trained now.
  void start();
  void stop();
  [[nodiscard]] State state() const { return m_state; }
  [[nodiscard]] const std::vector<services::RatePoint>& points() const { return m_points; }
  /// 0 until the test is done, or when the loss never fell.
  [[nodiscard]] double suggestion() const { return m_suggestion; }
  [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
  /// When the curve that is shown was measured; 0 while there is none.
  [[nodiscard]] std::int64_t measuredMicros() const { return m_kept.micros; }
  /// The rate that a person took from it; 0: none yet.
  [[nodiscard]] double used() const { return m_kept.used; }
  /// Keeps with the curve that this rate was taken from it.
  void use(double rate);

 Q_SIGNALS:
  void changed();

 private:
  struct Job;
  void take();
  void keep();

  Workbench& m_workbench;
  std::shared_ptr<Job> m_job;
  State m_state = State::Idle;
  std::vector<services::RatePoint> m_points;
  double m_suggestion = 0;
  services::KeptRateCurve m_kept;
  std::string m_key;  ///< of the experiment it belongs to; empty: of a run
  quint64 m_asked = 0;
  std::optional<Error> m_error;
};

}  // namespace lathe::ui

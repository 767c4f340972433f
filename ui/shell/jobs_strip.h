// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <optional>

#include "core/store/records.h"
#include "core/store/study_records.h"

class QLabel;
class QPushButton;

namespace lathe::ui {

class ElidedLabel;
class ThinProgress;
class Workbench;

/// What works now: the chosen run with its epoch, rate and remaining time, Pause and Stop, the other jobs behind a
/// button; while no run trains, the Autopilot, whose runs are no jobs of their own, the reading of data or an export.
class JobsStrip : public QFrame {
  Q_OBJECT
 public:
  explicit JobsStrip(Workbench& workbench, QWidget* parent = nullptr);
  /// The run shown; 0 when none trains.
  [[nodiscard]] store::RunNumber run() const { return m_run; }
  /// The study shown; 0 while a run is, or when nothing searches.
  [[nodiscard]] store::StudyNumber study() const { return m_study; }

 Q_SIGNALS:
  void runClicked(qint64 run);
  void studyClicked(qint64 study);
  void autopilotClicked();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Work {
    QString what;
    double fraction = -1;
  };
  void follow();
  void showRun(const store::RunRecord& run, std::size_t others);
  void showStudy(store::StudyNumber study, std::size_t others);
  void showAutopilot(std::size_t others);
  void openJobs();
  /// Runs that train, but those of the Autopilot.
  [[nodiscard]] std::vector<store::RunNumber> jobs() const;
  void setWork(std::optional<Work>& work, std::optional<Work> value);
  [[nodiscard]] QString progressText(const store::RunRecord& run) const;
  [[nodiscard]] QString studyText(store::StudyNumber study) const;

  Workbench& m_workbench;
  store::RunNumber m_run = 0;
  store::StudyNumber m_study = 0;
  bool m_autopilot = false;  ///< it is what is shown
  std::optional<Work> m_busy, m_reading, m_exporting;
  QPushButton* m_name;
  ElidedLabel* m_text;
  ThinProgress* m_progress;
  ElidedLabel* m_rate;
  QPushButton* m_pause;
  QPushButton* m_stop;
  QPushButton* m_more;
};

}  // namespace lathe::ui

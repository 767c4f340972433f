// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

class QLabel;
class QPushButton;

namespace lathe::services {
struct StudySummary;
}

namespace lathe::ui {

class FactList;
class Workbench;

/// The best trial of the study that is looked at: so far, and once the best were trained again, what may be said of
/// them. A tie is called a tie.
class SearchBest : public QWidget {
  Q_OBJECT
 public:
  explicit SearchBest(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  /// The trial that is shown.
  [[nodiscard]] std::optional<std::size_t> trial() const { return m_trial; }
  [[nodiscard]] QString verdict() const;

 Q_SIGNALS:
  void experimentWanted(quint32 trial);
  void runWanted(quint32 trial);
  void trialClicked(quint32 trial);

 private:
  void follow();
  void showTrial(std::size_t trial);
  void showStandings(const services::StudySummary& summary);
  void showFront(const services::StudySummary& summary);

  Workbench& m_workbench;
  std::optional<std::size_t> m_trial;
  QLabel* m_title;
  QLabel* m_name;
  QLabel* m_settings;
  QLabel* m_verdict;
  FactList* m_standings;
  QPushButton* m_take;
  QPushButton* m_open;
};

/// What the trainings with other seeds say, in one sentence; empty where nothing was compared. `folds`: the trials were
/// judged by cross-validation.
[[nodiscard]] QString verdictText(const services::StudySummary& summary, bool folds = false);

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;
class QSplitter;
class QVBoxLayout;

namespace lathe::ui {

class AutopilotModel;
class AutopilotPlot;
class FactList;
class PaneHeader;
class PillButton;
class TableView;
class ThinProgress;
class Workbench;

/// An Autopilot while it works and what came out of it: what it is doing, the best so far beside the baselines, how
/// much time is left, each stage, the way to the best over time, and all models, each of which can be opened as a run
/// or taken over.
class AutopilotLive : public QWidget {
  Q_OBJECT
 public:
  explicit AutopilotLive(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  [[nodiscard]] QByteArray saveState() const;
  void restoreState(const QByteArray& state);

 Q_SIGNALS:
  void runWanted(qint64 run);
  void deployWanted(qint64 run);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void buildNow(QVBoxLayout& column);
  void buildTable(QWidget* pane);
  void connectParts();
  void openMenu(const QPoint& place);
  void follow();
  void followNow();
  void followResult();
  void followStages();
  void followPlot();
  void followTable();
  void followButtons();
  void followWarnings();
  [[nodiscard]] QString headline() const;
  [[nodiscard]] QString baselines() const;
  [[nodiscard]] QString served() const;
  [[nodiscard]] qint64 chosenRun() const;
  void takeOver();

  Workbench& m_workbench;
  PaneHeader* m_header = nullptr;
  QFrame* m_now = nullptr;
  QLabel* m_headline = nullptr;
  ThinProgress* m_progress = nullptr;
  QLabel* m_time = nullptr;
  QLabel* m_best = nullptr;
  QLabel* m_against = nullptr;
  QLabel* m_why = nullptr;
  QLabel* m_check = nullptr;
  QLabel* m_served = nullptr;
  QVBoxLayout* m_warnings = nullptr;
  FactList* m_metrics = nullptr;
  QWidget* m_buttons = nullptr;
  QPushButton *m_report = nullptr, *m_run = nullptr, *m_folder = nullptr, *m_deploy = nullptr, *m_goOn = nullptr,
              *m_again = nullptr;
  QSplitter *m_rows = nullptr, *m_upper = nullptr;
  PaneHeader* m_stagesHeader = nullptr;
  FactList* m_stages = nullptr;
  AutopilotPlot* m_plot = nullptr;
  PaneHeader* m_tableHeader = nullptr;
  PillButton *m_show = nullptr, *m_take = nullptr;
  AutopilotModel* m_model = nullptr;
  TableView* m_table = nullptr;
  QString m_chosen;  ///< model that is selected, whatever row it is in
};

}  // namespace lathe::ui

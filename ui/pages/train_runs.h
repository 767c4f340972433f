// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>

#include "core/store/records.h"

class QFrame;
class QItemSelection;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace lathe::ui {

class EmptyState;
class PaneHeader;
class PillButton;
class RunsFilter;
class RunsModel;
class TableView;
class Workbench;

/// The runs of the project. Selected rows are the runs whose curves are shown. Below the table: why a run failed, and
/// what can be done.
class TrainRuns : public QWidget {
  Q_OBJECT
 public:
  explicit TrainRuns(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  [[nodiscard]] QByteArray saveState() const;
  void restoreState(const QByteArray& state);
  [[nodiscard]] TableView* table() const { return m_table; }
  /// The run under the cursor; 0: none.
  [[nodiscard]] store::RunNumber current() const;
  /// Shows what can be done to the current run at a point of the screen.
  void openMenu(const QPoint& globalPosition);
  void removeSelected();

 Q_SIGNALS:
  void exportRequested(qint64 run);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void build();
  void buildBox();
  void connectParts();
  void followShown();
  void selectionChanged();
  void followState();
  void followEmpty();
  void fitColumns();
  void followBox();
  void askLearningRate(store::RunNumber run);
  void tryAgain();
  [[nodiscard]] double gentlerRate() const;
  void offerUndo(std::vector<store::RunNumber> removed);
  void copyCommand(store::RunNumber run);
  void editTags(store::RunNumber run);
  void trainLonger(store::RunNumber run);
  void openColumnMenu(const QPoint& globalPosition);
  [[nodiscard]] std::vector<store::RunNumber> selected() const;

  Workbench& m_workbench;
  RunsModel* m_model = nullptr;
  RunsFilter* m_filter = nullptr;
  PaneHeader* m_header = nullptr;
  QLineEdit* m_filterText = nullptr;
  PillButton* m_columns = nullptr;
  QStackedWidget* m_states = nullptr;
  EmptyState* m_empty = nullptr;
  TableView* m_table = nullptr;
  QFrame* m_box = nullptr;  ///< why a run failed
  QLabel* m_boxTitle = nullptr;
  QLabel* m_boxText = nullptr;
  QPushButton* m_boxButton = nullptr;
  QFrame* m_undo = nullptr;
  QLabel* m_undoText = nullptr;
  QPushButton* m_undoButton = nullptr;
  QTimer m_undoTimer;
  std::vector<store::RunNumber> m_removed;
  store::RunNumber m_boxRun = 0;
  std::optional<double> m_failedRate;  ///< learning rate of a run that diverged
  bool m_syncing = false;
  bool m_fitting = false;
  bool m_ownWidths = false;  ///< a person chose the widths of the columns
};

}  // namespace lathe::ui

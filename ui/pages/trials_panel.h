// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "ui/models/study_trials_model.h"

class QLineEdit;
class QStackedWidget;

namespace lathe::ui {

class EmptyState;
class TableView;
class Workbench;

/// All trials of the study that is looked at, and what can be done with one.
class TrialsPanel : public QWidget {
  Q_OBJECT
 public:
  explicit TrialsPanel(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  [[nodiscard]] TableView* table() const { return m_table; }
  [[nodiscard]] StudyTrialsModel* model() const { return m_model; }
  /// Of the row under the cursor.
  [[nodiscard]] std::optional<std::size_t> current() const;
  void choose(std::optional<std::size_t> trial);
  /// Only these trials; empty: all.
  void setFilter(StudyTrialsModel::Filter filter);
  void openMenu(const QPoint& globalPosition);
  [[nodiscard]] QByteArray saveState() const;
  void restoreState(const QByteArray& state);

  // What is done with a trial; also asked for by others.
  void openRun(std::size_t trial);
  void trainLonger(std::size_t trial);
  void makeExperiment(std::size_t trial);
  void tryOwn(std::optional<std::size_t> like);
  void copyTrial(std::size_t trial);
  void copyStudy();

 Q_SIGNALS:
  void chosen(std::optional<std::size_t> trial);
  void runOpened(qint64 run);
  void networkMade();  ///< the experiment has the layers of a trial now

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void take(const services::StudyNews& news);
  void follow();
  [[nodiscard]] const services::StudyTable* tableOf() const;
  /// The experiment with a trial's configuration; nothing where it cannot be had.
  [[nodiscard]] std::optional<spec::ExperimentSpec> specOf(std::size_t trial) const;

  Workbench& m_workbench;
  StudyTrialsModel* m_model;
  QStackedWidget* m_states;
  EmptyState* m_empty;
  TableView* m_table;
  bool m_fitted = false;
};

}  // namespace lathe::ui

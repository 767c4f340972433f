// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/services/deployment/drift.h"

class QLabel;
class QStackedWidget;

namespace lathe::ui {

class DriftModel;
class EmptyState;
class TableView;

/// Whether what a served model is asked for still looks like its training rows: a sentence, and a table by column.
class DriftPanel : public QWidget {
  Q_OBJECT
 public:
  explicit DriftPanel(QWidget* parent = nullptr);
  void showReport(const services::DriftReport& report);
  void showProblem(const Error& error);
  /// No deployment is chosen.
  void clear();
  void retranslate();

 private:
  enum class State { Nothing, Report, Problem };
  void follow();
  [[nodiscard]] QString sentences() const;

  QStackedWidget* m_states;
  EmptyState* m_empty;
  QLabel* m_sentence;
  QLabel* m_caption;
  TableView* m_table;
  DriftModel* m_model;
  State m_state = State::Nothing;
  services::DriftReport m_report;
  Error m_error;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/services/deployment/deployment_service.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace lathe::ui {

class Form;
class PaneHeader;

/// A row typed column by column, sent to a server, and what it answers.
class TryPanel : public QWidget {
  Q_OBJECT
 public:
  explicit TryPanel(QWidget* parent = nullptr);
  /// No columns: nothing can be typed, and `text` says why.
  void setColumns(const std::vector<spec::FeatureSchema>& columns, const QString& text);
  void setBusy();
  void showAnswer(const services::TriedRow& row);
  void showProblem(const QString& text);
  void retranslate();

 Q_SIGNALS:
  void asked(const std::vector<std::string>& cells);

 private:
  void ask();
  void clearAnswer();
  [[nodiscard]] std::vector<std::string> cells() const;

  PaneHeader* m_header;
  Form* m_form;
  QPushButton* m_send;
  QLabel* m_note;
  QWidget* m_answer;
  QVBoxLayout* m_answers;
  bool m_empty = true;
};

}  // namespace lathe::ui

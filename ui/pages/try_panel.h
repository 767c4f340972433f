// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/services/deployment/deployment_service.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace lathe::ui {

class Form;
class ImageDrop;

/// A row typed column by column, or a picture, sent to a server, and what it answers.
class TryPanel : public QWidget {
  Q_OBJECT
 public:
  explicit TryPanel(QWidget* parent = nullptr);
  /// Neither columns nor a picture: nothing can be sent, and `text` says why.
  void setForm(const services::RowForm& form, const QString& text = {});
  void setBusy();
  void showAnswer(const services::TriedRow& row);
  void showProblem(const QString& text);
  void retranslate();

 Q_SIGNALS:
  void asked(const std::vector<std::string>& cells);
  void imageAsked(const QString& file);

 private:
  void ask();
  void clearAnswer();
  [[nodiscard]] std::vector<std::string> cells() const;

  QStackedWidget* m_inputs;
  Form* m_form;
  ImageDrop* m_image;
  QPushButton* m_send;
  QLabel* m_note;
  QWidget* m_answer;
  QVBoxLayout* m_answers;
  bool m_empty = true;
  bool m_takesImages = false;
};

}  // namespace lathe::ui

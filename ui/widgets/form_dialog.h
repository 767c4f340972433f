// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QPushButton;

namespace lathe::ui {

class Form;

/// A dialog that is one form, of any length: an introduction, the rows, what they say together, what is wrong with
/// them, and two buttons. Deletes itself when it is closed.
class FormDialog : public QDialog {
  Q_OBJECT
 protected:
  FormDialog(const QString& title, const QString& deed, QWidget* parent);
  [[nodiscard]] Form& form() const { return *m_form; }
  [[nodiscard]] QPushButton& acceptButton() const { return *m_accept; }
  void setIntroduction(const QString& text);
  /// What the rows say, in one sentence.
  void setSentence(const QString& text);
  /// Empty: nothing is wrong.
  void setProblem(const QString& problem);
  /// As high as that many rows, within reason.
  void fitTo(int rows);
  /// The button was pressed; the dialog closes afterwards.
  virtual void take() = 0;

 private:
  Form* m_form;
  QLabel* m_introduction;
  QLabel* m_sentence;
  QLabel* m_problem;
  QPushButton* m_accept;
};

}  // namespace lathe::ui

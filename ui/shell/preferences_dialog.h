// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QCheckBox;
class QComboBox;
class QSpinBox;
class QLabel;
class QPushButton;

namespace lathe::ui {

class Form;
class Preferences;

/// Everything takes effect at once; there is nothing to confirm.
class PreferencesDialog : public QDialog {
  Q_OBJECT
 public:
  PreferencesDialog(Preferences& preferences, unsigned machineThreads, QWidget* parent);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  Preferences& m_preferences;
  Form* m_form;
  QComboBox* m_theme;
  QComboBox* m_language;
  QSpinBox* m_threads;
  QCheckBox* m_reopen;
  QPushButton* m_close;
  QLabel* m_threadsNote = nullptr;
};

}  // namespace lathe::ui

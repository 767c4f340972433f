// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QColor;
class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace lathe::spec {
struct DataProfile;
}

namespace lathe::ui {

class FactList;
class Form;
class PaneHeader;
class SpecFormWidget;
class Workbench;

/// Task and target, the split with what it makes of the rows, and what is worth a look before training.
class DataInspector : public QWidget {
  Q_OBJECT
 public:
  explicit DataInspector(Workbench& workbench, QWidget* parent = nullptr);
  /// What kind of task the data are: "Binary classification, 63 % of the rows are benign".
  [[nodiscard]] static QString taskText(const spec::DataProfile& profile, int horizon);
  /// A sentence with an icon before it and what to do below.
  [[nodiscard]] static QWidget* makeNote(QWidget* parent, const char* iconName, const QColor& colour,
                                         const QString& sentence, const QString& remedy);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void follow();
  void followTask();
  void followWarnings();
  /// The columns that may be predicted beside the first target.
  void fillMenu();
  void addNote(const char* iconName, const QColor& colour, const QString& sentence, const QString& remedy);

  Workbench& m_workbench;
  PaneHeader* m_header;
  QWidget* m_content;
  QLabel* m_nothing;
  QLabel* m_sentence;
  QLabel* m_detail;
  Form* m_taskForm;
  QComboBox* m_target;
  QPushButton* m_also;
  QComboBox* m_task;
  SpecFormWidget* m_tableForm;
  SpecFormWidget* m_imageForm;
  SpecFormWidget* m_soundForm;
  FactList* m_rows;
  QLabel* m_warningsTitle;
  QVBoxLayout* m_warnings;
  QPushButton* m_model;
};

}  // namespace lathe::ui

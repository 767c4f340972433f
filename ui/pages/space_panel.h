// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QMenu;
class QPushButton;

namespace lathe::ui {

class ConstraintList;
class SpaceEditor;
class SpaceModel;
class TableView;
class Workbench;

/// What the next search may vary: a table, an editor for the chosen row, and what opens more.
class SpacePanel : public QWidget {
  Q_OBJECT
 public:
  explicit SpacePanel(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  [[nodiscard]] TableView* table() const { return m_table; }
  [[nodiscard]] SpaceModel* model() const { return m_model; }
  /// Opens a field by its usual range, and chooses it.
  void open(const std::string& path);
  void openUsual();
  void closeChosen();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void follow();
  void followRow();
  void fillMenu();
  void choose(const std::string& path);

  Workbench& m_workbench;
  SpaceModel* m_model;
  QLabel* m_title;
  QLabel* m_count;
  TableView* m_table;
  QLabel* m_empty;
  QLabel* m_problem;
  QPushButton* m_usual;
  QPushButton* m_add;
  QPushButton* m_close;
  QMenu* m_menu;
  SpaceEditor* m_editor;
  ConstraintList* m_constraints;
};

}  // namespace lathe::ui

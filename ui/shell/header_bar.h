// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QAction;
class QPushButton;
class QLabel;

namespace lathe::ui {

class ElidedLabel;
class Workbench;

/// Project, experiment with its versions, whether it is saved; and the deeds that belong to every page.
class HeaderBar : public QFrame {
  Q_OBJECT
 public:
  struct Actions {
    QAction* commands = nullptr;
    QAction* pause = nullptr;
    QAction* train = nullptr;
  };
  HeaderBar(Workbench& workbench, Actions actions, QWidget* parent = nullptr);
  /// What the two buttons at the right do on the page that is shown.
  void setDeeds(QAction* pause, QAction* primary);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void follow();
  void openExperimentMenu();
  void showVersion(int version);
  void rename();

  Workbench& m_workbench;
  Actions m_actions;
  ElidedLabel* m_project;
  QLabel* m_slash;
  QPushButton* m_experiment;
  QLabel* m_saved;
  QPushButton* m_commands;
  QPushButton* m_pause;
  QPushButton* m_train;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when the window is closed while something trains.
#include <QCloseEvent>

#include "core/services/project.h"
#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/shell/close_dialog.h"
#include "ui/shell/main_window.h"

namespace lathe::ui {

/// Runs, studies and the Autopilot of this process. What these two train are no runs of their own.
int MainWindow::workingHere() const {
  return static_cast<int>(m_workbench.runs().activeHere().size() + m_workbench.studies().activeHere().size()) +
         (m_workbench.autopilot().working() ? 1 : 0);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  const int working = workingHere();
  saveWindow();
  if (working == 0 || m_leaving) {
    event->accept();
    if (working == 0) Q_EMIT closed();
    return;
  }
  event->ignore();
  askBeforeClosing(working);
}

void MainWindow::askBeforeClosing(int runs) {
  if (m_closeDialog) return m_closeDialog->raise();
  auto* dialog = new CloseDialog(runs, this);
  m_closeDialog = dialog;
  connect(dialog, &CloseDialog::keepGoing, this, [this] { leaveWhenIdle(true); });
  connect(dialog, &CloseDialog::stopAndSave, this, [this] { pauseAndLeave(); });
  dialog->open();
}

bool MainWindow::pauseAndLeave() {
  const bool any = workingHere() > 0;
  for (const auto run : m_workbench.runs().activeHere()) m_workbench.runs().pause(run);
  for (const auto study : m_workbench.studies().activeHere()) m_workbench.studies().pause(study);
  m_workbench.studies().stopStarting();
  m_workbench.autopilot().stop();
  saveWindow();
  leaveWhenIdle(false);
  return any;
}

void MainWindow::leaveWhenIdle(bool hidden) {
  m_leaving = true;
  if (hidden) {
    hide();
    if (const auto project = m_workbench.project()) project->store().setWatched(false);
  }
  const auto check = [this] {
    if (!m_leaving || workingHere() > 0) return;
    m_leaving = false;
    if (isVisible())
      close();
    else
      Q_EMIT closed();
  };
  connect(&m_workbench.runs(), &RunsController::runsReset, this, check);
  connect(&m_workbench.runs(), &RunsController::runChanged, this, check);
  connect(&m_workbench.studies(), &StudyController::studiesChanged, this, check);
  connect(&m_workbench.studies(), &StudyController::progressChanged, this, check);
  connect(&m_workbench.autopilot(), &AutopilotController::changed, this, check);
  check();
}

}  // namespace lathe::ui

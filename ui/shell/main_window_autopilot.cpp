// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does with the Autopilot.
#include <QAction>

#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/autopilot_page.h"
#include "ui/pages/deploy_page.h"
#include "ui/shell/jobs_strip.h"
#include "ui/shell/main_window.h"

namespace lathe::ui {

Page* MainWindow::makeAutopilot() {
  auto* made = new AutopilotPage(m_workbench);
  const auto id = QStringLiteral("autopilot");
  connect(made, &AutopilotPage::fileWanted, this, [this, id] { askForData(false, id); });
  connect(made, &AutopilotPage::folderWanted, this, [this, id] { askForData(true, id); });
  connect(made, &AutopilotPage::deployWanted, this, &MainWindow::showDeploy);
  connect(made, &AutopilotPage::runWanted, this, [this](qint64 run) {
    m_workbench.runs().open(run);
    showRun(run);
  });
  return made;
}

void MainWindow::showDeploy(qint64 run) {
  if (auto* deploy = qobject_cast<DeployPage*>(page(QStringLiteral("deploy")))) deploy->chooseRun(run);
  showPage(QStringLiteral("deploy"));
}

void MainWindow::connectAutopilot() {
  auto& autopilot = m_workbench.autopilot();
  connect(&autopilot, &AutopilotController::changed, this, &MainWindow::followAutopilot);
  connect(m_jobs, &JobsStrip::autopilotClicked, this, [this] { showPage(QStringLiteral("autopilot")); });
}

void MainWindow::followAutopilot() {
  const auto& autopilot = m_workbench.autopilot();
  auto* start = action(QStringLiteral("autopilot"));
  auto* stop = action(QStringLiteral("stopAutopilot"));
  start->setEnabled(m_workbench.project() != nullptr && !autopilot.active());
  start->setToolTip(tr("As it is set up on its page"));
  stop->setEnabled(autopilot.state() == AutopilotController::State::Running);
  stop->setToolTip(tr("The best so far is made into a model"));
}

}  // namespace lathe::ui

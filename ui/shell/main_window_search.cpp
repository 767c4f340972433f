// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does with studies.
#include <QAction>

#include "core/services/project.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/shell/jobs_strip.h"
#include "ui/shell/main_window.h"

namespace lathe::ui {

void MainWindow::connectStudies() {
  auto& studies = m_workbench.studies();
  auto& experiment = m_workbench.experiment();
  for (const auto signal :
       {&StudyController::studiesChanged, &StudyController::currentChanged, &StudyController::startingChanged})
    connect(&studies, signal, this, &MainWindow::followStudies);
  connect(&studies, &StudyController::started, this, [this] { showPage(QStringLiteral("search")); });
  connect(&m_workbench, &Workbench::engineReady, this, &MainWindow::followStudies);
  connect(&experiment, &ExperimentController::searchChanged, this, &MainWindow::followStudies);
  connect(&experiment, &ExperimentController::specChanged, this, &MainWindow::followStudies);
  connect(&experiment, &ExperimentController::graphChanged, this, &MainWindow::followStudies);
  connect(m_jobs, &JobsStrip::studyClicked, this, [this](qint64 study) {
    m_workbench.studies().setCurrent(study);
    showPage(QStringLiteral("search"));
  });
}

void MainWindow::followStudies() {
  auto& studies = m_workbench.studies();
  const auto& experiment = m_workbench.experiment();
  const auto current = studies.current();
  using Action = StudyController::Action;
  auto* search = action(QStringLiteral("search"));
  const auto why = studies.cannotSearch();
  search->setEnabled(m_workbench.project() != nullptr && !studies.starting());
  search->setToolTip(why                                   ? errorText(*why)
                     : experiment.search().architectures() ? tr("Start a search for an architecture")
                                                           : tr("Start a search over the open settings"));
  auto* pause = action(QStringLiteral("pauseSearch"));
  pause->setEnabled(studies.can(Action::Pause, current));
  pause->setToolTip(pause->isEnabled() ? tr("Pause study %1").arg(current) : tr("This study does not run"));
  action(QStringLiteral("resumeSearch"))->setEnabled(studies.can(Action::Resume, current));
  action(QStringLiteral("stopSearch"))->setEnabled(studies.can(Action::Cancel, current));
}

}  // namespace lathe::ui

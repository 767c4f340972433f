// SPDX-License-Identifier: GPL-3.0-or-later
// What the Deploy page shows of servers.
#include <QHeaderView>
#include <QVBoxLayout>

#include "ui/bridge/deployment_controller.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/pages/deploy_dialog.h"
#include "ui/pages/deploy_parts.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/progress_text.h"

namespace lathe::ui {

void DeployPage::buildDeployments(QWidget* pane) {
  auto& p = *m_parts;
  auto* column = new QVBoxLayout(pane);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  p.deploymentsHeader = new PaneHeader(pane);
  p.serve = new PillButton({}, p.deploymentsHeader);
  p.serve->setObjectName(QStringLiteral("serveHere"));
  p.deploy = new PillButton({}, p.deploymentsHeader);
  p.deploy->setObjectName(QStringLiteral("deployTo"));
  p.forget = new PillButton({}, p.deploymentsHeader);
  p.forget->setObjectName(QStringLiteral("forgetDeployment"));
  for (auto* pill : {p.serve, p.deploy, p.forget}) p.deploymentsHeader->addRight(pill);
  column->addWidget(p.deploymentsHeader);
  p.deploymentStates = new QStackedWidget(pane);
  p.noDeployments = new EmptyState(p.deploymentStates);
  p.noDeployments->setProperty("surface", true);
  p.noDeployments->setAttribute(Qt::WA_StyledBackground);
  p.deploymentTable = new TableView(p.deploymentStates);
  p.deploymentTable->setObjectName(QStringLiteral("deploymentTable"));
  p.deployments = new DeploymentsModel(workbench().deployments(), this);
  p.deploymentTable->setModel(p.deployments);
  p.deploymentTable->horizontalHeader()->setSectionResizeMode(DeploymentsModel::Server, QHeaderView::Stretch);
  p.deploymentStates->addWidget(p.noDeployments);
  p.deploymentStates->addWidget(p.deploymentTable);
  column->addWidget(p.deploymentStates, 1);
}

int DeployPage::chosenDeployment() const {
  const auto row = m_parts->deploymentTable->currentIndex().row();
  return row < static_cast<int>(workbench().deployments().entries().size()) ? row : -1;
}

void DeployPage::connectDeployments() {
  auto& p = *m_parts;
  auto& deployments = workbench().deployments();
  connect(&deployments, &DeploymentController::changed, this, &DeployPage::followDeployments);
  connect(&workbench(), &Workbench::engineReady, this, &DeployPage::followDeployments);
  connect(&deployments, &DeploymentController::progress, this, [this](const Progress& progress) {
    m_parts->deploymentsHeader->setNote(progressWord(progress));
    followButtons();
  });
  connect(&deployments, &DeploymentController::deployed, this, [this](const services::Deployment& deployment) {
    m_parts->deploymentsHeader->setNote(
        deployment.healthy ? tr("%1 is served, with the same answers").arg(QString::fromStdString(deployment.name))
        : deployment.why   ? errorText(*deployment.why)
                           : QString());
    if (m_parts->deployments->rowCount() > 0) m_parts->deploymentTable->selectRow(0);
    followButtons();
  });
  connect(&deployments, &DeploymentController::failed, this, [this](const Error& error) {
    m_parts->deploymentsHeader->setNote(errorText(error));
    followButtons();
  });
  connect(p.serve, &QPushButton::clicked, this, [this] {
    auto& controller = workbench().deployments();
    if (controller.serving())
      controller.stopServing();
    else
      controller.serveRun(chosenRun());
  });
  connect(p.deploy, &QPushButton::clicked, this, &DeployPage::askWhere);
  connect(p.forget, &QPushButton::clicked, this, [this] {
    if (const int chosen = chosenDeployment(); chosen >= 0)
      workbench().deployments().forget(static_cast<std::size_t>(chosen));
  });
  connect(p.deploymentTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
    if (const int chosen = chosenDeployment(); chosen >= 0)
      workbench().deployments().readColumns(static_cast<std::size_t>(chosen));
    followDeployments();
  });
  connect(&deployments, &DeploymentController::columnsRead, this,
          [this](const std::vector<spec::FeatureSchema>& columns) {
            m_parts->tryPanel->setColumns(columns, columns.empty() ? tr("Single rows can be typed for tables only; "
                                                                        "lathe-cli request sends files.")
                                                                   : QString());
          });
  connect(&deployments, &DeploymentController::tried, p.tryPanel, &TryPanel::showAnswer);
  connect(&deployments, &DeploymentController::tryFailed, this,
          [this](const Error& error) { m_parts->tryPanel->showProblem(errorText(error)); });
  connect(p.tryPanel, &TryPanel::asked, this, [this](const std::vector<std::string>& cells) {
    if (const int chosen = chosenDeployment(); chosen >= 0)
      workbench().deployments().tryRow(static_cast<std::size_t>(chosen), cells);
  });
}

void DeployPage::askWhere() {
  if (chosenRun() <= 0) return;
  auto* dialog = new DeployDialog(chosenRun(), this);
  connect(dialog, &DeployDialog::chosen, this, [this, run = chosenRun()](const services::DeployRequest& request) {
    workbench().deployments().deployRun(run, request);
  });
  dialog->open();
}

void DeployPage::followDeployments() {
  auto& p = *m_parts;
  const bool any = p.deployments->rowCount() > 0;
  if (any) p.deploymentTable->fitColumns(260);
  p.deploymentStates->setCurrentWidget(any ? static_cast<QWidget*>(p.deploymentTable) : p.noDeployments);
  if (any && !p.deploymentTable->currentIndex().isValid()) p.deploymentTable->selectRow(0);
  p.noDeployments->showEmpty(tr("Nothing deployed yet"),
                             tr("Serve a run here, or put it into TorchServe, TensorFlow Serving or Triton."));
  if (!any) p.tryPanel->setColumns({}, tr("A row can be tried as soon as a model is served."));
  p.forget->setEnabled(any && chosenDeployment() >= 0);
  p.serve->setText(workbench().deployments().serving() ? tr("stop serving") : tr("serve here"));
  followButtons();
}

void DeployPage::retranslateDeployments() {
  auto& p = *m_parts;
  p.deploymentsHeader->setTitle(tr("Deployments"));
  p.deploymentsHeader->setNote({});  // said in the language of then
  p.serve->setToolTip(tr("Lathe's own server on this machine, for as long as the window is open"));
  p.deploy->setText(tr("deploy to a server"));
  p.forget->setText(tr("take out of the list"));
  p.forget->setToolTip(tr("The server itself is left alone"));
  p.deploymentTable->setAccessibleName(tr("Deployments"));
  p.deployments->retranslate();
  p.tryPanel->retranslate();
}

void DeployPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  workbench().deployments().setWatched(true);
}

void DeployPage::hideEvent(QHideEvent* event) {
  Page::hideEvent(event);
  workbench().deployments().setWatched(false);
}

}  // namespace lathe::ui

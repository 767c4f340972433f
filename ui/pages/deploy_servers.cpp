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
#include "ui/pages/drift_panel.h"
#include "ui/pages/retrain_dialog.h"
#include "ui/pages/try_panel.h"
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
  p.forget = new PillButton({}, pane);
  p.forget->setObjectName(QStringLiteral("forgetDeployment"));
  p.retrain = new PillButton({}, pane);
  p.retrain->setObjectName(QStringLiteral("retrainDeployment"));
  for (auto* pill : {p.serve, p.deploy}) p.deploymentsHeader->addRight(pill);
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
    const double fraction = progressFraction(progress);
    m_parts->deploymentsHeader->setNote(
        fraction < 0 ? progressWord(progress)
                     : QStringLiteral("%1 \u00b7 %2").arg(progressWord(progress), format::percent(fraction, 2)));
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
  connect(p.retrain, &QPushButton::clicked, this, [this] {
    auto& controller = workbench().deployments();
    if (controller.busy())
      controller.cancel();
    else
      askData();
  });
  connect(&deployments, &DeploymentController::retrained, this, [this](const services::Retrained& done) {
    const auto& deployment = done.deployment;
    m_parts->deploymentsHeader->setNote(
        deployment.healthy ? tr("Run %1 is no worse on new data and is served now").arg(done.run)
        : deployment.why   ? tr("Run %1 is not served: %2").arg(format::integer(done.run), errorText(*deployment.why))
                           : QString());
    followButtons();
  });
  connect(&deployments, &DeploymentController::rolledBack, this, [this](const services::DeployedModel& model) {
    m_parts->deploymentsHeader->setNote(
        tr("%1 was rolled back to version %2")
            .arg(QString::fromStdString(model.name), QString::fromStdString(model.previous)));
  });
  connectTabs();
}

void DeployPage::connectTabs() {
  auto& p = *m_parts;
  auto& deployments = workbench().deployments();
  auto* tryPanel = p.tabs->tryPanel();
  connect(p.deploymentTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
    if (const int chosen = chosenDeployment(); chosen >= 0)
      workbench().deployments().readForm(static_cast<std::size_t>(chosen));
    readDrift();
    followDeployments();
  });
  connect(&deployments, &DeploymentController::formRead, this, [this](const services::RowForm& form) {
    const bool nothing = form.columns.empty() && form.image.empty();
    m_parts->tabs->tryPanel()->setForm(form, nothing ? tr("Single rows can be tried for tables and pictures only; "
                                                          "lathe-cli request sends files.")
                                                     : QString());
  });
  connect(&deployments, &DeploymentController::tried, tryPanel, &TryPanel::showAnswer);
  connect(&deployments, &DeploymentController::tryFailed, this,
          [this](const Error& error) { m_parts->tabs->tryPanel()->showProblem(errorText(error)); });
  connect(tryPanel, &TryPanel::asked, this, [this](const std::vector<std::string>& cells) {
    if (const int chosen = chosenDeployment(); chosen >= 0)
      workbench().deployments().tryRow(static_cast<std::size_t>(chosen), cells);
  });
  connect(tryPanel, &TryPanel::imageAsked, this, [this](const QString& file) {
    if (const int chosen = chosenDeployment(); chosen >= 0)
      workbench().deployments().tryImage(static_cast<std::size_t>(chosen), file);
  });
  connect(&deployments, &DeploymentController::driftRead, p.tabs->drift(), &DriftPanel::showReport);
  connect(&deployments, &DeploymentController::driftFailed, p.tabs->drift(), &DriftPanel::showProblem);
  connect(p.tabs, &ServedTabs::tabChanged, this, &DeployPage::readDrift);
}

/// Only while it is seen.
void DeployPage::readDrift() {
  const int chosen = chosenDeployment();
  if (chosen < 0)
    m_parts->tabs->drift()->clear();
  else if (m_parts->tabs->current() == ServedTabs::Inputs)
    workbench().deployments().readDrift(static_cast<std::size_t>(chosen));
}

void DeployPage::askData() {
  const int chosen = chosenDeployment();
  if (chosen < 0) return;
  const auto model = workbench().deployments().entries()[static_cast<std::size_t>(chosen)].model;
  auto* dialog = new RetrainDialog(model, this);
  connect(dialog, &RetrainDialog::chosen, this, [this, model](const services::RetrainRequest& request) {
    // The list may have changed meanwhile.
    const auto& entries = workbench().deployments().entries();
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (samePlace(entries[i].model, model)) workbench().deployments().retrain(i, request);
  });
  dialog->open();
}

void DeployPage::askWhere() {
  if (chosenRun() <= 0) return;
  auto* dialog = new DeployDialog(chosenRun(), this);
  connect(dialog, &DeployDialog::chosen, this, [this, run = chosenRun()](const services::DeployRequest& request) {
    workbench().deployments().deployRun(run, request);
  });
  dialog->open();
}

/// The server takes what the other columns leave, and where that is nothing, what one can read.
void DeployPage::fitDeployments() {
  constexpr int least = 150;
  auto& table = *m_parts->deploymentTable;
  table.fitColumns(260);
  int others = 0;
  for (int column = 0; column < DeploymentsModel::ColumnCount; ++column)
    if (column != DeploymentsModel::Server) others += table.columnWidth(column);
  const bool room = table.viewport()->width() - others >= least;
  table.horizontalHeader()->setSectionResizeMode(DeploymentsModel::Server,
                                                 room ? QHeaderView::Stretch : QHeaderView::Interactive);
  if (!room) table.setColumnWidth(DeploymentsModel::Server, least);
}

void DeployPage::followDeployments() {
  auto& p = *m_parts;
  const bool any = p.deployments->rowCount() > 0;
  if (any) fitDeployments();
  p.deploymentStates->setCurrentWidget(any ? static_cast<QWidget*>(p.deploymentTable) : p.noDeployments);
  if (any && !p.deploymentTable->currentIndex().isValid()) p.deploymentTable->selectRow(0);
  p.noDeployments->showEmpty(tr("Nothing deployed yet"),
                             tr("Serve a run here, or put it into TorchServe, TensorFlow Serving or Triton."));
  if (!any) p.tabs->tryPanel()->setForm({}, tr("A row can be tried as soon as a model is served."));
  followTabs();
  p.forget->setEnabled(any && chosenDeployment() >= 0);
  p.serve->setText(workbench().deployments().serving() ? tr("stop serving") : tr("serve here"));
  followButtons();
}

void DeployPage::followTabs() {
  auto& p = *m_parts;
  const int chosen = chosenDeployment();
  const auto& deployments = workbench().deployments();
  p.tabs->setHistory(chosen < 0 ? std::vector<services::DeploymentEvent>()
                                : deployments.entries()[static_cast<std::size_t>(chosen)].model.history);
  readDrift();
}

void DeployPage::retranslateDeployments() {
  auto& p = *m_parts;
  p.deploymentsHeader->setTitle(tr("Deployments"));
  p.deploymentsHeader->setNote({});  // said in the language of then
  p.serve->setToolTip(tr("Lathe's own server on this machine, for as long as the window is open"));
  p.deploy->setText(tr("deploy to a server"));
  p.retrain->setToolTip(
      tr("Trains the experiment of the chosen deployment again and serves the result if it is no worse"));
  p.forget->setText(tr("take out of the list"));
  p.forget->setToolTip(tr("The server itself is left alone"));
  p.deploymentTable->setAccessibleName(tr("Deployments"));
  p.deployments->retranslate();
  p.tabs->retranslate();
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/deploy_page.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/bridge/deployment_controller.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/export_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/command_text.h"
#include "ui/models/format.h"
#include "ui/models/format_words.h"
#include "ui/models/runs_model.h"
#include "ui/pages/deploy_parts.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/progress_text.h"

namespace lathe::ui {

DeployPage::DeployPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent), m_parts(std::make_unique<Parts>()) {
  build();
  connectParts();
  connectDeployments();
  retranslate();
}

DeployPage::~DeployPage() = default;

void DeployPage::build() {
  auto& p = *m_parts;
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  p.splitter = new QSplitter(Qt::Horizontal, this);
  p.splitter->setHandleWidth(1);
  p.splitter->setChildrenCollapsible(false);
  outer->addWidget(p.splitter);
  auto* left = new QWidget(p.splitter);
  left->setProperty("surface", true);
  left->setAttribute(Qt::WA_StyledBackground);
  left->setMinimumWidth(260);
  buildForm(left);

  p.sections = new QSplitter(Qt::Vertical, p.splitter);
  p.sections->setHandleWidth(1);
  p.sections->setChildrenCollapsible(false);
  auto* right = new QWidget(p.sections);
  auto* column = new QVBoxLayout(right);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  p.tableHeader = new PaneHeader(right);
  p.openFolder = new PillButton({}, p.tableHeader);
  p.copyPath = new PillButton({}, p.tableHeader);
  p.copyCommand = new PillButton({}, p.tableHeader);
  for (auto* pill : {p.openFolder, p.copyPath, p.copyCommand}) p.tableHeader->addRight(pill);
  column->addWidget(p.tableHeader);
  p.states = new QStackedWidget(right);
  p.empty = new EmptyState(p.states);
  p.empty->setProperty("surface", true);
  p.empty->setAttribute(Qt::WA_StyledBackground);
  p.table = new TableView(p.states);
  p.table->setObjectName(QStringLiteral("artefactTable"));
  p.artefacts = new ArtefactsModel(workbench().exports(), this);
  p.table->setModel(p.artefacts);
  p.table->horizontalHeader()->setSectionResizeMode(ArtefactsModel::File, QHeaderView::Stretch);
  p.states->addWidget(p.empty);
  p.states->addWidget(p.table);
  column->addWidget(p.states, 1);
  auto* servers = new QWidget(p.sections);
  buildDeployments(servers);
  p.tabs = new ServedTabs(p.sections);
  for (auto* pill : {p.retrain, p.forget}) p.tabs->addRight(pill);
  p.sections->setSizes({260, 200, 260});
  p.splitter->setStretchFactor(0, 0);
  p.splitter->setStretchFactor(1, 1);
  p.splitter->setSizes({340, 860});
}

void DeployPage::buildForm(QWidget* pane) {
  auto& p = *m_parts;
  auto* column = new QVBoxLayout(pane);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  p.formHeader = new PaneHeader(pane);
  column->addWidget(p.formHeader);
  auto* layout = new QVBoxLayout;
  layout->setContentsMargins(12, 12, 12, 12);
  layout->setSpacing(8);
  column->addLayout(layout, 1);

  p.form = new Form(pane);
  p.form->setShortLabels();
  p.run = new QComboBox(pane);
  p.run->setObjectName(QStringLiteral("exportRun"));
  p.run->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  p.run->setMinimumContentsLength(8);
  p.formats = new FormatBoxes(QStringLiteral("export-"), pane);
  p.precision = new QComboBox(pane);
  p.precision->setObjectName(QStringLiteral("exportPrecision"));
  for (const char* name : {"", "bf16", "f16", "int8", "int8-static"})
    p.precision->addItem(precisionWord(QLatin1String(name)), QLatin1String(name));
  p.name = new QLineEdit(pane);
  p.name->setObjectName(QStringLiteral("exportName"));
  p.folder = new QLineEdit(pane);
  p.folder->setObjectName(QStringLiteral("exportFolder"));
  p.browse = new QToolButton(pane);
  p.browse->setIcon(icon(QStringLiteral("folder")));
  auto* place = new QWidget(pane);
  auto* placeLayout = new QHBoxLayout(place);
  placeLayout->setContentsMargins(0, 0, 0, 0);
  placeLayout->setSpacing(4);
  placeLayout->addWidget(p.folder, 1);
  placeLayout->addWidget(p.browse);
  place->setFocusProxy(p.folder);
  for (QWidget* field : {static_cast<QWidget*>(p.run), static_cast<QWidget*>(p.formats),
                         static_cast<QWidget*>(p.precision), static_cast<QWidget*>(p.name), place})
    p.form->addRow(QString(), field);
  layout->addWidget(p.form);

  p.start = makeButton(ButtonKind::Primary, pane);
  p.start->setObjectName(QStringLiteral("exportStart"));
  p.cancel = makeButton(ButtonKind::Ordinary, pane);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(p.start);
  buttons->addWidget(p.cancel);
  p.copyExport = makeButton(ButtonKind::Link, pane);
  p.copyExport->setObjectName(QStringLiteral("copyExportCommand"));
  buttons->addWidget(p.copyExport);
  buttons->addStretch(1);
  layout->addLayout(buttons);
  p.stage = makeParagraph(TextRole::Caption, pane);
  p.progress = new ThinProgress(pane);
  p.result = makeParagraph(TextRole::Good, pane);
  p.result->setObjectName(QStringLiteral("exportResult"));
  p.explanation = makeParagraph(TextRole::Caption, pane);
  layout->addWidget(p.stage);
  layout->addWidget(p.progress);
  layout->addWidget(p.result);
  layout->addSpacing(8);
  layout->addWidget(p.explanation);
  layout->addStretch(1);
  for (QWidget* widget : {static_cast<QWidget*>(p.stage), static_cast<QWidget*>(p.progress),
                          static_cast<QWidget*>(p.result), static_cast<QWidget*>(p.cancel)})
    widget->hide();
}

void DeployPage::connectParts() {
  auto& p = *m_parts;
  auto& exports = workbench().exports();
  auto& runs = workbench().runs();
  connect(&runs, &RunsController::runsReset, this, &DeployPage::followRuns);
  connect(&runs, &RunsController::runChanged, this, &DeployPage::followRuns);
  connect(&workbench(), &Workbench::engineReady, this, &DeployPage::followRuns);
  connect(&workbench(), &Workbench::projectOpened, this, [this] {
    m_parts->folderTyped = false;
    forgetResult();
    followRuns();
  });
  connect(&workbench(), &Workbench::projectClosed, this, &DeployPage::followRuns);
  connect(p.run, &QComboBox::activated, this, [this] {
    forgetResult();
    followFolder();
    followButtons();
  });
  connect(p.folder, &QLineEdit::textEdited, this, [this](const QString& text) {
    m_parts->folderTyped = !text.isEmpty();
    followButtons();
  });
  connect(p.formats, &FormatBoxes::changed, this, &DeployPage::followButtons);
  connect(p.precision, &QComboBox::currentIndexChanged, this, &DeployPage::followPrecision);
  connect(p.browse, &QToolButton::clicked, this, &DeployPage::chooseFolder);
  connect(p.start, &QPushButton::clicked, this, &DeployPage::startExport);
  connect(p.cancel, &QPushButton::clicked, &exports, &ExportController::cancel);
  connect(p.empty, &EmptyState::clicked, this, [this] { Q_EMIT workbench().pageRequested(QStringLiteral("train")); });

  connect(&exports, &ExportController::progress, this, [this](const Progress& progress) {
    m_parts->stage->setText(progressWord(progress));
    m_parts->progress->setFraction(progressFraction(progress));
    followButtons();
  });
  connect(&exports, &ExportController::exported, this,
          [this](const QString& folder, const exporting::ParityReport& worst) {
            m_parts->report = worst;
            m_parts->reportFolder = folder;
            m_parts->error.reset();
            showResult();
            followButtons();
          });
  connect(&exports, &ExportController::failed, this, [this](const Error& error) {
    m_parts->report.reset();
    m_parts->error = error;
    showResult();
    followButtons();
  });
  connect(&exports, &ExportController::artefactsChanged, this, &DeployPage::followArtefacts);
  connect(p.table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DeployPage::followButtons);
  connect(p.table, &TableView::activated, p.openFolder, &QPushButton::click);
  connect(p.openFolder, &QPushButton::clicked, this,
          [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(chosenFile()).absolutePath())); });
  connect(p.copyPath, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(chosenFile()); });
  connect(p.copyCommand, &QPushButton::clicked, this,
          [this] { QApplication::clipboard()->setText(predictCommand(chosenFile())); });
  connect(p.copyExport, &QPushButton::clicked, this, [this] {
    const auto project = workbench().project();
    if (!project || chosenRun() <= 0) return;
    const auto& parts = *m_parts;
    QApplication::clipboard()->setText(exportCommand(
        QDir::cleanPath(QString::fromStdU16String(project->folder().u16string())), chosenRun(), chosenFormats(),
        parts.folder->text().trimmed(), parts.name->text().trimmed(), chosenPrecision()));
  });
}

store::RunNumber DeployPage::chosenRun() const { return m_parts->run->currentData().toLongLong(); }

QStringList DeployPage::chosenFormats() const { return m_parts->formats->chosen(); }

QString DeployPage::chosenFile() const {
  const auto row = m_parts->table->currentIndex().row();
  return row < 0 ? QString() : m_parts->artefacts->index(row, 0).data(ArtefactsModel::PathRole).toString();
}

void DeployPage::chooseRun(store::RunNumber run) {
  followRuns();
  const int index = m_parts->run->findData(QVariant::fromValue<qint64>(run));
  if (index < 0) return;
  m_parts->run->setCurrentIndex(index);
  forgetResult();
  followFolder();
  followButtons();
}

void DeployPage::followRuns() {
  auto& p = *m_parts;
  const auto chosen = chosenRun();
  auto& runs = workbench().runs();
  QList<std::pair<qint64, QString>> entries;
  for (const auto& run : runs.runs()) {
    if (!runs.can(spec::RunAction::Export, run.number)) continue;
    auto text = QString::number(run.number);
    if (!run.model.empty()) text += QLatin1Char(' ') + QString::fromStdString(run.model);
    const auto metric = mainMetric(run.task);
    if (const auto found = run.metrics.find(metric); found != run.metrics.end())
      text += QStringLiteral(" \u00b7 %1 %2").arg(format::metricWord(metric, true), format::aligned(found->second));
    entries.append({run.number, text});
  }
  bool same = entries.size() == p.run->count();
  for (int i = 0; same && i < entries.size(); ++i) same = p.run->itemData(i).toLongLong() == entries[i].first;
  if (same) {
    for (int i = 0; i < entries.size(); ++i) p.run->setItemText(i, entries[i].second);
  } else {
    p.run->clear();
    for (const auto& [number, text] : entries) p.run->addItem(text, number);
    const int index = p.run->findData(QVariant::fromValue<qint64>(chosen));
    p.run->setCurrentIndex(index >= 0 ? index : (entries.isEmpty() ? -1 : 0));
    followFolder();
  }
  followButtons();
  followArtefacts();
}

void DeployPage::followFolder() {
  auto& p = *m_parts;
  const auto project = workbench().project();
  const auto run = chosenRun();
  p.formHeader->setTitle(run > 0 ? tr("Export run %1").arg(run) : tr("Export"));
  if (p.folderTyped) return;
  p.folder->setText(
      project && run > 0
          ? QDir(QString::fromStdString(project->folder().string())).filePath(QStringLiteral("exports/run-%1").arg(run))
          : QString());
}

void DeployPage::followButtons() {
  auto& p = *m_parts;
  const bool busy = workbench().exports().busy();
  const bool ready = chosenRun() > 0 && !p.folder->text().trimmed().isEmpty() && !chosenFormats().isEmpty() &&
                     workbench().engine() != nullptr;
  p.folder->setToolTip(p.folder->text());
  p.start->setEnabled(ready && !busy);
  p.copyExport->setEnabled(ready);
  p.copyExport->setVisible(!busy);
  p.cancel->setVisible(busy);
  p.stage->setVisible(busy);
  p.progress->setVisible(busy);
  const bool file = !chosenFile().isEmpty();
  for (auto* pill : {p.openFolder, p.copyPath, p.copyCommand}) pill->setEnabled(file);
  const auto& deployments = workbench().deployments();
  const bool deployable = chosenRun() > 0 && deployments.possible() && !deployments.busy() && !busy;
  p.serve->setEnabled(deployable);
  p.deploy->setEnabled(deployable);
  p.retrain->setText(deployments.busy() ? tr("cancel") : tr("train on new data"));
  p.retrain->setEnabled(deployments.busy() || (chosenDeployment() >= 0 && deployments.possible() && !busy));
}

void DeployPage::followArtefacts() {
  auto& p = *m_parts;
  const bool any = p.artefacts->rowCount() > 0;
  if (any && p.states->currentWidget() != p.table) p.table->fitColumns(240);
  p.states->setCurrentWidget(any ? static_cast<QWidget*>(p.table) : p.empty);
  if (any && !p.table->currentIndex().isValid()) p.table->setCurrentIndex(p.artefacts->index(0, 0));
  const bool exportable = p.run->count() > 0;
  p.empty->showEmpty(exportable ? tr("Nothing exported yet") : tr("No trained run yet"),
                     exportable ? tr("Exported files are listed here with what their check found.")
                                : tr("A run can be exported as soon as it has its first checkpoint."),
                     exportable ? QString() : tr("Go to Train"));
  followButtons();
}

void DeployPage::retranslate() {
  auto& p = *m_parts;
  const auto& rows = p.form->rows();
  rows[0].setText(tr("Run"), tr("The run whose best checkpoint is exported"));
  rows[1].setText(tr("Formats"), tr("ONNX is read by most other programs; TorchScript by LibTorch and PyTorch"));
  p.formats->retranslate();
  rows[2].setText(tr("Precision"),
                  tr("Of the weights: fewer bits make smaller files that predict a little differently"));
  p.precision->setItemText(p.precision->count() - 1, precisionWord(QStringLiteral("int8-static")));
  rows[3].setText(tr("Name"), tr("Name of the file; empty: the run's name"));
  rows[4].setText(tr("Folder"), tr("Where the file goes, together with lathe-export.json"));
  p.folder->setAccessibleName(tr("Folder"));
  p.run->setPlaceholderText(tr("no trained run yet"));
  p.name->setPlaceholderText(tr("the run's name"));
  p.browse->setToolTip(tr("Choose a folder"));
  p.browse->setAccessibleName(p.browse->toolTip());
  p.start->setText(tr("Export and verify"));
  p.cancel->setText(tr("Cancel"));
  p.copyExport->setText(tr("Copy as command"));
  p.copyExport->setToolTip(tr("Copies the lathe-cli command that exports the same"));
  p.explanation->setText(
      tr("Preprocessing is inside the exported model. The file is loaded again in a fresh process and compared on the "
         "test rows; a difference above 1e-5 refuses it."));
  p.tableHeader->setTitle(tr("Exported files"));
  p.openFolder->setText(tr("open folder"));
  p.copyPath->setText(tr("copy path"));
  p.copyCommand->setText(tr("copy predict command"));
  p.table->setAccessibleName(tr("Exported files"));
  p.artefacts->retranslate();
  if (p.artefacts->rowCount() > 0) p.table->fitColumns(240);
  retranslateDeployments();
  showResult();
  followRuns();
  followFolder();
  followArtefacts();
  followDeployments();
}

QByteArray DeployPage::saveState() const { return m_parts->splitter->saveState(); }

void DeployPage::restoreState(const QByteArray& state) {
  m_parts->splitter->restoreState(state);
  m_parts->splitter->setHandleWidth(1);
}

}  // namespace lathe::ui

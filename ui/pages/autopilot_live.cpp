// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/autopilot_live.h"

#include <QDesktopServices>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/autopilot_model.h"
#include "ui/pages/pane_header.h"
#include "ui/plots/autopilot_plot.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/thin_progress.h"

namespace lathe::ui {

namespace {

void makeSurface(QWidget& widget) {
  widget.setProperty("surface", true);
  widget.setAttribute(Qt::WA_StyledBackground);
}

void openPath(const std::filesystem::path& path) {
  QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdU16String(path.u16string())));
}

QSplitter* splitter(Qt::Orientation orientation, QWidget* parent) {
  auto* made = new QSplitter(orientation, parent);
  made->setHandleWidth(1);
  made->setChildrenCollapsible(false);
  return made;
}

}  // namespace

AutopilotLive::AutopilotLive(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_header = new PaneHeader(this);
  column->addWidget(m_header);
  buildNow(*column);
  m_rows = splitter(Qt::Vertical, this);
  m_upper = splitter(Qt::Horizontal, m_rows);
  auto* stages = new QWidget(m_upper);
  makeSurface(*stages);
  stages->setMinimumWidth(200);
  auto* stageColumn = new QVBoxLayout(stages);
  stageColumn->setContentsMargins(0, 0, 0, 0);
  stageColumn->setSpacing(0);
  m_stagesHeader = new PaneHeader(stages);
  m_stages = new FactList;
  m_stages->setObjectName(QStringLiteral("autopilotStages"));
  stageColumn->addWidget(m_stagesHeader);
  auto* scroller = new QScrollArea(stages);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  scroller->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroller->setFocusPolicy(Qt::NoFocus);
  scroller->setProperty("surface", true);
  auto* inside = new QWidget(scroller);
  auto* inner = new QVBoxLayout(inside);
  inner->setContentsMargins(12, 4, 12, 8);
  inner->addWidget(m_stages);
  inner->addStretch(1);
  scroller->setWidget(inside);
  stageColumn->addWidget(scroller, 1);
  m_plot = new AutopilotPlot(workbench, m_upper);
  m_plot->setObjectName(QStringLiteral("autopilotPlot"));
  m_plot->setMinimumHeight(140);
  m_upper->setStretchFactor(0, 0);
  m_upper->setStretchFactor(1, 1);
  m_upper->setSizes({270, 600});
  auto* below = new QWidget(m_rows);
  buildTable(below);
  m_rows->setStretchFactor(0, 3);
  m_rows->setStretchFactor(1, 2);
  m_rows->setSizes({300, 220});
  column->addWidget(m_rows, 1);
  connectParts();
  retranslate();
}

void AutopilotLive::buildNow(QVBoxLayout& column) {
  m_now = new QFrame(this);
  m_now->setProperty("paneHeader", true);  // a line below, as headers have it
  auto* row = new QHBoxLayout(m_now);
  row->setContentsMargins(12, 12, 12, 12);
  row->setSpacing(24);
  auto* left = new QVBoxLayout;
  left->setSpacing(6);
  m_headline = makeParagraph(TextRole::Section, m_now);
  m_headline->setObjectName(QStringLiteral("autopilotHeadline"));
  m_progress = new ThinProgress(m_now);
  m_progress->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_time = makeParagraph(TextRole::Caption, m_now);
  m_time->setObjectName(QStringLiteral("autopilotTime"));
  m_best = makeParagraph(TextRole::Strong, m_now);
  m_best->setObjectName(QStringLiteral("autopilotBest"));
  m_against = makeParagraph(TextRole::Caption, m_now);
  m_why = makeParagraph(TextRole::Body, m_now);
  m_why->setObjectName(QStringLiteral("autopilotWhyThis"));
  m_check = makeParagraph(TextRole::Good, m_now);
  m_served = makeParagraph(TextRole::Good, m_now);
  m_served->setObjectName(QStringLiteral("autopilotServed"));
  for (QWidget* each : {static_cast<QWidget*>(m_headline), static_cast<QWidget*>(m_progress),
                        static_cast<QWidget*>(m_time), static_cast<QWidget*>(m_best), static_cast<QWidget*>(m_against),
                        static_cast<QWidget*>(m_why), static_cast<QWidget*>(m_check), static_cast<QWidget*>(m_served)})
    left->addWidget(each);
  m_warnings = new QVBoxLayout;
  m_warnings->setSpacing(4);
  left->addLayout(m_warnings);
  m_buttons = new QWidget(m_now);
  auto* buttons = new QHBoxLayout(m_buttons);
  buttons->setContentsMargins(0, 4, 0, 0);
  buttons->setSpacing(8);
  const auto add = [&](QPushButton*& button, const char* name, ButtonKind kind) {
    button = makeButton(kind, m_buttons);
    button->setObjectName(QLatin1String(name));
    buttons->addWidget(button);
  };
  add(m_report, "autopilotReport", ButtonKind::Primary);
  add(m_goOn, "autopilotContinue", ButtonKind::Ordinary);
  add(m_run, "autopilotRun", ButtonKind::Ordinary);
  add(m_folder, "autopilotFolder", ButtonKind::Ordinary);
  add(m_deploy, "autopilotDeploy", ButtonKind::Ordinary);
  add(m_again, "autopilotAgain", ButtonKind::Link);
  buttons->addStretch(1);
  left->addWidget(m_buttons);
  left->addStretch(1);
  row->addLayout(left, 1);
  m_metrics = new FactList(m_now);
  m_metrics->setObjectName(QStringLiteral("autopilotMetrics"));
  m_metrics->setMinimumWidth(300);
  m_metrics->setMaximumWidth(380);
  row->addWidget(m_metrics, 0, Qt::AlignTop);
  column.addWidget(m_now);
}

void AutopilotLive::buildTable(QWidget* pane) {
  auto* column = new QVBoxLayout(pane);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_tableHeader = new PaneHeader(pane);
  m_show = new PillButton({}, m_tableHeader);
  m_show->setObjectName(QStringLiteral("autopilotShowRun"));
  m_take = new PillButton({}, m_tableHeader);
  m_take->setObjectName(QStringLiteral("autopilotTakeOver"));
  m_tableHeader->addRight(m_show);
  m_tableHeader->addRight(m_take);
  column->addWidget(m_tableHeader);
  m_model = new AutopilotModel(m_workbench.autopilot(), this);
  m_table = new TableView(pane);
  m_table->setObjectName(QStringLiteral("autopilotTable"));
  m_table->setModel(m_model);
  m_table->setContextMenuPolicy(Qt::CustomContextMenu);
  m_table->horizontalHeader()->setSectionResizeMode(AutopilotModel::Model, QHeaderView::Stretch);
  column->addWidget(m_table, 1);
}

void AutopilotLive::connectParts() {
  auto& autopilot = m_workbench.autopilot();
  connect(&autopilot, &AutopilotController::changed, this, &AutopilotLive::follow);
  connect(&autopilot, &AutopilotController::earlierRead, this, &AutopilotLive::followButtons);
  connect(m_model, &QAbstractItemModel::modelReset, this, &AutopilotLive::followTable);
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
    // A reset takes the selection away, which is no choice of a person.
    if (now.isValid()) m_chosen = m_model->nameAt(now.row());
    followButtons();
  });
  const auto show = [this] {
    if (const auto run = chosenRun(); run > 0) Q_EMIT runWanted(run);
  };
  connect(m_table, &TableView::activated, this, show);
  connect(m_show, &QPushButton::clicked, this, show);
  connect(m_take, &QPushButton::clicked, this, &AutopilotLive::takeOver);
  connect(m_table, &QWidget::customContextMenuRequested, this,
          [this](const QPoint& place) { openMenu(m_table->viewport()->mapToGlobal(place)); });
  connect(m_report, &QPushButton::clicked, this, [this] {
    if (const auto* outcome = m_workbench.autopilot().outcome()) openPath(outcome->report);
  });
  connect(m_folder, &QPushButton::clicked, this, [this] {
    if (const auto* outcome = m_workbench.autopilot().outcome()) openPath(outcome->exported);
  });
  connect(m_run, &QPushButton::clicked, this, [this] {
    if (const auto* outcome = m_workbench.autopilot().outcome()) Q_EMIT runWanted(outcome->finalRun);
  });
  connect(m_deploy, &QPushButton::clicked, this, [this] {
    if (const auto* outcome = m_workbench.autopilot().outcome()) Q_EMIT deployWanted(outcome->finalRun);
  });
  connect(m_again, &QPushButton::clicked, &autopilot, &AutopilotController::clear);
  connect(m_goOn, &QPushButton::clicked, this, [this] { m_workbench.autopilot().resume(0); });
}

void AutopilotLive::openMenu(const QPoint& place) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  auto* show = menu->addAction(tr("&Show the run"), m_show, &QPushButton::click);
  auto* take = menu->addAction(tr("&Take it over by hand"), this, &AutopilotLive::takeOver);
  for (auto* action : {show, take}) action->setEnabled(chosenRun() > 0);
  menu->popup(place);
}

qint64 AutopilotLive::chosenRun() const {
  const auto row = m_table->currentIndex().row();
  return row < 0 ? 0 : m_model->index(row, 0).data(AutopilotModel::RunRole).toLongLong();
}

void AutopilotLive::takeOver() {
  if (const auto run = chosenRun(); run > 0) m_workbench.autopilot().takeOver(run, m_chosen);
}

void AutopilotLive::followTable() {
  m_table->fitColumns(420);
  const int row = m_chosen.isEmpty() ? -1 : m_model->rowOf(m_chosen);
  if (row >= 0) m_table->selectRow(row);
  followButtons();
}

void AutopilotLive::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) followWarnings();
}

QByteArray AutopilotLive::saveState() const { return m_rows->saveState(); }

void AutopilotLive::restoreState(const QByteArray& state) {
  m_rows->restoreState(state);
  m_rows->setHandleWidth(1);
}

}  // namespace lathe::ui

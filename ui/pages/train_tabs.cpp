// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_tabs.h"

#include <QActionGroup>
#include <QDataStream>
#include <QHBoxLayout>
#include <QIODevice>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/choice_panel.h"
#include "ui/pages/predictions_panel.h"
#include "ui/pages/weights_panel.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

namespace {

constexpr int spacing = 8;

}  // namespace

TrainTabs::TrainTabs(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
  build();
  retranslate();
}

void TrainTabs::build() {
  setObjectName(QStringLiteral("trainTabs"));
  m_bar = new QTabBar(this);
  m_bar->setObjectName(QStringLiteral("trainTabBar"));
  m_bar->setDrawBase(false);
  m_bar->setExpanding(false);
  m_bar->setElideMode(Qt::ElideNone);
  m_stack = new QStackedWidget(this);
  for (int tab = 0; tab < TabCount; ++tab) m_bar->addTab({});
  for (auto& splitter : m_splitters) {
    splitter = new QSplitter(Qt::Horizontal, m_stack);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
    m_stack->addWidget(splitter);
  }
  m_weights = new WeightsPanel(m_workbench, m_stack);
  m_predictions = new PredictionsPanel(m_workbench, m_stack);
  m_stack->addWidget(m_weights);
  m_choices = new ChoicePanel(m_workbench, m_stack);
  m_stack->addWidget(m_predictions);
  m_stack->addWidget(m_choices);
  m_runPill = new PillButton({}, this);
  m_runPill->setObjectName(QStringLiteral("insightRunPill"));
  m_runMenu = new QMenu(this);
  m_runMenu->setObjectName(QStringLiteral("insightRunMenu"));
  auto* line = new QHBoxLayout;
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(spacing);
  line->addWidget(m_bar);
  line->addStretch(1);
  line->addWidget(m_choices->stagePill());
  line->addWidget(m_weights->layerPill());
  line->addWidget(m_runPill);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addLayout(line);
  column->addWidget(m_stack, 1);
  connect(m_runPill, &QPushButton::clicked, this, [this] {
    fillRuns();
    m_runMenu->popup(m_runPill->mapToGlobal(QPoint(0, m_runPill->height() + 2)));
  });
  connect(m_bar, &QTabBar::currentChanged, this, &TrainTabs::followTab);
  connect(m_choices, &ChoicePanel::stagesChanged, this, &TrainTabs::followTab);
  followTab();
  setTabOrder(m_bar, m_weights->layerPill());
  setTabOrder(m_weights->layerPill(), m_choices->stagePill());
  setTabOrder(m_choices->stagePill(), m_runPill);
}

void TrainTabs::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  makeRoom();
}

/// The names of the tabs come first, then the run; the layer gets what is left.
void TrainTabs::makeRoom() {
  m_weights->setPillRoom(width() - m_bar->sizeHint().width() - m_runPill->sizeHint().width() - 2 * spacing);
}

void TrainTabs::followTab() {
  const auto tab = current();
  m_stack->setCurrentIndex(tab);
  m_weights->layerPill()->setVisible(tab == Weights);
  m_choices->stagePill()->setVisible(tab == Choices && m_choices->hasStages());
  m_runPill->setVisible(tab >= Weights);
}

void TrainTabs::retranslate() {
  m_bar->setAccessibleName(tr("More plots"));
  m_bar->setTabText(Overview, tr("Overview"));
  m_bar->setTabText(Optimiser, tr("Optimiser"));
  m_bar->setTabText(Machine, tr("Machine"));
  m_bar->setTabText(Weights, tr("Weights"));
  m_bar->setTabText(Predictions, tr("Predictions"));
  m_bar->setTabText(Choices, tr("Choices"));
  m_bar->setTabToolTip(Overview, tr("Learning rate and throughput"));
  m_bar->setTabToolTip(Optimiser, tr("Momentum and length of the gradient: what the optimiser works with"));
  m_bar->setTabToolTip(Machine, tr("Processor and memory that the training takes"));
  m_bar->setTabToolTip(Weights, tr("How weights and gradients of a layer are spread, over time"));
  m_bar->setTabToolTip(Predictions, tr("What the model says of a few validation rows, after each epoch"));
  m_bar->setTabToolTip(Choices, tr("Settings that were tried before the first step, and the chosen one"));
  m_runPill->setAccessibleName(tr("Run"));
  m_runPill->setToolTip(tr("Whose weights, predictions and choices are shown"));
  m_weights->retranslate();
  m_predictions->retranslate();
  m_choices->retranslate();
  followRun();
}

TrainTabs::Tab TrainTabs::current() const { return static_cast<Tab>(m_bar->currentIndex()); }

void TrainTabs::showTab(Tab tab) { m_bar->setCurrentIndex(tab); }

void TrainTabs::chooseRun(store::RunNumber run) {
  m_chosen = run;
  followRun();
}

void TrainTabs::fillRuns() {
  delete m_runMenu->findChild<QActionGroup*>();
  m_runMenu->clear();
  auto* group = new QActionGroup(m_runMenu);
  for (const auto run : m_workbench.runs().shown()) {
    const auto* record = m_workbench.runs().run(run);
    const auto name = record != nullptr ? QString::fromStdString(record->model) : QString();
    auto* action = m_runMenu->addAction(QStringLiteral("%1 %2").arg(run).arg(name).trimmed());
    action->setCheckable(true);
    action->setChecked(run == m_run);
    group->addAction(action);
    connect(action, &QAction::triggered, this, [this, run] { chooseRun(run); });
  }
}

void TrainTabs::follow(const ItemOf& itemOf, XAxis axis) {
  m_itemOf = itemOf;
  m_axis = axis;
  followRun();
}

void TrainTabs::followRun() {
  const auto& shown = m_workbench.runs().shown();
  const bool chosen = std::find(shown.begin(), shown.end(), m_chosen) != shown.end();
  if (!chosen) m_chosen = 0;
  m_run = chosen || shown.empty() ? m_chosen : *std::max_element(shown.begin(), shown.end());
  m_runPill->setText((m_run > 0 ? tr("run %1").arg(m_run) : tr("no run")) + QStringLiteral(" \u25be"));
  m_runPill->setEnabled(!shown.empty());
  makeRoom();
  m_weights->setRun(m_run, m_itemOf && m_run > 0 ? m_itemOf(m_run) : CurveItem(), m_axis);
  m_predictions->setRun(m_run);
  m_choices->setRun(m_run);
  Q_EMIT runFollowed(m_run);
}

QByteArray TrainTabs::saveState() const {
  QByteArray state;
  QDataStream out(&state, QIODevice::WriteOnly);
  out << static_cast<qint32>(m_bar->currentIndex());
  for (const auto* splitter : m_splitters) out << splitter->saveState();
  return state;
}

void TrainTabs::restoreState(const QByteArray& state) {
  QDataStream in(state);
  qint32 tab = 0;
  in >> tab;
  std::array<QByteArray, Weights> sizes;
  for (auto& each : sizes) in >> each;
  if (in.status() != QDataStream::Ok) return;
  for (std::size_t i = 0; i < sizes.size(); ++i) m_splitters[i]->restoreState(sizes[i]);
  if (tab >= 0 && tab < TabCount) m_bar->setCurrentIndex(tab);
}

}  // namespace lathe::ui

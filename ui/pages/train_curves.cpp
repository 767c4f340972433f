// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_curves.h"

#include <QActionGroup>
#include <QDataStream>
#include <QIODevice>
#include <QMenu>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/pages/pane_header.h"
#include "ui/pages/rate_dialog.h"
#include "ui/pages/run_note.h"
#include "ui/pages/train_tabs.h"
#include "ui/pages/weights_panel.h"
#include "ui/plots/curve_plot.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

namespace {

constexpr std::array smoothings{0.0, 0.3, 0.6, 0.8, 0.9, 0.97};
constexpr qint32 stateVersion = 3;

TrainTabs::Tab tabOf(TrainCurves::Which which) {
  switch (which) {
    case TrainCurves::Momentum:
    case TrainCurves::GradientNorm:
      return TrainTabs::Optimiser;
    case TrainCurves::Processor:
    case TrainCurves::Memory:
    case TrainCurves::FreeMemory:
      return TrainTabs::Machine;
    default:
      return TrainTabs::Overview;
  }
}

QString folderOf(const Workbench& workbench) {
  const auto project = workbench.project();
  return project ? QString::fromStdU16String(project->folder().u16string()) : QString();
}

}  // namespace

TrainCurves::TrainCurves(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
  build();
  auto& runs = workbench.runs();
  connect(&m_workbench.experiment(), &ExperimentController::dataChanged, this,
          [this] { m_plots[Throughput]->setValueAxis(tr("throughput"), throughputUnit()); });
  connect(&m_workbench, &Workbench::projectOpened, this, &TrainCurves::followProject);
  connect(&runs, &RunsController::shownChanged, this, &TrainCurves::follow);
  connect(&runs, &RunsController::runsReset, this, &TrainCurves::follow);
  connect(&runs, &RunsController::runChanged, this, [this](qint64 run) {
    if (m_workbench.runs().isShown(run)) follow();
  });
  retranslate();
  setSmoothing(m_smoothing);
  follow();
}

void TrainCurves::build() {
  m_header = new PaneHeader(this);
  m_metricPill = new PillButton({}, m_header);
  m_xPill = new PillButton({}, m_header);
  m_smoothPill = new PillButton({}, m_header);
  m_logPill = new PillButton({}, m_header);
  m_fitPill = new PillButton({}, m_header);
  m_logPill->setCheckable(true);
  m_metricPill->setObjectName(QStringLiteral("metricPill"));
  m_xPill->setObjectName(QStringLiteral("xAxisPill"));
  m_smoothPill->setObjectName(QStringLiteral("smoothingPill"));
  m_logPill->setObjectName(QStringLiteral("logPill"));
  m_fitPill->setObjectName(QStringLiteral("fitPill"));
  for (auto* pill : {m_metricPill, m_xPill, m_smoothPill, m_logPill, m_fitPill}) m_header->addRight(pill);
  m_metricMenu = new QMenu(this);
  m_metricMenu->setObjectName(QStringLiteral("metricMenu"));
  m_xMenu = new QMenu(this);
  m_smoothMenu = new QMenu(this);
  const auto openBelow = [this](PillButton* pill, QMenu* menu) {
    connect(pill, &QPushButton::clicked, this,
            [pill, menu] { menu->popup(pill->mapToGlobal(QPoint(0, pill->height() + 2))); });
  };
  // What the runs have measured by now decides what is offered.
  connect(m_metricPill, &QPushButton::clicked, this, &TrainCurves::fillMetrics);
  openBelow(m_metricPill, m_metricMenu);
  openBelow(m_xPill, m_xMenu);
  openBelow(m_smoothPill, m_smoothMenu);
  connect(m_logPill, &QPushButton::toggled, this, &TrainCurves::setLogY);
  connect(m_fitPill, &QPushButton::clicked, this, [this] {
    for (auto* plot : m_plots) plot->fit();
    m_tabs->weights()->fit();
  });

  m_note = new RunNote(m_workbench, this);
  m_rows = new QSplitter(Qt::Vertical, this);
  m_upper = new QSplitter(Qt::Horizontal, m_rows);
  m_tabs = new TrainTabs(m_workbench, m_rows);
  for (std::size_t i = 0; i < m_plots.size(); ++i) {
    m_plots[i] = new CurvePlot(m_workbench, i <= Metric ? m_upper : m_tabs->plotsOf(tabOf(static_cast<Which>(i))));
    m_plots[i]->setObjectName(QStringLiteral("curvePlot%1").arg(i));
    connect(m_plots[i], &CurvePlot::failed, this, [this](const QString& sentence) {
      Q_EMIT m_workbench.failed(Error{"plot.save", {sentence.toStdString(), {}}, {}});
    });
  }
  for (const auto which : {Throughput, Processor, Memory, FreeMemory}) m_plots[which]->setFromZero(true);
  for (auto* splitter : {m_rows, m_upper}) {
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
  }
  m_rows->setStretchFactor(0, 4);
  m_rows->setStretchFactor(1, 3);
  m_rows->setSizes({400, 300});

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(m_header);
  auto* inner = new QVBoxLayout;
  inner->setContentsMargins(8, 8, 8, 8);
  inner->setSpacing(8);
  inner->addWidget(m_note);
  inner->addWidget(m_rows, 1);
  column->addLayout(inner, 1);
  connectNote();
}

void TrainCurves::connectNote() {
  connect(m_tabs, &TrainTabs::runFollowed, m_note, &RunNote::setRun);
  connect(m_note, &RunNote::trialsRequested, this, [this] { m_tabs->showTab(TrainTabs::Choices); });
  connect(m_note, &RunNote::curveRequested, this, [this](qint64 run, const services::KeptRateCurve& curve) {
    auto* dialog = new RateDialog(m_workbench, curve, run, window());
    dialog->open();
  });
}

void TrainCurves::fillMenus() {
  delete m_xMenu->findChild<QActionGroup*>();
  delete m_smoothMenu->findChild<QActionGroup*>();
  m_xMenu->clear();
  m_smoothMenu->clear();
  auto* axes = new QActionGroup(m_xMenu);
  const std::array words{tr("step"), tr("epoch"), tr("time")};
  for (int i = 0; i < static_cast<int>(words.size()); ++i) {
    auto* action = m_xMenu->addAction(words[static_cast<std::size_t>(i)]);
    action->setCheckable(true);
    action->setChecked(static_cast<int>(m_axis) == i);
    axes->addAction(action);
    connect(action, &QAction::triggered, this, [this, i] { setXAxis(static_cast<XAxis>(i)); });
  }
  auto* weights = new QActionGroup(m_smoothMenu);
  for (const double weight : smoothings) {
    auto* action = m_smoothMenu->addAction(weight == 0 ? tr("off") : format::number(weight));
    action->setCheckable(true);
    action->setChecked(weight == m_smoothing);
    weights->addAction(action);
    connect(action, &QAction::triggered, this, [this, weight] { setSmoothing(weight); });
  }
  m_xPill->setText(tr("x: %1").arg(words[static_cast<std::size_t>(m_axis)]) + QStringLiteral(" \u25be"));
  m_smoothPill->setText((m_smoothing > 0 ? tr("smoothing %1").arg(format::number(m_smoothing)) : tr("smoothing off")) +
                        QStringLiteral(" \u25be"));
}

void TrainCurves::fillMetrics() {
  delete m_metricMenu->findChild<QActionGroup*>();
  m_metricMenu->clear();
  auto* group = new QActionGroup(m_metricMenu);
  const auto shown = metric();
  for (const auto& series : offered()) {
    auto* action = m_metricMenu->addAction(format::metricWord(series));
    action->setData(QString::fromStdString(series));
    action->setCheckable(true);
    action->setChecked(series == shown);
    group->addAction(action);
    connect(action, &QAction::triggered, this, [this, series] { setMetric(series); });
  }
  m_metricPill->setText(format::metricWord(shown, true) + QStringLiteral(" \u25be"));
}

void TrainCurves::retranslate() {
  m_header->setTitle(tr("Curves"));
  m_logPill->setText(tr("log y"));
  m_fitPill->setText(tr("fit"));
  fillMenus();
  m_metricPill->setAccessibleName(tr("Metric"));
  m_metricPill->setToolTip(tr("Which metric the second plot shows"));
  m_xPill->setAccessibleName(tr("Horizontal axis"));
  m_xPill->setToolTip(tr("What the horizontal axis counts"));
  m_smoothPill->setAccessibleName(tr("Smoothing"));
  m_smoothPill->setToolTip(tr("Smooths training curves; the raw ones stay, faint"));
  m_logPill->setAccessibleName(tr("Logarithmic values"));
  m_logPill->setToolTip(tr("Logarithmic values for the loss, the learning rate, the gradient and weights"));
  m_fitPill->setAccessibleName(tr("Fit"));
  m_fitPill->setToolTip(tr("Shows every curve whole and follows its end"));
  nameThePlots();
  m_note->retranslate();
  m_tabs->retranslate();
  follow();
}

void TrainCurves::setXAxis(XAxis axis) {
  m_axis = axis;
  fillMenus();
  follow();
  for (auto* plot : m_plots) plot->setXAxis(axis);
}

void TrainCurves::setMetric(const std::string& series) {
  if (series == m_metric) return;
  m_metric = series;
  m_plots[Metric]->fit();
  follow();
}

/// What was zoomed belongs to the project it was zoomed in.
void TrainCurves::followProject() {
  const bool same = !m_viewsOf.isEmpty() && folderOf(m_workbench) == m_viewsOf;
  for (std::size_t i = 0; i < m_plots.size(); ++i) {
    m_plots[i]->fit();
    if (same && m_views[i]) m_plots[i]->setView(*m_views[i]);
  }
  m_viewsOf.clear();
}

void TrainCurves::setSmoothing(double weight) {
  m_smoothing = weight;
  fillMenus();
  for (auto* plot : m_plots) plot->setSmoothing(weight);
}

void TrainCurves::setLogY(bool on) {
  m_logPill->setChecked(on);
  for (const auto which : {Loss, LearningRate, GradientNorm}) m_plots[which]->setLogY(on);
  m_tabs->weights()->setLogY(on);
}

QByteArray TrainCurves::saveState() const {
  QByteArray state;
  QDataStream out(&state, QIODevice::WriteOnly);
  out << stateVersion << m_rows->saveState() << m_upper->saveState() << m_tabs->saveState()
      << static_cast<qint32>(m_axis) << m_smoothing << m_logPill->isChecked() << QByteArray::fromStdString(m_metric)
      << folderOf(m_workbench);
  for (const auto* plot : m_plots) {
    const auto view = plot->view();
    out << view.has_value();
    if (view) out << view->xLow << view->xHigh << view->ownY << view->yLow << view->yHigh << view->following;
  }
  return state;
}

void TrainCurves::restoreState(const QByteArray& state) {
  QDataStream in(state);
  qint32 version = 0;
  qint32 axis = 0;
  QByteArray rows;
  QByteArray upper;
  QByteArray tabs;
  double smoothing = 0;
  bool log = false;
  QByteArray metric;
  QString viewsOf;
  in >> version >> rows >> upper >> tabs >> axis >> smoothing >> log >> metric >> viewsOf;
  std::array<std::optional<CurvePlot::View>, Count> views;
  for (auto& view : views) {
    bool any = false;
    in >> any;
    if (!any) continue;
    view.emplace();
    in >> view->xLow >> view->xHigh >> view->ownY >> view->yLow >> view->yHigh >> view->following;
  }
  if (in.status() != QDataStream::Ok || version != stateVersion) return;
  m_rows->restoreState(rows);
  m_upper->restoreState(upper);
  m_tabs->restoreState(tabs);
  setXAxis(axis >= 0 && axis <= 2 ? static_cast<XAxis>(axis) : XAxis::Step);
  setSmoothing(std::clamp(smoothing, 0.0, 0.99));
  setLogY(log);
  setMetric(metric.toStdString());
  m_views = views;
  m_viewsOf = viewsOf;
  if (m_workbench.project() && folderOf(m_workbench) == viewsOf) followProject();
}

}  // namespace lathe::ui

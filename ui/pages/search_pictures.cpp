// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/search_pictures.h"

#include <QDataStream>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QIODevice>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/architecture_panel.h"
#include "ui/pages/study_scenes.h"
#include "ui/pages/trials_panel.h"
#include "ui/plots/parallel_plot.h"
#include "ui/plots/study_plot.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

namespace {

constexpr int spacing = 8;
constexpr qint32 stateVersion = 1;

}  // namespace

SearchPictures::SearchPictures(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
  setObjectName(QStringLiteral("searchPictures"));
  build();
  addJobs();
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &SearchPictures::refresh);
  auto& studies = workbench.studies();
  connect(&studies, &StudyController::tableChanged, this,
          [this](const services::StudyNews& news) { follow(news.anew); });
  connect(&studies, &StudyController::currentChanged, this, &SearchPictures::followStudy);
  followStudy();  // one may be looked at already
}

void SearchPictures::followStudy() {
  ++m_study;
  m_options.axes.clear();
  m_options.shown.reset();
  m_options.project = m_workbench.project();
  m_options.scores = std::make_shared<services::ScoreReader>();
  m_architecture->setScores(nullptr);
  m_architecture->choose(std::nullopt);
  m_options.goal = 0;
  m_options.first = 0;
  m_options.second = 1;
  m_options.goalX = 0;
  m_options.goalY = 1;
  for (auto* plot : m_plots) {
    plot->setScene(nullptr);
    plot->setChosen(std::nullopt);
    plot->fit();
  }
  for (auto* plot : m_slices) plot->setChosen(std::nullopt);
  m_parallel->setChosen(std::nullopt);
  m_parallel->setScene(nullptr);
  follow(true);
}

StudyPlot* SearchPictures::addPlot(QWidget* parent, const char* name) {
  auto* plot = new StudyPlot(m_workbench, parent);
  plot->setObjectName(QLatin1String(name));
  plot->setTrialText([this](std::uint32_t trial) { return trialText(trial); });
  connect(plot, &StudyPlot::trialClicked, this, [this](quint32 trial) { choose(trial); });
  connect(plot, &StudyPlot::trialActivated, this, [this](quint32 trial) { m_trials->openRun(trial); });
  connect(plot, &StudyPlot::failed, this, [this](const QString& sentence) {
    Q_EMIT m_workbench.failed(Error{"plot.save", {sentence.toStdString(), {}}, {}});
  });
  return plot;
}

QSplitter* SearchPictures::makeSplitter(Qt::Orientation orientation, QWidget* parent) {
  auto* splitter = new QSplitter(orientation, parent);
  splitter->setChildrenCollapsible(false);
  splitter->setHandleWidth(spacing);
  splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
  return splitter;
}

void SearchPictures::build() {
  m_bar = new QTabBar(this);
  m_bar->setObjectName(QStringLiteral("searchTabBar"));
  m_bar->setDrawBase(false);
  m_bar->setExpanding(false);
  m_bar->setElideMode(Qt::ElideNone);
  m_bar->setUsesScrollButtons(true);
  for (int tab = 0; tab < TabCount; ++tab) m_bar->addTab({});
  m_stack = new QStackedWidget(this);
  buildOverview();
  m_trials = new TrialsPanel(m_workbench, m_stack);
  m_stack->addWidget(m_trials);
  auto* scroller = new QScrollArea(m_stack);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  scroller->setFocusPolicy(Qt::NoFocus);
  m_sliceHolder = new QWidget(scroller);
  m_sliceGrid = new QGridLayout(m_sliceHolder);
  m_sliceGrid->setContentsMargins(0, 0, 0, 0);
  m_sliceGrid->setSpacing(spacing);
  scroller->setWidget(m_sliceHolder);
  const auto moved = [this] {
    if (m_jobs.empty()) return;
    m_jobs[m_sliceJob].stale = true;
    m_jobs[m_sliceJob].nextMs = 0;
    refresh();
  };
  connect(scroller->verticalScrollBar(), &QScrollBar::valueChanged, this, moved);
  connect(scroller->verticalScrollBar(), &QScrollBar::rangeChanged, this, moved);
  scroller->viewport()->setAutoFillBackground(false);
  m_sliceHolder->setAutoFillBackground(false);
  m_stack->addWidget(scroller);
  const std::pair<Picture, const char*> alone[] = {{ContourPlot, "contourPlot"},
                                                   {RankPlot, "rankPlot"},
                                                   {Distribution, "distributionPlot"},
                                                   {Lanes, "timelinePlot"}};
  for (const auto& [picture, name] : alone) {
    m_plots[picture] = addPlot(m_stack, name);
    m_stack->addWidget(m_plots[picture]);
  }
  buildGoals();
  buildArchitectures();
  auto* line = new QHBoxLayout;
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(spacing);
  line->addWidget(m_bar);
  line->addStretch(1);
  addPills();
  for (auto* pill : {m_filterPill, m_goalPill, m_methodPill, m_kindPill, m_firstPill, m_secondPill, m_goalXPill,
                     m_goalYPill, m_scorePill})
    line->addWidget(pill);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 8);
  column->setSpacing(6);
  column->addLayout(line);
  column->addWidget(m_stack, 1);
  connect(m_bar, &QTabBar::currentChanged, this, &SearchPictures::followTab);
  connect(m_trials, &TrialsPanel::chosen, this, &SearchPictures::choose);
  followTab();
}

void SearchPictures::buildOverview() {
  auto* rows = makeSplitter(Qt::Vertical, m_stack);
  auto* upper = makeSplitter(Qt::Horizontal, rows);
  auto* lower = makeSplitter(Qt::Horizontal, rows);
  m_plots[History] = addPlot(upper, "historyPlot");
  m_parallel = new ParallelPlot(m_workbench, upper);
  m_parallel->setObjectName(QStringLiteral("parallelPlot"));
  m_plots[Reports] = addPlot(lower, "reportsPlot");
  m_plots[Importance] = addPlot(lower, "importancePlot");
  for (auto* each : {rows, upper, lower}) each->setSizes({1000, 1000});
  m_stack->addWidget(rows);
  connect(m_parallel, &ParallelPlot::brushed, this, &SearchPictures::followFilter);
  connect(m_parallel, &ParallelPlot::trialClicked, this, [this](quint32 trial) { choose(trial); });
  connect(m_parallel, &ParallelPlot::failed, this, [this](const QString& sentence) {
    Q_EMIT m_workbench.failed(Error{"plot.save", {sentence.toStdString(), {}}, {}});
  });
}

void SearchPictures::buildGoals() {
  auto* columns = makeSplitter(Qt::Horizontal, m_stack);
  m_plots[Front] = addPlot(columns, "frontPlot");
  m_plots[Volume] = addPlot(columns, "hypervolumePlot");
  columns->setSizes({1000, 1000});
  m_stack->addWidget(columns);
}

void SearchPictures::addPills() {
  const std::pair<PillButton**, const char*> pills[] = {
      {&m_filterPill, "filterPill"}, {&m_goalPill, "goalPill"},   {&m_methodPill, "methodPill"},
      {&m_kindPill, "kindPill"},     {&m_firstPill, "firstPill"}, {&m_secondPill, "secondPill"},
      {&m_goalXPill, "goalXPill"},   {&m_goalYPill, "goalYPill"}, {&m_scorePill, "scorePill"}};
  for (const auto& [pill, name] : pills) {
    *pill = new PillButton({}, this);
    (*pill)->setObjectName(QLatin1String(name));
  }
  m_filterPill->hide();
  connect(m_filterPill, &QPushButton::clicked, this, [this] { m_parallel->clearBrushes(); });
  connect(m_methodPill, &QPushButton::clicked, this, [this] {
    const bool fanova = m_options.method == services::ImportanceMethod::Fanova;
    m_options.method = fanova ? services::ImportanceMethod::PedAnova : services::ImportanceMethod::Fanova;
    retranslate();
  });
  connect(m_kindPill, &QPushButton::clicked, this, [this] {
    m_options.averaged = !m_options.averaged;
    retranslate();
  });
}

SearchPictures::Tab SearchPictures::current() const { return static_cast<Tab>(m_bar->currentIndex()); }

void SearchPictures::showTab(Tab tab) { m_bar->setCurrentIndex(tab); }

void SearchPictures::followTab() {
  const auto tab = current();
  m_stack->setCurrentIndex(tab);
  const auto table = m_workbench.studies().table();
  const bool several = table && table->goals() > 1;
  const bool pair = tab == Contour || tab == Ranks;
  m_bar->setTabVisible(Goals, several);
  m_bar->setTabVisible(Architectures, showsArchitectures());
  m_bar->updateGeometry();  // else it scrolls where there is room
  m_goalPill->setVisible(several && tab != Trials && tab != Timeline && tab != Goals);
  m_methodPill->setVisible(tab == Overview);
  m_scorePill->setVisible(tab == Architectures);
  m_kindPill->setVisible(tab == Contour);
  for (auto* pill : {m_goalXPill, m_goalYPill}) pill->setVisible(tab == Goals && table && table->goals() > 2);
  m_firstPill->setVisible(pair && table && table->space.size() > 1);
  m_secondPill->setVisible(pair && table && table->space.size() > 1);
  refresh();
}

void SearchPictures::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refresh();
}

void SearchPictures::setWanted(std::optional<spec::RunStatus> status) {
  m_wanted = status;
  followFilter();
  if (status) showTab(Trials);
}

void SearchPictures::choose(std::optional<std::size_t> trial) {
  const auto shown = trial ? std::optional(static_cast<std::uint32_t>(*trial)) : std::nullopt;
  for (auto* plot : m_plots) plot->setChosen(shown);
  for (auto* plot : m_slices) plot->setChosen(shown);
  m_parallel->setChosen(shown);
  m_trials->choose(trial);
  m_architecture->choose(trial);
  if (m_options.shown == m_architecture->trial()) return;
  m_options.shown = m_architecture->trial();
  // Whose ancestors are emphasised.
  m_jobs[m_familyJob].stale = true;
  m_jobs[m_familyJob].nextMs = 0;
  refresh();
}

/// What is brushed is kept by trial: the pictures ask for each of many thousands.
void SearchPictures::followFilter() {
  m_within.reset();
  m_options.axes = m_parallel->isBrushed() ? m_shownAxes : std::vector<std::size_t>();
  const auto& scene = m_parallel->scene();
  std::int64_t count = 0;
  if (scene && m_parallel->isBrushed()) {
    m_within = std::make_shared<std::vector<bool>>(scene->trials.empty() ? 0 : scene->trials.back() + 1);
    for (std::size_t line = 0; line < scene->trials.size(); ++line)
      if (m_parallel->within(line)) {
        (*m_within)[scene->trials[line]] = true;
        ++count;
      }
  }
  StudyPlot::Emphasis emphasis;
  if (m_within)
    emphasis = [within = m_within](std::uint32_t trial) { return trial < within->size() && (*within)[trial]; };
  for (auto* plot : m_plots) plot->setEmphasis(emphasis);
  for (auto* plot : m_slices) plot->setEmphasis(emphasis);
  StudyTrialsModel::Filter filter;
  if (m_within || m_wanted)
    filter = [within = m_within, wanted = m_wanted](const services::StudyTable& table, std::size_t trial) {
      return (!wanted || table.status[trial] == *wanted) && (!within || (trial < within->size() && (*within)[trial]));
    };
  m_trials->setFilter(std::move(filter));
  m_filterPill->setVisible(m_within != nullptr);
  m_filterPill->setText(tr("%n brushed", nullptr, static_cast<int>(count)) + QStringLiteral(" \u2715"));
  m_filterPill->setToolTip(tr("Take the brushes away and show all trials"));
}

QByteArray SearchPictures::saveState() const {
  QByteArray state;
  QDataStream out(&state, QIODevice::WriteOnly);
  out << stateVersion << static_cast<qint32>(m_bar->currentIndex()) << m_trials->saveState()
      << (m_options.method == services::ImportanceMethod::PedAnova);
  return state;
}

void SearchPictures::restoreState(const QByteArray& state) {
  QDataStream in(state);
  qint32 version = 0;
  qint32 tab = 0;
  QByteArray trials;
  bool ped = false;
  in >> version >> tab >> trials >> ped;
  if (in.status() != QDataStream::Ok || version != stateVersion) return;
  m_options.method = ped ? services::ImportanceMethod::PedAnova : services::ImportanceMethod::Fanova;
  m_trials->restoreState(trials);
  if (tab >= 0 && tab < Goals) showTab(static_cast<Tab>(tab));
  retranslate();
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// How the pictures of a study are kept up to date.
#include <QActionGroup>
#include <QDateTime>
#include <QElapsedTimer>
#include <QGridLayout>
#include <QMenu>
#include <QTabBar>
#include <algorithm>
#include <cmath>

#include "ui/bridge/gui_executor.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/pages/architecture_panel.h"
#include "ui/pages/search_pictures.h"
#include "ui/pages/study_scenes.h"
#include "ui/pages/trials_panel.h"
#include "ui/plots/parallel_plot.h"
#include "ui/plots/study_plot.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

using services::StudyTable;

namespace {

constexpr int refreshMs = 60;
constexpr std::size_t mostSlices = 96;
constexpr int sliceColumns = 3;
constexpr int sliceHeight = 220;
constexpr qint64 restFactor = 3;  // of the time that making a picture took

/// Of a pair along x and y; where the other axis has it already, both change places.
void putOnAxis(std::size_t& x, std::size_t& y, bool upwards, std::size_t chosen) {
  auto& mine = upwards ? y : x;
  auto& other = upwards ? x : y;
  if (other == chosen) other = mine;
  mine = chosen;
}

qint64 nowMs() { return QDateTime::currentMSecsSinceEpoch(); }

}  // namespace

void SearchPictures::addJob(std::function<bool()> seen, Make make) {
  Job job;
  job.seen = std::move(seen);
  job.make = std::move(make);
  m_jobs.push_back(std::move(job));
}

void SearchPictures::addSceneJob(Picture picture, std::function<StudyScene(const StudyTable&, const Options&)> make) {
  auto* plot = m_plots[picture];
  addJob([plot] { return plot->isVisible(); },
         [plot, make = std::move(make)](const Table& table, const Options& options) -> std::function<void()> {
           auto scene = std::make_shared<const StudyScene>(make(*table, options));
           return [plot, scene] { plot->setScene(scene); };
         });
}

void SearchPictures::addJobs() {
  using T = StudyTable;
  using O = Options;
  addSceneJob(History, [](const T& table, const O& chosen) { return historyScene(table, chosen.goal); });
  addJob([this] { return m_parallel->isVisible(); },
         [this](const Table& table, const O& chosen) -> std::function<void()> {
           // What is brushed keeps its axes, whatever matters most by now.
           auto axes = chosen.axes.empty() ? parallelAxes(*table, chosen.goal) : chosen.axes;
           auto scene = std::make_shared<const ParallelScene>(parallelScene(*table, chosen.goal, axes));
           return [this, scene, axes = std::move(axes)] {
             m_shownAxes = axes;
             m_parallel->setScene(scene);
             if (m_parallel->isBrushed() || m_within) followFilter();
           };
         });
  addSceneJob(Reports, [](const T& table, const O&) { return reportsScene(table); });
  addSceneJob(Importance,
              [](const T& table, const O& chosen) { return importanceScene(table, chosen.goal, chosen.method); });
  addSceneJob(ContourPlot, [](const T& table, const O& chosen) {
    return contourScene(table, chosen.goal, chosen.first, chosen.second,
                        chosen.averaged ? search::ContourKind::Averaged : search::ContourKind::Interpolated);
  });
  addSceneJob(RankPlot, [](const T& table, const O& chosen) {
    return rankScene(table, chosen.goal, chosen.first, chosen.second);
  });
  addSceneJob(Distribution, [](const T& table, const O& chosen) { return distributionScene(table, chosen.goal); });
  addSceneJob(Lanes, [](const T& table, const O&) { return timelineScene(table, nowMs() * 1000); });
  addSceneJob(Front, [](const T& table, const O& chosen) { return frontScene(table, chosen.goalX, chosen.goalY); });
  addSceneJob(Volume, [](const T& table, const O&) { return hypervolumeScene(table); });
  addArchitectureJobs();
  m_sliceJob = m_jobs.size();
  addJob([this] { return m_sliceHolder->isVisible(); },
         [this](const Table& table, const O& chosen) -> std::function<void()> {
           auto scenes = std::make_shared<std::vector<std::pair<std::size_t, std::shared_ptr<const StudyScene>>>>();
           for (const auto i : chosen.slices)
             if (i < table->space.size())
               scenes->emplace_back(i, std::make_shared<const StudyScene>(sliceScene(*table, chosen.goal, i)));
           return [this, scenes] {
             for (const auto& [i, scene] : *scenes)
               if (i < m_slices.size()) m_slices[i]->setScene(scene);
           };
         });
}

std::vector<std::size_t> SearchPictures::slicesInView() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < m_slices.size(); ++i)
    if (!m_slices[i]->visibleRegion().isEmpty()) result.push_back(i);
  return result;
}

void SearchPictures::everythingStale() {
  for (auto& job : m_jobs) {
    job.stale = true;
    job.nextMs = 0;
  }
  refresh();
}

void SearchPictures::refresh() {
  const auto table = m_workbench.studies().table();
  if (!table) return;
  qint64 next = 0;
  for (std::size_t i = 0; i < m_jobs.size(); ++i) {
    auto& job = m_jobs[i];
    if (!job.stale || job.busy || !job.seen()) continue;
    const auto wait = job.nextMs - nowMs();
    if (wait <= 0)
      start(i);
    else
      next = next == 0 ? wait : std::min(next, wait);
  }
  if (next > 0) m_timer.start(static_cast<int>(std::max<qint64>(next, refreshMs)));
}

void SearchPictures::start(std::size_t index) {
  auto& job = m_jobs[index];
  job.busy = true;
  job.stale = false;
  m_options.slices = slicesInView();
  struct Made {
    std::function<void()> show;
    qint64 ms = 0;
  };
  runAsync(
      *m_workbench.services().workers, this,
      [make = job.make, table = m_workbench.studies().table(), options = m_options] {
        QElapsedTimer clock;
        clock.start();
        Made made;
        made.show = make(table, options);
        made.ms = clock.elapsed();
        return made;
      },
      [this, index, study = m_study](const Made& made) {
        auto& done = m_jobs[index];
        done.busy = false;
        done.nextMs = nowMs() + restFactor * made.ms + refreshMs;
        if (study == m_study)
          made.show();
        else
          done.stale = true;
        refresh();
      });
}

void SearchPictures::rebuildSlices() {
  const auto table = m_workbench.studies().table();
  const auto count = table ? std::min(mostSlices, table->space.size()) : 0;
  while (m_slices.size() > count) {
    m_slices.back()->deleteLater();
    m_slices.pop_back();
  }
  while (m_slices.size() < count) {
    auto* plot = addPlot(m_sliceHolder, "slicePlot");
    plot->setMinimumHeight(sliceHeight);
    plot->setEmptyText(tr("Appears when the first trial has completed."));
    m_slices.push_back(plot);
    const auto place = static_cast<int>(m_slices.size()) - 1;
    m_sliceGrid->addWidget(plot, place / sliceColumns, place % sliceColumns);
  }
  for (std::size_t i = 0; i < count; ++i) {
    m_slices[i]->setTitle(parameterWord(table->space.parameters[i].name));
    m_slices[i]->setScene(nullptr);
  }
}

void SearchPictures::follow(bool anew) {
  const auto table = m_workbench.studies().table();
  if (anew) {
    rebuildSlices();
    retranslate();
    followTab();
  }
  m_architecture->follow();
  m_options.shown = m_architecture->trial();
  for (auto& job : m_jobs) job.stale = true;
  refresh();
}

void SearchPictures::fillMenu(QMenu* menu, const QStringList& words, std::size_t chosen,
                              const std::function<void(std::size_t)>& take) {
  auto* group = new QActionGroup(menu);
  for (qsizetype i = 0; i < words.size(); ++i) {
    auto* action = menu->addAction(QString(words[i]).replace(QLatin1Char('&'), QLatin1String("&&")));
    action->setCheckable(true);
    action->setChecked(static_cast<std::size_t>(i) == chosen);
    group->addAction(action);
    connect(action, &QAction::triggered, this, [take, i] { take(static_cast<std::size_t>(i)); });
  }
}

void SearchPictures::offer(PillButton* pill, const QStringList& words, std::size_t chosen,
                           const std::function<void(std::size_t)>& take) {
  pill->disconnect(this);
  connect(pill, &QPushButton::clicked, this, [this, pill, words, chosen, take] {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillMenu(menu, words, chosen, take);
    menu->popup(pill->mapToGlobal(QPoint(0, pill->height() + 2)));
  });
}

void SearchPictures::choosePair(bool second, std::size_t parameter) {
  putOnAxis(m_options.first, m_options.second, second, parameter);
  m_plots[ContourPlot]->fit();
  m_plots[RankPlot]->fit();
  retranslate();
}

void SearchPictures::chooseGoals(bool second, std::size_t goal) {
  putOnAxis(m_options.goalX, m_options.goalY, second, goal);
  m_plots[Front]->fit();
  retranslate();
}

void SearchPictures::retranslate() {
  const auto table = m_workbench.studies().table();
  const QString arrow = QStringLiteral(" \u25be");
  m_bar->setAccessibleName(tr("Pictures of the study"));
  const std::pair<Tab, QString> tabs[] = {
      {Overview, tr("Overview")}, {Trials, tr("Trials")}, {Slices, tr("Slices")},
      {Contour, tr("Contour")},   {Ranks, tr("Ranks")},   {Spread, tr("Distribution")},
      {Timeline, tr("Timeline")}, {Goals, tr("Goals")},   {Architectures, tr("Architectures")}};
  for (const auto& [tab, text] : tabs) m_bar->setTabText(tab, text);
  m_bar->setTabToolTip(Slices, tr("Each setting against the goal"));
  m_bar->setTabToolTip(Contour, tr("Two settings, and the goal as colour"));
  m_bar->setTabToolTip(Ranks, tr("Two settings, and the rank of each trial as colour"));
  m_bar->setTabToolTip(Spread, tr("Which share of the trials came how far"));
  m_bar->setTabToolTip(Timeline, tr("When each trial ran, and beside which others"));
  m_bar->setTabToolTip(Goals, tr("Pareto front and hypervolume"));
  m_bar->setTabToolTip(Architectures, tr("Who descends from whom, and the network of a trial"));
  const std::pair<Picture, QString> titles[] = {
      {History, tr("History")},       {Reports, tr("Intermediate values")},
      {Importance, tr("Importance")}, {ContourPlot, tr("Contour")},
      {RankPlot, tr("Ranks")},        {Distribution, tr("Distribution of the values")},
      {Lanes, tr("Timeline")},        {Front, tr("Pareto front")},
      {Volume, tr("Hypervolume")}};
  for (const auto& [picture, text] : titles) {
    m_plots[picture]->setTitle(text);
    if (!table) m_plots[picture]->setEmptyText(tr("Press Search: each trial then appears here."));
  }
  if (table)
    for (std::size_t i = 0; i < std::min(m_slices.size(), table->space.size()); ++i)
      m_slices[i]->setTitle(parameterWord(table->space.parameters[i].name));
  m_parallel->setTitle(tr("Parallel coordinates"));
  if (!table) {
    auto nothing = std::make_shared<ParallelScene>();
    nothing->emptyText = tr("Press Search: each trial then appears here.");
    m_parallel->setScene(std::move(nothing));
  }
  const bool fanova = m_options.method == services::ImportanceMethod::Fanova;
  m_methodPill->setText(fanova ? tr("importance: fANOVA") : tr("importance: PED-ANOVA"));
  m_methodPill->setToolTip(fanova ? tr("What moves the value, anywhere in the space, by a random forest")
                                  : tr("What matters for being among the best tenth"));
  m_kindPill->setText(m_options.averaged ? tr("averaged") : tr("between trials"));
  m_kindPill->setToolTip(m_options.averaged ? tr("What a random forest says when all other settings are averaged away")
                                            : tr("Interpolated between the trials, with whatever else they had"));
  m_trials->retranslate();
  retranslateArchitectures();
  if (!table) return;
  QStringList parameters;
  for (const auto& parameter : table->space.parameters) parameters << parameterWord(parameter.name);
  QStringList goals;
  for (const auto& goal : table->settings.goals) goals << goalWord(goal.metric, true);
  const auto word = [](const QStringList& words, std::size_t place) {
    return words.value(static_cast<qsizetype>(place));
  };
  m_goalPill->setText(tr("goal: %1").arg(word(goals, m_options.goal)) + arrow);
  m_firstPill->setText(QStringLiteral("x: ") + word(parameters, m_options.first) + arrow);
  m_secondPill->setText(QStringLiteral("y: ") + word(parameters, m_options.second) + arrow);
  m_firstPill->setAccessibleName(tr("Setting to the right"));
  m_secondPill->setAccessibleName(tr("Setting upwards"));
  offer(m_firstPill, parameters, m_options.first, [this](std::size_t i) { choosePair(false, i); });
  offer(m_secondPill, parameters, m_options.second, [this](std::size_t i) { choosePair(true, i); });
  m_goalXPill->setText(QStringLiteral("x: ") + word(goals, m_options.goalX) + arrow);
  m_goalYPill->setText(QStringLiteral("y: ") + word(goals, m_options.goalY) + arrow);
  m_goalXPill->setAccessibleName(tr("Goal to the right"));
  m_goalYPill->setAccessibleName(tr("Goal upwards"));
  offer(m_goalXPill, goals, m_options.goalX, [this](std::size_t i) { chooseGoals(false, i); });
  offer(m_goalYPill, goals, m_options.goalY, [this](std::size_t i) { chooseGoals(true, i); });
  offer(m_goalPill, goals, m_options.goal, [this](std::size_t i) {
    m_options.goal = i;
    for (auto* plot : m_plots) plot->fit();
    retranslate();
  });
  everythingStale();  // pictures have words in them
}

QString SearchPictures::trialText(std::uint32_t trial) const {
  const auto table = m_workbench.studies().table();
  if (!table || trial >= table->size()) return {};
  QStringList lines;
  lines << QStringLiteral("<b>%1</b> %2 %3")
               .arg(tr("Trial %1").arg(trial), format::statusSign(table->status[trial]),
                    format::statusWord(table->status[trial]));
  for (std::size_t goal = 0; goal < table->goals(); ++goal)
    if (const double value = table->values[trial * table->goals() + goal]; std::isfinite(value))
      lines << QStringLiteral("%1: <b>%2</b>")
                   .arg(goalWord(table->settings.goals[goal].metric).toHtmlEscaped(),
                        goalText(table->settings.goals[goal].metric, value));
  if (showsArchitectures()) lines << architectureLines(*table, trial);
  for (std::size_t p = 0; p < table->space.size(); ++p) {
    if (search::isArchitectureParameter(table->space.parameters[p].name)) continue;
    if (const double value = table->parameter(trial, p); !std::isnan(value))
      lines << QStringLiteral("%1: %2").arg(parameterWord(table->space.parameters[p].name).toHtmlEscaped(),
                                            parameterText(table->space.parameters[p], value).toHtmlEscaped());
  }
  return lines.join(QStringLiteral("<br>"));
}

}  // namespace lathe::ui

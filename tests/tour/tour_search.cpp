// SPDX-License-Identifier: GPL-3.0-or-later
// A search over settings, while it runs and after.
#include <QComboBox>
#include <QDialog>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <cmath>

#include "tests/tour/tour.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/study_controller.h"
#include "ui/pages/search_page.h"
#include "ui/pages/search_pictures.h"
#include "ui/pages/space_panel.h"
#include "ui/plots/parallel_plot.h"
#include "ui/plots/study_plot.h"
#include "ui/widgets/table_view.h"

namespace lathe::tests {

using namespace lathe::ui;
using spec::RunStatus;

bool Tour::searchOnce(const char* goals, int trials, const char* pruner) {
  auto& studies = m_workbench.studies();
  auto draft = m_workbench.experiment().search();
  draft.settings.goals.clear();
  for (const auto& goal : QString::fromLatin1(goals).split(QLatin1Char(' ')))
    draft.settings.goals.push_back(services::goalOf(goal.toStdString()));
  draft.settings.trials = trials;
  draft.settings.pruner = pruner;
  m_workbench.experiment().setSearch(std::move(draft), QStringLiteral("Change the search"));
  if (!wait([&] { return !studies.cannotSearch(); }, "a search that can begin")) return false;
  const auto before = studies.studies().size();
  studies.start();
  if (!wait([&] { return studies.studies().size() > before; }, "a study")) return false;
  if (!wait([&] { return studies.table() && studies.table()->size() > 12; }, "some trials")) return false;
  settle(60);
  save(m_window, QStringLiteral("search-live-") + QString::number(studies.current()));
  return wait([&] { return studies.active().empty(); }, "the end of the search") &&
         wait(
             [&] {
               return studies.table() && studies.table()->size() > 12 &&
                      studies.study(studies.current())->status == RunStatus::Completed;
             },
             "its trials");
}

/// The dialog of a constraint, and one that all trials fulfil.
void Tour::constrain() {
  auto draft = m_workbench.experiment().search();
  const auto width = draft.space.find("model.hidden.width");
  const auto layers = draft.space.find("model.hidden.layers");
  if (!width || !layers) return say(QStringLiteral("The usual ranges have no hidden layers."));
  draft.space.constraints.push_back({{{*width, 1}, {*layers, 64}}, 512});
  m_workbench.experiment().setSearch(std::move(draft), QStringLiteral("Change the constraints"));
  settle();
  auto* change = m_window.findChild<QPushButton*>(QStringLiteral("changeConstraint0"));
  if (change == nullptr) return say(QStringLiteral("There is no constraint to change."));
  change->click();
  settle();
  if (auto* dialog = m_window.findChild<QDialog*>(QStringLiteral("constraintDialog"))) {
    save(*dialog, QStringLiteral("search-constraint"));
    dialog->reject();
  }
  grab(QStringLiteral("search-space"));
}

/// The dialog of a condition, of the last setting that is open.
void Tour::setCondition() {
  auto* page = qobject_cast<SearchPage*>(m_window.page(QStringLiteral("search")));
  auto* table = page->space()->table();
  table->setCurrentIndex(table->model()->index(table->model()->rowCount() - 1, 0));
  settle();
  auto* condition = page->findChild<QComboBox*>(QStringLiteral("rangeCondition"));
  if (condition == nullptr) return say(QStringLiteral("There is no condition to set."));
  Q_EMIT condition->activated(condition->count() - 1);
  settle();
  if (auto* dialog = m_window.findChild<QDialog*>(QStringLiteral("conditionDialog"))) {
    save(*dialog, QStringLiteral("search-condition"));
    dialog->reject();
  }
}

/// The form of pruners that are told something.
void Tour::showPruners() {
  for (const char* pruner : {"threshold", "percentile"}) {
    auto draft = m_workbench.experiment().search();
    draft.settings.pruner = pruner;
    m_workbench.experiment().setSearch(std::move(draft), QStringLiteral("Change the pruner"));
    settle();
    grab(QStringLiteral("search-pruner-") + QLatin1String(pruner));
  }
}

void Tour::search() {
  auto& experiment = m_workbench.experiment();
  experiment.setTemplate("mlp");
  experiment.setField("training.optimizer.name", "adamw", QStringLiteral("Change the optimiser"));
  experiment.setField("training.epochs", "12", QStringLiteral("Change the epochs"));
  m_window.showPage(QStringLiteral("search"));
  grab(QStringLiteral("search-empty"));
  auto* page = qobject_cast<SearchPage*>(m_window.page(QStringLiteral("search")));
  if (page == nullptr) return say(QStringLiteral("There is no Search page."));
  page->space()->openUsual();
  constrain();
  setCondition();
  showPruners();
  if (!searchOnce("val/loss", 60, "median")) return;
  if (!searchOnce("val/loss parameters latency_ms", 40, "none")) return;
  m_workbench.studies().setCurrent(1);
  wait([this] { return m_workbench.studies().table() != nullptr; }, "the first study");
  settle(3000);
}

/// Studies of architectures: one with parents, one without.
void Tour::architectures() {
  auto& studies = m_workbench.studies();
  auto& experiment = m_workbench.experiment();
  const auto once = [&](const char* method, const char* space, int trials) {
    auto draft = experiment.search();
    draft.setArchitectures(true);
    draft.settings.architecture.method = method;
    draft.settings.architecture.space = space;
    draft.settings.goals = {services::goalOf("val/loss")};
    draft.settings.trials = trials;
    draft.settings.population = 12;
    draft.settings.pruner = "none";
    experiment.setSearch(std::move(draft), QStringLiteral("Change the search"));
    if (!wait([&] { return !studies.cannotSearch(); }, "a search that can begin")) return false;
    const auto before = studies.studies().size();
    studies.start();
    return wait([&] { return studies.studies().size() > before && studies.active().empty() && studies.table(); },
                "the end of the search for architectures");
  };
  if (once("random", "mlp", 12)) once("evolution", "free", 60);
  settle(3000);
}

void Tour::architectureTabs(const QString& prefix) {
  m_window.showPage(QStringLiteral("search"));
  auto* page = qobject_cast<SearchPage*>(m_window.page(QStringLiteral("search")));
  auto& studies = m_workbench.studies();
  if (page == nullptr || studies.studies().empty()) return;
  auto* pictures = page->pictures();
  const auto show = [&](store::StudyNumber study) {
    studies.setCurrent(study);
    wait([&] { return studies.current() == study && studies.table() != nullptr; }, "a study");
    settle(1500);
  };
  show(studies.studies().front().number);
  const std::pair<SearchPictures::Tab, const char*> all[] = {{SearchPictures::Overview, "overview"},
                                                             {SearchPictures::Trials, "trials"},
                                                             {SearchPictures::Slices, "slices"},
                                                             {SearchPictures::Architectures, "family"}};
  for (const auto& [tab, name] : all) {
    pictures->showTab(tab);
    settle(2000);
    grab(prefix + QStringLiteral("-nas-") + QLatin1String(name));
  }
  const auto table = studies.table();
  for (std::size_t trial = table->size(); trial-- > 0;)
    if (table->parent(trial) && std::isfinite(table->value(trial))) {
      pictures->choose(trial);
      break;
    }
  settle(1500);
  grab(prefix + QStringLiteral("-nas-chosen"));
  if (auto* take = page->findChild<QPushButton*>(QStringLiteral("makeArchitecture"))) {
    take->click();
    settle(1500);
    grab(prefix + QStringLiteral("-nas-model"));
    m_workbench.experiment().undo();
    m_window.showPage(QStringLiteral("search"));
    settle();
  }
  if (studies.studies().size() > 1) {
    show(studies.studies()[1].number);
    if (studies.table()->settings.architecture.active()) {
      pictures->showTab(SearchPictures::Architectures);
      settle(1500);
      grab(prefix + QStringLiteral("-nas-random"));
    }
  }
  show(studies.studies().front().number);
  // How it was set up, below the best trial.
  if (auto* kind = page->findChild<QComboBox*>(QStringLiteral("searchFor"))) {
    for (auto* above = kind->parentWidget(); above != nullptr; above = above->parentWidget())
      if (auto* scroller = qobject_cast<QScrollArea*>(above)) {
        scroller->ensureWidgetVisible(kind, 0, 0);
        scroller->verticalScrollBar()->setValue(kind->mapTo(scroller->widget(), QPoint(0, -40)).y());
        grab(prefix + QStringLiteral("-nas-settings"));
        scroller->verticalScrollBar()->setValue(scroller->verticalScrollBar()->maximum());
        grab(prefix + QStringLiteral("-nas-settings-end"));
        scroller->verticalScrollBar()->setValue(0);
        break;
      }
  }
  show(1);
  pictures->showTab(SearchPictures::Overview);
  settle(1500);
}

void Tour::searchTabs(const QString& prefix) {
  m_window.showPage(QStringLiteral("search"));
  auto* page = qobject_cast<SearchPage*>(m_window.page(QStringLiteral("search")));
  if (page == nullptr || m_workbench.studies().studies().empty()) return;
  auto* pictures = page->pictures();
  const std::pair<SearchPictures::Tab, const char*> all[] = {
      {SearchPictures::Trials, "trials"}, {SearchPictures::Slices, "slices"}, {SearchPictures::Contour, "contour"},
      {SearchPictures::Ranks, "ranks"},   {SearchPictures::Spread, "spread"}, {SearchPictures::Timeline, "timeline"}};
  for (const auto& [tab, name] : all) {
    pictures->showTab(tab);
    settle(1200);
    grab(prefix + QStringLiteral("-search-") + QLatin1String(name));
  }
  pictures->showTab(SearchPictures::Overview);
  if (auto* table = page->space()->table()) table->setCurrentIndex(table->model()->index(0, 0));
  pictures->parallel()->setBrush(pictures->parallel()->brushes().size() - 1, std::pair(0.0, 0.3));
  pictures->choose(7);
  grab(prefix + QStringLiteral("-search-brushed"));
  pictures->parallel()->clearBrushes();
  if (m_workbench.studies().studies().size() > 1) {
    m_workbench.studies().setCurrent(2);
    settle(1500);
    pictures->showTab(SearchPictures::Goals);
    settle(1500);
    grab(prefix + QStringLiteral("-search-goals"));
    m_workbench.studies().setCurrent(1);
    pictures->showTab(SearchPictures::Overview);
    settle(2500);
  }
}

void Tour::studyTabs(const QString& prefix) {
  auto* page = qobject_cast<SearchPage*>(m_window.page(QStringLiteral("search")));
  auto* bar = page->pictures()->findChild<QTabBar*>();
  auto& studies = m_workbench.studies();
  for (const auto& study : std::vector(studies.studies())) {
    studies.setCurrent(study.number);
    wait([&] { return studies.current() == study.number && studies.table() != nullptr; }, "a study");
    settle(1500);
    for (int tab = 0; tab < bar->count(); ++tab) {
      if (!bar->isTabVisible(tab)) continue;
      page->pictures()->showTab(static_cast<SearchPictures::Tab>(tab));
      settle(1500);
      grab(QStringLiteral("%1-study%2-%3").arg(prefix).arg(study.number).arg(tab));
    }
  }
}

}  // namespace lathe::tests

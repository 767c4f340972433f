// SPDX-License-Identifier: GPL-3.0-or-later
// A search over settings, while it runs and after.
#include <QTabBar>

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
  save(m_window, QStringLiteral("search-live-") + QString::number(studies.current()));
  return wait([&] { return studies.active().empty(); }, "the end of the search") &&
         wait(
             [&] {
               return studies.table() && studies.table()->size() > 12 &&
                      studies.study(studies.current())->status == RunStatus::Completed;
             },
             "its trials");
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
  if (!searchOnce("val/loss", 60, "median")) return;
  if (!searchOnce("val/loss parameters", 40, "none")) return;
  m_workbench.studies().setCurrent(1);
  wait([this] { return m_workbench.studies().table() != nullptr; }, "the first study");
  settle(3000);
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

}  // namespace lathe::tests

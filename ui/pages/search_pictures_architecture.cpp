// SPDX-License-Identifier: GPL-3.0-or-later
// The tab that only studies of architectures have.
#include <QSplitter>
#include <QStackedWidget>
#include <algorithm>

#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/architecture_words.h"
#include "ui/pages/architecture_panel.h"
#include "ui/pages/architecture_scenes.h"
#include "ui/pages/search_pictures.h"
#include "ui/pages/trials_panel.h"
#include "ui/plots/study_plot.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

void SearchPictures::buildArchitectures() {
  auto* columns = makeSplitter(Qt::Horizontal, m_stack);
  auto* left = makeSplitter(Qt::Vertical, columns);
  m_plots[Family] = addPlot(left, "familyPlot");
  m_plots[Scores] = addPlot(left, "scorePlot");
  m_architecture = new ArchitecturePanel(m_workbench, columns);
  left->setSizes({1100, 900});
  columns->setSizes({1000, 1000});
  m_stack->addWidget(columns);
  connect(m_architecture, &ArchitecturePanel::experimentWanted, m_trials, &TrialsPanel::makeExperiment);
}

void SearchPictures::addArchitectureJobs() {
  m_familyJob = m_jobs.size();
  addSceneJob(Family, [](const services::StudyTable& table, const Options& chosen) {
    if (ranksBySharedWeights(table.settings.architecture.method)) return sharedScene(table);
    return familyScene(table, chosen.goal, chosen.shown ? chosen.shown : table.best(chosen.goal));
  });
  addJob([this] { return m_plots[Scores]->isVisible(); },
         [this](const Table& table, const Options& chosen) -> std::function<void()> {
           if (!chosen.project || !chosen.scores || !table->settings.architecture.active()) return [] {};
           auto scores = chosen.scores->read(*chosen.project, *table);
           if (!scores) return [this, error = scores.error()] { Q_EMIT m_workbench.failed(error); };
           auto scene = std::make_shared<const StudyScene>(scoreScene(*table, chosen.goal, **scores, chosen.score));
           return [this, scene, scores = *scores] {
             m_plots[Scores]->setScene(scene);
             m_architecture->setScores(scores);
           };
         });
}

bool SearchPictures::showsArchitectures() const {
  const auto table = m_workbench.studies().table();
  return table && table->settings.architecture.active();
}

/// Dozens of genes are too many for a hint: whose child it is, and what is new.
QStringList SearchPictures::architectureLines(const services::StudyTable& table, std::size_t trial) {
  QStringList lines;
  if (const auto parent = table.parent(trial)) lines << tr("Child of trial %1").arg(*parent);
  constexpr std::size_t most = 5;
  const auto changes = services::changesOf(table, trial);
  for (std::size_t i = 0; i < std::min(most, changes.size()); ++i) lines << changeText(changes[i]).toHtmlEscaped();
  if (changes.size() > most) lines << QStringLiteral("\u2026");
  return lines;
}

void SearchPictures::retranslateArchitectures() {
  // The last score is the shared network's.
  const auto& names = services::architectureScores();
  const auto table = m_workbench.studies().table();
  const bool shared = table && ranksBySharedWeights(table->settings.architecture.method);
  const auto count = names.size() - (shared ? 0 : 1);
  m_options.score = std::min(m_options.score, count - 1);
  m_scorePill->setText(tr("score: %1").arg(scoreWord(names[m_options.score])) + QStringLiteral(" \u25be"));
  m_scorePill->setToolTip(scoreHelp(names[m_options.score]));
  m_plots[Family]->setTitle(shared ? tr("Shared network") : tr("Family tree"));
  m_plots[Scores]->setTitle(tr("Score before training"));
  m_architecture->retranslate();
  QStringList words;
  for (std::size_t i = 0; i < count; ++i) words << scoreWord(names[i]);
  offer(m_scorePill, words, m_options.score, [this](std::size_t score) {
    m_options.score = score;
    m_plots[Scores]->fit();
    retranslate();
  });
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/search_best.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/services/nas_table.h"
#include "core/services/study_pictures.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/architecture_words.h"
#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

using services::StudySummary;
using Verdict = StudySummary::Standing::Verdict;

namespace {

QString verdictWord(Verdict verdict) {
  switch (verdict) {
    case Verdict::Best:
      return SearchBest::tr("best");
    case Verdict::Tie:
      return SearchBest::tr("tie");
    case Verdict::Worse:
      return SearchBest::tr("worse");
    case Verdict::Unknown:
      return {};
  }
  return {};
}

QString numbers(const std::vector<std::int64_t>& trials) {
  QStringList words;
  for (const auto trial : trials) words << QString::number(trial);
  return words.join(QStringLiteral(", "));
}

QString measureWord(const std::string& measure) {
  if (measure == "error_rate") return SearchBest::tr("error rate");
  if (measure == "log_loss") return SearchBest::tr("log loss");
  if (measure == "absolute_error") return SearchBest::tr("absolute error");
  if (measure == "squared_error") return SearchBest::tr("squared error");
  return SearchBest::tr("losses");
}

}  // namespace

QString verdictText(const StudySummary& summary, bool folds) {
  if (summary.standings.size() < 2 || summary.tied.empty()) return {};
  const auto seeds = static_cast<int>(summary.standings.front().values.size());
  const auto rows = folds ? SearchBest::tr("the held-out rows of the folds") : SearchBest::tr("the validation rows");
  auto text = summary.tied.size() > 1
                  ? SearchBest::tr(
                        "Trials %1 are tied: over %n new seed(s) and %2 the difference of their %3 may be "
                        "chance.",
                        nullptr, seeds)
                  : SearchBest::tr(
                        "Trial %1 is better than the others that were trained again: over %n new seed(s) "
                        "and %2 the difference of their %3 is more than chance (95 %).",
                        nullptr, seeds);
  text = text.arg(numbers(summary.tied), rows, measureWord(summary.rowMeasure));
  if (!summary.rowMeasureIsGoal)
    text += QLatin1Char(' ') + SearchBest::tr("The goal itself is no mean over rows, so it is not tested.");
  return text;
}

SearchBest::SearchBest(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_title(makeLabel(TextRole::Section, this)),
      m_name(makeParagraph(TextRole::Strong, this)),
      m_settings(makeParagraph(TextRole::Caption, this)),
      m_verdict(makeParagraph(TextRole::Body, this)),
      m_standings(new FactList(this)),
      m_take(makeButton(ButtonKind::Ordinary, this)),
      m_open(makeButton(ButtonKind::Link, this)) {
  setObjectName(QStringLiteral("searchBest"));
  m_take->setObjectName(QStringLiteral("makeExperiment"));
  m_open->setObjectName(QStringLiteral("openBestRun"));
  m_verdict->setObjectName(QStringLiteral("studyVerdict"));
  m_settings->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(m_title);
  column->addWidget(m_name);
  column->addWidget(m_settings);
  column->addWidget(m_verdict);
  column->addWidget(m_standings);
  auto* line = new QHBoxLayout;
  line->setSpacing(8);
  line->addWidget(m_take);
  line->addWidget(m_open);
  line->addStretch(1);
  column->addLayout(line);
  connect(m_take, &QPushButton::clicked, this, [this] {
    if (m_trial) Q_EMIT experimentWanted(static_cast<quint32>(*m_trial));
  });
  connect(m_open, &QPushButton::clicked, this, [this] {
    if (m_trial) Q_EMIT runWanted(static_cast<quint32>(*m_trial));
  });
  auto& studies = workbench.studies();
  connect(&studies, &StudyController::tableChanged, this, &SearchBest::follow);
  connect(&studies, &StudyController::currentChanged, this, &SearchBest::follow);
  retranslate();
}

void SearchBest::retranslate() {
  m_take->setText(tr("Make it the experiment"));
  m_take->setToolTip(
      tr("Writes the model and the training settings of this trial into the experiment; Undo brings the "
         "old ones back"));
  m_open->setText(tr("Open its run"));
  m_standings->setAccessibleName(tr("Trials that were trained again"));
  follow();
}

QString SearchBest::verdict() const { return m_verdict->text(); }

void SearchBest::follow() {
  const auto table = m_workbench.studies().table();
  const auto& summary = m_workbench.studies().summary();
  m_trial.reset();
  if (table && summary.winner && static_cast<std::size_t>(*summary.winner) < table->size())
    m_trial = static_cast<std::size_t>(*summary.winner);
  else if (table && table->goals() > 0)
    m_trial = table->best();
  setVisible(m_trial.has_value());
  if (!m_trial) return;
  const bool several = table->goals() > 1;
  m_title->setText(several ? tr("Pareto front") : summary.winner ? tr("Winner") : tr("Best so far"));
  showTrial(*m_trial);
  if (several)
    showFront(summary);
  else
    showStandings(summary);
  m_open->setVisible(table->run[*m_trial] > 0);
}

void SearchBest::showTrial(std::size_t trial) {
  const auto& table = *m_workbench.studies().table();
  QStringList values;
  for (std::size_t goal = 0; goal < table.goals(); ++goal)
    values << QStringLiteral("%1 %2").arg(goalWord(table.settings.goals[goal].metric, true),
                                          goalText(table.settings.goals[goal].metric, table.value(trial, goal)));
  // Of a winner that was trained again what is claimed is the mean: its own value was the luckiest of all.
  for (const auto& each : m_workbench.studies().summary().standings)
    if (table.goals() == 1 && each.trial == static_cast<std::int64_t>(trial) && each.values.size() > 1)
      values = QStringList{tr("%1 %2, mean of %n seed(s)", nullptr, static_cast<int>(each.values.size()))
                               .arg(goalWord(table.settings.goals.front().metric, true),
                                    goalText(table.settings.goals.front().metric, each.mean))};
  m_name->setText(tr("Trial %1").arg(trial) + QStringLiteral(" \u00b7 ") + values.join(QStringLiteral(", ")));
  QStringList settings;
  if (table.settings.architecture.active()) {
    // Dozens of genes are no sentence; the tab Architectures draws them.
    settings << architectureSpaceWord(table.settings.architecture.space);
    if (const auto network = services::architectureOf(table, trial)) {
      const auto layers = static_cast<std::int64_t>(network->graph.layers.size());
      settings
          << tr("%n layer(s)", nullptr, format::plural(layers))
          << tr("%1 parameters").arg(format::integer(network->report.parameters))
          << tr("%1 a row")
                 .arg(format::flops(static_cast<double>(network->report.flops)).replace(QLatin1Char(' '), QChar::Nbsp));
    }
  }
  for (std::size_t p = 0; p < table.space.size(); ++p) {
    const double value = table.parameter(trial, p);
    if (std::isnan(value) || search::isArchitectureParameter(table.space.parameters[p].name)) continue;
    settings << QStringLiteral("%1 %2").arg(parameterWord(table.space.parameters[p].name),
                                            parameterText(table.space.parameters[p], value));
  }
  m_settings->setText(settings.join(QStringLiteral(", ")));
}

void SearchBest::showStandings(const StudySummary& summary) {
  const auto& table = *m_workbench.studies().table();
  const auto& metric = table.settings.goals.front().metric;
  const bool folds = table.settings.hasFolds();
  auto text = verdictText(summary, folds);
  for (const auto& [name, value] : summary.test)
    if (name == "test/" + metric.substr(metric.find('/') + 1))
      text += (text.isEmpty() ? QString() : QStringLiteral("\n")) +
              tr("On the test rows, looked at once: %1 %2.").arg(format::metricWord(name), format::aligned(value));
  m_verdict->setText(text);
  m_verdict->setVisible(!text.isEmpty());
  std::vector<FactList::Fact> facts;
  for (const auto& each : summary.standings) {
    const auto verdict = verdictWord(each.verdict);
    auto value = goalText(metric, each.mean);
    double least = each.mean;
    double most = each.mean;
    for (const double one : each.values) {
      least = std::min(least, one);
      most = std::max(most, one);
    }
    if (each.values.size() > 1)
      value += QStringLiteral(" (%1 \u2026 %2)").arg(format::number(least, 3), format::number(most, 3));
    facts.push_back({tr("Trial %1").arg(each.trial) + (verdict.isEmpty() ? QString() : QStringLiteral(", ") + verdict),
                     value,
                     each.low && each.high ? (folds ? tr("95 % interval of the loss of a held-out row: %1 to %2")
                                                    : tr("95 % interval of the loss of a validation row: %1 to %2"))
                                                 .arg(format::number(*each.low), format::number(*each.high))
                                           : QString()});
  }
  m_standings->setFacts(summary.standings.size() > 1 ? std::move(facts) : std::vector<FactList::Fact>());
  m_standings->setVisible(summary.standings.size() > 1);
}

void SearchBest::showFront(const StudySummary& summary) {
  Q_UNUSED(summary);
  const auto& table = *m_workbench.studies().table();
  const auto front = services::frontOf(table);
  m_verdict->setText(tr("%n trial(s) that no other one beats in all goals.", nullptr, static_cast<int>(front.size())));
  m_verdict->setVisible(true);
  std::vector<FactList::Fact> facts;
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; i < std::min(most, front.size()); ++i) {
    QStringList values;
    for (std::size_t goal = 0; goal < table.goals(); ++goal)
      values << goalText(table.settings.goals[goal].metric, table.value(front[i], goal));
    facts.push_back({tr("Trial %1").arg(front[i]), values.join(QStringLiteral(" \u00b7 ")), {}});
  }
  m_standings->setFacts(std::move(facts));
  m_standings->setVisible(true);
}

}  // namespace lathe::ui

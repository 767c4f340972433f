// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/nas_table.h"

#include <algorithm>
#include <cmath>

#include "core/search/architectures/architecture_sampler.h"
#include "core/search/architectures/mutation.h"

namespace lathe::services {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t readSingly = 50;  // more are read in one go
constexpr std::size_t fewestForRanking = 5;
constexpr std::size_t parametersRow = 0, flopsRow = 1, firstProxy = 2, sharedRow = 5;

}  // namespace

Result<ArchitectureDrawing> architectureOf(const StudyTable& table, std::size_t trial) {
  const auto& study = table.settings.architecture;
  ArchitectureDrawing drawing;
  LATHE_ASSIGN(graph, search::buildArchitecture(study.space, table.space, table.configuration(trial), study.context));
  drawing.report = spec::analyse(graph, study.context.graph);
  drawing.graph = std::move(graph);
  return drawing;
}

std::vector<Message> changesOf(const StudyTable& table, std::size_t trial) {
  const auto parent = table.parent(trial);
  if (!parent) return {};
  return search::changes(table.space, table.configuration(*parent), table.configuration(trial));
}

std::vector<std::size_t> ancestorsOf(const StudyTable& table, std::size_t trial) {
  std::vector<std::size_t> line{trial};
  // A child comes after its parent, so that this ends.
  while (const auto parent = table.parent(line.back())) {
    if (*parent >= line.back()) break;
    line.push_back(*parent);
  }
  return line;
}

double ScoreTable::at(std::size_t score, std::size_t trial) const {
  return score < rows.size() && trial < rows[score].size() ? rows[score][trial] : none;
}

Result<std::shared_ptr<const ScoreTable>> ScoreReader::read(const Project& project, const StudyTable& table) {
  m_table.rows.resize(architectureScores().size());
  for (auto& row : m_table.rows) row.resize(table.size(), none);
  m_costs.resize(table.size());
  m_runs.resize(table.size());
  std::vector<std::size_t> ended;
  const SharedOpinion opinion(table.settings);
  for (std::size_t trial = 0; trial < table.size(); ++trial) {
    if (!m_costs[trial]) {
      m_costs[trial] = true;
      m_table.rows[sharedRow][trial] = opinion.of(table.configuration(trial));
      if (const auto cost =
              search::costOfArchitecture(table.settings.architecture, table.space, table.configuration(trial))) {
        m_table.rows[parametersRow][trial] = static_cast<double>(cost->parameters);
        m_table.rows[flopsRow][trial] = static_cast<double>(cost->flops);
      }
    }
    if (!m_runs[trial] && table.run[trial] > 0 && table.status[trial] == spec::RunStatus::Completed)
      ended.push_back(trial);
  }
  LATHE_TRY(readRuns(project, table, ended));
  return std::make_shared<const ScoreTable>(m_table);
}

Result<void> ScoreReader::readRuns(const Project& project, const StudyTable& table,
                                   const std::vector<std::size_t>& trials) {
  if (trials.empty()) return {};
  if (trials.size() <= readSingly) {
    for (const auto trial : trials) {
      LATHE_ASSIGN(run, project.store().run(table.run[trial]));
      take(trial, run);
    }
    return {};
  }
  store::RunFilter filter;
  filter.study = table.study;
  filter.includeTrials = true;
  LATHE_ASSIGN(runs, project.store().runs(filter));
  for (const auto trial : trials) m_runs[trial] = true;
  for (const auto& run : runs)
    if (run.trial >= 0 && static_cast<std::size_t>(run.trial) < table.size())
      take(static_cast<std::size_t>(run.trial), run);
  return {};
}

void ScoreReader::take(std::size_t trial, const store::RunRecord& run) {
  const auto& names = architectureScores();
  for (std::size_t i = firstProxy; i < sharedRow; ++i)
    if (const auto found = run.metrics.find("proxy/" + names[i]); found != run.metrics.end())
      m_table.rows[i][trial] = found->second;
  if (run.status == spec::RunStatus::Completed) m_runs[trial] = true;
}

double rankingBy(const StudyTable& table, std::size_t goal, const std::vector<double>& score, bool larger) {
  std::vector<double> scores, goodness;
  const bool wanted = table.settings.goals[goal].larger;
  for (std::size_t trial = 0; trial < std::min(table.size(), score.size()); ++trial) {
    const double value = table.value(trial, goal);
    if (!std::isfinite(value) || !std::isfinite(score[trial])) continue;
    scores.push_back(larger ? score[trial] : -score[trial]);
    goodness.push_back(wanted ? value : -value);
  }
  return scores.size() < fewestForRanking ? none : spearman(scores, goodness).value_or(none);
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/services/nas_report.h"
#include "core/services/study_table.h"
#include "core/spec/graph.h"

/// What pictures of a study of architectures show, from its table.
namespace lathe::services {

/// The network of one trial.
struct ArchitectureDrawing {
  spec::ModelGraph graph;
  spec::GraphReport report;  ///< shapes and costs of its layers
};
/// Errors: those of search::buildArchitecture(). Pure.
Result<ArchitectureDrawing> architectureOf(const StudyTable& table, std::size_t trial);

/// What a trial changed of its parent, one sentence a change; empty for one without. Pure.
[[nodiscard]] std::vector<Message> changesOf(const StudyTable& table, std::size_t trial);
/// The trial, its parent, and so on.
[[nodiscard]] std::vector<std::size_t> ancestorsOf(const StudyTable& table, std::size_t trial);

/// One row a score of architectureScores(), one column a trial; NaN: not known.
struct ScoreTable {
  std::vector<std::vector<double>> rows;
  [[nodiscard]] double at(std::size_t score, std::size_t trial) const;
};

/// Reads scores as trials come and end: only what is new. One thread at a time; blocks on the store.
class ScoreReader {
 public:
  Result<std::shared_ptr<const ScoreTable>> read(const Project& project, const StudyTable& table);

 private:
  Result<void> readRuns(const Project& project, const StudyTable& table, const std::vector<std::size_t>& trials);
  void take(std::size_t trial, const store::RunRecord& run);
  ScoreTable m_table;
  std::vector<bool> m_costs, m_runs;  ///< what was looked at, by trial
};

/// How well a score ranks the trials by a goal (Spearman): 1 the same order, 0 none in common; NaN below five trials.
/// `larger`: whether it thinks well of large values.
[[nodiscard]] double rankingBy(const StudyTable& table, std::size_t goal, const std::vector<double>& score,
                               bool larger = true);

}  // namespace lathe::services

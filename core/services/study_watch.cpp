// SPDX-License-Identifier: GPL-3.0-or-later
// What a study keeps for later, and how it knows that nothing is left to be found.
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/services/study_confirm.h"
#include "core/services/study_run.h"

namespace lathe::services {

using spec::RunStatus;

void StudyRun::keepForItsTurn(Item& item, const std::vector<store::StudyLogEntry>& entries) {
  const auto& record = m_trials[static_cast<std::size_t>(item.trial)].record;
  // Stopped more than once, it told the first ones again.
  for (const auto& entry : entries)
    if (entry.kind == store::StudyLogEntry::Kind::Report &&
        (item.reports.empty() || entry.step > item.reports.back().step))
      item.reports.push_back({entry.step, minimised(entry.value)});
  const auto& last = entries.back();
  if (last.kind == store::StudyLogEntry::Kind::Report) {  // it was stopped half way, and goes on
    for (const auto& report : item.reports) m_logic->hearAhead(item.trial, report.step, report.value);
    m_trials[static_cast<std::size_t>(item.trial)].reported = last.step;
    return;
  }
  item.taken = item.finished = item.kept = true;
  item.pruned = last.kind == store::StudyLogEntry::Kind::End && last.status == RunStatus::Pruned;
  auto& result = item.result;
  result.epochs = record.steps;
  result.values = last.values;
  result.error = record.error;
  result.end = last.kind == store::StudyLogEntry::Kind::Reached ? StretchEnd::Reached
               : last.status == RunStatus::Completed            ? StretchEnd::Completed
               : last.status == RunStatus::Failed               ? StretchEnd::Failed
                                                                : StretchEnd::Stopped;
}

// Folds know how sure a mean over them is.
std::optional<double> StudyRun::noiseOf(std::int64_t trial) const {
  if (!m_plan.settings.hasFolds()) return std::nullopt;
  std::map<std::int64_t, double> heard;
  for (const auto& item : m_items)
    if (item.trial == trial)
      for (const auto& report : item.reports) heard[report.step] = report.value;
  if (static_cast<std::int64_t>(heard.size()) < m_plan.settings.maxEpochs) return std::nullopt;
  std::vector<double> folds;
  double sum = 0;
  for (const auto& [fold, value] : heard) {
    // All but wilcoxon are told the mean so far.
    const double own = m_plan.settings.pruner == "wilcoxon" ? value : value * static_cast<double>(fold) - sum;
    sum += own;
    folds.push_back(own);
  }
  return search::foldNoise(folds, 1.0 / (m_plan.settings.folds - 1));
}

void StudyRun::watch(const store::TrialRecord& record) {
  if (!m_watch) return;
  m_watch->tell(resultOf(record));
  m_termination = m_watch->judge(noiseOf(m_best));
  m_wouldStop = m_termination && m_termination->shouldStop ? m_wouldStop + 1 : 0;
}

// To be minimised, whatever the goal's direction.
search::TrialResult StudyRun::resultOf(const store::TrialRecord& record) const {
  return {record.number, record.configuration, search::TrialState::Complete, {minimised(record.values.front())}};
}

std::string withTermination(const std::string& summary, const std::optional<search::Termination>& termination) {
  if (!termination) return summary;
  auto json = nlohmann::ordered_json::parse(summary, nullptr, false);
  json["terminator"] = {
      {"regret_bound", termination->regretBound}, {"noise", termination->noise}, {"stopped", termination->shouldStop}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace lathe::services

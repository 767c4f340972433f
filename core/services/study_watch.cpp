// SPDX-License-Identifier: GPL-3.0-or-later
// Who watches a study: the thread that keeps its lease, and what knows that nothing is left to be found.
#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/log.h"
#include "core/services/study_confirm.h"
#include "core/services/study_run.h"

namespace lathe::services {

using spec::RunStatus;

// Keeps the lease and listens, also while the best are trained again.
void StudyRun::attend(Lock& lock, const std::function<bool()>& over) {
  using namespace std::chrono_literals;
  auto nextBeat = std::chrono::steady_clock::now();
  while (!over()) {
    m_changed.wait_until(lock, nextBeat, over);
    if (over()) return;
    report(false);
    if (timeOver() && !m_timeOver) {
      m_timeOver = true;
      stopAll();
    }
    if (std::chrono::steady_clock::now() < nextBeat) continue;
    nextBeat = std::chrono::steady_clock::now() + 500ms;
    beat(lock);
  }
}

void StudyRun::beat(Lock& lock) {
  auto& studies = m_plan.project->store().studies();
  lock.unlock();
  const auto beat = studies.studyHeartbeat(m_plan.number, thisProcess());
  store::StudyUpdate sofar;  // what a killed process leaves
  sofar.seconds = seconds();
  if (const auto kept = studies.updateStudy(m_plan.number, sofar); !kept) log(LogLevel::Warn, kept.error().sentence());
  const auto request = studies.takeStudyControlRequest(m_plan.number);
  lock.lock();
  if (!beat && !m_closing && beat.error().code == "run.lease_lost") breakOff(beat.error());
  if (request && *request != store::ControlRequest::None) {
    if (m_asked == store::ControlRequest::None || *request == store::ControlRequest::Cancel) m_asked = *request;
    stopAll();
  }
  followSettings();
  commit();
}

// Another process, or the window, may have asked for more trials, time or workers.
void StudyRun::followSettings() {
  const auto record = m_plan.project->store().studies().study(m_plan.number);
  if (!record) return;
  const auto settings = studySettingsFromJson(record->settingsJson);
  if (!settings) return;
  auto& mine = m_plan.settings;
  if (settings->trials == mine.trials && settings->seconds == mine.seconds && settings->workers == mine.workers) return;
  mine.trials = settings->trials;
  mine.seconds = settings->seconds;
  if (settings->workers > mine.workers && m_workers > 0 && !m_stopping)
    for (int i = mine.workers; i < settings->workers; ++i) {
      ++m_workers;
      m_threads.emplace_back([this] { work(); });
    }
  mine.workers = settings->workers;
  if (m_logic && m_workers > 0) plan(mine.trials);
  m_changed.notify_all();
}

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
  const auto& heard = m_trials[static_cast<std::size_t>(trial)].values;
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

void StudyRun::watch(const store::TrialRecord& record, bool judges) {
  if (!m_watch) return;
  m_watch->tell(resultOf(record));
  if (!judges) return;
  m_termination = m_watch->judge(noiseOf(m_best));
  m_wouldStop = m_termination && m_termination->shouldStop ? m_wouldStop + 1 : 0;
}

// To be minimised, whatever the goal's direction.
search::TrialResult StudyRun::resultOf(const store::TrialRecord& record) const {
  return {record.number, record.configuration, search::TrialState::Complete, {minimised(record.values.front())}};
}

std::string summaryOfNothing() {
  return nlohmann::json{{"sentence",
                         "No trial has come to its end, so there is no winner. Resume the study with more "
                         "time or more trials: what was trained goes on."}}
      .dump();
}

std::string withFinalEpochs(const std::string& summary, int epochs, int wanted) {
  auto json = nlohmann::ordered_json::parse(summary, nullptr, false);
  auto sentence = json.value("sentence", std::string());
  if (!sentence.empty()) sentence += ' ';
  json["sentence"] = sentence + "The trainings at the end had " + std::to_string(epochs) + " of " +
                     std::to_string(wanted) + " epochs, for which there was time.";
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string withTermination(const std::string& summary, const std::optional<search::Termination>& termination) {
  if (!termination) return summary;
  auto json = nlohmann::ordered_json::parse(summary, nullptr, false);
  json["terminator"] = {
      {"regret_bound", termination->regretBound}, {"noise", termination->noise}, {"stopped", termination->shouldStop}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace lathe::services

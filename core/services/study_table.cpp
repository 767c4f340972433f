// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lathe::services {

using spec::RunStatus;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t readSingly = 100;  // changed trials; more of them are read in one go
constexpr std::size_t mostChunks = 64;   // of reports; then they are joined
constexpr std::size_t settledChunk = 200'000;

}  // namespace

spec::Configuration StudyTable::configuration(std::size_t trial) const {
  const auto begin = configurations.begin() + static_cast<std::ptrdiff_t>(trial * space.size());
  return {begin, begin + static_cast<std::ptrdiff_t>(space.size())};
}

std::optional<std::size_t> StudyTable::parent(std::size_t trial) const {
  if (trial >= parents.size() || parents[trial] < 0 || static_cast<std::size_t>(parents[trial]) >= size())
    return std::nullopt;
  return static_cast<std::size_t>(parents[trial]);
}

std::vector<double> StudyTable::lastReports() const {
  std::vector<double> last(size(), none);
  for (const auto& chunk : reports)
    for (const auto& report : *chunk)
      if (static_cast<std::size_t>(report.trial) < last.size())
        last[static_cast<std::size_t>(report.trial)] = report.value;
  return last;
}

std::optional<std::size_t> StudyTable::best(std::size_t goal) const {
  std::optional<std::size_t> found;
  for (std::size_t trial = 0; trial < size(); ++trial) {
    const double candidate = value(trial, goal);
    if (!std::isfinite(candidate)) continue;
    if (!found || (settings.goals[goal].larger ? candidate > value(*found, goal) : candidate < value(*found, goal)))
      found = trial;
  }
  return found;
}

std::int64_t StudyTable::count(RunStatus wanted) const { return std::count(status.begin(), status.end(), wanted); }

StudyReader::StudyReader(std::shared_ptr<Project> project, store::StudyNumber study)
    : m_project(std::move(project)), m_study(study) {}

Result<void> StudyReader::begin(const store::StudyRecord& record) {
  LATHE_ASSIGN(settings, studySettingsFromJson(record.settingsJson));
  LATHE_ASSIGN(space, spec::searchSpaceFromJson(record.spaceJson));
  m_table.study = m_study;
  m_table.settings = std::move(settings);
  m_table.space = std::move(space);
  return {};
}

void StudyReader::take(const store::TrialRecord& trial) {
  if (trial.number < 0) return;
  const auto at = static_cast<std::size_t>(trial.number);
  auto& t = m_table;
  if (at >= t.size()) {
    const auto count = at + 1;
    t.status.resize(count, RunStatus::Queued);
    t.run.resize(count);
    t.configurations.resize(count * t.space.size(), none);
    t.values.resize(count * t.goals(), none);
    t.steps.resize(count);
    t.target.resize(count);
    t.seconds.resize(count);
    t.createdMicros.resize(count);
    t.endedMicros.resize(count);
    t.byPerson.resize(count);
    t.parents.resize(count, -1);
  }
  t.status[at] = trial.status;
  t.run[at] = trial.run;
  for (std::size_t p = 0; p < std::min(t.space.size(), trial.configuration.size()); ++p)
    t.configurations[at * t.space.size() + p] = trial.configuration[p];
  for (std::size_t g = 0; g < std::min(t.goals(), trial.values.size()); ++g)
    t.values[at * t.goals() + g] = trial.values[g];
  t.steps[at] = static_cast<std::int32_t>(trial.steps);
  t.target[at] = static_cast<std::int32_t>(trial.target);
  t.seconds[at] = trial.seconds;
  t.createdMicros[at] = trial.createdMicros;
  t.endedMicros[at] = trial.endedMicros;
  t.byPerson[at] = trial.origin == "person";
  t.parents[at] = static_cast<std::int32_t>(trial.parent);
  if (trial.error)
    t.errors[trial.number] = *trial.error;
  else
    t.errors.erase(trial.number);
}

void StudyReader::takeReports(std::vector<TableReport> reports) {
  if (reports.empty()) return;
  auto& chunks = m_table.reports;
  chunks.push_back(std::make_shared<const std::vector<TableReport>>(std::move(reports)));
  if (chunks.size() <= mostChunks) return;
  // Full chunks stay as they are: what is long past is not copied again and again.
  std::vector<std::shared_ptr<const std::vector<TableReport>>> joined;
  std::vector<TableReport> open;
  for (const auto& chunk : chunks) {
    if (chunk->size() >= settledChunk && open.empty()) {
      joined.push_back(chunk);
      continue;
    }
    open.insert(open.end(), chunk->begin(), chunk->end());
  }
  joined.push_back(std::make_shared<const std::vector<TableReport>>(std::move(open)));
  chunks = std::move(joined);
}

Result<void> StudyReader::takeChanged(const std::vector<std::int64_t>& changed) {
  const auto& studies = m_project->store().studies();
  if (changed.empty()) return {};
  if (changed.size() > readSingly) {
    LATHE_ASSIGN(all, studies.trials(m_study, changed.front()));
    for (const auto& trial : all) take(trial);
    return {};
  }
  for (const auto number : changed) {
    LATHE_ASSIGN(trial, studies.trial(m_study, number));
    if (trial) take(*trial);
  }
  return {};
}

Result<std::optional<StudyNews>> StudyReader::read() {
  const auto& studies = m_project->store().studies();
  LATHE_ASSIGN(record, studies.study(m_study));
  const bool anew = !m_record;
  const bool turned = !anew && record.status != m_record->status;
  const bool resettled =
      anew || record.settingsJson != m_record->settingsJson || record.summaryJson != m_record->summaryJson;
  if (anew || record.settingsJson != m_record->settingsJson) LATHE_TRY(begin(record));
  LATHE_ASSIGN(log, studies.studyLog(m_study, m_lastLog));
  StudyNews news;
  news.anew = anew;
  news.known = m_table.size();
  std::vector<TableReport> reports;
  for (const auto& entry : log) {
    m_lastLog = std::max(m_lastLog, entry.id);
    if (entry.kind == store::StudyLogEntry::Kind::Report)
      reports.push_back({static_cast<std::int32_t>(entry.trial), static_cast<std::int32_t>(entry.step), entry.value});
    if (entry.trial >= 0 && entry.trial < static_cast<std::int64_t>(news.known)) news.changed.push_back(entry.trial);
  }
  // A study that pauses, resumes or ends does so without an entry for each of its trials.
  if (turned)
    for (std::size_t i = 0; i < m_table.size(); ++i)
      if (const auto now = m_table.status[i];
          !spec::isFinal(now) || now == RunStatus::Paused || now == RunStatus::Interrupted)
        news.changed.push_back(static_cast<std::int64_t>(i));
  std::sort(news.changed.begin(), news.changed.end());
  news.changed.erase(std::unique(news.changed.begin(), news.changed.end()), news.changed.end());
  LATHE_TRY(takeChanged(news.changed));
  LATHE_ASSIGN(fresh, studies.trials(m_study, static_cast<std::int64_t>(m_table.size())));
  for (const auto& trial : fresh) take(trial);
  takeReports(std::move(reports));
  const bool counted = !anew && record.trials != m_record->trials;
  m_record = record;
  if (log.empty() && fresh.empty() && !turned && !resettled && !counted) return std::optional<StudyNews>();
  news.record = std::move(record);
  news.table = std::make_shared<const StudyTable>(m_table);
  return std::optional<StudyNews>(std::move(news));
}

}  // namespace lathe::services

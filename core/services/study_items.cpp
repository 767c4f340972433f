// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/services/nas_settings.h"
#include "core/services/run_facts.h"
#include "core/services/study_run.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using search::StudyEvent;
using search::TrialState;
using spec::RunStatus;
using Kind = store::StudyLogEntry::Kind;
using Request = engine::TrainingControl::Request;

RunStatus statusOf(TrialState state) {
  switch (state) {
    case TrialState::Complete:
      return RunStatus::Completed;
    case TrialState::Pruned:
      return RunStatus::Pruned;
    case TrialState::Failed:
      return RunStatus::Failed;
    case TrialState::Running:
      break;
  }
  return RunStatus::Running;
}

const char* originOf(search::StudyWork::Origin origin) {
  switch (origin) {
    case search::StudyWork::Origin::Pruner:
      return "pruner";
    case search::StudyWork::Origin::Person:
      return "person";
    case search::StudyWork::Origin::Sampler:
      break;
  }
  return "sampler";
}

// Failures of the machine, which would meet the next trial as well.
bool concernsStudy(const Error& error) {
  return error.code.rfind("store.", 0) == 0 || error.code == "file.disk_full" || error.code.rfind("data.", 0) == 0;
}

}  // namespace

// The logic from the log, and what was being trained when the last sitting ended.
Result<void> StudyRun::rebuild() {
  LATHE_ASSIGN(logic, makeLogic(m_plan.settings, m_plan.space));
  m_logic = std::move(logic);
  if (m_plan.settings.terminator) {
    search::SamplerSetup watched;
    watched.space = m_plan.space;
    watched.seed = m_plan.settings.seed;
    m_watch = std::make_unique<search::RegretWatch>(watched);
  }
  m_planned = m_plan.settings.planned();
  if (!m_plan.resumed) return {};
  const auto& studies = m_plan.project->store().studies();
  LATHE_ASSIGN(records, studies.trials(m_plan.number));
  for (auto& record : records) m_trials.push_back({std::move(record), 0});
  LATHE_ASSIGN(log, studies.studyLog(m_plan.number));
  const auto ordered = inOrder(std::move(log), m_plan.settings.deterministic);
  std::vector<std::size_t> open(m_trials.size(), 0);  // one more than the item that a trial is in
  auto toJudge = std::count_if(ordered.entries.begin(), ordered.entries.end(), [](const auto& entry) {
    return entry.kind == Kind::End && entry.status == RunStatus::Completed;
  });
  for (const auto& entry : ordered.entries) {
    if (entry.kind == Kind::Planned) {
      m_logic->apply(eventOf(entry, m_plan.settings, {}));
      m_planned = entry.step;
      continue;
    }
    const auto index = static_cast<std::size_t>(entry.trial);
    if (index >= m_trials.size())
      return fail("study.damaged", LATHE_TEXT("errors", "The record of study {study} does not fit its trials."),
                  LATHE_TEXT("errors", "Start a new study."), {{"study", std::to_string(m_plan.number)}});
    m_logic->apply(eventOf(entry, m_plan.settings, [&](std::int64_t) { return m_trials[index].record.configuration; }));
    if (entry.kind == Kind::Report || entry.kind == Kind::End) ++m_logged;
    if (entry.kind == Kind::Begin || entry.kind == Kind::Continue) {
      auto& item = m_items.emplace_back();
      item.trial = entry.trial;
      item.target = entry.step;
      item.seen = item.logged = static_cast<std::uint64_t>(entry.seen);
      item.control = std::make_unique<engine::TrainingControl>();
      open[index] = m_items.size();
      if (entry.kind == Kind::Begin) m_trials[index].inherits = inheritsFrom(m_trials[index].record.parent);
      continue;
    }
    if (entry.kind == Kind::Report) {
      m_trials[index].reported = entry.step;
      if (m_watch) m_trials[index].values[entry.step] = minimised(entry.value);
      continue;
    }
    if (entry.kind == Kind::End && entry.status == RunStatus::Completed) {
      m_trials[index].complete = true;
      considerBest(m_trials[index].record);
      // Whether it would have stopped is asked of the last ones only.
      watch(m_trials[index].record, --toJudge < timesBeforeStop);
    }
    if (open[index] > 0) {
      auto& item = m_items[open[index] - 1];
      item.taken = item.finished = item.applied = true;
      open[index] = 0;
    }
  }
  for (const auto& [place, entries] : ordered.waiting) keepForItsTurn(m_items[place], entries);
  while (m_applied < m_items.size() && m_items[m_applied].applied) ++m_applied;
  if (m_planned != m_plan.settings.trials) plan(m_plan.settings.trials);
  return {};
}

void StudyRun::considerBest(const store::TrialRecord& record) {
  if (record.values.empty()) return;
  if (m_best < 0 ||
      minimised(record.values.front()) < minimised(m_trials[static_cast<std::size_t>(m_best)].record.values.front()))
    m_best = record.number;
}

void StudyRun::note(const StudyEvent& event, std::uint64_t seen) {
  m_logic->apply(event);
  if (event.kind == StudyEvent::Kind::Report || event.kind == StudyEvent::Kind::End) ++m_logged;
  store::StudyLogEntry entry;
  entry.trial = event.kind == StudyEvent::Kind::Planned ? -1 : event.trial;
  entry.step = event.step;
  entry.seen = static_cast<std::int64_t>(seen);
  switch (event.kind) {
    case StudyEvent::Kind::Begin:
      entry.kind = Kind::Begin;
      break;
    case StudyEvent::Kind::Continue:
      entry.kind = Kind::Continue;
      break;
    case StudyEvent::Kind::Report:
      entry.kind = Kind::Report;
      entry.value = minimised(event.value);  // back to how it counts
      break;
    case StudyEvent::Kind::Reached:
      entry.kind = Kind::Reached;
      break;
    case StudyEvent::Kind::End:
      entry.kind = Kind::End;
      entry.status = statusOf(event.state);
      entry.values = m_trials[static_cast<std::size_t>(event.trial)].record.values;
      break;
    case StudyEvent::Kind::Planned:
      entry.kind = Kind::Planned;
      break;
  }
  if (m_early) markEarly(entry);
  m_pending.log.push_back(std::move(entry));
}

// The study is to have another number of trials, or has no more of them than it has begun.
void StudyRun::plan(std::int64_t trials) {
  if (trials == m_planned) return;
  m_planned = trials;
  StudyEvent event;
  event.kind = StudyEvent::Kind::Planned;
  event.step = trials;
  note(event);
}

StudyRun::Item* StudyRun::create(const search::StudyWork& work, const std::optional<store::QueuedTrial>& queued) {
  const bool fresh = work.kind == search::Work::Kind::Fresh;
  store::TrialRunChange change;
  change.trial = work.trial;
  const auto seen = m_logic->heard();
  const auto logged = m_logged;
  StudyEvent event;
  event.kind = fresh ? StudyEvent::Kind::Begin : StudyEvent::Kind::Continue;
  event.trial = work.trial;
  event.step = work.target;
  event.configuration = work.configuration;
  if (fresh) {
    Trial trial;
    trial.record.number = work.trial;
    trial.record.configuration = work.configuration;
    trial.record.parent = work.parent;
    trial.record.origin = originOf(work.origin);
    trial.record.seen = static_cast<std::int64_t>(m_logged);
    trial.record.createdMicros = systemClock().nowMicros();
    m_trials.push_back(std::move(trial));
    change.fresh.name = runName(m_plan.base) + " #" + std::to_string(work.trial);
    change.fresh.model = m_plan.base.model.templateName;
    auto spec = trialSpecOf(m_plan.settings, m_plan.base, m_plan.space, work.configuration);
    change.fresh.specJson = spec::toJson(spec ? *spec : m_plan.base, -1);
    for (std::size_t i = 0; i < m_plan.space.size(); ++i)
      if (!std::isnan(work.configuration[i])) {
        const auto value = spec::valueOf(m_plan.space.parameters[i], work.configuration[i]);
        change.fresh.parameters[m_plan.space.parameters[i].name] = value.isText() ? value.toText() : value.json();
      }
  }
  auto& record = m_trials[static_cast<std::size_t>(work.trial)].record;
  record.status = RunStatus::Running;
  record.target = work.target;
  if (!fresh) {
    change.run = record.run;
    change.status = RunStatus::Running;
  }
  note(event, m_logged);
  m_pending.runs.push_back(std::move(change));
  m_pendingOf.push_back(work.trial);
  if (queued && work.origin == search::StudyWork::Origin::Person) m_pending.taken.push_back(queued->id);
  if (!commit()) return nullptr;
  auto& item = m_items.emplace_back();
  item.trial = work.trial;
  item.target = work.target;
  item.seen = seen;
  item.logged = logged;
  auto& trial = m_trials[static_cast<std::size_t>(work.trial)];
  if (fresh) trial.inherits = inheritsFrom(work.parent);
  if (fresh && trial.inherits) inherit(item);
  item.control = std::make_unique<engine::TrainingControl>();
  return &item;
}

// One that an earlier sitting began.
StudyRun::Item* StudyRun::takeAgain(Item& item) {
  item.taken = true;
  auto& record = m_trials[static_cast<std::size_t>(item.trial)].record;
  record.status = RunStatus::Running;
  store::TrialRunChange change;
  change.trial = item.trial;
  change.run = record.run;
  change.status = RunStatus::Running;
  m_pending.runs.push_back(std::move(change));
  m_pendingOf.push_back(item.trial);
  return commit() ? &item : nullptr;
}

// From the thread that trains, without the lock.
void StudyRun::judge(Item& item, std::int64_t epoch, double value) {
  const std::lock_guard lock(m_mutex);
  auto& trial = m_trials[static_cast<std::size_t>(item.trial)];
  if (epoch <= trial.reported) return;
  trial.reported = epoch;
  const double plain = minimised(value);
  if (m_watch) trial.values[epoch] = plain;
  item.reports.push_back({epoch, plain});
  const auto seen = m_plan.settings.deterministic ? item.seen : m_logic->heard();
  if (m_plan.settings.deterministic)
    m_logic->hearAhead(item.trial, epoch, plain);
  else
    note({StudyEvent::Kind::Report, item.trial, epoch, plain}, seen);
  if (item.control->requested() != Request::None) return;
  if (m_logic->shouldStop(item.trial, epoch, plain, seen)) {
    item.pruned = true;
    item.control->request(Request::Pause);
  }
}

void StudyRun::noteEnd(const store::TrialRecord& record, TrialState state, std::vector<double> values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (m_plan.settings.goals[i].larger) values[i] = -values[i];
  StudyEvent event;
  event.kind = StudyEvent::Kind::End;
  event.trial = record.number;
  event.step = record.steps;
  event.state = state;
  event.values = std::move(values);
  note(event);
  if (state != TrialState::Complete) return;
  m_trials[static_cast<std::size_t>(record.number)].complete = !m_early;
  considerBest(record);
  watch(record);
}

void StudyRun::endTrial(std::int64_t number, TrialState state, std::vector<double> values) {
  auto& record = m_trials[static_cast<std::size_t>(number)].record;
  record.values = values;
  record.status = statusOf(state);
  record.endedMicros = systemClock().nowMicros();
  noteEnd(record, state, std::move(values));
  if (std::find(m_pendingOf.begin(), m_pendingOf.end(), number) == m_pendingOf.end()) m_pendingOf.push_back(number);
  const auto known = std::find_if(m_pending.runs.begin(), m_pending.runs.end(),
                                  [&](const auto& change) { return change.trial == number; });
  if (known != m_pending.runs.end()) known->status = record.status;
  if (known != m_pending.runs.end() || record.run == 0) return;
  store::TrialRunChange change;
  change.trial = number;
  change.run = record.run;
  change.status = record.status;
  m_pending.runs.push_back(std::move(change));
}

// What a stretch came to, where it counts.
void StudyRun::apply(Item& item) {
  auto& record = m_trials[static_cast<std::size_t>(item.trial)].record;
  auto& result = item.result;
  item.applied = true;
  if (m_plan.settings.deterministic) {
    while (m_applied < m_items.size() && m_items[m_applied].applied) ++m_applied;
    for (const auto& report : item.reports)
      note({StudyEvent::Kind::Report, item.trial, report.step, report.value}, item.logged);
    if (item.kept) return applyKept(item);
  }
  item.reports = {};
  item.control.reset();
  record.steps = result.epochs;
  record.seconds += result.seconds;
  record.error = result.error;
  store::TrialRunChange change;
  change.trial = item.trial;
  change.run = record.run;
  change.update = std::move(result.update);
  change.update.seconds = record.seconds;
  change.error = result.error;
  m_pendingOf.push_back(item.trial);
  using search::TrialState;
  const bool stoppedByPerson = result.end == StretchEnd::Stopped && !item.pruned;
  if (stoppedByPerson && m_asked != store::ControlRequest::Cancel) {
    // It goes on when the study does, also when it is given more time: for the log it is still running.
    record.status = RunStatus::Paused;
    change.status = RunStatus::Paused;
    m_pending.runs.push_back(std::move(change));
    return;
  }
  if (result.end == StretchEnd::Failed && concernsStudy(*result.error)) {
    record.status = RunStatus::Paused;
    change.status = RunStatus::Failed;
    m_pending.runs.push_back(std::move(change));
    breakOff(*result.error);
    return;
  }
  const bool reached = result.end == StretchEnd::Reached && !item.pruned;
  change.status = result.end == StretchEnd::Completed ? RunStatus::Completed
                  : result.end == StretchEnd::Failed  ? RunStatus::Failed
                  : reached                           ? RunStatus::Paused
                                                      : RunStatus::Pruned;
  m_pending.runs.push_back(std::move(change));
  if (reached) {
    record.status = RunStatus::Paused;
    note({StudyEvent::Kind::Reached, item.trial, result.epochs});
  } else {
    endTrial(item.trial,
             result.end == StretchEnd::Completed ? TrialState::Complete
             : result.end == StretchEnd::Failed  ? TrialState::Failed
                                                 : TrialState::Pruned,
             result.values);
  }
  closeHopeless();
}

// The store has the trial and its run as they are; what counts from here on is the log.
void StudyRun::applyKept(Item& item) {
  auto& record = m_trials[static_cast<std::size_t>(item.trial)].record;
  if (item.result.end == StretchEnd::Reached)
    note({StudyEvent::Kind::Reached, item.trial, item.result.epochs});
  else
    noteEnd(record,
            item.result.end == StretchEnd::Completed ? TrialState::Complete
            : item.result.end == StretchEnd::Failed  ? TrialState::Failed
                                                     : TrialState::Pruned,
            item.result.values);
  closeHopeless();
}

void StudyRun::closeHopeless() {
  // What ended out of its turn, at a pause, decides nothing yet.
  if (m_plan.settings.deterministic && m_asked == store::ControlRequest::Pause) return;
  for (const auto trial : m_logic->hopeless()) endTrial(trial, TrialState::Pruned, {});
  if (tellsNothing()) stopAll();
}

bool StudyRun::commit() {
  if (m_pending.log.empty() && m_pendingOf.empty()) return true;
  for (const auto number : m_pendingOf) m_pending.trials.push_back(m_trials[static_cast<std::size_t>(number)].record);
  const auto committed = m_plan.project->store().studies().commit(m_plan.number, m_pending);
  if (!committed) {
    log(LogLevel::Warn, committed.error().sentence());
    breakOff(committed.error());
    m_pending.trials.clear();
    return false;
  }
  for (std::size_t i = 0; i < m_pending.runs.size(); ++i)
    m_trials[static_cast<std::size_t>(m_pending.runs[i].trial)].record.run = committed->runs[i];
  m_pending = {};
  m_pendingOf.clear();
  return true;
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_run.h"

#include <algorithm>
#include <cmath>
#include <exception>

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/base/log.h"
#include "core/base/machine.h"
#include "core/services/nas_settings.h"
#include "core/services/study_confirm.h"

namespace lathe::services {
namespace {

using search::Work;
using spec::RunStatus;
using Request = engine::TrainingControl::Request;

constexpr double secondsBetweenReports = 0.1;

}  // namespace

StudyRun::StudyRun(std::shared_ptr<engine::Engine> engine, StudyPlan plan)
    : m_engine(std::move(engine)),
      m_plan(std::move(plan)),
      m_started(systemClock().steadySeconds()),
      m_thread([this] { conduct(); }) {}

StudyRun::~StudyRun() {
  ask(store::ControlRequest::Pause);
  wait();
}

void StudyRun::ask(store::ControlRequest request) {
  const std::lock_guard lock(m_mutex);
  if (m_finished || request == store::ControlRequest::None) return;
  if (m_asked == store::ControlRequest::None || request == store::ControlRequest::Cancel) m_asked = request;
  stopAll();
}

void StudyRun::wait() const {
  std::unique_lock lock(m_mutex);
  m_changed.wait(lock, [this] { return m_finished; });
}

bool StudyRun::finished() const {
  const std::lock_guard lock(m_mutex);
  return m_finished;
}

std::optional<Error> StudyRun::error() const {
  const std::lock_guard lock(m_mutex);
  return m_error;
}

StudyProgress StudyRun::progress() const {
  const std::lock_guard lock(m_mutex);
  return progressLocked();
}

double StudyRun::seconds() const { return m_plan.secondsBefore + systemClock().steadySeconds() - m_started; }

double StudyRun::minimised(double value) const { return m_plan.settings.goals.front().larger ? -value : value; }

bool StudyRun::timeOver() const {
  return m_plan.settings.seconds > 0 && seconds() + reserved() >= m_plan.settings.seconds;
}

StudyProgress StudyRun::progressLocked() const {
  StudyProgress progress;
  progress.study = m_plan.number;
  progress.begun = static_cast<std::int64_t>(m_trials.size());
  progress.running = m_running;
  for (const auto& trial : m_trials) {
    progress.completed += trial.record.status == RunStatus::Completed;
    progress.pruned += trial.record.status == RunStatus::Pruned;
    progress.failed += trial.record.status == RunStatus::Failed;
  }
  progress.planned = m_plan.settings.trials;
  progress.seconds = seconds();
  const auto ended = progress.completed + progress.pruned + progress.failed;
  double left = m_plan.settings.seconds > 0 ? std::max(0.0, m_plan.settings.seconds - progress.seconds) : -1;
  if (progress.planned > 0 && ended > 0) {
    const double byTrials = progress.seconds / static_cast<double>(ended) *
                            static_cast<double>(std::max<std::int64_t>(0, progress.planned - ended));
    left = left < 0 ? byTrials : std::min(left, byTrials);
  }
  progress.secondsLeft = left;
  progress.bestTrial = m_best;
  if (m_best >= 0) progress.bestValue = m_trials[static_cast<std::size_t>(m_best)].record.values.front();
  progress.confirming = m_confirming;
  progress.confirmed = m_confirmed;
  progress.remark = m_logic ? m_logic->remark() : m_stage;
  progress.termination = m_termination;
  return progress;
}

void StudyRun::report(bool always) {
  if (!m_plan.sink) return;
  const double now = systemClock().steadySeconds();
  if (!always && now - m_lastReport < secondsBetweenReports) return;
  m_lastReport = now;
  m_plan.sink(progressLocked());
}

void StudyRun::stopAll() {
  m_stopping = true;
  for (auto& item : m_items)
    if (item.taken && !item.finished && item.control->requested() == Request::None)
      item.control->request(m_asked == store::ControlRequest::Cancel ? Request::Cancel : Request::Pause);
  m_changed.notify_all();
}

void StudyRun::breakOff(const Error& error) {
  if (!m_error) m_error = error;
  stopAll();
}

void StudyRun::conduct() {
  {
    Lock lock(m_mutex);
    const auto& architecture = m_plan.settings.architecture;
    if (m_plan.settings.sampler == "ranked" && !architecture.ranks) {
      ++m_workers;
      m_threads.emplace_back([this] { rankFirst(); });
    } else {
      begin();
    }
    attend(lock, [this] { return m_workers == 0; });
  }
  m_threads.clear();
  bool over = false;
  m_threads.emplace_back([this, &over] {
    try {
      finish();
    } catch (const std::exception& error) {
      log(LogLevel::Failure, error.what());
    }
    const std::lock_guard lock(m_mutex);
    over = true;
    m_changed.notify_all();
  });
  {
    Lock lock(m_mutex);
    attend(lock, [&over] { return over; });
  }
  m_threads.clear();
  const std::lock_guard lock(m_mutex);
  m_finished = true;
  m_changed.notify_all();
}

// The log's state, then the threads that go on from there.
void StudyRun::begin() {
  if (const auto ready = rebuild(); !ready) m_error = ready.error();
  for (int i = 0; !m_error && i < std::max(1, m_plan.settings.workers); ++i) {
    ++m_workers;
    m_threads.emplace_back([this] { work(); });
  }
}

void StudyRun::work() {
  if (m_plan.niced) lowerThreadPriority();
  Lock lock(m_mutex);
  for (;;) {
    // Fewer are wanted by now.
    if (m_workers > std::max(1, m_plan.settings.workers)) break;
    Item* item = nullptr;
    try {
      item = nextItem(lock);
    } catch (const std::exception& error) {
      breakOff(fail("study.failed", LATHE_TEXT("errors", "The study stopped unexpectedly: {reason}."),
                    LATHE_TEXT("errors", "Resume it; what its trials found is kept."), {{"reason", error.what()}})
                   .value());
    }
    if (item == nullptr) break;
    ++m_running;
    report(false);
    lock.unlock();
    auto result = train(*item);
    lock.lock();
    --m_running;
    item->result = std::move(result);
    item->finished = true;
    if (!m_plan.settings.deterministic) apply(*item);
    report(false);
    m_changed.notify_all();
  }
  commit();
  --m_workers;
  m_changed.notify_all();
}

bool StudyRun::mayBegin() const {
  if (m_wouldStop >= timesBeforeStop) return false;
  return m_plan.settings.trials == 0 || m_logic->trials() < m_plan.settings.trials;
}

// Waits, with the lock given back, until there is something to do; null when nothing will be.
StudyRun::Item* StudyRun::nextItem(Lock& lock) {
  const auto& settings = m_plan.settings;
  const auto applyNext = [&]() -> bool {  // deterministic: the oldest one, when it is there
    if (m_applied >= m_items.size() || !m_items[m_applied].finished) return false;
    apply(m_items[m_applied]);
    return true;
  };
  const auto waitForMore = [&] {
    commit();
    m_changed.wait(lock);
  };
  for (;;) {
    if (m_stopping) return nullptr;
    // What an earlier sitting left unfinished comes first.
    while (m_allTaken < m_items.size() && m_items[m_allTaken].taken) ++m_allTaken;
    if (m_allTaken < m_items.size()) return takeAgain(m_items[m_allTaken]);
    if (settings.deterministic) {
      const auto index = m_items.size();
      const auto window = static_cast<std::size_t>(std::max(1, settings.window));
      const auto needed = index >= window ? index - window + 1 : 0;
      if (m_applied < needed) {
        if (!applyNext()) waitForMore();
        continue;
      }
    }
    std::optional<store::QueuedTrial> queued;
    if (mayBegin())
      if (auto waiting = m_plan.project->store().studies().queued(m_plan.number); waiting && !waiting->empty())
        queued = waiting->front();
    const auto work = m_logic->next(queued ? std::optional(queued->configuration) : std::nullopt);
    if (work.exhausted && m_planned != m_logic->trials()) {
      plan(m_logic->trials());  // what waits at a rung goes on instead
      continue;
    }
    if (work.kind == Work::Kind::Continue || (work.kind == Work::Kind::Fresh && mayBegin())) {
      auto* item = create(work, queued);
      if (item != nullptr) item->taken = true;
      return item;
    }
    if (settings.deterministic) {
      if (m_applied >= m_items.size()) return nullptr;
      if (!applyNext()) waitForMore();
      continue;
    }
    if (m_running == 0) return nullptr;
    waitForMore();
  }
}

// All trials failing tells that something is wrong with the study, not with a configuration.
bool StudyRun::tellsNothing() const {
  constexpr std::int64_t enough = 12;
  std::int64_t failed = 0;
  for (const auto& trial : m_trials) {
    if (trial.record.status == RunStatus::Completed || trial.record.status == RunStatus::Pruned || trial.reported > 0)
      return false;
    failed += trial.record.status == RunStatus::Failed;
  }
  return failed >= enough;
}

StretchResult StudyRun::train(Item& item) {
  TrialStretch stretch;
  bool inherits = false;
  {
    const std::lock_guard lock(m_mutex);
    const auto& record = m_trials[static_cast<std::size_t>(item.trial)].record;
    stretch.run = record.run;
    stretch.target = item.target;
    stretch.reported = m_trials[static_cast<std::size_t>(item.trial)].reported;
    auto spec = trialSpecOf(m_plan.settings, m_plan.base, m_plan.space, record.configuration);
    if (!spec) {
      StretchResult failed;
      failed.error = spec.error();
      return failed;
    }
    stretch.spec = std::move(*spec);
    const auto last = m_plan.project->runFolder(record.run) / "last.ckpt";
    std::error_code error;
    const bool goesOn = std::filesystem::exists(last, error);
    if (goesOn) stretch.from = last;
    if (record.parent >= 0 && m_plan.settings.architecture.active()) {
      takeParentsWeights(item, stretch);  // for one whose checkpoint is of no use as well
    } else if (record.parent >= 0) {
      stretch.inherited = m_plan.project->runFolder(record.run) / inheritedFile;
      inherits = !goesOn;
      if (inherits) stretch.from = stretch.inherited;
    }
  }
  stretch.inherits = inherits;
  const TrialGround ground{m_plan.project, m_engine, *m_plan.kept, m_plan.settings, m_plan.folds.get()};
  return trainStretch(ground, stretch, *item.control,
                      [&](std::int64_t epoch, double value) { judge(item, epoch, value); });
}

void StudyRun::finish() {
  auto& store = m_plan.project->store();
  auto& studies = store.studies();
  Lock lock(m_mutex);
  if (m_logic && !m_error) {
    if (m_plan.settings.deterministic) {
      // What ended before its turn is kept as well, and counts when that comes.
      m_early = true;
      for (auto& item : m_items)
        if (item.finished && !item.applied && !item.kept) apply(item);
      m_early = false;
    }
    const bool over = m_asked == store::ControlRequest::None;
    // Nothing will continue those that wait at a rung.
    if (over || m_asked == store::ControlRequest::Cancel)
      for (const auto trial : m_logic->paused()) endTrial(trial, search::TrialState::Pruned, {});
    commit();
  }
  RunStatus status = RunStatus::Completed;
  if (m_asked == store::ControlRequest::Pause) status = RunStatus::Paused;
  if (m_asked == store::ControlRequest::Cancel) status = RunStatus::Cancelled;
  if (!m_error && status == RunStatus::Completed && m_best < 0 && !m_trials.empty() && !m_timeOver) {
    const auto reason = std::find_if(m_trials.begin(), m_trials.end(), [](const Trial& t) { return t.record.error; });
    if (reason != m_trials.end())
      m_error = fail("study.all_failed", LATHE_TEXT("errors", "All {count} trials failed, trial {trial} so: {reason}"),
                     LATHE_TEXT("errors", "Narrow the space, or mend what the reason names."),
                     {{"count", std::to_string(m_trials.size())},
                      {"trial", std::to_string(reason->record.number)},
                      {"reason", reason->record.error->sentence()}})
                    .value();
  }
  if (m_error) status = RunStatus::Failed;
  const bool hasBest = m_best >= 0, nothing = m_trials.empty();
  report(true);
  lock.unlock();

  const auto failWith = [&](const Error& error) {
    lock.lock();
    if (!m_error) m_error = error;
    lock.unlock();
    status = RunStatus::Failed;
  };
  store::StudyUpdate update;
  if (status == RunStatus::Completed && !hasBest && !nothing) update.summaryJson = summaryOfNothing();
  if (status == RunStatus::Completed && hasBest) {
    auto summary = confirm();
    lock.lock();
    const auto asked = m_asked;
    const auto termination = m_termination;
    lock.unlock();
    if (summary)
      update.summaryJson = withTermination(*summary, termination);
    else if (summary.error().code == cancelledCode)
      status = asked == store::ControlRequest::Cancel ? RunStatus::Cancelled : RunStatus::Paused;
    else
      failWith(summary.error());
  }
  update.seconds = seconds();
  auto saved = studies.updateStudy(m_plan.number, update);
  if (saved) saved = store.flush();
  if (!saved) failWith(saved.error());
  lock.lock();
  m_closing = true;
  const auto error = m_error;
  lock.unlock();
  const auto set = studies.setStudyStatus(m_plan.number, status, error);
  if (!set) log(LogLevel::Failure, set.error().sentence());
  lock.lock();
  if (!set && !m_error) m_error = set.error();
  m_confirming = false;
  report(true);
}

}  // namespace lathe::services

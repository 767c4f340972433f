// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/training_run.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/services/forecast_baseline.h"
#include "core/services/resume_point.h"
#include "core/services/run_curves.h"
#include "core/services/run_facts.h"
#include "core/services/start_weights.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using spec::RunStatus;
using Request = engine::TrainingControl::Request;

std::string sentenceOf(const Error& error) { return error.code + ": " + error.sentence(); }

const char* endText(RunStatus status) {
  switch (status) {
    case RunStatus::Completed:
      return LATHE_TEXT("events", "Completed.");
    case RunStatus::Paused:
      return LATHE_TEXT("events", "Paused at step {step}.");
    case RunStatus::Cancelled:
      return LATHE_TEXT("events", "Cancelled at step {step}.");
    default:
      return LATHE_TEXT("events", "Failed at step {step}: {reason}");
  }
}

Error unforeseen(const char* what) {
  return fail("training.failed", LATHE_TEXT("errors", "The training stopped unexpectedly: {reason}."),
              LATHE_TEXT("errors", "Resume it from its last checkpoint."), {{"reason", what}})
      .value();
}

}  // namespace

TrainingRun::TrainingRun(std::shared_ptr<engine::Engine> engine, Priority priority, TrainingPlan plan,
                         StoreFailed storeFailed)
    : m_engine(std::move(engine)),
      m_priority(priority),
      m_plan(std::move(plan)),
      m_folder(m_plan.project->folder()),
      m_storeFailed(std::move(storeFailed)),
      m_started(systemClock().steadySeconds()),
      m_thread([this] { work(); }) {}

std::shared_ptr<Project> TrainingRun::project() const {
  const std::lock_guard lock(m_mutex);
  return m_plan.project;
}

double TrainingRun::seconds() const { return m_plan.secondsBefore + systemClock().steadySeconds() - m_started; }

Result<void> TrainingRun::ask(store::ControlRequest request) {
  const auto held = project();
  if (!held || finished())
    return fail("run.not_running", LATHE_TEXT("errors", "Run {run} is not running."),
                LATHE_TEXT("errors", "Look at its status in the list of runs."),
                {{"run", std::to_string(m_plan.number)}});
  if (request == store::ControlRequest::None) return {};
  if (request == store::ControlRequest::Pause && m_control.requested() != Request::None) return {};
  // Told before the training hears of it, so that paused never comes before pausing. An error here means that it has
  // just ended, or that the disk is full: neither keeps it from stopping.
  if (const auto record = held->store().run(m_plan.number); record && record->status == RunStatus::Running)
    if (const auto set = held->store().setStatus(m_plan.number, RunStatus::Pausing); !set)
      log(LogLevel::Warn, sentenceOf(set.error()));
  m_control.request(request == store::ControlRequest::Cancel ? Request::Cancel : Request::Pause);
  m_stopReading.request_stop();
  return {};
}

void TrainingRun::stopBecause(const Error& error) {
  {
    const std::lock_guard lock(m_mutex);
    if (!m_stopError) m_stopError = error;
  }
  if (m_control.requested() == Request::None) m_control.request(Request::Pause);
  m_stopReading.request_stop();
}

LiveRun TrainingRun::live() const {
  const std::lock_guard lock(m_mutex);
  LiveRun result{m_plan.number, {}};
  if (m_observer) result.progress = m_observer->snapshot().progress;
  return result;
}

bool TrainingRun::finished() const {
  const std::lock_guard lock(m_mutex);
  return m_finished;
}

void TrainingRun::wait() const {
  std::unique_lock lock(m_mutex);
  m_changed.wait(lock, [this] { return m_finished; });
}

std::optional<TrainingRun::Ending> TrainingRun::unsaved() const {
  const std::lock_guard lock(m_mutex);
  return m_unsaved;
}

void TrainingRun::work() {
  if (m_priority == Priority::BelowWindow) lowerThreadPriority();
  Ending ending;
  {
    // Inherits this thread's priority.
    const std::jthread watcher([this](const std::stop_token& stop) { watch(stop); });
    try {
      ending = train();
    } catch (const std::exception& error) {
      ending = ended(RunStatus::Failed, unforeseen(error.what()));
    }
  }
  log(LogLevel::Info, "run " + std::to_string(m_plan.number) + " of " + m_plan.project->folder().string() + ": " +
                          spec::name(ending.status) + (ending.error ? ", " + ending.error->sentence() : ""));
  try {
    finish(std::move(ending));
  } catch (const std::exception& error) {
    log(LogLevel::Failure, error.what());
  }
  std::shared_ptr<Project> released;
  {
    const std::lock_guard lock(m_mutex);
    m_observer.reset();
    released = std::move(m_plan.project);
  }
  released.reset();  // may close the store: before anybody hears that the run has ended
  {
    const std::lock_guard lock(m_mutex);
    m_finished = true;
  }
  m_changed.notify_all();
}

Result<ResolvedTraining> TrainingRun::prepare() {
  const JobContext job{{}, m_stopReading.get_token()};
  auto wanted = m_plan.spec;
  // A checkpoint holds the weights, whatever became of the file they started from.
  if (m_plan.checkpoint) wanted.model.weights.clear();
  auto resolved = resolve(wanted, m_folder, job, m_engine.get());
  if (!resolved) return resolved;
  resolved->spec.model.weights = m_plan.spec.model.weights;
  if (!m_plan.checkpoint) {
    LATHE_ASSIGN(notes, takeStartWeights(*resolved, m_folder, m_plan.resumed, job));
    m_weightNotes = std::move(notes);
    LATHE_TRY(choose(*resolved));
    return resolved;
  }

  // Going on bit for bit needs the very same rows and the preprocessing that was fitted then.
  if (!m_plan.spec.data.sha256.empty() && resolved->spec.data.sha256 != m_plan.spec.data.sha256)
    return fail("data.changed_since",
                LATHE_TEXT("errors", "{file} has changed since run {run} began, so it cannot go on."),
                LATHE_TEXT("errors", "Bring the old file back, or start a new training on the new one."),
                {{"file", m_plan.spec.data.path}, {"run", std::to_string(m_plan.number)}});
  LATHE_ASSIGN(json, m_plan.project->store().runModel(m_plan.number));
  LATHE_ASSIGN(model, spec::modelDescriptionFromJson(json));
  if (!(model.schema == resolved->model.schema))
    return fail("data.schema_changed", LATHE_TEXT("errors", "The data are read otherwise than when run {run} began."),
                LATHE_TEXT("errors", "Start a new training with the same settings."),
                {{"run", std::to_string(m_plan.number)}});
  resolved->model = std::move(model);
  return resolved;
}

TrainingRun::Ending TrainingRun::train() {
  auto resolved = prepare();
  if (!resolved)
    return resolved.error().code == cancelledCode ? endedByRequest() : ended(RunStatus::Failed, resolved.error());
  if (const auto noted = noteResolved(*resolved); !noted) return ended(RunStatus::Failed, noted.error());
  if (m_control.requested() != Request::None) return endedByRequest();

  auto& project = *m_plan.project;
  engine::TrainingRequest request{resolved->model,   resolved->spec.training,
                                  resolved->data,    project.runFolder(m_plan.number),
                                  m_plan.checkpoint, ""};
  for (const auto& [column, role] : resolved->spec.data.roles)
    if (role == spec::ColumnRole::Weight) request.weightColumn = column;
  request.initialWeights = std::exchange(resolved->initialWeights, {});
  std::error_code error;
  std::filesystem::create_directories(request.checkpointFolder, error);
  if (error) return ended(RunStatus::Failed, fileError(error.value(), request.checkpointFolder).value());

  auto observer = std::make_unique<RunObserver>(project, m_plan.number, resolved->data, m_plan.sink);
  auto* reports = observer.get();
  if (m_plan.resumed) {
    auto point = m_plan.checkpoint ? resumePoint(*m_plan.checkpoint) : Result<ResumePoint>();
    if (!point) return ended(RunStatus::Failed, point.error());
    if (point->warning) project.store().addWarning(m_plan.number, *point->warning);
    if (m_plan.checkpoint) request.resumeFrom = point->file;
    if (const auto cut = reports->continueFrom(point->step); !cut) return ended(RunStatus::Failed, cut.error());
  }
  {
    const std::lock_guard lock(m_mutex);
    m_observer = std::move(observer);
  }
  auto summary = m_engine->train(request, *reports, m_control);
  reports->flushSink();
  reports->writePredictions();
  if (!summary) return ended(RunStatus::Failed, summary.error());
  if (const auto broken = reports->failure()) return ended(RunStatus::Failed, *broken);

  auto metrics = plainMetrics(summary->metrics);
  if (summary->outcome == engine::TrainingOutcome::Completed)
    if (const auto scored = score(*resolved, *summary, metrics); !scored) {
      auto ending = endedWith(*summary, std::move(metrics));
      ending.status = RunStatus::Failed;
      ending.error = scored.error();
      return ending;
    }
  if (summary->outcome == engine::TrainingOutcome::Completed)
    compareWithLastValue(project.store(), m_plan.number, *resolved->data, metrics);
  return endedWith(*summary, std::move(metrics));
}

Result<void> TrainingRun::score(const ResolvedTraining& resolved, const engine::TrainingSummary& summary,
                                std::map<std::string, double>& metrics) {
  const auto& rows = resolved.data->split.test;
  if (rows.empty()) return {};
  auto& store = m_plan.project->store();
  auto model = m_engine->load(summary.bestCheckpoint);
  if (!model) return passOn(model);
  auto predictions = (*model)->predict(*resolved.data, rows);
  if (!predictions) return passOn(predictions);
  for (const auto& [name, value] :
       engine::scores(*predictions, *resolved.data, rows, resolved.model, resolved.spec.training.loss,
                      (*model)->scoring() ? (*model)->scoring()->threshold : 0.5)) {
    metrics["test/" + name] = value;
    LATHE_ASSIGN(series, store.seriesId(m_plan.number, "test/" + name));
    store.append(series, summary.steps, value);
  }
  LATHE_ASSIGN(looks, store.countTestLook(m_plan.number));
  store.addEvent(m_plan.number, "test",
                 {LATHE_TEXT("events", "Scored on {rows} test rows with the best checkpoint: look number {looks}."),
                  {{"rows", std::to_string(rows.size())}, {"looks", std::to_string(looks)}}});
  return {};
}

TrainingRun::Ending TrainingRun::ended(RunStatus status, std::optional<Error> error) const {
  Ending ending{status, std::move(error), progressUpdate()};
  std::optional<engine::CheckpointInfo> best;
  {
    const std::lock_guard lock(m_mutex);
    if (!m_observer) return ending;
    best = m_observer->snapshot().best;
  }
  // Without a summary the curves say how good the best checkpoint is.
  auto& store = m_plan.project->store();
  if (const auto saved = store.flush(); !saved) log(LogLevel::Warn, sentenceOf(saved.error()));
  ending.update.metrics.reset();
  if (best) ending.update.metrics = metricsAtStep(store, m_plan.number, best->step);
  return ending;
}

TrainingRun::Ending TrainingRun::endedByRequest() const {
  return ended(m_control.requested() == Request::Cancel ? RunStatus::Cancelled : RunStatus::Paused);
}

TrainingRun::Ending TrainingRun::endedWith(const engine::TrainingSummary& summary,
                                           std::map<std::string, double> metrics) const {
  Ending ending{RunStatus::Completed, {}, progressUpdate()};
  if (summary.outcome == engine::TrainingOutcome::Paused) ending.status = RunStatus::Paused;
  if (summary.outcome == engine::TrainingOutcome::Cancelled) ending.status = RunStatus::Cancelled;
  ending.update.metrics.reset();
  if (!metrics.empty()) ending.update.metrics = std::move(metrics);
  ending.update.epochs = summary.epochs;
  ending.update.steps = summary.steps;
  ending.update.samplesPerSecond = summary.samplesPerSecond;
  if (!summary.bestCheckpoint.empty()) ending.update.bestCheckpoint = m_plan.project->relative(summary.bestCheckpoint);
  if (!summary.lastCheckpoint.empty()) ending.update.lastCheckpoint = m_plan.project->relative(summary.lastCheckpoint);
  return ending;
}

store::RunUpdate TrainingRun::progressUpdate() const {
  store::RunUpdate update;
  update.seconds = seconds();
  const std::lock_guard lock(m_mutex);
  if (!m_observer) return update;
  const auto snapshot = m_observer->snapshot();
  if (const auto& progress = snapshot.progress; progress.totalSteps > 0 && progress.totalEpochs > 0) {
    update.steps = snapshot.step;
    update.totalSteps = progress.totalSteps;
    update.epochs =
        static_cast<int>(snapshot.step / std::max<std::int64_t>(1, progress.totalSteps / progress.totalEpochs));
    update.totalEpochs = progress.totalEpochs;
    update.samplesPerSecond = progress.samplesPerSecond;
    update.secondsLeft = progress.secondsLeft;
  }
  if (!snapshot.newest.empty()) update.metrics = snapshot.newest;
  if (snapshot.best) update.bestCheckpoint = m_plan.project->relative(snapshot.best->file);
  if (snapshot.last) update.lastCheckpoint = m_plan.project->relative(snapshot.last->file);
  return update;
}

// The checkpoints that this sitting wrote, with their hashes.
void TrainingRun::keepArtefacts() {
  RunSnapshot snapshot;
  {
    const std::lock_guard lock(m_mutex);
    if (m_observer) snapshot = m_observer->snapshot();
  }
  for (const auto& checkpoint : {snapshot.best, snapshot.last}) {
    if (!checkpoint) continue;
    std::error_code error;
    const auto bytes = std::filesystem::file_size(checkpoint->file, error);
    const auto hash = sha256Of(checkpoint->file);
    if (!hash) {
      log(LogLevel::Warn, sentenceOf(hash.error()));
      continue;
    }
    store::Artefact artefact;
    artefact.run = m_plan.number;
    artefact.kind = "checkpoint";
    artefact.path = m_plan.project->relative(checkpoint->file);
    artefact.sha256 = *hash;
    artefact.bytes = error ? 0 : static_cast<std::int64_t>(bytes);
    artefact.detailsJson = "{}";
    if (const auto kept = m_plan.project->store().addArtefact(artefact); !kept)
      log(LogLevel::Warn, sentenceOf(kept.error()));
  }
}

void TrainingRun::finish(Ending ending) {
  if (m_leaseLost) return;
  {
    const std::lock_guard lock(m_mutex);
    if (m_stopError) {
      ending.status = RunStatus::Failed;
      ending.error = m_stopError;
    }
  }
  auto& store = m_plan.project->store();
  ending.update.seconds = seconds();
  ending.update.secondsLeft = ending.status == RunStatus::Completed ? 0.0 : -1.0;
  const auto step = std::to_string(ending.update.steps.value_or(0));
  store.addEvent(m_plan.number, spec::name(ending.status),
                 {endText(ending.status),
                  {{"step", step}, {"reason", ending.error ? ending.error->message.render() : std::string()}}});
  auto saved = store.updateRun(m_plan.number, ending.update);
  if (saved) saved = store.flush();
  if (!saved && ending.status != RunStatus::Failed) {
    ending.status = RunStatus::Failed;
    ending.error = saved.error();
  }
  // A full disk may be freed soon; a second or two are worth the wait.
  Result<void> set;
  for (int attempt = 0; attempt < 4; ++attempt) {
    set = store.setStatus(m_plan.number, ending.status, ending.error);
    if (set || set.error().code == "run.bad_transition") break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100 << attempt));
  }
  if (set) {
    if (ending.status == RunStatus::Completed) keepArtefacts();
    return;
  }
  log(LogLevel::Failure, sentenceOf(set.error()));
  const std::lock_guard lock(m_mutex);
  m_unsaved = std::move(ending);
}

}  // namespace lathe::services

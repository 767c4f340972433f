// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/training_service.h"

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/services/data_cache.h"
#include "core/services/resolve_rules.h"
#include "core/services/resume_point.h"
#include "core/services/run_facts.h"
#include "core/services/start_weights.h"
#include "core/services/training_run.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using spec::RunStatus;
using RunPointer = std::shared_ptr<TrainingRun>;  // waiters keep a run alive that the service already forgot

tl::unexpected<Error> readOnlyProject(const Project& project) {
  return fail("project.read_only", LATHE_TEXT("errors", "The project {project} may only be read."),
              LATHE_TEXT("errors", "Change its permissions, or train into another project folder."),
              {{"project", project.folder().string()}});
}

tl::unexpected<Error> wrongStatus(const store::RunRecord& record) {
  return fail("run.not_running", LATHE_TEXT("errors", "Run {run} is {status}, so this cannot be done now."),
              LATHE_TEXT("errors", "Look at its status in the list of runs."),
              {{"run", std::to_string(record.number)}, {"status", spec::name(record.status)}});
}

// Data below the project are named relative to it, so that a project can be moved.
void makeRelative(spec::ExperimentSpec& spec, const Project& project) {
  for (auto* path : {&spec.data.path, &spec.data.testPath, &spec.model.weights})
    if (!path->empty() && std::filesystem::path(*path).is_absolute()) *path = project.relative(*path);
}

// flush() gives the first error since it was last asked: one from before this training must not end it. A disk that is
// still full shows at the next write.
void forgetOldFailure(store::RunStore& store) {
  if (const auto old = store.flush(); !old) log(LogLevel::Warn, old.error().sentence());
}

Result<void> checkResume(const store::RunRecord& record, const spec::TrainingSpec& training,
                         std::optional<int> epochs) {
  const TextArgs args{{"run", std::to_string(record.number)},
                      {"epochs", std::to_string(training.epochs)},
                      {"done", std::to_string(record.epochs)}};
  if (record.removed)
    return fail("run.removed", LATHE_TEXT("errors", "Run {run} was removed."),
                LATHE_TEXT("errors", "Bring it back first: that is possible for seven days."), args);
  if (!spec::allowed(spec::RunAction::Resume, record.status))
    return fail("run.already_running", LATHE_TEXT("errors", "Run {run} is running already."),
                LATHE_TEXT("errors", "Watch it, or pause it first."), args);
  if (record.status == RunStatus::Completed && (!epochs || *epochs <= training.epochs))
    return fail("run.completed", LATHE_TEXT("errors", "Run {run} has completed its {epochs} epochs."),
                LATHE_TEXT("errors", "Give more epochs than that to train it further."), args);
  if (epochs && (*epochs < 1 || *epochs < record.epochs))
    return fail("run.too_few_epochs", LATHE_TEXT("errors", "Run {run} is in epoch {done} already."),
                LATHE_TEXT("errors", "Give at least as many epochs."), args);
  return {};
}

class ThreadedTrainingService final : public TrainingService {
 public:
  ThreadedTrainingService(std::shared_ptr<engine::Engine> engine, Priority priority)
      : m_engine(std::move(engine)), m_priority(priority) {}
  ThreadedTrainingService(const ThreadedTrainingService&) = delete;
  ThreadedTrainingService& operator=(const ThreadedTrainingService&) = delete;

  ~ThreadedTrainingService() override {
    std::vector<RunPointer> runs;
    {
      const std::lock_guard lock(m_mutex);
      runs = m_runs;
    }
    for (const auto& run : runs) (void)run->ask(store::ControlRequest::Pause);
    for (const auto& run : runs) run->wait();
    {
      const std::lock_guard lock(m_mutex);
      m_runs.clear();
    }
  }

  Result<store::RunNumber> start(const std::shared_ptr<Project>& project, const StartRequest& request,
                                 LiveSink sink) override {
    reap();
    if (project->readOnly()) return readOnlyProject(*project);
    auto spec = request.spec;
    makeRelative(spec, *project);
    followMonitor(spec.training);
    if (auto problems = spec::validate(spec); !problems.empty()) return tl::unexpected<Error>(problems.front());
    if (spec.data.path.empty())
      return fail("data.no_path", LATHE_TEXT("errors", "No data are named."),
                  LATHE_TEXT("errors", "Choose a data file or folder."));
    const auto where = located(spec.data, project->folder());
    std::error_code error;
    if (!std::filesystem::exists(where.path, error)) return fileError(error ? error.value() : ENOENT, where.path);

    LATHE_TRY(checkWeightsFile(spec.model, project->folder()));

    store::NewRun fresh;
    fresh.experiment = request.experiment;
    fresh.experimentVersion = request.experimentVersion;
    fresh.name = runName(spec);
    fresh.model = spec.model.templateName;
    fresh.specJson = spec::toJson(spec, -1);
    fresh.dataHash = spec.data.sha256;
    if (spec.data.task != spec::Task::Auto) fresh.task = spec::name(spec.data.task);
    fresh.parameters = flatParameters(spec);
    forgetOldFailure(project->store());
    auto number = project->store().createRun(fresh, RunStatus::Running, thisProcess());
    if (!number) return number;
    project->store().addEvent(*number, "started", {LATHE_TEXT("events", "Started."), {}});

    TrainingPlan plan{project, *number, std::move(spec), request.deterministic, false, {}, 0, std::move(sink)};
    launch(std::move(plan));
    return number;
  }

  Result<void> resume(const std::shared_ptr<Project>& project, store::RunNumber run, std::optional<int> epochs,
                      LiveSink sink) override {
    reap();
    if (project->readOnly()) return readOnlyProject(*project);
    auto& store = project->store();
    LATHE_TRY(saveLate(*project, run));
    auto record = store.run(run);
    if (!record) return passOn(record);
    LATHE_ASSIGN(json, store.runSpec(run));
    auto spec = spec::fromJson(json);
    if (!spec) return passOn(spec);
    LATHE_ASSIGN(model, store.runModel(run));
    if (record->study > 0 && model.empty())
      return fail("run.trial", LATHE_TEXT("errors", "Run {run} is a trial of study {study} that was broken off."),
                  LATHE_TEXT("errors", "Resume the study: lathe-cli study resume {study}"),
                  {{"run", std::to_string(run)}, {"study", std::to_string(record->study)}});
    LATHE_TRY(checkResume(*record, spec->training, epochs));
    if (epochs) spec->training.epochs = *epochs;
    auto checkpoint = lastCheckpoint(*project, *record);
    const auto environment = store.runEnvironment(run);
    const bool deterministic =
        !environment || !environment->contains("deterministic") || environment->at("deterministic") == "true";
    forgetOldFailure(store);
    LATHE_TRY(store.takeOver(run, thisProcess()));
    launch(
        {project, run, std::move(*spec), deterministic, true, std::move(checkpoint), record->seconds, std::move(sink)});
    return {};
  }

  Result<void> pause(Project& project, store::RunNumber run) override {
    if (const auto here = find(project, run)) return here->ask(store::ControlRequest::Pause);
    if (project.readOnly()) return readOnlyProject(project);
    const auto record = project.store().run(run);
    if (!record) return passOn(record);
    if (!spec::allowed(spec::RunAction::Pause, record->status)) return wrongStatus(*record);
    return project.store().requestControl(run, store::ControlRequest::Pause);
  }

  Result<void> cancel(Project& project, store::RunNumber run) override {
    if (const auto here = find(project, run)) return here->ask(store::ControlRequest::Cancel);
    if (project.readOnly()) return readOnlyProject(project);
    const auto record = project.store().run(run);
    if (!record) return passOn(record);
    if (!spec::allowed(spec::RunAction::Cancel, record->status)) return wrongStatus(*record);
    if (record->status == RunStatus::Running || record->status == RunStatus::Pausing)
      return project.store().requestControl(run, store::ControlRequest::Cancel);
    return project.store().setStatus(run, RunStatus::Cancelled);
  }

  Result<store::RunRecord> wait(Project& project, store::RunNumber run) override {
    RunPointer here;
    {
      const std::lock_guard lock(m_mutex);
      for (const auto& each : m_runs)
        if (each->is(project.folder(), run)) here = each;
    }
    if (!here) return project.store().run(run);
    here->wait();
    auto record = project.store().run(run);
    if (const auto late = here->unsaved(); record && late) {
      record->status = late->status;
      record->error = late->error;
    }
    return record;
  }

  std::vector<LateEnding> saveEndings(Project& project) override {
    std::vector<RunPointer> ended;
    {
      const std::lock_guard lock(m_mutex);
      for (const auto& run : m_runs)
        if (run->projectFolder() == project.folder() && run->finished() && run->unsaved()) ended.push_back(run);
    }
    std::vector<LateEnding> late;
    for (const auto& run : ended) {
      const auto number = run->live().run;
      const auto ending = run->unsaved();
      if (!saveLate(project, number)) late.push_back({number, ending->status, ending->error});
    }
    return late;
  }

  [[nodiscard]] std::vector<LiveRun> live() const override {
    std::vector<RunPointer> runs;
    {
      const std::lock_guard lock(m_mutex);
      runs = m_runs;
    }
    std::vector<LiveRun> result;
    for (const auto& run : runs)
      if (!run->finished()) result.push_back(run->live());
    return result;
  }

 private:
  void launch(TrainingPlan plan) {
    auto run = std::make_shared<TrainingRun>(
        m_engine, m_priority, std::move(plan),
        [this](const std::filesystem::path& project, const Error& error) { storeFailed(project, error); });
    const std::lock_guard lock(m_mutex);
    m_runs.push_back(std::move(run));
  }

  RunPointer find(const Project& project, store::RunNumber number) const {
    const std::lock_guard lock(m_mutex);
    for (const auto& run : m_runs)
      if (run->is(project.folder(), number) && !run->finished()) return run;
    return nullptr;
  }

  // Joins threads that have ended; outside the lock, as joining may take a moment.
  void reap() {
    std::vector<RunPointer> ended;
    const std::lock_guard reaping(m_reaping);
    {
      const std::lock_guard lock(m_mutex);
      const auto first = std::stable_partition(m_runs.begin(), m_runs.end(),
                                               [](const auto& run) { return !run->finished() || run->unsaved(); });
      ended.assign(std::make_move_iterator(first), std::make_move_iterator(m_runs.end()));
      m_runs.erase(first, m_runs.end());
    }
  }

  // An ending that a full disk refused is written before anything else happens to the run.
  Result<void> saveLate(Project& project, store::RunNumber number) {
    const std::lock_guard lock(m_mutex);
    const auto at = std::find_if(m_runs.begin(), m_runs.end(), [&](const auto& run) {
      return run->is(project.folder(), number) && run->finished() && run->unsaved();
    });
    if (at == m_runs.end()) return {};
    const auto late = (*at)->unsaved();
    LATHE_TRY(project.store().updateRun(number, late->update));
    LATHE_TRY(project.store().setStatus(number, late->status, late->error));
    m_runs.erase(at);
    return {};
  }

  void storeFailed(const std::filesystem::path& project, const Error& error) {
    const std::lock_guard lock(m_mutex);
    for (const auto& run : m_runs)
      if (run->projectFolder() == project) run->stopBecause(error);
  }

  const std::shared_ptr<engine::Engine> m_engine;  // shared with the model service
  const Priority m_priority;
  mutable std::mutex m_mutex;
  std::mutex m_reaping;
  std::vector<RunPointer> m_runs;
};

}  // namespace

std::unique_ptr<TrainingService> makeTrainingService(std::shared_ptr<engine::Engine> engine, Priority priority) {
  return std::make_unique<ThreadedTrainingService>(std::move(engine), priority);
}

}  // namespace lathe::services

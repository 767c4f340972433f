// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_service.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>

#include "core/base/machine.h"
#include "core/services/automatic_training.h"
#include "core/services/nas_settings.h"
#include "core/services/open_field.h"
#include "core/services/resolve_rules.h"
#include "core/services/run_facts.h"
#include "core/spec/customary.h"
#include "core/spec/metrics.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using RunPointer = std::shared_ptr<StudyRun>;  // waiters keep a study alive that the service already forgot

constexpr std::int64_t usualTrials = 50;
constexpr std::int64_t rankedTrials = 8;  // of what a shared network thinks best

tl::unexpected<Error> readOnlyProject(const Project& project) {
  return fail("project.read_only", LATHE_TEXT("errors", "The project {project} may only be read."),
              LATHE_TEXT("errors", "Change its permissions, or train into another project folder."),
              {{"project", project.folder().string()}});
}

bool opens(const spec::SearchSpace& space, const std::string& path) { return space.find(path).has_value(); }

// The first rung: an eighth or so of a whole trial, by steps of eta.
std::int64_t firstRung(std::int64_t most, double eta) {
  std::int64_t rung = most;
  for (int i = 0; i < 3 && static_cast<double>(rung) / eta >= 1; ++i)
    rung = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(static_cast<double>(rung) / eta)));
  return rung;
}

Result<void> checkGoals(StudySettings& settings, spec::Task task) {
  if (settings.goals.empty()) settings.goals.push_back(goalOf("val/loss"));
  for (const auto& goal : settings.goals) {
    if (isCostGoal(goal.metric)) continue;
    if (goal.metric.rfind("test/", 0) == 0)
      return fail("study.test_goal", LATHE_TEXT("errors", "Trials never see the test rows, so {metric} is no goal."),
                  LATHE_TEXT("errors", "Search by the same metric of the validation rows."), {{"metric", goal.metric}});
    const auto metrics = spec::metricsFor(task);
    const auto name = goal.metric.rfind("val/", 0) == 0 ? goal.metric.substr(4) : std::string();
    if (name != "loss" && std::none_of(metrics.begin(), metrics.end(), [&](const auto& m) { return m.name == name; })) {
      std::string names;
      for (const auto& each : metrics) names += (names.empty() ? "val/" : ", val/") + each.name;
      return fail("study.goal", LATHE_TEXT("errors", "{metric} is no goal for this task."),
                  LATHE_TEXT("errors", "Goals are {names}, latency_ms, bytes, parameters and flops."),
                  {{"metric", goal.metric}, {"names", names}});
    }
  }
  return {};
}

// Folds are trained one by one: nothing of one goes into the next, so no trial can take over another one's weights.
Result<void> checkFoldsPruner(const StudySettings& settings) {
  if (settings.pruner != "pbt") return {};
  return fail("study.folds_pruner",
              LATHE_TEXT("errors", "The pruner pbt changes trainings half way, which folds are not."),
              LATHE_TEXT("errors", "Choose wilcoxon, made for folds, or another pruner."));
}

spec::SearchSpace usualBut(spec::SearchSpace space, const std::vector<std::string>& paths) {
  for (const auto& path : paths) space = without(space, openedBy(space, path));
  return space;
}

class ThreadedStudyService final : public StudyService {
 public:
  ThreadedStudyService(std::shared_ptr<engine::Engine> engine, Priority priority)
      : m_engine(std::move(engine)), m_priority(priority) {}
  ThreadedStudyService(const ThreadedStudyService&) = delete;
  ThreadedStudyService& operator=(const ThreadedStudyService&) = delete;
  ~ThreadedStudyService() override {
    std::vector<RunPointer> runs;
    {
      const std::lock_guard lock(m_mutex);
      runs = m_runs;
    }
    for (const auto& run : runs) run->ask(store::ControlRequest::Pause);
    for (const auto& run : runs) run->wait();
  }

  Result<store::StudyNumber> start(const std::shared_ptr<Project>& project, const StudyRequest& request,
                                   const JobContext& job, StudySink sink) override {
    if (project->readOnly()) return readOnlyProject(*project);
    LATHE_ASSIGN(plan, prepare(project, request, job));
    auto& studies = project->store().studies();
    store::NewStudy fresh;
    fresh.name = request.name.empty() ? runName(plan.base) : request.name;
    if (plan.settings.architecture.active()) fresh.kind = "nas";
    fresh.settingsJson = toJson(plan.settings);
    fresh.spaceJson = spec::toJson(plan.space);
    fresh.specJson = spec::toJson(plan.base, -1);
    auto number = studies.createStudy(fresh, thisProcess());
    if (!number) return number;
    plan.number = *number;
    plan.sink = std::move(sink);
    launch(std::move(plan));
    return number;
  }

  Result<void> resume(const std::shared_ptr<Project>& project, store::StudyNumber study, const More& more,
                      StudySink sink) override {
    if (project->readOnly()) return readOnlyProject(*project);
    auto& studies = project->store().studies();
    LATHE_ASSIGN(record, studies.study(study));
    StudyPlan plan;
    LATHE_ASSIGN(settings, studySettingsFromJson(record.settingsJson));
    change(settings, more, record);
    if (record.status == spec::RunStatus::Completed && !more.trials && !more.seconds)
      return fail("study.completed", LATHE_TEXT("errors", "Study {study} has completed."),
                  LATHE_TEXT("errors", "Give more trials or more time to search on."),
                  {{"study", std::to_string(study)}});
    LATHE_ASSIGN(space, spec::searchSpaceFromJson(record.spaceJson));
    auto base = spec::fromJson(record.specJson);
    if (!base) return passOn(base);
    LATHE_TRY(studies.takeOverStudy(study, thisProcess()));
    store::StudyUpdate update;
    update.settingsJson = toJson(settings);
    LATHE_TRY(studies.updateStudy(study, update));
    plan.project = project;
    plan.number = study;
    plan.settings = std::move(settings);
    plan.space = std::move(space);
    plan.base = std::move(*base);
    plan.kept = std::make_shared<KeptData>();
    plan.folds = makeFolds(plan.kept, plan.settings);
    plan.secondsBefore = record.seconds;
    plan.resumed = true;
    plan.sink = std::move(sink);
    launch(std::move(plan));
    return {};
  }

  Result<void> extend(Project& project, store::StudyNumber study, const More& more) override {
    auto& studies = project.store().studies();
    LATHE_ASSIGN(record, studies.study(study));
    LATHE_ASSIGN(settings, studySettingsFromJson(record.settingsJson));
    change(settings, more, record);
    store::StudyUpdate update;
    update.settingsJson = toJson(settings);
    return studies.updateStudy(study, update);
  }

  Result<void> pause(Project& project, store::StudyNumber study) override {
    return ask(project, study, store::ControlRequest::Pause);
  }
  Result<void> cancel(Project& project, store::StudyNumber study) override {
    auto& studies = project.store().studies();
    LATHE_ASSIGN(record, studies.study(study));
    if (spec::isFinal(record.status)) return studies.setStudyStatus(study, spec::RunStatus::Cancelled);
    return ask(project, study, store::ControlRequest::Cancel);
  }

  Result<store::StudyRecord> wait(Project& project, store::StudyNumber study) override {
    const auto here = find(project, study);
    if (here) here->wait();
    auto record = project.store().studies().study(study);
    // What a full disk kept from the store.
    if (here && record && !record->error)
      if (const auto error = here->error()) {
        record->status = spec::RunStatus::Failed;
        record->error = error;
      }
    return record;
  }

  [[nodiscard]] std::vector<StudyProgress> live() const override {
    std::vector<StudyProgress> result;
    const std::lock_guard lock(m_mutex);
    for (const auto& run : m_runs)
      if (!run->finished()) result.push_back(run->progress());
    return result;
  }

 private:
  static void change(StudySettings& settings, const More& more, const store::StudyRecord& record) {
    // What was decided by the number of trials stays decided; the log has the new one.
    settings.plannedFirst = settings.planned();
    if (more.trials) settings.trials = *more.trials;
    if (more.seconds) settings.seconds = *more.seconds;
    if (more.workers) settings.workers = *more.workers;
    // More of one is not held back by the other that was used up.
    if (more.trials && !more.seconds && settings.seconds > 0 && record.seconds >= settings.seconds)
      settings.seconds = 0;
    if (more.seconds && !more.trials && settings.trials > 0 && record.trials >= settings.trials) settings.trials = 0;
  }

  Result<void> ask(Project& project, store::StudyNumber study, store::ControlRequest request) {
    if (const auto here = find(project, study)) {
      here->ask(request);
      return {};
    }
    return project.store().studies().requestStudyControl(study, request);
  }

  // Everything concrete that trials do not vary.
  Result<StudyPlan> prepare(const std::shared_ptr<Project>& project, const StudyRequest& request,
                            const JobContext& job) const {
    StudyPlan plan;
    plan.project = project;
    plan.kept = std::make_shared<KeptData>();
    plan.settings = request.settings;
    auto spec = request.spec;
    for (auto* path : {&spec.data.path, &spec.data.testPath, &spec.model.weights})
      if (!path->empty() && std::filesystem::path(*path).is_absolute()) *path = project->relative(*path);
    auto& settings = plan.settings;
    if (!settings.goals.empty() && settings.goals.front().metric.rfind("val/", 0) == 0) {
      spec.training.monitor = settings.goals.front().metric;
      spec.training.monitorDirection = settings.goals.front().larger ? "maximize" : "minimize";
    }
    auto resolved = resolve(spec, project->folder(), job, m_engine.get(), plan.kept.get());
    if (!resolved) return passOn(resolved);
    LATHE_TRY(checkGoals(settings, resolved->spec.data.task));
    if (settings.terminator && settings.goals.size() > 1)
      return fail("study.terminator_goals", LATHE_TEXT("errors", "The terminator watches one goal, not several."),
                  LATHE_TEXT("errors", "Search by one goal, or give the number of trials or the time."));
    if (settings.pruner == "threshold" && !settings.lower && !settings.upper)
      return fail("study.threshold", LATHE_TEXT("errors", "The pruner threshold knows no bound."),
                  LATHE_TEXT("errors", "Give the value below (--lower) or above (--upper) which a trial is hopeless."));
    LATHE_TRY(checkFolds(*resolved, settings));
    plan.folds = makeFolds(plan.kept, settings);
    // What the template was given, not the layers that it makes of it: the trials build their own.
    plan.base = resolved->spec;
    const bool custom = plan.base.model.templateName == "custom";
    if (!custom) plan.base.model.graph.layers.clear();
    if (!settings.architecture.method.empty()) {
      LATHE_ASSIGN(space, settleArchitectures(settings, resolved->spec.training, *resolved));
      plan.space = std::move(space);
    } else {
      plan.space =
          request.space ? *request.space : usualBut(usualSpace(spec, plan.base.model.templateName), request.fixed);
      LATHE_TRY(checkPaths(plan.base, plan.space));
    }
    LATHE_TRY(settleTraining(plan, *resolved));
    auto& training = plan.base.training;
    if (opens(plan.space, "training.batch_size")) training.batchSize = 0;
    training.seed = settings.seed;
    training.histograms = "off";
    training.checkpointSeconds = std::max(training.checkpointSeconds, 30.0);
    const auto machine = static_cast<int>(machineInfo().threads);
    if (settings.workers <= 0) settings.workers = std::max(1, machine);
    if (settings.threads <= 0) settings.threads = settings.deterministic ? 1 : std::max(1, machine / settings.workers);
    training.threads = 0;  // by each trial's own size, up to the study's limit
    const bool ranks = settings.sampler == "ranked";
    if (settings.trials <= 0 && (settings.seconds <= 0 || ranks)) settings.trials = ranks ? rankedTrials : usualTrials;
    settings.maxEpochs = training.epochs;
    if (const auto at = plan.space.find("training.epochs")) {
      const auto& range = plan.space.parameters[*at];
      settings.maxEpochs = static_cast<std::int64_t>(range.isChoice() ? 0 : range.high);
      for (const auto& choice : range.choices) settings.maxEpochs = std::max(settings.maxEpochs, choice.toInteger());
    }
    if (settings.hasFolds()) {
      LATHE_TRY(checkFoldsPruner(settings));
      settings.maxEpochs = static_cast<std::int64_t>(settings.folds) * std::max(1, settings.foldRepeats);
      if (settings.minEpochs <= 0 && settings.pruner == "wilcoxon") settings.minEpochs = 1;
    }
    if (settings.minEpochs <= 0) settings.minEpochs = firstRung(settings.maxEpochs, settings.eta);
    // The samplers say what they cannot do before anything is written.
    LATHE_TRY(makeLogic(settings, plan.space));
    plan.niced = m_priority == Priority::BelowWindow;
    return plan;
  }

  // An optimiser, rate or length that is still open and that the space does not search is found once, for all trials.
  Result<void> settleTraining(StudyPlan& plan, ResolvedTraining& resolved) const {
    auto& training = resolved.spec.training;
    const auto searched = [&](const char* path) { return opens(plan.space, path); };
    if (training.optimizer.name == "auto" &&
        (searched("training.optimizer.lr") || searched("training.optimizer.name"))) {
      training.optimizer.name = "adamw";
      spec::followOptimizer(training, "auto");
    }
    // What is searched need not be found before; trials bring their own.
    if (searched("training.optimizer.lr") && training.optimizer.lr == 0) training.optimizer.lr = 1e-3;
    if (searched("training.epochs")) training.autoEpochs = false;
    if (needsTrying(training)) {
      engine::TrainingControl control;
      LATHE_TRY(tryOut(resolved, *m_engine, control, machineInfo().threads));
    }
    plan.base.training = resolved.spec.training;
    return {};
  }

  void launch(StudyPlan plan) {
    auto run = std::make_shared<StudyRun>(m_engine, std::move(plan));
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_runs, [](const auto& each) { return each->finished(); });
    m_runs.push_back(std::move(run));
  }

  RunPointer find(const Project& project, store::StudyNumber number) const {
    const std::lock_guard lock(m_mutex);
    for (const auto& run : m_runs)
      if (run->number() == number && run->project()->folder() == project.folder() && !run->finished()) return run;
    return nullptr;
  }

  const std::shared_ptr<engine::Engine> m_engine;  // shared with trainings
  const Priority m_priority;
  mutable std::mutex m_mutex;
  std::vector<RunPointer> m_runs;
};

}  // namespace

std::unique_ptr<StudyService> makeStudyService(std::shared_ptr<engine::Engine> engine, Priority priority) {
  return std::make_unique<ThreadedStudyService>(std::move(engine), priority);
}

Result<store::StudyRecord> findStudy(const Project& project, const std::string& study) {
  if (study == "latest") {
    LATHE_ASSIGN(all, project.store().studies().studies());
    if (all.empty())
      return fail("study.none", LATHE_TEXT("errors", "There are no studies in this project."),
                  LATHE_TEXT("errors", "lathe-cli search makes one."));
    return all.front();
  }
  store::StudyNumber number = 0;
  const char* last = study.data() + study.size();
  if (const auto [end, error] = std::from_chars(study.data(), last, number); error != std::errc() || end != last)
    return fail("study.name", LATHE_TEXT("errors", "\"{study}\" names no study."),
                LATHE_TEXT("errors", "Give a study's number, or latest."), {{"study", study}});
  return project.store().studies().study(number);
}

}  // namespace lathe::services

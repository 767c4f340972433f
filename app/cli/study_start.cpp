// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/study_start.h"

#include <algorithm>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/search_flags.h"
#include "app/cli/study_follow.h"
#include "core/data/buffers.h"
#include "core/services/data_cache.h"
#include "core/services/training_service.h"
#include "core/spec/metrics.h"

namespace lathe::cli {
namespace {

using services::StudySettings;

bool isOneOf(const std::string& name, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool hasPopulation(const StudySettings& settings) {
  if (isOneOf(settings.pruner, {"pbt", "dehb"})) return true;
  const auto& method = settings.architecture.method;
  if (!method.empty()) return method == "evolution";
  return isOneOf(settings.sampler, {"auto", "cmaes", "nsga2", "nsga3", "de", "evolution"});
}

bool prunes(const StudySettings& settings) {
  return settings.pruner != "none" || settings.architecture.method == "bohb";
}

// The argument `name` of an error's sentence.
std::string argument(const Error& error, std::string_view name) {
  for (const auto& [key, value] : error.message.args)
    if (key == name) return value;
  for (const auto& [key, value] : error.hint.args)
    if (key == name) return value;
  return {};
}

// Names what can be a goal: that depends on the task, which the data decide.
Error noSuchGoal(Context& context, spec::ExperimentSpec spec, const std::string& metric) {
  spec.training.monitor = "val/loss";
  spec.training.monitorDirection = "minimize";
  ProgressLine line;
  const auto outcome = services::tryResolve(spec, std::filesystem::current_path(), context.job(line));
  line.clear();
  // Data that cannot be read are the better reason.
  if (!outcome.resolved.data && !outcome.problems.empty()) return outcome.problems.front();
  auto task = spec.data.task;
  std::size_t classes = 0;
  if (const auto& data = outcome.resolved.data) {
    task = data->schema.task;
    classes = data->schema.target.classes.size();
  }
  std::string names;
  for (const auto& each : spec::metricsFor(task)) {
    if (each.name == "top5_accuracy" && classes <= 5) continue;
    if (task == spec::Task::Anomaly && classes != 2 && each.name != "loss") continue;
    names += "val/" + each.name + ", ";
  }
  return usage("metric", fmt::format("{} is no goal for {}.", metric, spec::name(task)),
               fmt::format("Goals are {}latency_ms, bytes, parameters and flops.", names))
      .value();
}

bool mayBeGoal(const std::string& metric, spec::Task task) {
  if (services::isCostGoal(metric)) return true;
  const auto metrics = spec::metricsFor(task);
  return std::any_of(metrics.begin(), metrics.end(), [&](const auto& each) { return metric == "val/" + each.name; });
}

// The goal that an error is about; empty: it is about something else.
std::string goalOfError(const Error& error, const StudySettings& settings) {
  auto named = error.code == "spec.monitor_task" ? argument(error, "monitor")
               : error.code == "study.goal"      ? argument(error, "metric")
                                                 : std::string();
  for (const auto& goal : settings.goals)
    if (goal.metric == named) return named;
  return {};
}

// What was chosen for --min-epochs to be compared with.
std::vector<Warning> lateWarnings(const services::Project& project, store::StudyNumber study) {
  const auto record = project.store().studies().study(study);
  if (!record) return {};
  const auto settings = services::studySettingsFromJson(record->settingsJson);
  if (!settings || settings->pruner == "none" || settings->minEpochs <= settings->maxEpochs) return {};
  return {fail("search.min_epochs", "--min-epochs {least} is above the {epochs} epochs of a trial: none ends early.",
               "Give fewer, or --epochs more.",
               {{"least", std::to_string(settings->minEpochs)}, {"epochs", std::to_string(settings->maxEpochs)}})
              .value()};
}

}  // namespace

Result<void> readStudyFlags(const StudyFlags& flags, const Context& context, StudySettings& settings) {
  const auto number = [&](const char* name, const std::string& text, std::int64_t least, auto& field) -> Result<void> {
    if (text.empty()) return {};
    LATHE_ASSIGN(value, wholeNumber(name, text, least));
    field = static_cast<std::remove_reference_t<decltype(field)>>(value);
    return {};
  };
  LATHE_TRY(number("--trials", flags.trials, 1, settings.trials));
  LATHE_TRY(number("--workers", flags.workers, 1, settings.workers));
  LATHE_TRY(number("--population", flags.population, 2, settings.population));
  LATHE_TRY(number("--behind", flags.window, 1, settings.window));
  LATHE_TRY(number("--min-epochs", flags.minEpochs, 1, settings.minEpochs));
  LATHE_TRY(number("--confirm-top", flags.confirmTop, 1, settings.confirmTop));
  LATHE_TRY(number("--confirm-seeds", flags.confirmSeeds, 0, settings.confirmSeeds));
  LATHE_TRY(number("--threads", context.globals().threads, 1, settings.threads));
  if (!flags.window.empty() && !flags.deterministic)
    return usage("behind", "--behind says how far back a deterministic search looks, but this is none.",
                 "Give --deterministic as well, or leave it out.");
  if (!flags.timeout.empty()) {
    LATHE_ASSIGN(seconds, timeLimit("--timeout", flags.timeout));
    settings.seconds = seconds;
  }
  settings.deterministic = flags.deterministic;
  LATHE_ASSIGN(seed, seedOf(context.globals()));
  settings.seed = seed;
  return {};
}

Result<void> checkMinEpochs(const StudyFlags& flags, const services::StudyRequest& request) {
  const auto& settings = request.settings;
  if (flags.minEpochs.empty() || !prunes(settings)) return {};
  const auto& training = request.spec.training;
  const bool open =
      training.epochs <= 0 || training.autoEpochs || (request.space && request.space->find("training.epochs"));
  const std::int64_t most = settings.hasFolds() ? std::int64_t{settings.folds} * std::max(1, settings.foldRepeats)
                            : open              ? 0
                                                : training.epochs;
  if (most == 0 || settings.minEpochs <= most) return {};
  return usage(
      "min-epochs",
      fmt::format("--min-epochs {} is above the {} of a trial, so that none could end early.", settings.minEpochs,
                  counted(most, settings.hasFolds() ? "fold" : "epoch", settings.hasFolds() ? "folds" : "epochs")),
      fmt::format("Give at most {}, or no --pruner.", most));
}

std::vector<Warning> idleFlags(const StudyFlags& flags, const StudySettings& settings) {
  std::vector<Warning> warnings;
  const auto add = [&](const char* option, std::string message, std::string hint) {
    warnings.push_back(fail(std::string("search.") + option, std::move(message), std::move(hint)).value());
  };
  if (!flags.population.empty() && !hasPopulation(settings)) {
    const auto& method = settings.architecture.method;
    add("population",
        fmt::format("{} {} has no generations, so --population does nothing.",
                    method.empty() ? "The sampler" : "The method", method.empty() ? settings.sampler : method),
        method.empty() ? "It is for cmaes, nsga2, nsga3, de and evolution, and for the pruners pbt and dehb."
                       : "It is for evolution.");
  }
  if (!flags.minEpochs.empty() && !prunes(settings))
    add("min_epochs", "Without a pruner no trial is stopped early, so --min-epochs does nothing.", "Give --pruner.");
  const int least = settings.architecture.method.empty() ? 2 : 1;
  if (!flags.confirmTop.empty() && settings.confirmSeeds < least)
    add("confirm_top", "Nothing is trained again, so --confirm-top does nothing.",
        fmt::format("Give --confirm-seeds {} or more.", least));
  return warnings;
}

std::vector<Warning> idlePopulation(const std::string& sampler) {
  StudyFlags flags;
  flags.population = "given";
  StudySettings settings;
  settings.sampler = sampler;
  return idleFlags(flags, settings);
}

std::vector<Warning> saidTwice(const spec::SearchSpace& space, const std::vector<TypedField>& typed) {
  std::vector<Warning> warnings;
  for (const auto& parameter : space.parameters)
    for (const auto& field : typed) {
      if (parameter.name != field.path && parameter.name.rfind(field.path + ".", 0) != 0) continue;
      warnings.push_back(fail("search.said_twice", "{path} is given by {by}, but the space opens it: the space wins.",
                              "Take it out of the space to keep the value.",
                              {{"path", parameter.name}, {"by", field.by}})
                             .value());
      break;
    }
  return warnings;
}

Result<int> runStudy(Context& context, const services::StudyRequest& request, const std::vector<Warning>& warnings) {
  for (const auto& goal : request.settings.goals)
    if (!mayBeGoal(goal.metric, request.spec.data.task))
      return tl::unexpected<Error>(noSuchGoal(context, request.spec, goal.metric));
  context.stops().graceful({}, {});
  LATHE_ASSIGN(project, context.project(services::Project::Mode::Create));
  LATHE_TRY(context.tellThreads());
  const services::OpeningAhead data(services::located(request.spec.data, project->folder()),
                                    {{}, context.stops().stop()});
  LATHE_ASSIGN(engine, context.engine());
  ProgressLine line;
  StudyFollower follower(context, project, line);
  const auto service = services::makeStudyService(engine, services::Priority::Ordinary);
  const auto study = service->start(project, request, context.job(line), follower.sink());
  line.clear();
  if (!study) {
    const auto goal = goalOfError(study.error(), request.settings);
    return tl::unexpected<Error>(goal.empty() ? study.error() : noSuchGoal(context, request.spec, goal));
  }
  follower.warn(warnings);
  follower.warn(lateWarnings(*project, *study));
  writeErr(fmt::format("Study {} in {}", *study, project->folder().string()));
  return follower.follow(*service, *study);
}

}  // namespace lathe::cli

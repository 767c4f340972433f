// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/study_steering.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <thread>

#include "app/cli/search_flags.h"

namespace lathe::cli {
namespace {

using services::Project;
using services::StudyService;
using spec::RunStatus;

constexpr int patienceSeconds = 30;  // trials stop at their next step, which may be a long one

struct SteeringOptions {
  std::string study, params;
  MoreFlags more;
};

Result<store::StudyRecord> find(const Project& project, const std::string& name) {
  LATHE_ASSIGN(study, services::findStudy(project, name));
  if (study.removed)
    return fail("study.removed", "Study {study} has been removed.", "lathe-cli study restore {study} brings it back.",
                {{"study", std::to_string(study.number)}});
  return std::move(study);
}

tl::unexpected<Error> cannot(const store::StudyRecord& study, const char* what, const char* hint) {
  return fail("study.bad_transition", "Study {study} is {status} and cannot be " + std::string(what) + ".", hint,
              {{"study", std::to_string(study.number)}, {"status", spec::name(study.status)}});
}

Result<int> printStatus(Context& context, const store::StudyRecord& study, const std::string& text) {
  return context.print({{"study", study.number}, {"status", spec::name(study.status)}}, text + "\n");
}

/// Until nobody works on it any more, or patience is at its end; how it stands then.
Result<store::StudyRecord> settled(const Project& project, store::StudyNumber number) {
  for (int waited = 0;; ++waited) {
    auto study = project.store().studies().study(number);
    if (!study || spec::isFinal(study->status) || waited >= patienceSeconds * 10) return study;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

Result<int> pause(Context& context, const SteeringOptions& options) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_ASSIGN(study, find(*project, options.study));
  if (spec::isFinal(study.status)) return cannot(study, "paused", "Only a study that runs can.");
  LATHE_TRY(services::makeStudyService({})->pause(*project, study.number));
  LATHE_ASSIGN(now, settled(*project, study.number));
  if (!spec::isFinal(now.status))
    return printStatus(context, now,
                       fmt::format("Study {} will pause when its trials have come to their next step.", now.number));
  return printStatus(context, now,
                     fmt::format("Study {} is {}. lathe-cli study resume {} goes on.", now.number,
                                 spec::name(now.status), now.number));
}

Result<int> cancel(Context& context, const SteeringOptions& options) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_ASSIGN(study, find(*project, options.study));
  if (spec::isFinal(study.status) && !spec::allowed(study.status, RunStatus::Cancelled))
    return cannot(study, "cancelled", "It has ended already.");
  LATHE_TRY(services::makeStudyService({})->cancel(*project, study.number));
  LATHE_ASSIGN(now, settled(*project, study.number));
  if (!spec::isFinal(now.status))
    return printStatus(context, now,
                       fmt::format("Study {} will end when its trials have come to their next step.", now.number));
  return printStatus(context, now, fmt::format("Study {} is {}.", now.number, spec::name(now.status)));
}

Result<int> extend(Context& context, const SteeringOptions& options) {
  const auto& flags = options.more;
  if (flags.trials.empty() && flags.timeout.empty() && flags.workers.empty())
    return usage("extend", "study extend needs to know what there is to be more of.",
                 "Give --trials N, --timeout TIME or --workers N.");
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_ASSIGN(study, find(*project, options.study));
  LATHE_ASSIGN(more, readMore(flags, *project, study));
  if (spec::isFinal(study.status))
    return cannot(study, "extended while it does not run",
                  "lathe-cli study resume {study} with the same options goes on.");
  LATHE_TRY(services::makeStudyService({})->extend(*project, study.number, more));
  LATHE_ASSIGN(now, project->store().studies().study(study.number));
  LATHE_ASSIGN(settings, services::studySettingsFromJson(now.settingsJson));
  const auto trials = settings.trials > 0 ? counted(settings.trials, "trial", "trials") : "any number of trials";
  const auto time = settings.seconds > 0 ? durationText(settings.seconds) : "any time";
  return context.print({{"study", now.number},
                        {"status", spec::name(now.status)},
                        {"trials", settings.trials > 0 ? Json(settings.trials) : Json()},
                        {"timeout", settings.seconds > 0 ? Json(settings.seconds) : Json()},
                        {"workers", settings.workers}},
                       fmt::format("Study {} now takes {} and {} in all, with {}.\n", now.number, trials, time,
                                   counted(settings.workers, "worker", "workers")));
}

Result<int> enqueue(Context& context, const SteeringOptions& options) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_ASSIGN(study, find(*project, options.study));
  LATHE_ASSIGN(space, spec::searchSpaceFromJson(study.spaceJson));
  const auto configuration = spec::configurationFromJson(space, options.params);
  if (!configuration) return asUsage(configuration.error());
  auto& studies = project->store().studies();
  LATHE_TRY(studies.enqueue(study.number, *configuration));
  LATHE_TRY(project->store().flush());
  LATHE_ASSIGN(waiting, studies.queued(study.number));
  LATHE_ASSIGN(settings, services::studySettingsFromJson(study.settingsJson));
  // One that has no trials left needs more of them.
  const auto needed = study.trials + static_cast<std::int64_t>(waiting.size());
  const bool room = settings.trials == 0 || needed <= settings.trials;
  std::string text = fmt::format("Study {} tries it next.\n", study.number);
  if (spec::isFinal(study.status))
    text = fmt::format("It waits: lathe-cli study resume {}{} tries it.\n", study.number,
                       room && study.status != RunStatus::Completed ? "" : fmt::format(" --trials {}", needed));
  else if (!room)
    text = fmt::format("It waits: all {} of study {} are begun, lathe-cli study extend {} --trials {} makes room.\n",
                       counted(settings.trials, "trial", "trials"), study.number, study.number, needed);
  return context.print({{"study", study.number},
                        {"status", spec::name(study.status)},
                        {"params", Json::parse(spec::configurationJson(space, *configuration))},
                        {"waiting", waiting.size()}},
                       text);
}

CLI::App* addOne(CLI::App& study, Action& chosen, const char* name, const char* help,
                 const std::shared_ptr<SteeringOptions>& options,
                 Result<int> (*run)(Context&, const SteeringOptions&)) {
  auto* command = study.add_subcommand(name, help);
  command->add_option("study", options->study, "A study's number, or latest")->type_name("STUDY")->required();
  command->callback([options, run, &chosen] { chosen = [options, run](Context& c) { return run(c, *options); }; });
  return command;
}

}  // namespace

void addMoreFlags(CLI::App& command, MoreFlags& flags) {
  command.add_option("--trials", flags.trials, "Trials in all")->type_name("N");
  command.add_option("--timeout", flags.timeout, "Time in all: 90s, 10m, 2h")->type_name("TIME");
  command.add_option("--workers", flags.workers, "Trials at a time")->type_name("N");
}

Result<StudyService::More> readMore(const MoreFlags& flags, const Project& project, const store::StudyRecord& study) {
  StudyService::More more;
  if (!flags.trials.empty()) {
    LATHE_ASSIGN(trials, wholeNumber("--trials", flags.trials, 1));
    LATHE_ASSIGN(all, project.store().studies().trials(study.number));
    // Those that were begun may be brought to their end without new ones.
    const bool ended = std::all_of(all.begin(), all.end(), [](const auto& trial) {
      return trial.status == RunStatus::Completed || trial.status == RunStatus::Pruned ||
             trial.status == RunStatus::Failed;
    });
    if (trials < study.trials || (trials == study.trials && ended))
      return usage("trials",
                   fmt::format("--trials {} is not above what study {} has: {}.", trials, study.number,
                               counted(study.trials, "trial", "trials")),
                   fmt::format("It counts all of them: give {} or more.", study.trials + 1));
    more.trials = trials;
  }
  if (!flags.workers.empty()) {
    LATHE_ASSIGN(workers, wholeNumber("--workers", flags.workers, 1));
    more.workers = static_cast<int>(workers);
  }
  if (!flags.timeout.empty()) {
    LATHE_ASSIGN(seconds, timeLimit("--timeout", flags.timeout));
    if (seconds <= study.seconds)
      return usage("timeout",
                   fmt::format("--timeout {} is not above the time that study {} has taken: {}.", flags.timeout,
                               study.number, durationText(study.seconds)),
                   "It counts all sittings: give more.");
    more.seconds = seconds;
  }
  return more;
}

void addSteering(CLI::App& study, Action& chosen) {
  addOne(study, chosen, "pause", "Pause a study that runs, in whichever process; resume goes on",
         std::make_shared<SteeringOptions>(), pause);
  addOne(study, chosen, "cancel", "End a study for good; what its trials found is kept",
         std::make_shared<SteeringOptions>(), cancel);
  const auto extended = std::make_shared<SteeringOptions>();
  addMoreFlags(
      *addOne(study, chosen, "extend", "Give a study that runs more trials, time or workers", extended, extend),
      extended->more);
  const auto own = std::make_shared<SteeringOptions>();
  addOne(study, chosen, "enqueue", "A configuration of one's own, which a study tries next", own, enqueue)
      ->add_option("--params", own->params, "A value for each parameter: {\"training.optimizer.lr\":0.01, ...}")
      ->type_name("JSON")
      ->required();
}

}  // namespace lathe::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <fmt/format.h>
#include <iostream>

#include "app/cli/ask_tell.h"
#include "app/cli/choices.h"
#include "app/cli/search_flags.h"
#include "app/cli/study_follow.h"
#include "app/cli/study_json.h"
#include "app/cli/study_start.h"
#include "app/cli/study_steering.h"
#include "app/cli/study_text.h"
#include "core/base/clock.h"
#include "core/base/files.h"

namespace lathe::cli {
namespace {

struct AskTellOptions {
  std::string space, sampler = "auto", trials, population;
  std::vector<std::string> directions;
};

Result<int> askTell(Context& context, const AskTellOptions& options) {
  if (options.space.empty())
    return usage("space", "No search space is named.", "Give --space SPACE.json; help study ask-tell shows one.");
  LATHE_ASSIGN(text, readFile(options.space));
  LATHE_ASSIGN(space, spec::searchSpaceFromJson(text));
  LATHE_ASSIGN(sampler, choice("--sampler", options.sampler, search::samplerNames()));
  std::vector<bool> larger;
  for (const auto& direction : splitList(options.directions)) {
    LATHE_ASSIGN(name, choice("--direction", direction, {"minimize", "maximize"}));
    larger.push_back(name == "maximize");
  }
  if (larger.empty()) larger.push_back(false);
  search::SamplerSetup setup;
  setup.space = space;
  setup.goals = static_cast<int>(larger.size());
  LATHE_ASSIGN(seed, seedOf(context.globals()));
  setup.seed = seed;
  if (!options.trials.empty()) {
    LATHE_ASSIGN(trials, wholeNumber("--trials", options.trials, 1));
    setup.budget = trials;
  }
  if (!options.population.empty()) {
    LATHE_ASSIGN(population, wholeNumber("--population", options.population, 1));
    setup.population = static_cast<int>(population);
    for (const auto& warning : idlePopulation(sampler)) writeErr("warning: " + warning.sentence());
  }
  LATHE_ASSIGN(made, search::makeSampler(sampler, setup));
  AskTell session(space, std::move(made), larger);
  std::string line;
  while (std::getline(std::cin, line)) {
    LATHE_TRY(writeOut(session.answer(line) + "\n"));
    if (const auto news = session.news(); !news.empty()) writeErr(news);
  }
  return Done;
}

struct StudyOptions {
  std::string study;
  MoreFlags more;
};

Result<int> listStudies(Context& context) {
  LATHE_ASSIGN(project, context.project(services::Project::Mode::Read));
  LATHE_ASSIGN(studies, project->store().studies().studies());
  Json json = Json::array();
  Table table;
  table.column("study", Table::Align::Right);
  for (const char* title : {"name", "kind", "status"}) table.column(title);
  for (const char* title : {"trials", "completed", "pruned", "failed", "time"})
    table.column(title, Table::Align::Right);
  table.column("created");
  for (const auto& study : studies) {
    LATHE_ASSIGN(each, studyJson(*project, study, false));
    json.push_back(std::move(each));
    table.row({std::to_string(study.number), study.name, study.kind, spec::name(study.status),
               std::to_string(study.trials), std::to_string(study.completed), std::to_string(study.pruned),
               std::to_string(study.failed), durationText(study.seconds), isoTime(study.createdMicros)});
  }
  return context.print({{"studies", std::move(json)}},
                       studies.empty() ? "No studies yet. lathe-cli search --data FILE makes one.\n" : table.text());
}

Result<int> showStudy(Context& context, const StudyOptions& options) {
  LATHE_ASSIGN(project, context.project(services::Project::Mode::Read));
  LATHE_ASSIGN(study, services::findStudy(*project, options.study));
  LATHE_ASSIGN(json, studyJson(*project, study, true));
  LATHE_ASSIGN(text, studyText(*project, study, true));
  return context.print(json, text);
}

Result<int> resumeStudy(Context& context, const StudyOptions& options) {
  context.stops().graceful({}, {});
  LATHE_ASSIGN(project, context.project(services::Project::Mode::Write));
  LATHE_ASSIGN(study, services::findStudy(*project, options.study));
  LATHE_ASSIGN(more, readMore(options.more, *project, study));
  LATHE_ASSIGN(engine, context.engine());
  ProgressLine line;
  StudyFollower follower(context, project, line);
  const auto service = services::makeStudyService(engine, services::Priority::Ordinary);
  LATHE_TRY(service->resume(project, study.number, more, follower.sink()));
  writeErr(fmt::format("Study {} goes on in {}", study.number, project->folder().string()));
  return follower.follow(*service, study.number);
}

Result<int> replayStudy(Context& context, const StudyOptions& options) {
  LATHE_ASSIGN(project, context.project(services::Project::Mode::Read));
  LATHE_ASSIGN(study, services::findStudy(*project, options.study));
  LATHE_ASSIGN(outcome, services::replayStudy(*project, study.number));
  LATHE_ASSIGN(json, studyJson(*project, study, false));
  json["decisions"] = outcome.decisions;
  json["different"] = outcome.different;
  json["same"] = outcome.different == 0;
  const auto text =
      outcome.different == 0
          ? fmt::format("Study {}: all {} decisions came out the same.\n", study.number, outcome.decisions)
          : fmt::format("Study {}: {} of {} decisions came out otherwise, the first at trial {}.\n", study.number,
                        outcome.different, outcome.decisions, outcome.firstTrial);
  return context.print(json, text, outcome.different == 0 ? Done : CheckFailed);
}

Result<int> removeStudy(Context& context, const StudyOptions& options) {
  LATHE_ASSIGN(project, context.project(services::Project::Mode::Write));
  LATHE_ASSIGN(study, services::findStudy(*project, options.study));
  LATHE_TRY(project->store().studies().removeStudy(study.number));
  return context.print({{"study", study.number}, {"removed", true}},
                       fmt::format("Study {} and its trials were removed; lathe-cli study restore {} brings them back "
                                   "for seven days.\n",
                                   study.number, study.number));
}

Result<int> restoreStudy(Context& context, const StudyOptions& options) {
  LATHE_ASSIGN(project, context.project(services::Project::Mode::Write));
  LATHE_ASSIGN(study, services::findStudy(*project, options.study));
  if (!study.removed)
    return fail("study.not_removed", "Study {study} was not removed.", "lathe-cli study show {study} shows it.",
                {{"study", std::to_string(study.number)}});
  LATHE_TRY(project->store().studies().restoreStudy(study.number));
  return context.print({{"study", study.number}, {"removed", false}}, fmt::format("Study {} is back.\n", study.number));
}

void addStudyCommand(CLI::App& study, Action& chosen, const char* name, const char* help,
                     Result<int> (*run)(Context&, const StudyOptions&), bool more = false) {
  auto* command = study.add_subcommand(name, help);
  auto options = std::make_shared<StudyOptions>();
  command->add_option("study", options->study, "A study's number, or latest")->type_name("STUDY")->required();
  if (more) addMoreFlags(*command, options->more);
  command->callback([options, run, &chosen] { chosen = [options, run](Context& c) { return run(c, *options); }; });
}

}  // namespace

void addStudy(CLI::App& root, Action& chosen) {
  auto* study = root.add_subcommand("study", "Studies: searches over settings");
  study->require_subcommand(1);
  study->add_subcommand("list", "All studies of the project, newest first")->callback([&chosen] {
    chosen = listStudies;
  });
  addStudyCommand(*study, chosen, "show", "One study with its trials", showStudy);
  addStudyCommand(*study, chosen, "resume", "Go on where a study stopped, or search further", resumeStudy, true);
  addSteering(*study, chosen);
  addStudyCommand(*study, chosen, "replay", "Make each decision of a study again from its record, and compare",
                  replayStudy);
  addStudyCommand(*study, chosen, "rm", "Remove a study with its trials", removeStudy);
  addStudyCommand(*study, chosen, "restore", "Bring a removed study back", restoreStudy);
  auto* command = study->add_subcommand("ask-tell", "Black-box optimisation for any program, by lines of JSON");
  auto options = std::make_shared<AskTellOptions>();
  command->footer(spaceHelp);
  command->add_option("--space", options->space, "The search space")->type_name("SPACE.json");
  command->add_option("--sampler", options->sampler, "Who proposes (default auto)")->type_name("S");
  command->add_option("--direction", options->directions, "minimize (default) or maximize, one a goal")
      ->type_name("D")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  command->add_option("--trials", options->trials, "How many trials are planned, where that is known")->type_name("N");
  command->add_option("--population", options->population, "Size of a generation")->type_name("N");
  command->callback(
      [options, &chosen] { chosen = [options](Context& context) { return askTell(context, *options); }; });
}

}  // namespace lathe::cli

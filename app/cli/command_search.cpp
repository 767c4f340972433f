// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/duration.h"
#include "app/cli/search_flags.h"
#include "app/cli/spec_flags.h"
#include "app/cli/study_follow.h"
#include "app/cli/study_json.h"
#include "core/base/files.h"
#include "core/search/pruner.h"
#include "core/services/data_cache.h"
#include "core/services/study_service.h"

namespace lathe::cli {
namespace {

struct SearchOptions {
  SpecFlags flags;
  std::vector<std::string> metrics, directions;
  std::string space, sampler, pruner = "none", trials, timeout, workers, population, window, minEpochs, repeats,
                              confirmTop, confirmSeeds;
  bool deterministic = false, terminator = false;
};

Result<services::StudySettings> settingsOf(const SearchOptions& options, const Context& context) {
  services::StudySettings settings;
  LATHE_ASSIGN(goals, goalsOf(options.metrics, options.directions));
  settings.goals = std::move(goals);
  LATHE_ASSIGN(pruner, choice("--pruner", options.pruner, search::prunerNames()));
  settings.pruner = pruner;
  LATHE_ASSIGN(sampler,
               choice("--sampler", options.sampler.empty() ? search::customarySampler(pruner) : options.sampler,
                      search::samplerNames()));
  settings.sampler = sampler;
  const auto number = [&](const char* name, const std::string& text, std::int64_t least, auto& field) -> Result<void> {
    if (text.empty()) return {};
    LATHE_ASSIGN(value, wholeNumber(name, text, least));
    field = static_cast<std::remove_reference_t<decltype(field)>>(value);
    return {};
  };
  LATHE_TRY(number("--trials", options.trials, 1, settings.trials));
  LATHE_TRY(number("--workers", options.workers, 1, settings.workers));
  LATHE_TRY(number("--population", options.population, 2, settings.population));
  LATHE_TRY(number("--behind", options.window, 1, settings.window));
  LATHE_TRY(number("--min-epochs", options.minEpochs, 1, settings.minEpochs));
  LATHE_TRY(number("--folds", options.flags.folds, 2, settings.folds));
  LATHE_TRY(number("--repeats", options.repeats, 1, settings.foldRepeats));
  if (!options.repeats.empty() && options.flags.folds.empty())
    return usage("repeats", "--repeats says how often the folds are dealt, but there are no folds.",
                 "Give --folds as well.");
  LATHE_TRY(number("--confirm-top", options.confirmTop, 1, settings.confirmTop));
  LATHE_TRY(number("--confirm-seeds", options.confirmSeeds, 0, settings.confirmSeeds));
  LATHE_TRY(number("--threads", context.globals().threads, 1, settings.threads));
  if (!options.timeout.empty()) {
    LATHE_ASSIGN(seconds, parseDuration(options.timeout));
    settings.seconds = seconds;
  }
  settings.deterministic = options.deterministic;
  settings.terminator = options.terminator;
  LATHE_ASSIGN(seed, seedOf(context.globals()));
  settings.seed = seed;
  return settings;
}

Result<int> search(Context& context, const SearchOptions& options) {
  auto flags = options.flags;
  flags.folds.clear();  // how trials are judged, nothing of the experiment
  auto [spec, errors] = buildWholeSpec(flags, context);
  addDataProblem(spec, "search", errors);
  if (!errors.empty()) return tl::unexpected<Error>(leads(errors));
  services::StudyRequest request;
  LATHE_ASSIGN(settings, settingsOf(options, context));
  request.settings = std::move(settings);
  if (!options.space.empty()) {
    LATHE_ASSIGN(text, readFile(options.space));
    LATHE_ASSIGN(space, spec::searchSpaceFromJson(text));
    request.space = std::move(space);
  }
  context.stops().graceful({}, {});
  LATHE_ASSIGN(project, context.project(services::Project::Mode::Create));
  request.spec = std::move(spec);
  LATHE_TRY(context.tellThreads());
  const services::OpeningAhead data(services::located(request.spec.data, project->folder()),
                                    {{}, context.stops().stop()});
  LATHE_ASSIGN(engine, context.engine());
  ProgressLine line;
  StudyFollower follower(context, project, line);
  const auto service = services::makeStudyService(engine, services::Priority::Ordinary);
  LATHE_ASSIGN(study, service->start(project, request, context.job(line), follower.sink()));
  line.clear();
  writeErr(fmt::format("Study {} in {}", study, project->folder().string()));
  return follower.follow(*service, study);
}

}  // namespace

void addSearch(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand("search", "Search for better settings");
  auto options = std::make_shared<SearchOptions>();
  addSpecFlags(*command, options->flags);
  const auto many = [&](const char* name, std::vector<std::string>& field, const char* help, const char* type) {
    command->add_option(name, field, help)
        ->type_name(type)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  };
  many("--metric", options->metrics, "Goal: val/METRIC, latency_ms, bytes, parameters or flops. May be repeated",
       "METRIC");
  many("--direction", options->directions, "minimize or maximize; by default it follows from the metric", "D");
  const auto add = [&](const char* name, std::string& field, const std::string& help, const char* type) {
    command->add_option(name, field, help)->type_name(type);
  };
  add("--space", options->space, "What is searched: names are paths of the spec (default by the model)", "SPACE.json");
  add("--sampler", options->sampler, "Who proposes (default auto): " + listText(search::samplerNames()), "S");
  add("--pruner", options->pruner, "Who stops hopeless trials early (default none): " + listText(search::prunerNames()),
      "P");
  add("--trials", options->trials, "How many trials (default 50, or as many as --timeout allows)", "N");
  add("--timeout", options->timeout, "How long to search: 90s, 10m, 2h", "TIME");
  add("--workers", options->workers, "Trials at a time (default one a core)", "N");
  add("--population", options->population, "Size of a generation", "N");
  add("--behind", options->window, "With --deterministic: how many trials behind a proposal looks (default 8)", "N");
  add("--min-epochs", options->minEpochs, "Epochs before a trial may be stopped", "N");
  command->get_option("--folds")
      ->description("Judge a trial by its mean over so many folds (cross-validation)")
      ->type_name("K")
      ->group(command->get_option("--test")->get_group());
  add("--repeats", options->repeats, "With --folds: how often the rows are dealt into folds (default 1)", "N");
  add("--confirm-top", options->confirmTop, "How many of the best are trained again with other seeds (default 3)", "N");
  add("--confirm-seeds", options->confirmSeeds, "Seeds that each of them is trained with (default 3; 1: none again)",
      "N");
  command->add_flag("--terminator", options->terminator,
                    "End when the best can be beaten by less than an evaluation's noise");
  command->add_flag("--deterministic", options->deterministic, "The same study for any number of workers");
  command->footer(std::string(spaceHelp) +
                  "\nHere names are paths of the spec, such as training.optimizer.lr (lathe-cli help spec), and\n"
                  "model.hidden.layers and model.hidden.width for a list's length and the size of each.");
  command->callback([options, &chosen] { chosen = [options](Context& context) { return search(context, *options); }; });
}

}  // namespace lathe::cli

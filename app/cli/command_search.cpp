// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <algorithm>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/pruner_flags.h"
#include "app/cli/search_flags.h"
#include "app/cli/spec_flags.h"
#include "app/cli/study_start.h"
#include "core/base/files.h"
#include "core/search/pruner.h"
#include "core/services/open_field.h"
#include "core/services/training_service.h"

namespace lathe::cli {
namespace {

struct SearchOptions {
  SpecFlags flags;
  StudyFlags study;
  PrunerFlags pruning;
  std::vector<std::string> metrics, directions;
  std::string space, sampler, pruner = "none", repeats;
  bool terminator = false;
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
  LATHE_TRY(readStudyFlags(options.study, context, settings));
  LATHE_TRY(readPrunerFlags(options.pruning, settings));
  const auto number = [](const char* name, const std::string& text, std::int64_t least, int& field) -> Result<void> {
    if (text.empty()) return {};
    LATHE_ASSIGN(value, wholeNumber(name, text, least));
    field = static_cast<int>(value);
    return {};
  };
  LATHE_TRY(number("--folds", options.flags.folds, 2, settings.folds));
  LATHE_TRY(number("--repeats", options.repeats, 1, settings.foldRepeats));
  if (!options.repeats.empty() && options.flags.folds.empty())
    return usage("repeats", "--repeats says how often the folds are dealt, but there are no folds.",
                 "Give --folds as well.");
  settings.terminator = options.terminator;
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
  auto warnings = idleFlags(options.study, request.settings);
  const auto typed = typedFields(flags, context);
  if (!options.space.empty()) {
    LATHE_ASSIGN(text, readFile(options.space));
    LATHE_ASSIGN(space, spec::searchSpaceFromJson(text));
    for (auto& warning : saidTwice(space, typed)) warnings.push_back(std::move(warning));
    request.space = std::move(space);
  }
  for (const auto& field : typed) request.fixed.push_back(field.path);
  request.spec = std::move(spec);
  LATHE_TRY(checkMinEpochs(options.study, request));
  return runStudy(context, request, warnings);
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
  many("--metric", options->metrics,
       "Goal (default val/loss): val/METRIC, latency_ms, bytes, parameters or flops. May be repeated", "METRIC");
  many("--direction", options->directions, "minimize or maximize; by default it follows from the metric", "D");
  const auto add = [&](const char* name, std::string& field, const std::string& help, const char* type) {
    command->add_option(name, field, help)->type_name(type);
  };
  add("--space", options->space,
      "What is searched: names are paths of the spec (default by the model: what is not set otherwise)", "SPACE.json");
  add("--sampler", options->sampler, "Who proposes (default auto): " + listText(search::samplerNames()), "S");
  add("--pruner", options->pruner, "Who stops hopeless trials early (default none): " + listText(search::prunerNames()),
      "P");
  addPrunerFlags(*command, options->pruning);
  add("--trials", options->study.trials, "How many trials (default 50, or as many as --timeout allows)", "N");
  add("--timeout", options->study.timeout, "How long to search: 90s, 10m, 2h", "TIME");
  add("--workers", options->study.workers, "Trials at a time (default one a core)", "N");
  add("--population", options->study.population, "Size of a generation", "N");
  add("--behind", options->study.window, "With --deterministic: how many trials behind a proposal looks (default 8)",
      "N");
  add("--min-epochs", options->study.minEpochs, "Epochs before a trial may be stopped", "N");
  command->get_option("--folds")
      ->description("Judge a trial by its mean over so many folds (cross-validation)")
      ->type_name("K")
      ->group(command->get_option("--test")->get_group());
  add("--repeats", options->repeats, "With --folds: how often the rows are dealt into folds (default 1)", "N");
  add("--confirm-top", options->study.confirmTop, "How many of the best are trained again with other seeds (default 3)",
      "N");
  add("--confirm-seeds", options->study.confirmSeeds,
      "New seeds that each of them is trained with (default 3; 1: none again)", "N");
  command->add_flag("--terminator", options->terminator,
                    "End when the best can be beaten by less than an evaluation's noise");
  command->add_flag("--deterministic", options->study.deterministic, "The same study for any number of workers");
  command->footer(std::string(spaceHelp) +
                  "\nHere names are paths of the spec, such as training.optimizer.lr (lathe-cli help spec), and\n"
                  "model.hidden.layers and model.hidden.width for a list's length and the size of each.");
  command->callback([options, &chosen] { chosen = [options](Context& context) { return search(context, *options); }; });
}

}  // namespace lathe::cli

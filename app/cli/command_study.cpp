// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <charconv>
#include <fmt/format.h>
#include <iostream>

#include "app/cli/ask_tell.h"
#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/search_flags.h"
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
  }
  LATHE_ASSIGN(made, search::makeSampler(sampler, setup));
  AskTell session(space, std::move(made), larger);
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    LATHE_TRY(writeOut(session.answer(line) + "\n"));
    if (const auto news = session.news(); !news.empty()) writeErr(news);
  }
  return Done;
}

}  // namespace

void addStudy(CLI::App& root, Action& chosen) {
  auto* study = root.add_subcommand("study", "Studies: searches over settings");
  study->require_subcommand(0, 1);
  auto* command = study->add_subcommand("ask-tell", "Black-box optimisation for any program, by lines of JSON");
  auto options = std::make_shared<AskTellOptions>();
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <charconv>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/duration.h"
#include "app/cli/search_flags.h"
#include "app/cli/spec_flags.h"
#include "app/cli/study_follow.h"
#include "core/search/pruner.h"
#include "core/services/data_cache.h"
#include "core/services/study_service.h"

namespace lathe::cli {
namespace {

struct NasOptions {
  SpecFlags flags;
  std::vector<std::string> metrics, directions;
  std::string method = "evolution", space, pruner, trials, timeout, workers, population, window, minEpochs;
  std::string finalEpochs, superEpochs, maxParameters, maxFlops, maxLatency, confirmTop, confirmSeeds;
  bool deterministic = false, noInherit = false, noProxies = false;
};

/// "250000", "250k", "1.5M", "2G".
Result<double> amount(const std::string& option, const std::string& text) {
  double value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  const std::string unit(end, last);
  const double factor = unit.empty() ? 1 : unit == "k" ? 1e3 : unit == "M" ? 1e6 : unit == "G" ? 1e9 : 0;
  if (error != std::errc() || factor == 0 || !(value > 0) || value > 1e15)
    return usage(option.substr(2), fmt::format("{} {} is no such amount.", option, text),
                 "Give a number above 0, as 250000, 250k or 1.5M.");
  return value * factor;
}

Result<void> readNumbers(const NasOptions& options, const Context& context, services::StudySettings& settings) {
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
  LATHE_TRY(number("--confirm-top", options.confirmTop, 1, settings.confirmTop));
  LATHE_TRY(number("--confirm-seeds", options.confirmSeeds, 0, settings.confirmSeeds));
  LATHE_TRY(number("--threads", context.globals().threads, 1, settings.threads));
  LATHE_TRY(number("--final-epochs", options.finalEpochs, 1, settings.architecture.finalEpochs));
  LATHE_TRY(number("--super-epochs", options.superEpochs, 1, settings.architecture.superEpochs));
  const auto limit = [&](const char* name, const std::string& text, double& field) -> Result<void> {
    if (text.empty()) return {};
    LATHE_ASSIGN(value, amount(name, text));
    field = value;
    return {};
  };
  auto& limits = settings.architecture.limits;
  LATHE_TRY(limit("--max-parameters", options.maxParameters, limits.parameters));
  LATHE_TRY(limit("--max-flops", options.maxFlops, limits.flops));
  return limit("--max-latency", options.maxLatency, limits.latencyMs);
}

Result<services::StudySettings> settingsOf(const NasOptions& options, const Context& context) {
  services::StudySettings settings;
  LATHE_ASSIGN(goals, goalsOf(options.metrics, options.directions));
  settings.goals = std::move(goals);
  auto& architecture = settings.architecture;
  LATHE_ASSIGN(method, choice("--method", options.method, search::architectureMethods()));
  architecture.method = method;
  if (!options.space.empty()) {
    LATHE_ASSIGN(space, choice("--space", options.space, search::architectureSpaces()));
    architecture.space = space;
  }
  if (!options.pruner.empty()) {
    LATHE_ASSIGN(pruner, choice("--pruner", options.pruner, search::prunerNames()));
    settings.pruner = pruner;
  }
  architecture.inherits = !options.noInherit;
  architecture.proxies = !options.noProxies;
  LATHE_TRY(readNumbers(options, context, settings));
  if (!options.timeout.empty()) {
    LATHE_ASSIGN(seconds, parseDuration(options.timeout));
    settings.seconds = seconds;
  }
  settings.deterministic = options.deterministic;
  LATHE_ASSIGN(seed, seedOf(context.globals()));
  settings.seed = seed;
  return settings;
}

Result<int> nas(Context& context, const NasOptions& options) {
  auto [spec, errors] = buildWholeSpec(options.flags, context);
  addDataProblem(spec, "nas", errors);
  if (!errors.empty()) return tl::unexpected<Error>(leads(errors));
  services::StudyRequest request;
  LATHE_ASSIGN(settings, settingsOf(options, context));
  request.settings = std::move(settings);
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

void addNas(CLI::App& root, Action& chosen) {
  auto* command =
      root.add_subcommand("nas",
                          "Search for an architecture: trials are short trainings, and the best architectures are "
                          "trained again from scratch "
                          "with several seeds before one is named. study show, resume, replay and rm work on it");
  auto options = std::make_shared<NasOptions>();
  addSpecFlags(*command, options->flags);
  const auto many = [&](const char* name, std::vector<std::string>& field, const char* help, const char* type) {
    command->add_option(name, field, help)
        ->type_name(type)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  };
  const auto add = [&](const char* name, std::string& field, const char* help, const char* type) {
    command->add_option(name, field, help)->type_name(type);
  };
  add("--method", options->method,
      "evolution (default): children by one typed mutation, with their parent's weights where these fit; random; tpe; "
      "bohb; spos: one network of shared weights trained by paths drawn evenly, then the paths it thinks best; darts: "
      "the same with mixed operations, on cells",
      "M");
  add("--space", options->space,
      "mlp: widths of linear layers; resmlp: residual blocks (usual for tables); cells: a cell of convolutions and "
      "what "
      "surrounds it (usual for images); free: a list of nodes with shortcuts",
      "S");
  many("--metric", options->metrics,
       "Goal: val/METRIC, latency_ms, bytes, parameters or flops (default val/loss). May be repeated", "METRIC");
  many("--direction", options->directions, "minimize or maximize; by default it follows from the metric", "D");
  add("--max-parameters", options->maxParameters, "No architecture with more of them is tried: 50000, 50k, 2M", "N");
  add("--max-flops", options->maxFlops, "Of one row, forward; a multiply-add counts two: 20M", "N");
  add("--max-latency", options->maxLatency,
      "Milliseconds of one row through the exported model, measured before a trial is trained", "MS");
  add("--pruner", options->pruner, "Who stops hopeless trials early (default none; bohb with that method)", "P");
  add("--trials", options->trials, "How many trials (default 50, or as many as --timeout allows; of spos and darts 8)",
      "N");
  add("--timeout", options->timeout, "How long in all, the trainings at the end included: 90s, 10m, 2h", "TIME");
  add("--workers", options->workers, "Trials at a time (default one a core)", "N");
  add("--population", options->population, "Trials that may be parents (default a quarter of them, 8 to 50)", "N");
  add("--behind", options->window, "With --deterministic: how many trials behind a proposal looks (default 8)", "N");
  add("--min-epochs", options->minEpochs, "Epochs before a trial may be stopped", "N");
  add("--super-epochs", options->superEpochs, "Epochs of the shared network of spos and darts (default twice --epochs)",
      "N");
  add("--final-epochs", options->finalEpochs,
      "Epochs of the trainings from scratch at the end (default three times --epochs, which are a trial's: 4 for "
      "images, "
      "20 for tables)",
      "N");
  add("--confirm-top", options->confirmTop, "How many of the best are trained from scratch (default 3)", "N");
  add("--confirm-seeds", options->confirmSeeds,
      "Seeds that each of them is trained with (default 3; 0: the best trial is taken as it is)", "N");
  command->add_flag("--no-inherit", options->noInherit, "Children start from random weights");
  command->add_flag("--no-proxies", options->noProxies, "Without zero-cost scores beside each trial");
  command->add_flag("--deterministic", options->deterministic, "The same study for any number of workers");
  command->callback([options, &chosen] { chosen = [options](Context& context) { return nas(context, *options); }; });
}

}  // namespace lathe::cli

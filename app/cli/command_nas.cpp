// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <charconv>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/pruner_flags.h"
#include "app/cli/search_flags.h"
#include "app/cli/spec_flags.h"
#include "app/cli/study_start.h"
#include "core/search/pruner.h"
#include "core/spec/fields.h"

namespace lathe::cli {
namespace {

struct NasOptions {
  SpecFlags flags;
  StudyFlags study;
  PrunerFlags pruning;
  std::vector<std::string> metrics, directions;
  std::string method = "evolution", space, pruner;
  std::string finalEpochs, superEpochs, maxParameters, maxFlops, maxLatency;
  bool noInherit = false, noProxies = false;
};

/// "250000", "250k", "1.5M", "2G".
Result<double> amount(const std::string& option, const std::string& text) {
  double value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + (text.rfind('+', 0) == 0 ? 1 : 0), last, value);
  const std::string unit(end, last);
  const double factor = unit.empty() ? 1 : unit == "k" ? 1e3 : unit == "M" ? 1e6 : unit == "G" ? 1e9 : 0;
  if (error != std::errc() || factor == 0 || !(value > 0) || value > 1e15)
    return usage(option.substr(2), fmt::format("{} {} is no such amount.", option, text),
                 "Give a number above 0, as 250000, 250k or 1.5M.");
  return value * factor;
}

Result<void> readArchitecture(const NasOptions& options, services::StudySettings& settings) {
  const auto number = [&](const char* name, const std::string& text, auto& field) -> Result<void> {
    if (text.empty()) return {};
    LATHE_ASSIGN(value, wholeNumber(name, text, 1));
    field = static_cast<std::remove_reference_t<decltype(field)>>(value);
    return {};
  };
  LATHE_TRY(number("--final-epochs", options.finalEpochs, settings.architecture.finalEpochs));
  LATHE_TRY(number("--super-epochs", options.superEpochs, settings.architecture.superEpochs));
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
  if (method == "bohb" && !options.pruner.empty() && settings.pruner != "bohb")
    return usage("pruner",
                 fmt::format("The method bohb is a pruner itself, so --pruner {} does nothing.", settings.pruner),
                 "Leave it out, or choose --method tpe.");
  architecture.inherits = !options.noInherit;
  architecture.proxies = !options.noProxies;
  LATHE_TRY(readStudyFlags(options.study, context, settings));
  LATHE_TRY(readPrunerFlags(options.pruning, settings));
  LATHE_TRY(readArchitecture(options, settings));
  return settings;
}

// A search for architectures makes every model itself; only weights to start from are left alone.
Result<void> refuseModels(const std::vector<TypedField>& typed) {
  for (const auto& field : typed) {
    const bool structure = field.path == "model.template" || field.path == "model.layers" ||
                           (field.path.rfind("model.", 0) == 0 && spec::findField(field.path) == nullptr);
    if (!structure) continue;
    const auto what = field.by == "--set" ? "--set " + field.path : field.by;
    return usage("model", fmt::format("nas makes the models itself, so {} does nothing here.", what),
                 "Leave it out; --space says which architectures are tried, lathe-cli search varies a template.");
  }
  return {};
}

Result<int> nas(Context& context, const NasOptions& options) {
  auto [spec, errors] = buildWholeSpec(options.flags, context);
  addDataProblem(spec, "nas", errors);
  if (!errors.empty()) return tl::unexpected<Error>(leads(errors));
  LATHE_TRY(refuseModels(typedFields(options.flags, context)));
  services::StudyRequest request;
  LATHE_ASSIGN(settings, settingsOf(options, context));
  request.settings = std::move(settings);
  request.spec = std::move(spec);
  LATHE_TRY(checkMinEpochs(options.study, request));
  auto warnings = idleFlags(options.study, request.settings);
  const auto& method = request.settings.architecture.method;
  if (!options.superEpochs.empty() && method != "spos" && method != "darts")
    warnings.push_back(fail("search.super_epochs",
                            fmt::format("The method {} shares no network, so --super-epochs does nothing.", method),
                            "It is for spos and darts.")
                           .value());
  return runStudy(context, request, warnings);
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
  addPrunerFlags(*command, options->pruning);
  add("--trials", options->study.trials,
      "How many trials (default 50, or as many as --timeout allows; of spos and darts 8)", "N");
  add("--timeout", options->study.timeout, "How long in all, the trainings at the end included: 90s, 10m, 2h", "TIME");
  add("--workers", options->study.workers, "Trials at a time (default one a core)", "N");
  add("--population", options->study.population, "Trials that may be parents (default a quarter of them, 8 to 50)",
      "N");
  add("--behind", options->study.window, "With --deterministic: how many trials behind a proposal looks (default 8)",
      "N");
  add("--min-epochs", options->study.minEpochs, "Epochs before a trial may be stopped", "N");
  add("--super-epochs", options->superEpochs, "Epochs of the shared network of spos and darts (default twice --epochs)",
      "N");
  add("--final-epochs", options->finalEpochs,
      "Epochs of the trainings from scratch at the end (default three times --epochs, which are a trial's: 4 for "
      "images, "
      "20 for tables)",
      "N");
  add("--confirm-top", options->study.confirmTop, "How many of the best are trained from scratch (default 3)", "N");
  add("--confirm-seeds", options->study.confirmSeeds,
      "Seeds that each of them is trained with (default 3; 0: the best trial is taken as it is)", "N");
  command->add_flag("--no-inherit", options->noInherit, "Children start from random weights");
  command->add_flag("--no-proxies", options->noProxies, "Without zero-cost scores beside each trial");
  command->add_flag("--deterministic", options->study.deterministic, "The same study for any number of workers");
  command->callback([options, &chosen] { chosen = [options](Context& context) { return nas(context, *options); }; });
}

}  // namespace lathe::cli

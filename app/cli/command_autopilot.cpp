// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <algorithm>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/deploy_json.h"
#include "app/cli/duration.h"
#include "app/cli/search_flags.h"
#include "app/cli/spec_flags.h"
#include "app/cli/typed_numbers.h"
#include "app/cli/values_json.h"
#include "app/composition/composition.h"
#include "core/engine_trees/boosted_trees.h"
#include "core/exporting/formats/model_files.h"
#include "core/services/autopilot/autopilot.h"

namespace lathe::cli {
namespace {

using services::AutopilotOutcome;
using services::AutopilotRequest;
using services::Project;

struct AutopilotOptions {
  SpecFlags flags;
  std::string budget, goal, latency, bytes, out;
  std::string deploy, url, predictUrl, store, token;
  std::vector<std::string> formats;
  bool resume = false;
};

Result<double> positive(const char* option, const std::string& text) {
  LATHE_ASSIGN(value, realNumber(option, text));
  if (!(value > 0)) return usage(option, fmt::format("--{} {} is too small.", option, text), "Give a number above 0.");
  return value;
}

Result<std::vector<std::string>> formatsOf(const std::vector<std::string>& given) {
  std::vector<std::string> formats;
  for (const auto& each : splitList(given)) {
    LATHE_ASSIGN(format, choice("--export", each, exporting::modelFormatNames()));
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) formats.push_back(format);
  }
  return formats;
}

Result<AutopilotRequest> requestFor(const AutopilotOptions& options, Context& context) {
  AutopilotRequest request;
  request.folder = std::filesystem::absolute(options.out).lexically_normal();
  request.resume = options.resume;
  auto flags = options.flags;
  std::optional<services::AutopilotState> saved;
  if (options.resume) {
    LATHE_ASSIGN(state, services::autopilotStateOf(request.folder));
    request.spec = state.spec;
    request.seconds = state.seconds;
    request.goal = state.goal;
    request.mostMilliseconds = state.mostMilliseconds;
    request.mostBytes = state.mostBytes;
    if (!state.formats.empty()) request.formats = state.formats;
  } else {
    auto [spec, errors] = buildWholeSpec(flags, context);
    addDataProblem(spec, "autopilot", errors);
    if (!errors.empty()) return tl::unexpected<Error>(leads(errors));
    request.spec = std::move(spec);
  }
  if (!options.budget.empty()) {
    LATHE_ASSIGN(seconds, parseDuration(options.budget));
    if (!(seconds > 0))
      return usage("budget", fmt::format("--budget {} leaves no time.", options.budget),
                   "Give one such as 90s or 10m.");
    request.seconds = seconds;
  }
  if (!options.goal.empty()) request.goal = options.goal;
  if (!options.latency.empty()) {
    LATHE_ASSIGN(value, positive("max-latency", options.latency));
    request.mostMilliseconds = value;
  }
  if (!options.bytes.empty()) {
    LATHE_ASSIGN(value, positive("max-bytes", options.bytes));
    request.mostBytes = value;
  }
  if (!options.formats.empty()) {
    LATHE_ASSIGN(formats, formatsOf(options.formats));
    if (!formats.empty()) request.formats = std::move(formats);
  }
  if (!options.deploy.empty()) {
    LATHE_ASSIGN(target, deployTargetNamed("--deploy", options.deploy));
    if (options.url.empty())
      return usage("url", "--deploy needs the address of the server.", "Give --url, as for lathe-cli deploy.");
    const std::string wanted = target == services::DeployTarget::Triton ? "triton" : services::formatFor(target);
    if (std::find(request.formats.begin(), request.formats.end(), wanted) == request.formats.end())
      request.formats.push_back(wanted);
  }
  if (!context.globals().threads.empty()) {
    LATHE_ASSIGN(threads, wholeNumber("--threads", context.globals().threads, 1));
    request.threads = static_cast<int>(threads);
  }
  return request;
}

const char* stageName(services::AutopilotStage stage) {
  switch (stage) {
    case services::AutopilotStage::Baselines:
      return "baselines";
    case services::AutopilotStage::Search:
      return "search";
    case services::AutopilotStage::Refinement:
      return "refinement";
    default:
      return "portfolio";
  }
}

Json intervalsJson(const AutopilotOutcome& outcome) {
  Json json = Json::object();
  for (const auto& [name, interval] : outcome.intervals) json[name] = {interval.low, interval.high};
  return json;
}

Json outcomeJson(const AutopilotOutcome& outcome) {
  Json metrics = Json::object();
  for (const auto& [name, value] : outcome.metrics) metrics[name] = value;
  Json tried = Json::array();
  for (const auto& each : outcome.tried) {
    Json entry{{"name", each.name},       {"model", each.model},   {"run", each.run},
               {"state", each.state},     {"value", nullptr},      {"weight", each.weight},
               {"seconds", each.seconds}, {"epochs", each.epochs}, {"baseline", each.baseline}};
    if (each.value) entry["value"] = *each.value;
    entry["stage"] = stageName(each.stage);
    if (!each.from.empty()) entry["from"] = each.from;
    if (each.refitted) entry["refitted"] = true;
    tried.push_back(std::move(entry));
  }
  Json costs = Json::array();
  for (const auto& cost : outcome.costs)
    costs.push_back({{"format", cost.format},
                     {"bytes", cost.bytes},
                     {"latency_ms", cost.milliseconds ? Json(*cost.milliseconds) : Json()},
                     {"within", cost.within}});
  Json json{{"run", outcome.run},
            {"final_run", outcome.finalRun},
            {"export", outcome.exported.string()},
            {"report", outcome.report.string()},
            {"goal", outcome.goal},
            {"metrics", std::move(metrics)},
            {"intervals", intervalsJson(outcome)},
            {"parity", outcome.parity ? parityJson(*outcome.parity) : Json()},
            {"deployment", nullptr},
            {"temperature", outcome.temperature},
            {"seconds", outcome.seconds},
            {"cpu_seconds", outcome.cpuSeconds},
            {"stopped", outcome.stopped},
            {"tried", std::move(tried)},
            {"warnings", errorsJson(outcome.warnings)}};
  if (outcome.milliseconds) json["latency_ms"] = *outcome.milliseconds;
  if (outcome.bytes) json["bytes"] = *outcome.bytes;
  if (!costs.empty()) json["costs"] = std::move(costs);
  if (!outcome.refits.empty()) json["refits"] = outcome.refits;
  if (outcome.winner) json["baseline_won"] = *outcome.winner;
  return json;
}

std::string outcomeText(const AutopilotOutcome& outcome) {
  Table table;
  table.column("model");
  table.column("val/" + outcome.goal, Table::Align::Right);
  table.column("weight", Table::Align::Right);
  table.column("run", Table::Align::Right);
  table.column("time", Table::Align::Right);
  table.column("state");
  for (const auto& each : outcome.tried)
    table.row({each.name, each.value ? shortNumber(*each.value) : "-",
               each.weight > 0 ? fmt::format("{:.2f}", each.weight) : "", std::to_string(each.run),
               durationText(each.seconds), each.baseline ? "baseline" : each.state});
  std::string text = table.text() + "\n";
  for (const auto& split : {"val/", "test/"})
    if (const auto found = outcome.metrics.find(split + outcome.goal); found != outcome.metrics.end()) {
      text += fmt::format("{:<18}{}", found->first, shortNumber(found->second));
      if (const auto interval = outcome.intervals.find(found->first); interval != outcome.intervals.end())
        text += fmt::format("  [{}, {}]", shortNumber(interval->second.low), shortNumber(interval->second.high));
      text += "\n";
    }
  if (outcome.treesWin)
    text += fmt::format("Better than what was exported: {}.\n", *outcome.winner);
  else if (outcome.winner)
    text += fmt::format("Nothing that was tried is better than the baseline: {}.\n", *outcome.winner);
  for (const auto& sentence : outcome.refits) text += sentence + "\n";
  for (const auto& cost : outcome.costs)
    text += fmt::format("{:<18}{:.0f} bytes{}{}\n", cost.format, cost.bytes,
                        cost.milliseconds ? fmt::format(", {} ms a row", shortNumber(*cost.milliseconds)) : "",
                        cost.within ? "" : ": more than was asked for");
  text += fmt::format("model   {} (run {})\nreport  {}\n", outcome.exported.string(), outcome.finalRun,
                      outcome.report.string());
  if (outcome.parity) text += "\n" + parityText(*outcome.parity);
  return text;
}

/// The final model into a server, where one is named.
Result<std::optional<services::Deployment>> deployed(const AutopilotOptions& options, const AutopilotOutcome& outcome,
                                                     const JobContext& job) {
  if (options.deploy.empty() || outcome.exported.empty()) return std::optional<services::Deployment>();
  services::DeployRequest request;
  LATHE_ASSIGN(target, deployTargetNamed("--deploy", options.deploy));
  request.target = target;
  LATHE_ASSIGN(what, exporting::findExport(outcome.exported));
  request.what = std::move(what);
  request.url = options.url;
  request.predictUrl = options.predictUrl;
  request.modelStore = options.store;
  request.token = options.token;
  LATHE_ASSIGN(deployment, services::deploy(request, job));
  return std::optional(std::move(deployment));
}

/// A line whenever it turns to something else or finds something better, and how much time is left.
class Teller {
 public:
  explicit Teller(ProgressLine& line) : m_line(line) {}
  void tell(const services::AutopilotProgress& progress) {
    auto what = progress.doing.render();
    if (progress.value)
      what += fmt::format("; best {} {} ({})", progress.metric, shortNumber(*progress.value), progress.best);
    m_line.show({what, std::min(progress.used, progress.seconds), progress.seconds, "s"});
  }

 private:
  ProgressLine& m_line;
};

Result<int> autopilot(Context& context, const AutopilotOptions& options) {
  LATHE_ASSIGN(request, requestFor(options, context));
  context.stops().graceful({}, {});
  LATHE_ASSIGN(project, context.project(Project::Mode::Create));
  LATHE_TRY(context.tellThreads());
  LATHE_ASSIGN(engine, context.engine());
  const auto service = services::makeAutopilotService(engine, app::selfProcess(), engine::makeBoostedTrees());
  ProgressLine line;
  Teller teller(line);
  context.stops().graceful(
      [] { writeErr("\nStopping; the best so far is made into a model. Once more stops at once."); }, {});
  auto outcome =
      service->run(project, request, [&](const services::AutopilotProgress& progress) { teller.tell(progress); },
                   {{}, context.stops().stop()});
  context.stops().forget();
  line.clear();
  if (!outcome) return passOn(outcome);
  for (const auto& warning : outcome->warnings) writeErr("warning: " + warning.sentence());
  if (outcome->stopped)
    writeErr(fmt::format("Stopped after {}; lathe-cli autopilot --resume --out {} goes on.",
                         durationText(outcome->seconds), request.folder.string()));
  int code = outcome->stopped ? StoppedByPerson : outcome->parity && !outcome->parity->ok ? CheckFailed : Done;
  auto json = outcomeJson(*outcome);
  auto text = outcomeText(*outcome);
  // What was found is told whatever the server says.
  const auto deployment = deployed(options, *outcome, context.job(line));
  line.clear();
  if (!deployment) {
    json["deployment"] = {{"healthy", false}, {"error", errorJson(deployment.error())}};
    writeErr("lathe-cli: " + deployment.error().sentence());
    if (code == Done) code = CheckFailed;
  } else if (*deployment) {
    json["deployment"] = deploymentJson(**deployment);
    text +=
        fmt::format("\nserved  {} ({})\n", (*deployment)->endpoint, (*deployment)->healthy ? "healthy" : "not healthy");
    if (!(*deployment)->healthy && code == Done) code = CheckFailed;
  }
  return context.print(json, text, code);
}

}  // namespace

void addAutopilot(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand("autopilot", "From a data file to a verified model, with a report");
  auto options = std::make_shared<AutopilotOptions>();
  options->flags.command = "autopilot";
  command->add_option("--data", options->flags.data, "Data file or folder")->type_name("FILE");
  addDataFlags(*command, options->flags);
  const auto add = [&](const char* name, std::string& field, const char* help, const char* type) {
    return command->add_option(name, field, help)->type_name(type);
  };
  add("--budget", options->budget, "Time for everything but the export: 90s, 10m, 2h (default 10m)", "TIME");
  add("--goal", options->goal, "Metric to be good at (default log_loss for classes, rmse for numbers)", "METRIC");
  add("--max-latency", options->latency, "Milliseconds that a prediction of one row may take", "MS");
  add("--max-bytes", options->bytes, "Bytes that the exported model may have", "N");
  command->add_option("--export", options->formats, "Formats of the export (default torchscript,onnx)")
      ->type_name("FORMAT")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  add("--deploy", options->deploy, "Server that the model goes into: torchserve, tfserving, triton or lathe", "SERVER");
  add("--url", options->url, "Its address, as for deploy", "URL");
  add("--predict-url", options->predictUrl, "Where rows are sent, as for deploy", "URL");
  add("--model-store", options->store, "The server's folder of models, as seen from here", "DIR");
  add("--token", options->token, "What the server wants as a bearer token", "TOKEN");
  add("--out", options->out, "Folder for model, report and state", "DIR")->required();
  command->add_flag("--resume", options->resume, "Go on with the one in --out that was stopped or killed");
  command->callback(
      [options, &chosen] { chosen = [options](Context& context) { return autopilot(context, *options); }; });
}

}  // namespace lathe::cli

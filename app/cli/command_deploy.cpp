// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/deploy_json.h"
#include "app/cli/deployments.h"
#include "app/cli/duration.h"
#include "app/cli/typed_numbers.h"
#include "core/services/deployment/roll_back.h"

namespace lathe::cli {
namespace {

using services::DeployTarget;
using services::Project;

struct DeployOptions {
  std::string what, target, url, predictUrl, store, token, name, version, data, latency, watch;
};

const std::vector<std::string>& targetNames() {
  static const std::vector<std::string> names{"torchserve", "tfserving", "triton", "lathe"};
  return names;
}

bool namesRun(const std::string& text) {
  return sameName(text, "latest") || sameName(text, "best") ||
         (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos);
}

Result<exporting::ExportLocation> exportOf(const std::string& what) {
  std::error_code error;
  if (!std::filesystem::exists(what, error))
    return fail("model.missing", "{name} is neither a run nor an export.",
                "Give a run's number, latest or best, or the folder or a file of an export.", {{"name", what}});
  return exporting::findExport(what);
}

}  // namespace

std::string deploymentText(const services::Deployment& deployment) {
  std::string text;
  for (const auto& step : deployment.steps) text += step + "\n";
  text += fmt::format("\n{} version {} at {}\n", deployment.name, deployment.version, deployment.endpoint);
  if (deployment.healthy)
    text += fmt::format("healthy: {} answered as the trained model does, largest difference {:.2g}; {:.2f} ms a row\n",
                        counted(deployment.rows, "row", "rows"), deployment.maxDiff, deployment.latencyMs);
  return text;
}

namespace {

Result<services::DeployRequest> requestOf(const DeployOptions& options) {
  for (const auto& [name, value] : {std::pair("a run or an export", options.what), std::pair("--to", options.target),
                                    std::pair("--url", options.url)})
    if (value.empty())
      return usage("arguments", fmt::format("deploy needs {}.", name), "lathe-cli help deploy shows how it is used.");
  services::DeployRequest request;
  LATHE_ASSIGN(target, deployTargetNamed("--to", options.target));
  request.target = target;
  request.url = options.url;
  request.predictUrl = options.predictUrl;
  std::error_code error;
  // The project remembers it, and the next command may be called elsewhere.
  if (!options.store.empty()) request.modelStore = std::filesystem::absolute(options.store, error).lexically_normal();
  request.token = options.token;
  request.name = options.name;
  request.version = options.version;
  request.data = options.data;
  if (!options.latency.empty()) {
    LATHE_ASSIGN(limit, realNumber("--max-latency", options.latency));
    request.maxLatencyMs = limit;
  }
  return request;
}

/// An export as it lies there: no project knows of it.
Result<services::Deployment> deployExport(const DeployOptions& options, services::DeployRequest request, double watch,
                                          const JobContext& job, Json& watched) {
  LATHE_ASSIGN(what, exportOf(options.what));
  request.what = std::move(what);
  LATHE_ASSIGN(deployment, services::deploy(request, job));
  if (!deployment.healthy || watch <= 0) return deployment;
  const services::ServedVersion served{
      {request.target, request.url, request.predictUrl, request.token, deployment.name, deployment.version},
      deployment.previous,
      request.modelStore};
  LATHE_ASSIGN(outcome, services::watchFor(served, request.what.manifest, watch, secondsBetweenLooks(watch), job));
  takeOver(deployment, outcome.state);
  watched = watchJson(outcome.looks, watch, outcome.rolledBack);
  return deployment;
}

/// A run is exported first, into the project, which remembers where it is served.
Result<services::Deployment> deployRun(Context& context, const DeployOptions& options,
                                       const services::DeployRequest& request, double watch, const JobContext& job,
                                       Json& watched) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_ASSIGN(run, project->findRun(options.what));
  LATHE_ASSIGN(models, context.models());
  const auto service = services::makeDeploymentService(std::move(models), nullptr);
  LATHE_ASSIGN(deployment, service->deployRun(*project, run.number, request, job, watch));
  if (deployment.healthy && watch > 0) LATHE_TRY(watchRecorded(*service, *project, deployment, watch, job, watched));
  return deployment;
}

Result<int> deploy(Context& context, const DeployOptions& options) {
  LATHE_ASSIGN(request, requestOf(options));
  double watch = 0;
  if (!options.watch.empty()) {
    LATHE_ASSIGN(seconds, parseDuration(options.watch));
    watch = seconds;
  }
  ProgressLine line;
  const auto job = context.job(line);
  Json watched;
  auto done = namesRun(options.what) ? deployRun(context, options, request, watch, job, watched)
                                     : deployExport(options, request, watch, job, watched);
  line.clear();
  if (!done) return passOn(done);
  const auto& deployment = *done;
  auto json = deploymentJson(deployment);
  if (!watched.is_null()) json["watch"] = std::move(watched);
  if (deployment.why) writeErr("lathe-cli: " + deployment.why->sentence());
  return context.print(json, deploymentText(deployment), deployment.healthy ? Done : CheckFailed);
}

}  // namespace

Json deploymentJson(const services::Deployment& deployment) {
  Json json{
      {"endpoint", deployment.endpoint}, {"name", deployment.name},
      {"version", deployment.version},   {"previous", deployment.previous.empty() ? Json() : Json(deployment.previous)},
      {"healthy", deployment.healthy},   {"max_diff", deployment.maxDiff},
      {"rows", deployment.rows},         {"latency_ms", deployment.latencyMs},
      {"steps", deployment.steps}};
  if (const auto& promotion = deployment.promotion)
    json["promotion"] = {
        {"measure", promotion->measure},  {"champion", promotion->champion}, {"challenger", promotion->challenger},
        {"low", promotion->low},          {"high", promotion->high},         {"rows", promotion->rows},
        {"promoted", promotion->promoted}};
  if (deployment.why) json["error"] = errorJson(*deployment.why);
  if (deployment.other) json["other"] = otherJson(*deployment.other);
  return json;
}

Result<services::DeployTarget> deployTargetNamed(const char* option, const std::string& given) {
  LATHE_ASSIGN(name, choice(option, given, targetNames()));
  for (const auto target :
       {DeployTarget::TorchServe, DeployTarget::TfServing, DeployTarget::Triton, DeployTarget::Lathe})
    if (name == services::targetName(target)) return target;
  return DeployTarget::TorchServe;
}

void addDeploy(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand("deploy", "Put a model into a running server and compare its answers there");
  auto options = std::make_shared<DeployOptions>();
  command->add_option("model", options->what, "A run's number, latest or best; or the folder or file of an export")
      ->type_name("RUN_OR_EXPORT");
  command->add_option("--to", options->target, "torchserve, tfserving, triton or lathe")->type_name("SERVER");
  command
      ->add_option(
          "--url", options->url,
          "The server's address: the management of TorchServe and Lathe, the REST of TensorFlow Serving and Triton")
      ->type_name("URL");
  command
      ->add_option(
          "--predict-url", options->predictUrl,
          "Where rows are sent: the inference of TorchServe and Lathe, the gRPC of TensorFlow Serving; without it "
          "the usual port of the same host")
      ->type_name("URL");
  command
      ->add_option("--model-store", options->store,
                   "The server's folder of models, as seen from here; TorchServe can do without")
      ->type_name("DIR");
  command->add_option("--token", options->token, "What the server wants as a bearer token")->type_name("TOKEN");
  command->add_option("--name", options->name, "Name of the model there; without it the export's")->type_name("NAME");
  command->add_option("--version", options->version, "Version there; without it the next one")->type_name("VERSION");
  command
      ->add_option("--data", options->data,
                   "Labelled rows: a version that is served already is replaced only by one that is no worse on them")
      ->type_name("FILE");
  command->add_option("--max-latency", options->latency, "Milliseconds that a row may take there")->type_name("MS");
  command
      ->add_option("--watch", options->watch,
                   "After that, ask the reference rows again for so long; a version that becomes unhealthy or answers "
                   "otherwise gives way to the one before")
      ->type_name("DURATION");
  addDeployments(*command, chosen);
  // The callbacks of commands below come first.
  command->callback([options, command, &chosen] {
    if (command->get_subcommands().empty()) chosen = [options](Context& context) { return deploy(context, *options); };
  });
}

}  // namespace lathe::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/deploy_json.h"
#include "app/cli/typed_numbers.h"
#include "core/services/deployment/deploy.h"

namespace lathe::cli {
namespace {

using services::DeployTarget;
using services::Project;

struct DeployOptions {
  std::string what, target, url, predictUrl, store, token, name, version, data, latency;
};

const std::vector<std::string>& targetNames() {
  static const std::vector<std::string> names{"torchserve", "tfserving", "triton", "lathe"};
  return names;
}

bool namesRun(const std::string& text) {
  return sameName(text, "latest") || sameName(text, "best") ||
         (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos);
}

/// An export as it lies there; a run is exported first, into the project.
Result<exporting::ExportLocation> exportOf(Context& context, const DeployOptions& options, DeployTarget target,
                                           const JobContext& job) {
  std::error_code error;
  if (!namesRun(options.what)) {
    if (!std::filesystem::exists(options.what, error))
      return fail("model.missing", "{name} is neither a run nor an export.",
                  "Give a run's number, latest or best, or the folder or a file of an export.",
                  {{"name", options.what}});
    return exporting::findExport(options.what);
  }
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_ASSIGN(run, project->findRun(options.what));
  LATHE_ASSIGN(models, context.models());
  services::ExportRequest request;
  request.run = run.number;
  request.formats = {services::formatFor(target)};
  request.folder = project->folder() / "deployed" / std::to_string(run.number);
  request.name = options.name;
  LATHE_ASSIGN(exported, models->exportRun(*project, request, job));
  return exporting::findExport(exported.folder);
}

std::string textOf(const services::Deployment& deployment) {
  std::string text;
  for (const auto& step : deployment.steps) text += step + "\n";
  text += fmt::format("\n{} version {} at {}\n", deployment.name, deployment.version, deployment.endpoint);
  if (deployment.healthy)
    text += fmt::format("healthy: {} answered as the trained model does, largest difference {:.2g}; {:.2f} ms a row\n",
                        counted(deployment.rows, "row", "rows"), deployment.maxDiff, deployment.latencyMs);
  return text;
}

Result<int> deploy(Context& context, const DeployOptions& options) {
  services::DeployRequest request;
  LATHE_ASSIGN(target, deployTargetNamed("--to", options.target));
  request.target = target;
  request.url = options.url;
  request.predictUrl = options.predictUrl;
  request.modelStore = options.store;
  request.token = options.token;
  request.name = options.name;
  request.version = options.version;
  request.data = options.data;
  if (!options.latency.empty()) {
    LATHE_ASSIGN(limit, realNumber("--max-latency", options.latency));
    request.maxLatencyMs = limit;
  }
  ProgressLine line;
  const auto job = context.job(line);
  LATHE_ASSIGN(what, exportOf(context, options, target, job));
  request.what = std::move(what);
  LATHE_ASSIGN(deployment, services::deploy(request, job));
  line.clear();
  if (deployment.why) writeErr("lathe-cli: " + deployment.why->sentence());
  return context.print(deploymentJson(deployment), textOf(deployment), deployment.healthy ? Done : CheckFailed);
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
      ->type_name("RUN_OR_EXPORT")
      ->required();
  command->add_option("--to", options->target, "torchserve, tfserving, triton or lathe")
      ->type_name("SERVER")
      ->required();
  command
      ->add_option(
          "--url", options->url,
          "The server's address: the management of TorchServe and Lathe, the REST of TensorFlow Serving and Triton")
      ->type_name("URL")
      ->required();
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
  command->callback([options, &chosen] { chosen = [options](Context& context) { return deploy(context, *options); }; });
}

}  // namespace lathe::cli

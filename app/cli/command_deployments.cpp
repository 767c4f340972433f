// SPDX-License-Identifier: GPL-3.0-or-later
// What a project remembers of its deployments: list, retrain, drift.
#include <CLI/App.hpp>
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <thread>

#include "app/cli/commands.h"
#include "app/cli/deploy_json.h"
#include "app/cli/deployments.h"
#include "app/cli/duration.h"
#include "app/cli/typed_numbers.h"
#include "core/base/clock.h"

namespace lathe::cli {
namespace {

using services::DeployedModel;
using services::DeploymentState;
using services::Project;

struct RetrainOptions {
  std::string which, data, token, latency, watch;
};

const char* deployedState(const DeployedModel& model) {
  return model.state == DeploymentState::RolledBack ? "rolled back" : "served";
}

Json deployedJson(const DeployedModel& model) {
  Json json{{"name", model.name},
            {"version", model.version},
            {"to", services::targetName(model.target)},
            {"url", model.url},
            {"endpoint", model.endpoint},
            {"run", model.run},
            {"state", deployedState(model)},
            {"previous", model.previous.empty() ? Json() : Json(model.previous)},
            {"created", isoTime(model.createdMicros)},
            {"watched_until", model.watchedUntilMicros > 0 ? Json(isoTime(model.watchedUntilMicros)) : Json()},
            {"reason", model.reason ? errorJson(*model.reason) : Json()},
            {"other", model.other ? otherJson(*model.other) : Json()}};
  auto history = Json::array();
  for (const auto& event : model.history)
    history.push_back({{"time", isoTime(event.micros)}, {"message", event.message.render()}});
  json["history"] = std::move(history);
  return json;
}

Result<std::unique_ptr<services::DeploymentService>> deploymentsOf(Context& context, bool trains) {
  LATHE_ASSIGN(engine, context.engine());
  LATHE_ASSIGN(models, context.models());
  std::shared_ptr<services::TrainingService> training;
  if (trains) training = services::makeTrainingService(engine, services::Priority::Ordinary);
  return services::makeDeploymentService(std::move(models), nullptr, std::move(training));
}

/// NAME or NAME/VERSION: the newest one that fits.
Result<DeployedModel> deploymentNamed(services::DeploymentService& service, const Project& project,
                                      const std::string& which) {
  LATHE_ASSIGN(all, service.deployments(project));
  for (const auto& model : all)
    if (which == model.name || which == model.name + "/" + model.version) return model;
  std::string names;
  for (const auto& model : all) names += fmt::format("{}{}/{}", names.empty() ? "" : ", ", model.name, model.version);
  return fail(
      "deploy.unknown", "This project has no deployment {name}.",
      all.empty() ? "Put a run into a server first: lathe-cli deploy RUN --to SERVER --url URL." : "There are {names}.",
      {{"name", which}, {"names", names}});
}

Result<int> listDeployments(Context& context) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Read));
  LATHE_ASSIGN(text, project->store().setting("deployments"));
  const auto all = services::deployedModelsFrom(text);
  Table table;
  for (const char* title : {"model", "version", "run", "server", "state", "since"}) table.column(title);
  Json json = Json::array();
  for (const auto& model : all) {
    table.row({model.name, model.version, std::to_string(model.run),
               fmt::format("{} {}", services::targetName(model.target), model.url), deployedState(model),
               isoTime(model.createdMicros)});
    json.push_back(deployedJson(model));
  }
  return context.print({{"deployments", std::move(json)}}, all.empty() ? "No deployment yet.\n" : table.text());
}

Result<int> retrainDeployment(Context& context, const RetrainOptions& options) {
  services::RetrainRequest request;
  std::error_code error;
  request.data = std::filesystem::absolute(options.data, error).lexically_normal();
  request.token = options.token;
  if (!options.latency.empty()) {
    LATHE_ASSIGN(limit, realNumber("--max-latency", options.latency));
    request.maxLatencyMs = limit;
  }
  if (!options.watch.empty()) {
    LATHE_ASSIGN(seconds, parseDuration(options.watch));
    request.watchSeconds = seconds;
  }
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_TRY(context.tellThreads());
  LATHE_ASSIGN(service, deploymentsOf(context, true));
  LATHE_ASSIGN(model, deploymentNamed(*service, *project, options.which));
  ProgressLine line;
  const auto job = context.job(line);
  LATHE_ASSIGN(retrained, service->retrain(project, model, request, job));
  auto& deployment = retrained.deployment;
  Json watched;
  const bool promoted = deployment.healthy;
  if (promoted && request.watchSeconds > 0)
    LATHE_TRY(watchRecorded(*service, *project, deployment, request.watchSeconds, job, watched));
  line.clear();
  if (deployment.why) writeErr("lathe-cli: " + deployment.why->sentence());
  Json json{{"run", retrained.run}, {"promoted", promoted}, {"champion", deployedJson(model)}};
  json.update(deploymentJson(deployment));
  if (!watched.is_null()) json["watch"] = std::move(watched);
  auto text = fmt::format("run {} trained on {}\n", retrained.run, request.data.string()) + deploymentText(deployment);
  return context.print(json, text, deployment.healthy ? Done : CheckFailed);
}

Json driftJson(const services::DriftReport& report) {
  Json columns = Json::array();
  for (const auto& column : report.columns)
    columns.push_back({{"name", column.name},
                       {"kind", spec::name(column.kind)},
                       {"psi", column.psi},
                       {"chance", column.chance},
                       {"drift", services::driftName(column.level)},
                       {"missing", column.missingNow},
                       {"missing_in_training", column.missingThen},
                       {"unseen", column.unseen},
                       {"mean", column.meanNow},
                       {"mean_in_training", column.meanThen},
                       {"message", column.sentence.render()}});
  return {{"since", report.since}, {"rows", report.rows}, {"enough", report.enough}, {"columns", std::move(columns)}};
}

std::string driftText(const services::DriftReport& report) {
  if (!report.enough)
    return fmt::format("{} since {}: {} are needed to say anything.\n",
                       counted(static_cast<std::int64_t>(report.rows), "row", "rows"), report.since,
                       services::leastDriftRows);
  Table table;
  table.column("column");
  table.column("drift");
  table.column("index", Table::Align::Right);
  table.column("missing", Table::Align::Right);
  table.column("unseen", Table::Align::Right);
  table.column("what");
  const auto percent = [](double share) { return fmt::format("{:.3g} %", 100 * share); };
  for (const auto& column : report.columns)
    table.row({column.name, services::driftName(column.level), shortNumber(column.psi), percent(column.missingNow),
               percent(column.unseen), column.sentence.render()});
  return table.text() +
         fmt::format("\n{} since {}\n", counted(static_cast<std::int64_t>(report.rows), "row", "rows"), report.since);
}

Result<int> driftOfDeployment(Context& context, const std::string& which) {
  LATHE_ASSIGN(project, context.project(Project::Mode::Read));
  const auto service = services::makeDeploymentService(nullptr, nullptr);
  LATHE_ASSIGN(model, deploymentNamed(*service, *project, which));
  ProgressLine line;
  const auto job = context.job(line);
  auto report = service->drift(*project, model, job);
  line.clear();
  if (!report) return passOn(report);
  Json json{{"name", model.name}, {"version", model.version}};
  json.update(driftJson(*report));
  return context.print(json, driftText(*report));
}

}  // namespace

Json otherJson(const services::OtherAnswer& other) {
  return {{"row", other.row}, {"found", other.found}, {"wanted", other.wanted}};
}

double secondsBetweenLooks(double watch) { return std::clamp(watch / 4, 0.2, 5.0); }

Json watchJson(int looks, double seconds, bool rolledBack) {
  return {{"looks", looks}, {"seconds", seconds}, {"rolled_back", rolledBack}};
}

void takeOver(services::Deployment& deployment, const services::Deployment& state) {
  deployment.healthy = state.healthy;
  deployment.why = state.why;
  deployment.other = state.other;
  deployment.steps.insert(deployment.steps.end(), state.steps.begin(), state.steps.end());
}

Result<void> watchRecorded(services::DeploymentService& service, Project& project, services::Deployment& deployment,
                           double watch, const JobContext& job, Json& watched) {
  using std::chrono::steady_clock;
  LATHE_ASSIGN(model, deploymentNamed(service, project, deployment.name + "/" + deployment.version));
  const auto start = steady_clock::now();
  for (int looks = 1;; ++looks) {
    const double passed = std::chrono::duration<double>(steady_clock::now() - start).count();
    job.report({"watch", std::min(passed, watch), watch, "s"});
    LATHE_ASSIGN(looked, service.look(project, model, job));
    model = looked.model;
    watched = watchJson(looks, watch, looked.rolledBack);
    const bool over = looked.rolledBack || passed >= watch || job.cancelled();
    if (over) {
      takeOver(deployment, looked.state);
      return {};
    }
    const auto next = steady_clock::now() + std::chrono::duration<double>(secondsBetweenLooks(watch));
    while (!job.cancelled() && steady_clock::now() < next) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void addDeployments(CLI::App& deploy, Action& chosen) {
  deploy.require_subcommand(0, 1);
  auto* listCommand = deploy.add_subcommand("list", "What this project put into servers, newest first");
  listCommand->callback([&chosen] { chosen = [](Context& context) { return listDeployments(context); }; });

  auto* retrainCommand = deploy.add_subcommand(
      "retrain", "Train a deployment's experiment on new data, and serve the result where it is no worse");
  auto options = std::make_shared<RetrainOptions>();
  retrainCommand->add_option("deployment", options->which, "A model's name as in deploy list, or NAME/VERSION")
      ->type_name("NAME")
      ->required();
  retrainCommand->add_option("--data", options->data, "Labelled rows with the same columns")
      ->type_name("FILE")
      ->required();
  retrainCommand->add_option("--token", options->token, "What the server wants as a bearer token")->type_name("TOKEN");
  retrainCommand->add_option("--max-latency", options->latency, "Milliseconds that a row may take there")
      ->type_name("MS");
  retrainCommand->add_option("--watch", options->watch, "As for deploy")->type_name("DURATION");
  retrainCommand->callback(
      [options, &chosen] { chosen = [options](Context& context) { return retrainDeployment(context, *options); }; });

  auto* driftCommand = deploy.add_subcommand(
      "drift", "Compare what Lathe's server was asked with what the model was trained on, column by column");
  auto which = std::make_shared<std::string>();
  driftCommand->add_option("deployment", *which, "A model's name as in deploy list, or NAME/VERSION")
      ->type_name("NAME")
      ->required();
  driftCommand->callback(
      [which, &chosen] { chosen = [which](Context& context) { return driftOfDeployment(context, *which); }; });
}

}  // namespace lathe::cli

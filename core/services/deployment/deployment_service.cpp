// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/deployment_service.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/services/deployment/deploy_steps.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr const char* settingName = "deployments";
constexpr std::size_t mostRemembered = 200;
constexpr double checkSeconds = 10;

Json jsonOf(const DeployedModel& model) {
  return {{"run", model.run},
          {"target", targetName(model.target)},
          {"url", model.url},
          {"predict_url", model.predictUrl},
          {"name", model.name},
          {"version", model.version},
          {"endpoint", model.endpoint},
          {"folder", model.folder},
          {"created", model.createdMicros}};
}

std::optional<DeployedModel> modelFrom(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const auto text = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto whole = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : std::int64_t{0};
  };
  DeployedModel model{whole("run"),    DeployTarget::TorchServe, text("url"),    text("predict_url"), text("name"),
                      text("version"), text("endpoint"),         text("folder"), whole("created")};
  for (const auto target : {DeployTarget::TfServing, DeployTarget::Triton, DeployTarget::Lathe})
    if (text("target") == targetName(target)) model.target = target;
  if (model.name.empty() || model.url.empty()) return std::nullopt;
  return model;
}

bool samePlace(const DeployedModel& a, const DeployedModel& b) {
  return a.target == b.target && a.url == b.url && a.name == b.name && a.version == b.version;
}

ServedPlace placeOf(const DeployedModel& model) {
  return {model.target, model.url, model.predictUrl, {}, model.name, model.version};
}

class ProjectDeployments final : public DeploymentService {
 public:
  ProjectDeployments(std::shared_ptr<ModelService> models, std::shared_ptr<BuiltInServer> server)
      : m_models(std::move(models)), m_server(std::move(server)) {}

  Result<std::vector<DeployedModel>> deployments(const Project& project) override {
    LATHE_ASSIGN(text, project.store().setting(settingName));
    std::vector<DeployedModel> all;
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_array())
      for (const auto& entry : json)
        if (auto model = modelFrom(entry)) all.push_back(std::move(*model));
    return all;
  }

  Result<Deployment> deployRun(Project& project, store::RunNumber run, DeployRequest request,
                               const JobContext& job) override {
    const std::string format = request.target == DeployTarget::Triton ? "triton" : formatFor(request.target);
    LATHE_ASSIGN(what, exported(project, run, format, request.name, job));
    request.what = std::move(what);
    LATHE_ASSIGN(deployment, deploy(request, job));
    if (deployment.healthy) LATHE_TRY(remember(project, run, request, deployment));
    return deployment;
  }

  Result<Deployment> serveRun(Project& project, store::RunNumber run, const JobContext& job) override {
    if (!m_server) return fail("deploy.no_server", LATHE_TEXT("errors", "This program has no server of its own."), "");
    LATHE_ASSIGN(what, exported(project, run, formatFor(DeployTarget::Lathe), {}, job));
    DeployRequest request;
    request.what = what;
    request.target = DeployTarget::Lathe;
    LATHE_TRY(m_server->serve(what.modelFile, what.manifest.name, run));
    request.url = m_server->address();
    request.predictUrl = m_server->address();
    Deployment deployment;
    deployment.name = what.manifest.name;
    deployment.version = std::to_string(run);
    deployment.endpoint = fmt::format("http://{}/predictions/{}", m_server->address(), deployment.name);
    LATHE_TRY(compare({DeployTarget::Lathe, request.url, request.predictUrl, {}, deployment.name, deployment.version},
                      what, deployment, job));
    if (deployment.healthy) LATHE_TRY(remember(project, run, request, deployment));
    return deployment;
  }

  void stopServing() override {
    if (m_server) m_server->stop();
  }
  [[nodiscard]] bool serving() const override { return m_server && m_server->running(); }

  Result<Deployment> check(const Project& project, const DeployedModel& model, const JobContext& job) override {
    LATHE_ASSIGN(what, exporting::findExport(project.absolute(model.folder)));
    Deployment deployment;
    deployment.name = model.name;
    deployment.version = model.version;
    deployment.endpoint = model.endpoint;
    LATHE_TRY(compare(placeOf(model), what, deployment, job));
    return deployment;
  }

  Result<void> forget(Project& project, const DeployedModel& model) override {
    const std::lock_guard lock(m_mutex);
    LATHE_ASSIGN(all, deployments(project));
    std::erase_if(all, [&](const auto& each) { return samePlace(each, model); });
    return keep(project, all);
  }

  Result<std::vector<spec::FeatureSchema>> columns(const Project& project, const DeployedModel& model) override {
    LATHE_ASSIGN(what, exporting::findExport(project.absolute(model.folder)));
    const auto& schema = what.manifest.schema;
    if (schema.image || schema.sound() || schema.sequence.window > 0) return std::vector<spec::FeatureSchema>();
    return schema.features;
  }

  Result<TriedRow> tryRow(const Project& project, const DeployedModel& model,
                          const std::vector<std::string>& cells) override {
    LATHE_ASSIGN(what, exporting::findExport(project.absolute(model.folder)));
    const auto& schema = what.manifest.schema;
    serving::RequestRows rows;
    for (const auto& feature : schema.features) rows.columns.push_back(feature.name);
    rows.cells.push_back(cells);
    rows.cells.front().resize(rows.columns.size());
    LATHE_ASSIGN(server, askServed(placeOf(model), schema, checkSeconds));
    const auto start = std::chrono::steady_clock::now();
    LATHE_ASSIGN(values, server->ask(rows, 0, 1));
    TriedRow tried;
    tried.latencyMs = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    tell(schema, what.manifest.decisionThreshold, values, tried);
    return tried;
  }

 private:
  static void tell(const spec::DataSchema& schema, double threshold, const std::vector<float>& values,
                   TriedRow& tried) {
    const auto& classes = schema.target.classes;
    if (schema.task == spec::Task::Classification && values.size() == classes.size() && !classes.empty()) {
      tried.answers.emplace_back("prediction", classes[engine::decidedClass(values, threshold)]);
      for (std::size_t i = 0; i < values.size(); ++i)
        tried.probabilities.emplace_back(classes[i], static_cast<double>(values[i]));
      return;
    }
    const auto names = spec::predictionColumns(schema);
    const auto skipped = names.size() - std::min(names.size(), values.size());
    for (std::size_t i = 0; i < values.size() && skipped + i < names.size(); ++i)
      tried.answers.emplace_back(names[skipped + i], fmt::format("{}", values[i]));
  }

  Result<exporting::ExportLocation> exported(Project& project, store::RunNumber run, const std::string& format,
                                             const std::string& name, const JobContext& job) {
    ExportRequest request;
    request.run = run;
    request.formats = {format};
    request.folder = project.folder() / "deployed" / fmt::format("{}-{}", run, format);
    request.name = name;
    auto written = m_models->exportRun(project, request, job);
    if (!written) return passOn(written);
    return exporting::findExport(written->folder);
  }

  static Result<void> compare(const ServedPlace& place, const exporting::ExportLocation& what, Deployment& deployment,
                              const JobContext& job) {
    LATHE_ASSIGN(expected, expectedOf(what.manifest));
    auto server = askServed(place, what.manifest.schema, checkSeconds);
    if (!server) {
      deployment.why = server.error();
      return {};
    }
    return compareAnswers(
        expected, [&](std::size_t first, std::size_t count) { return (*server)->ask(expected.rows, first, count); },
        deployment, job);
  }

  Result<void> remember(Project& project, store::RunNumber run, const DeployRequest& request,
                        const Deployment& deployment) {
    const std::lock_guard lock(m_mutex);
    DeployedModel model{run,
                        request.target,
                        request.url,
                        request.predictUrl,
                        deployment.name,
                        deployment.version,
                        deployment.endpoint,
                        project.relative(request.what.folder),
                        systemClock().nowMicros()};
    LATHE_ASSIGN(all, deployments(project));
    std::erase_if(all, [&](const auto& each) { return samePlace(each, model); });
    all.insert(all.begin(), std::move(model));
    if (all.size() > mostRemembered) all.resize(mostRemembered);
    return keep(project, all);
  }

  static Result<void> keep(Project& project, const std::vector<DeployedModel>& all) {
    auto json = Json::array();
    for (const auto& model : all) json.push_back(jsonOf(model));
    return project.store().setSetting(settingName, json.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  const std::shared_ptr<ModelService> m_models;
  const std::shared_ptr<BuiltInServer> m_server;
  std::mutex m_mutex;
};

}  // namespace

std::unique_ptr<DeploymentService> makeDeploymentService(std::shared_ptr<ModelService> models,
                                                         std::shared_ptr<BuiltInServer> server) {
  return std::make_unique<ProjectDeployments>(std::move(models), std::move(server));
}

}  // namespace lathe::services

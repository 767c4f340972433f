// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/deployment_service.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <mutex>

#include "core/base/clock.h"
#include "core/services/deployment/promotion.h"
#include "core/services/deployment/retrain.h"
#include "core/services/deployment/roll_back.h"
#include "core/services/deployment/training_inputs.h"
#include "core/services/deployment/tried_row.h"
#include "core/serving/clients/torchserve_client.h"

namespace lathe::services {
namespace {

constexpr const char* settingName = "deployments";
constexpr std::size_t mostRemembered = 200;
constexpr double checkSeconds = 10;
constexpr double countSeconds = 3;

bool sameModel(const DeployedModel& a, const DeployedModel& b) {
  return a.target == b.target && a.url == b.url && a.name == b.name;
}

std::int64_t watchEnd(double seconds) {
  return seconds > 0 ? systemClock().nowMicros() + static_cast<std::int64_t>(1e6 * seconds) : 0;
}

Message servedMessage(store::RunNumber run, const Deployment& deployment) {
  TextArgs args{{"run", std::to_string(run)}, {"version", deployment.version}, {"previous", deployment.previous}};
  if (const auto& promotion = deployment.promotion) {
    args.insert(args.end(), {{"measure", promotion->measure},
                             {"challenger", fmt::format("{:.4g}", promotion->challenger)},
                             {"champion", fmt::format("{:.4g}", promotion->champion)},
                             {"rows", std::to_string(promotion->rows)}});
    return {LATHE_TEXT("events",
                       "Run {run} is served as version {version} instead of version {previous}: {measure} {challenger} "
                       "against {champion} on {rows} rows."),
            std::move(args)};
  }
  if (!deployment.previous.empty())
    return {LATHE_TEXT("events", "Run {run} is served as version {version} instead of version {previous}."),
            std::move(args)};
  return {LATHE_TEXT("events", "Run {run} is served as version {version}."), std::move(args)};
}

class ProjectDeployments final : public DeploymentService {
 public:
  ProjectDeployments(std::shared_ptr<ModelService> models, std::shared_ptr<BuiltInServer> server,
                     std::shared_ptr<TrainingService> training)
      : m_models(std::move(models)), m_server(std::move(server)), m_training(std::move(training)) {}

  Result<std::vector<DeployedModel>> deployments(const Project& project) override {
    LATHE_ASSIGN(text, project.store().setting(settingName));
    return deployedModelsFrom(text);
  }

  Result<Deployment> deployRun(Project& project, store::RunNumber run, DeployRequest request, const JobContext& job,
                               double watchSeconds) override {
    return putRun(project, run, std::move(request), job, watchSeconds, {});
  }

  Result<Deployment> serveRun(Project& project, store::RunNumber run, const JobContext& job,
                              double watchSeconds) override {
    return serveHere(project, run, {}, job, watchSeconds, {});
  }

  void stopServing() override {
    if (m_server) m_server->stop();
  }
  [[nodiscard]] bool serving() const override { return m_server && m_server->running(); }

  Result<Looked> look(Project& project, const DeployedModel& model, const JobContext& job) override {
    LATHE_ASSIGN(what, exporting::findExport(project.absolute(model.folder)));
    const auto place = placeOf(model);
    Looked looked{model, {}, {}, false};
    looked.state.name = model.name;
    looked.state.version = model.version;
    looked.state.previous = model.previous;
    if (model.isWatched(systemClock().nowMicros())) {
      LATHE_ASSIGN(outcome, watchOnce({place, model.previous, model.modelStore}, what.manifest, looked.model.strikes,
                                      checkSeconds, job));
      looked.state = outcome.state;
      looked.rolledBack = outcome.rolledBack;
      LATHE_TRY(note(project, outcome, looked));
    } else {
      LATHE_TRY(checkServed(place, what.manifest, checkSeconds, looked.state, job));
    }
    looked.state.endpoint = model.endpoint;
    if (!looked.state.why || looked.state.why->code != "deploy.unreachable")
      looked.requests = requestsOf(place, countSeconds);
    return looked;
  }

  Result<Retrained> retrain(const std::shared_ptr<Project>& project, const DeployedModel& model,
                            const RetrainRequest& request, const JobContext& job) override {
    if (!m_training) return fail("retrain.no_engine", LATHE_TEXT("errors", "This program cannot train."), "");
    LATHE_ASSIGN(champion, exporting::findExport(project->absolute(model.folder)));
    LATHE_ASSIGN(trained, trainAgain(*m_training, project, model.run, request.data, job));
    DeployRequest deployment;
    deployment.target = model.target;
    deployment.url = model.url;
    deployment.predictUrl = model.predictUrl;
    deployment.modelStore = model.modelStore;
    deployment.token = request.token;
    deployment.name = model.name;
    deployment.data = request.data;
    deployment.dataRows = std::move(trained.heldOut);
    deployment.maxLatencyMs = request.maxLatencyMs;
    deployment.championSchema = champion.manifest.schema;
    auto history = model.history;
    const TextArgs args{{"file", request.data.filename().string()}, {"run", std::to_string(trained.run)}};
    history.push_back(
        {systemClock().nowMicros(), {LATHE_TEXT("events", "Trained again on {file} as run {run}."), args}});
    auto put = isOwn(model)
                   ? serveHere(*project, trained.run, std::move(deployment), job, request.watchSeconds, history)
                   : putRun(*project, trained.run, std::move(deployment), job, request.watchSeconds, history);
    if (!put || !put->healthy) {
      const auto& why = put ? put->why : std::optional(put.error());
      LATHE_TRY(change(*project, model, [&](DeployedModel& known) { noteRefusal(known, args, why); }));
    }
    if (!put) return passOn(put);
    return Retrained{trained.run, std::move(*put)};
  }

  Result<DriftReport> drift(Project& project, const DeployedModel& model, const JobContext& job) override {
    if (model.target != DeployTarget::Lathe)
      return fail("deploy.no_summary", LATHE_TEXT("errors", "This server keeps no summary of the inputs it saw."),
                  LATHE_TEXT("errors", "Serve the model by Lathe's own server to watch its inputs."));
    LATHE_ASSIGN(seen, inputsSeen(placeOf(model), checkSeconds));
    LATHE_ASSIGN(training, trainingInputs(project, model.run, project.absolute(model.folder), seen, job));
    return compareInputs(training, seen);
  }

  Result<void> forget(Project& project, const DeployedModel& model) override {
    const std::lock_guard lock(m_mutex);
    LATHE_ASSIGN(all, deployments(project));
    std::erase_if(all, [&](const auto& each) { return samePlace(each, model); });
    return keep(project, all);
  }

  Result<RowForm> form(const Project& project, const DeployedModel& model) override {
    LATHE_ASSIGN(what, exporting::findExport(project.absolute(model.folder)));
    const auto& schema = what.manifest.schema;
    if (schema.image) return RowForm{{}, schema.inputShape};
    if (schema.sound() || schema.sequence.window > 0) return RowForm();
    return RowForm{schema.features, {}};
  }

  Result<TriedRow> tryRow(const Project& project, const DeployedModel& model,
                          const std::vector<std::string>& cells) override {
    LATHE_ASSIGN(what, exporting::findExport(project.absolute(model.folder)));
    serving::RequestRows rows;
    for (const auto& feature : what.manifest.schema.features) rows.columns.push_back(feature.name);
    rows.cells.push_back(cells);
    rows.cells.front().resize(rows.columns.size());
    return triedRow(placeOf(model), what.manifest, rows, checkSeconds);
  }

  Result<TriedRow> tryImage(const Project& project, const DeployedModel& model,
                            const std::filesystem::path& file) override {
    LATHE_ASSIGN(what, exporting::findExport(project.absolute(model.folder)));
    LATHE_ASSIGN(rows, pictureRow(what.manifest.schema, file));
    return triedRow(placeOf(model), what.manifest, rows, checkSeconds);
  }

 private:
  [[nodiscard]] bool isOwn(const DeployedModel& model) const {
    return m_server && m_server->running() && model.target == DeployTarget::Lathe &&
           model.predictUrl == m_server->address();
  }

  [[nodiscard]] ServedPlace placeOf(const DeployedModel& model) {
    ServedPlace place{model.target, model.url, model.predictUrl, {}, model.name, model.version};
    place.token = isOwn(model) ? m_server->token() : tokenFor(model.url);
    return place;
  }

  // For as long as the program runs: they are written nowhere.
  [[nodiscard]] std::string tokenFor(const std::string& url) {
    const std::lock_guard lock(m_tokenMutex);
    const auto found = m_tokens.find(url);
    return found == m_tokens.end() ? std::string() : found->second;
  }
  void rememberToken(DeployRequest& request) {
    if (request.token.empty()) {
      request.token = tokenFor(request.url);
      return;
    }
    const std::lock_guard lock(m_tokenMutex);
    m_tokens[request.url] = request.token;
  }

  Result<Deployment> putRun(Project& project, store::RunNumber run, DeployRequest request, const JobContext& job,
                            double watchSeconds, std::vector<DeploymentEvent> history) {
    rememberToken(request);
    const std::string format = request.target == DeployTarget::Triton ? "triton" : formatFor(request.target);
    LATHE_ASSIGN(what, exported(project, run, format, request.name, job));
    request.what = std::move(what);
    if (!request.championSchema) request.championSchema = championOf(project, request);
    LATHE_ASSIGN(deployment, deploy(request, job));
    if (deployment.healthy)
      LATHE_TRY(remember(project, run, request, deployment, watchSeconds, std::move(history), job));
    return deployment;
  }

  /// What was deployed last under that name, where this project did it.
  std::optional<spec::DataSchema> championOf(const Project& project, const DeployRequest& request) {
    const auto all = deployments(project);
    if (!all) return std::nullopt;
    const auto name = request.name.empty() ? request.what.manifest.name : request.name;
    for (const auto& each : *all) {
      if (each.target != request.target || each.url != request.url || each.name != name) continue;
      if (each.state != DeploymentState::Served) continue;
      const auto what = exporting::findExport(project.absolute(each.folder));
      return what ? std::optional(what->manifest.schema) : std::nullopt;
    }
    return std::nullopt;
  }

  Result<serving::TorchServeClient> ownClient() {
    LATHE_ASSIGN(management, serving::HttpClient::to(m_server->management(), m_server->token(), checkSeconds));
    LATHE_ASSIGN(inference, serving::HttpClient::to(m_server->address(), m_server->token(), checkSeconds));
    return serving::TorchServeClient(std::move(management), std::move(inference));
  }

  /// In the server of this program; what was served there before answers until the new version has proved itself.
  Result<Deployment> serveHere(Project& project, store::RunNumber run, DeployRequest request, const JobContext& job,
                               double watchSeconds, std::vector<DeploymentEvent> history) {
    if (!m_server) return fail("deploy.no_server", LATHE_TEXT("errors", "This program has no server of its own."), "");
    LATHE_ASSIGN(what, exported(project, run, formatFor(DeployTarget::Lathe), request.name, job));
    request.what = what;
    request.target = DeployTarget::Lathe;
    Deployment deployment;
    deployment.name = what.manifest.name;
    deployment.version = std::to_string(run);
    if (m_server->running()) {
      LATHE_ASSIGN(client, ownClient());
      LATHE_ASSIGN(now, client.defaultVersion(deployment.name));
      const auto before = plainVersion(now);
      if (before != deployment.version) deployment.previous = before;
      if (!before.empty()) LATHE_TRY(client.setDefault(deployment.name, before));
    }
    LATHE_TRY(m_server->serve(what.modelFile, deployment.name, run));
    request.url = m_server->management();
    request.predictUrl = m_server->address();
    request.token = m_server->token();
    deployment.endpoint = fmt::format("http://{}/predictions/{}", m_server->address(), deployment.name);
    const auto proven = proveHere(request, deployment, job);
    if (!proven || !deployment.healthy) takeBackHere(deployment);
    if (!proven) return passOn(proven);
    if (deployment.healthy)
      LATHE_TRY(remember(project, run, request, deployment, watchSeconds, std::move(history), job));
    return deployment;
  }

  Result<void> proveHere(const DeployRequest& request, Deployment& deployment, const JobContext& job) {
    const ServedPlace place{DeployTarget::Lathe, request.url,     request.predictUrl,
                            request.token,       deployment.name, deployment.version};
    LATHE_TRY(checkServed(place, request.what.manifest, checkSeconds, deployment, job));
    LATHE_TRY(judge(request, deployment, job));
    if (!deployment.healthy) return {};
    LATHE_ASSIGN(client, ownClient());
    return client.setDefault(deployment.name, deployment.version);
  }

  void takeBackHere(const Deployment& deployment) {
    auto client = ownClient();
    if (!client) return;
    if (!deployment.previous.empty()) (void)client->setDefault(deployment.name, deployment.previous).has_value();
    (void)client->unregister(deployment.name, deployment.version).has_value();
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

  Result<void> remember(Project& project, store::RunNumber run, const DeployRequest& request,
                        const Deployment& deployment, double watchSeconds, std::vector<DeploymentEvent> history,
                        const JobContext& job) {
    DeployedModel model;
    model.run = run;
    model.target = request.target;
    model.url = request.url;
    model.predictUrl = request.predictUrl;
    model.name = deployment.name;
    model.version = deployment.version;
    model.endpoint = deployment.endpoint;
    model.folder = project.relative(request.what.folder);
    model.createdMicros = systemClock().nowMicros();
    model.modelStore = request.modelStore.string();
    model.previous = deployment.previous;
    model.watchedUntilMicros = watchEnd(watchSeconds);
    model.history = std::move(history);
    addEvent(model, model.createdMicros, servedMessage(run, deployment));
    // While the training data are there; without them the drift watch says so.
    if (model.target == DeployTarget::Lathe)
      if (const auto seen = inputsSeen(placeOf(model), checkSeconds))
        (void)trainingInputs(project, run, request.what.folder, *seen, job).has_value();
    const std::lock_guard lock(m_mutex);
    LATHE_ASSIGN(all, deployments(project));
    std::erase_if(all, [&](const auto& each) { return samePlace(each, model); });
    for (auto& each : all)
      if (sameModel(each, model)) each.watchedUntilMicros = 0;
    all.insert(all.begin(), std::move(model));
    if (all.size() > mostRemembered) all.resize(mostRemembered);
    return keep(project, all);
  }

  /// What a look at a watched model found.
  Result<void> note(Project& project, const WatchOutcome& outcome, Looked& looked) {
    const bool fine = outcome.state.healthy;
    const bool news = fine ? looked.model.reason.has_value() : !looked.model.reason || outcome.rolledBack;
    if (fine && !news) return {};
    return change(project, looked.model, [&](DeployedModel& known) {
      known.strikes = looked.model.strikes;
      known.reason = outcome.state.why;
      if (outcome.state.other) known.other = outcome.state.other;
      const auto now = systemClock().nowMicros();
      if (news && !fine && known.reason) addEvent(known, now, known.reason->message);
      if (outcome.rolledBack) {
        known.state = DeploymentState::RolledBack;
        known.watchedUntilMicros = 0;
        if (outcome.done) addEvent(known, now, *outcome.done);
      }
      looked.model = known;
    });
  }

  static void noteRefusal(DeployedModel& model, TextArgs args, const std::optional<Error>& why) {
    args.emplace_back("reason", why ? why->message.render() : std::string());
    addEvent(
        model, systemClock().nowMicros(),
        {LATHE_TEXT("events", "Trained again on {file} as run {run}, which is not served: {reason}"), std::move(args)});
  }

  template <class Change>
  Result<void> change(Project& project, const DeployedModel& model, const Change& apply) {
    const std::lock_guard lock(m_mutex);
    LATHE_ASSIGN(all, deployments(project));
    for (auto& each : all)
      if (samePlace(each, model)) apply(each);
    return keep(project, all);
  }

  static Result<void> keep(Project& project, const std::vector<DeployedModel>& all) {
    return project.store().setSetting(settingName, toJson(all));
  }

  const std::shared_ptr<ModelService> m_models;
  const std::shared_ptr<BuiltInServer> m_server;
  const std::shared_ptr<TrainingService> m_training;
  std::mutex m_mutex, m_tokenMutex;
  std::map<std::string, std::string> m_tokens;  ///< by the server's address
};

}  // namespace

std::unique_ptr<DeploymentService> makeDeploymentService(std::shared_ptr<ModelService> models,
                                                         std::shared_ptr<BuiltInServer> server,
                                                         std::shared_ptr<TrainingService> training) {
  return std::make_unique<ProjectDeployments>(std::move(models), std::move(server), std::move(training));
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "core/base/files.h"
#include "core/services/deployment/promotion.h"
#include "core/serving/clients/http_client.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr int restPort = 8501;
constexpr int grpcPort = 8500;
constexpr const char* configName = "models.config";

using serving::ModelAddress;
using serving::TensorService;
using Labels = std::vector<std::pair<std::string, std::int64_t>>;

class TfServingDeployment {
 public:
  TfServingDeployment(const DeployRequest& request, fs::path store, const JobContext& job)
      : m_request(request), m_store(std::move(store)), m_job(job) {
    m_result.name = request.name.empty() ? request.what.manifest.name : request.name;
  }

  Result<Deployment> run() {
    LATHE_ASSIGN(file, fileOf(m_request.what, "savedmodel"));
    LATHE_ASSIGN(expected, expectedOf(m_request.what.manifest));
    LATHE_TRY(connect());
    const auto folder = m_store / m_result.name;
    LATHE_ASSIGN(version, numberedVersion(m_request, folder));
    m_result.version = version;
    const auto newest = newestVersion(folder);
    m_result.previous = newest > 0 ? std::to_string(newest) : std::string();
    m_result.endpoint = fmt::format("{}/v1/models/{}", m_address, serving::percentEncoded(m_result.name));
    m_job.report({"write", 0, 0, ""});
    LATHE_TRY(placeVersion(folder, version, {{file, "saved_model.pb"}}));
    told(fmt::format("Put version {} into {}.", version, folder.string()));
    if (auto before = readFile(m_store / configName)) m_configBefore = std::move(*before);
    const auto proven = prove({m_result.name, version, "predict_signature"}, expected);
    if (!proven || !m_result.healthy) takeBack(folder);
    if (!proven) return passOn(proven);
    return std::move(m_result);
  }

 private:
  static std::int64_t number(const std::string& version) { return std::strtoll(version.c_str(), nullptr, 10); }
  void told(std::string step) { m_result.steps.push_back(std::move(step)); }

  Result<void> connect() {
    m_job.report({"connect", 0, 0, ""});
    LATHE_ASSIGN(http, serving::HttpClient::to(m_request.url, m_request.token, m_request.timeoutSeconds));
    LATHE_TRY(http.get("/v1/models/" + serving::percentEncoded(m_result.name)));  // any answer is one
    m_address = http.address();
    LATHE_ASSIGN(rest, serving::tfServingRest({m_request.url, m_request.token, m_request.timeoutSeconds}));
    m_rest = std::move(rest);
    const auto usual = http.port() == restPort ? grpcPort : http.port() - 1;
    m_grpcAddress = m_request.predictUrl.empty() ? besidePort(http.host(), usual) : m_request.predictUrl;
    LATHE_ASSIGN(grpc, serving::tfServingGrpc({m_grpcAddress, m_request.token, 10}));
    const auto state = grpc->notReady({m_result.name, "", ""});
    // Not every server lets gRPC through; REST alone serves too.
    if (state || state.error().code != "deploy.unreachable") m_grpc = std::move(grpc);
    return {};
  }

  /// The models of others: as the configuration that is there has them, and what else lies in the store.
  [[nodiscard]] std::vector<serving::ConfiguredModel> others() const {
    std::vector<serving::ConfiguredModel> models;
    std::set<std::string> known{m_result.name};
    std::error_code error;
    if (m_configBefore)
      for (auto& model : serving::tfServingModels(*m_configBefore)) {
        const bool gone = isInside(model.folder, m_store) && !fs::exists(model.folder, error);
        if (!gone && known.insert(model.name).second) models.push_back(std::move(model));
      }
    for (fs::directory_iterator entry(m_store, error), end; !error && entry != end; entry.increment(error)) {
      const auto name = entry->path().filename().string();
      if (newestVersion(entry->path()) > 0 && known.insert(name).second)
        models.push_back({name, entry->path().string(), {}, {}});
    }
    return models;
  }

  [[nodiscard]] serving::ConfiguredModel ours(const Labels& labels, const std::string& fresh) const {
    serving::ConfiguredModel model{m_result.name, (m_store / m_result.name).string(), {}, labels};
    for (const auto& version : {m_result.previous, fresh})
      if (const auto value = number(version); value > 0) model.versions.push_back(value);
    return model;
  }

  /// Told to the server where it listens, and written beside the models for its next start.
  Result<void> configure(const Labels& labels) {
    auto models = others();
    models.push_back(ours(labels, m_result.version));
    if (m_grpc) LATHE_TRY(serving::reloadTfServing({m_grpcAddress, m_request.token, m_request.timeoutSeconds}, models));
    return writeFileAtomically(m_store / configName, serving::tfServingConfig(models));
  }

  /// An error ends the attempt; what the server does wrong is said in the result.
  Result<void> prove(const ModelAddress& model, const Expected& expected) {
    m_job.report({"register", 0, 0, ""});
    // A label may only be on a version that is served, which the one before need not be.
    if (m_result.previous.empty() || !configure({{"stable", number(m_result.previous)}})) LATHE_TRY(configure({}));
    for (auto* service : {m_grpc.get(), m_rest.get()}) {
      if (service == nullptr) continue;
      if (auto ready = waitUntilReady(*service, model, m_request.timeoutSeconds, m_job); !ready) {
        if (ready.error().code == cancelledCode) return ready;
        m_result.why = ready.error();
        return {};
      }
    }
    const auto* ways = m_grpc ? "REST and gRPC" : "REST";
    told(fmt::format("Version {} is AVAILABLE by {}.", model.version, ways));
    if (m_grpc) LATHE_TRY(configure(canaryLabels()));
    // Over gRPC too where it can be had: the PredictionService is what clients of such servers call.
    for (auto* service : {m_rest.get(), m_grpc.get()}) {
      if (service == nullptr) continue;
      LATHE_TRY(compareTensors(*service, model, expected, m_result, m_job));
      if (!m_result.healthy) return {};
    }
    told(fmt::format("The reference rows get the same answers through predict_signature by {}.", ways));
    LATHE_TRY(judge(m_request, m_result, m_job));
    if (!m_grpc || !m_result.healthy) return {};
    LATHE_TRY(configure({{"stable", number(m_result.version)}}));
    told(fmt::format("The label stable is on version {} now.", m_result.version));
    return {};
  }

  [[nodiscard]] Labels canaryLabels() const {
    Labels labels{{"canary", number(m_result.version)}};
    if (!m_result.previous.empty()) labels.emplace_back("stable", number(m_result.previous));
    return labels;
  }

  void takeBack(const fs::path& folder) {
    if (m_grpc) {
      auto models = others();
      if (!m_result.previous.empty()) models.push_back(ours({{"stable", number(m_result.previous)}}, {}));
      (void)serving::reloadTfServing({m_grpcAddress, m_request.token, m_request.timeoutSeconds}, models).has_value();
    }
    std::error_code ignored;
    if (m_configBefore)
      (void)writeFileAtomically(m_store / configName, *m_configBefore).has_value();
    else
      fs::remove(m_store / configName, ignored);
    removeVersion(folder, m_result.version);
    told(m_result.previous.empty() ? fmt::format("Took version {} away again.", m_result.version)
                                   : fmt::format("Took version {} away again; version {} is served on.",
                                                 m_result.version, m_result.previous));
  }

  const DeployRequest& m_request;
  const fs::path m_store;
  const JobContext& m_job;
  std::string m_address, m_grpcAddress;
  std::unique_ptr<TensorService> m_rest, m_grpc;
  std::optional<std::string> m_configBefore;
  Deployment m_result;
};

}  // namespace

Result<Deployment> deployToTfServing(const DeployRequest& request, const JobContext& job) {
  LATHE_ASSIGN(store, storeOf(request));
  return TfServingDeployment(request, std::move(store), job).run();
}

}  // namespace lathe::services

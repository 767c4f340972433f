// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <thread>

#include "core/base/files.h"
#include "core/services/deployment/deploy_steps.h"
#include "core/serving/clients/http_client.h"
#include "core/serving/clients/torchserve_client.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr int tfRestPort = 8501;
constexpr int tfGrpcPort = 8500;

using serving::ModelAddress;
using serving::TensorService;

Result<std::vector<float>> outputOf(TensorService& service, const ModelAddress& model, const Expected& expected,
                                    const serving::Signature& signature, std::size_t first, std::size_t count) {
  std::string note;
  LATHE_ASSIGN(inputs, serving::inputsFor(signature, expected.rows, first, count, note));
  LATHE_ASSIGN(outputs, service.predict(model, inputs));
  for (auto& output : outputs)
    if (output.name == "output_tensor" || outputs.size() == 1)
      if (auto* numbers = std::get_if<std::vector<float>>(&output.values)) return std::move(*numbers);
  return fail("deploy.bad_answer", LATHE_TEXT("errors", "{server} gave an answer that cannot be read: {reason}."),
              LATHE_TEXT("errors", "Check that the address is that of the protocol that was chosen."),
              {{"server", model.model}, {"reason", "it holds no output_tensor"}});
}

Result<void> waitUntilReady(TensorService& service, const ModelAddress& model, double seconds, const JobContext& job) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  std::string state;
  for (;;) {
    auto told = service.notReady(model);
    if (told && told->empty()) return {};
    if (!told && told.error().code == "deploy.unreachable") return passOn(told);
    state = told ? *told : told.error().sentence();
    if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "The deployment was cancelled."), "");
    if (std::chrono::steady_clock::now() > end)
      return fail("deploy.not_ready",
                  LATHE_TEXT("errors", "Version {version} of {name} is not served after {seconds} seconds: {state}."),
                  LATHE_TEXT("errors", "Check that the server watches this model store; its log says more."),
                  {{"name", model.model},
                   {"version", model.version},
                   {"seconds", fmt::format("{:.0f}", seconds)},
                   {"state", state}});
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

Result<fs::path> storeOf(const DeployRequest& request) {
  if (request.modelStore.empty())
    return fail("deploy.no_store", LATHE_TEXT("errors", "{target} reads models from a folder, and none is named."),
                LATHE_TEXT("errors", "Give the server's model store with --model-store."),
                {{"target", targetName(request.target)}});
  std::error_code error;
  auto store = fs::absolute(request.modelStore, error).lexically_normal();
  if (!fs::is_directory(store, error)) return fileError(ENOENT, store);
  return store;
}

Result<std::string> versionFor(const DeployRequest& request, const fs::path& folder) {
  if (request.version.empty()) return std::to_string(newestVersion(folder) + 1);
  if (request.version.size() > 18 || request.version.find_first_not_of("0123456789") != std::string::npos ||
      request.version.front() == '0')
    return fail("deploy.bad_version", LATHE_TEXT("errors", "\"{version}\" is no version: this server counts 1, 2, 3."),
                LATHE_TEXT("errors", "Give a whole number, or leave the version out to get the next one."),
                {{"version", request.version}});
  return request.version;
}

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
    LATHE_ASSIGN(version, versionFor(m_request, folder));
    m_result.version = version;
    const auto newest = newestVersion(folder);
    m_result.previous = newest > 0 ? std::to_string(newest) : std::string();
    m_result.endpoint = fmt::format("{}/v1/models/{}", m_address, serving::percentEncoded(m_result.name));
    m_job.report({"write", 0, 0, ""});
    LATHE_TRY(placeVersion(folder, version, {{file, "saved_model.pb"}}));
    told(fmt::format("Put version {} into {}.", version, folder.string()));
    m_job.report({"register", 0, 0, ""});
    LATHE_TRY(configure({number(m_result.previous), number(version)}, {}));
    const ModelAddress model{m_result.name, version, "predict_signature"};
    const auto ready = settled(model);
    if (!ready) m_result.why = ready.error();
    if (ready) LATHE_TRY(prove(model, expected));
    if (m_result.healthy) {
      LATHE_TRY(promote());
    } else {
      takeBack(folder);
    }
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
    const auto usual = http.port() == tfRestPort ? tfGrpcPort : http.port() - 1;
    m_grpcAddress = m_request.predictUrl.empty() ? besidePort(http.host(), usual) : m_request.predictUrl;
    LATHE_ASSIGN(grpc, serving::tfServingGrpc({m_grpcAddress, m_request.token, 10}));
    const auto state = grpc->notReady({m_result.name, "", ""});
    // Not every server lets gRPC through; REST alone serves too.
    if (state || state.error().code != "deploy.unreachable") m_grpc = std::move(grpc);
    return {};
  }

  /// Every model of the store, with these versions and labels of ours, told to the server where it listens and written
  /// beside the models for the next start.
  Result<void> configure(const std::vector<std::int64_t>& versions,
                         const std::vector<std::pair<std::string, std::int64_t>>& labels) {
    std::vector<serving::ServedModel> models;
    std::error_code error;
    for (fs::directory_iterator entry(m_store, error), end; !error && entry != end; entry.increment(error)) {
      const auto name = entry->path().filename().string();
      if (name == m_result.name || newestVersion(entry->path()) == 0) continue;
      models.push_back({name, entry->path().string(), {}, {}});
    }
    serving::ServedModel ours{m_result.name, (m_store / m_result.name).string(), {}, labels};
    for (const auto version : versions)
      if (version > 0 && std::find(ours.versions.begin(), ours.versions.end(), version) == ours.versions.end())
        ours.versions.push_back(version);
    models.push_back(std::move(ours));
    LATHE_TRY(writeFileAtomically(m_store / "models.config", serving::tfServingConfig(models)));
    if (!m_grpc) return {};
    return serving::reloadTfServing({m_grpcAddress, m_request.token, m_request.timeoutSeconds}, models);
  }

  Result<void> settled(const ModelAddress& model) {
    if (m_grpc) LATHE_TRY(waitUntilReady(*m_grpc, model, m_request.timeoutSeconds, m_job));
    LATHE_TRY(waitUntilReady(*m_rest, model, m_request.timeoutSeconds, m_job));
    told(fmt::format("Version {} is AVAILABLE by {}.", model.version, m_grpc ? "gRPC and REST" : "REST"));
    return {};
  }

  Result<void> prove(const ModelAddress& model, const Expected& expected) {
    if (m_grpc)
      LATHE_TRY(configure({number(m_result.previous), number(model.version)}, labelsOf(number(model.version))));
    // Over gRPC where it can be had: the PredictionService is what clients of such servers call.
    for (auto* service : {m_rest.get(), m_grpc.get()}) {
      if (service == nullptr) continue;
      auto signature = service->signature(model);
      if (!signature) {
        m_result.healthy = false;
        m_result.why = signature.error();
        return {};
      }
      LATHE_TRY(compareAnswers(
          expected,
          [&](std::size_t first, std::size_t count) {
            return outputOf(*service, model, expected, *signature, first, count);
          },
          m_result, m_job));
      if (!m_result.healthy) return {};
    }
    told(fmt::format("The reference rows get the same answers through predict_signature by {}.",
                     m_grpc ? "REST and gRPC" : "REST"));
    return {};
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> labelsOf(std::int64_t canary) const {
    std::vector<std::pair<std::string, std::int64_t>> labels{{"canary", canary}};
    if (!m_result.previous.empty()) labels.emplace_back("stable", number(m_result.previous));
    return labels;
  }

  Result<void> promote() {
    if (!m_grpc) return {};
    const auto version = number(m_result.version);
    LATHE_TRY(configure({number(m_result.previous), version}, {{"stable", version}}));
    told(fmt::format("The label stable is on version {} now.", m_result.version));
    return {};
  }

  void takeBack(const fs::path& folder) {
    if (m_grpc && !m_result.previous.empty())
      (void)configure({number(m_result.previous)}, {{"stable", number(m_result.previous)}}).has_value();
    std::error_code ignored;
    fs::remove_all(folder / m_result.version, ignored);
    told(m_result.previous.empty() ? fmt::format("Took version {} away again.", m_result.version)
                                   : fmt::format("Took version {} away again; version {} is served on.",
                                                 m_result.version, m_result.previous));
  }

  const DeployRequest& m_request;
  const fs::path m_store;
  const JobContext& m_job;
  std::string m_address, m_grpcAddress;
  std::unique_ptr<TensorService> m_rest, m_grpc;
  Deployment m_result;
};

/// The configuration of an exported Triton model under another name.
std::string renamedConfig(std::string text, const std::string& name) {
  const auto start = text.find("name: \"");
  const auto end = text.find("\"\n", start);
  if (start == std::string::npos || end == std::string::npos) return text;
  return text.replace(start, end - start, "name: \"" + name);
}

}  // namespace

Result<Deployment> deployToTfServing(const DeployRequest& request, const JobContext& job) {
  LATHE_ASSIGN(store, storeOf(request));
  return TfServingDeployment(request, std::move(store), job).run();
}

Result<Deployment> deployToTriton(const DeployRequest& request, const JobContext& job) {
  LATHE_ASSIGN(store, storeOf(request));
  LATHE_ASSIGN(model, fileOf(request.what, "triton"));
  LATHE_ASSIGN(expected, expectedOf(request.what.manifest));
  Deployment result;
  result.name = request.name.empty() ? request.what.manifest.name : request.name;
  const auto folder = store / result.name;
  LATHE_ASSIGN(version, versionFor(request, folder));
  result.version = version;
  const auto newest = newestVersion(folder);
  result.previous = newest > 0 ? std::to_string(newest) : std::string();
  job.report({"connect", 0, 0, ""});
  LATHE_ASSIGN(http, serving::HttpClient::to(request.url, request.token, request.timeoutSeconds));
  LATHE_TRY(http.get("/v2/health/live"));
  result.endpoint =
      fmt::format("{}/v2/models/{}/versions/{}/infer", http.address(), serving::percentEncoded(result.name), version);
  LATHE_TRY(placeVersion(folder, version, {{model, "model.onnx"}}));
  const auto from = model.parent_path().parent_path();
  LATHE_ASSIGN(config, readFile(from / "config.pbtxt", 1 << 20));
  LATHE_TRY(writeFileAtomically(folder / "config.pbtxt", renamedConfig(config, result.name)));
  if (const auto labels = readFile(from / "labels.txt", 1 << 24))
    LATHE_TRY(writeFileAtomically(folder / "labels.txt", *labels));
  result.steps.push_back(fmt::format("Put version {} into {}.", version, folder.string()));
  job.report({"register", 0, 0, ""});
  auto loaded =
      http.post("/v2/repository/models/" + serving::percentEncoded(result.name) + "/load", {"{}", "application/json"});
  if (!loaded) return passOn(loaded);
  std::error_code ignored;
  if (!loaded->ok()) {
    fs::remove_all(folder / version, ignored);
    return serving::refusal(http.address(), *loaded);
  }
  LATHE_ASSIGN(service, serving::openInferenceRest({request.url, request.token, request.timeoutSeconds}));
  const ModelAddress address{result.name, version, ""};
  const auto ready = waitUntilReady(*service, address, request.timeoutSeconds, job);
  if (!ready) result.why = ready.error();
  if (ready) {
    result.steps.push_back(fmt::format("Version {} is ready.", version));
    LATHE_ASSIGN(signature, service->signature(address));
    LATHE_TRY(compareAnswers(
        expected,
        [&](std::size_t first, std::size_t count) {
          return outputOf(*service, address, expected, signature, first, count);
        },
        result, job));
  }
  if (result.healthy) return result;
  fs::remove_all(folder / version, ignored);
  (void)http
      .post("/v2/repository/models/" + serving::percentEncoded(result.name) +
                (result.previous.empty() ? "/unload" : "/load"),
            {"{}", "application/json"})
      .has_value();
  result.steps.push_back(fmt::format("Took version {} away again.", version));
  return result;
}

}  // namespace lathe::services

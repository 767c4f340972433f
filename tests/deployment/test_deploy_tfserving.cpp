// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments to TensorFlow Serving, over REST alone and with gRPC beside it.
#include <functional>
#include <grpcpp/grpcpp.h>
#include <model_service.grpc.pb.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <prediction_service.grpc.pb.h>

#include "core/base/files.h"
#include "core/services/deployment/deploy_steps.h"
#include "core/serving/clients/tensor_service.h"
#include "tests/deployment/sample_export.h"
#include "tests/support/fake_server.h"
#include "tests/support/sample_data.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using services::DeployTarget;
namespace fs = std::filesystem;
namespace tf = tensorflow;
namespace tfs = tensorflow::serving;

namespace {

/// What the REST and the gRPC side of a server share.
struct ServerState {
  TempFolder store;
  std::mutex mutex;
  std::string state = "AVAILABLE";
  float error = 0, grpcError = 0;
  bool refuseReload = false, refuseStableEarly = false;
  std::vector<tfs::ModelServerConfig> configs;

  [[nodiscard]] bool has(const std::string& version) const {
    return fs::exists(store / "m" / version / "saved_model.pb");
  }
};

class Rest {
 public:
  explicit Rest(ServerState& state) : m_state(state) {
    server.otherwise([this](const Asked& asked) { return handle(asked); });
  }
  FakeServer server;

 private:
  Canned handle(const Asked& asked) const {
    const std::string prefix = "/v1/models/m/versions/";
    if (!asked.path.starts_with(prefix)) return {404, R"({"error": "Could not find any versions of model m"})"};
    const auto rest = asked.path.substr(prefix.size());
    const auto end = rest.find_first_of(":/");
    const auto version = rest.substr(0, end);
    if (!m_state.has(version)) return {404, R"({"error": "Could not find version of model m"})"};
    if (end == std::string::npos)
      return {200, R"({"model_version_status":[{"version":")" + version + R"(","state":")" + m_state.state +
                       R"(","status":{"error_message":""}}]})"};
    if (rest.substr(end) == "/metadata")
      return {200, R"({"metadata":{"signature_def":{"signature_def":{"predict_signature":{"inputs":{"input_tensor":
          {"dtype":"DT_FLOAT","tensor_shape":{"dim":[{"size":"-1"},{"size":"2"}]}}},
          "outputs":{"output_tensor":{}}}}}}})"};
    auto outputs = nlohmann::json::array();
    const auto body = nlohmann::json::parse(asked.body);
    for (const auto& row : body["inputs"]["input_tensor"]) {
      const float second = ofSecondClass(row[0].get<float>(), row[1].get<float>()) + m_state.error;
      outputs.push_back({1 - second, second});
    }
    return {200, nlohmann::json{{"outputs", outputs}}.dump()};
  }
  ServerState& m_state;
};

class Prediction final : public tfs::PredictionService::Service {
 public:
  explicit Prediction(ServerState& state) : m_state(state) {}
  grpc::Status GetModelMetadata(grpc::ServerContext*, const tfs::GetModelMetadataRequest*,
                                tfs::GetModelMetadataResponse* response) override {
    tfs::SignatureDefMap map;
    auto& input = (*(*map.mutable_signature_def())["predict_signature"].mutable_inputs())["input_tensor"];
    input.set_dtype(tf::DT_FLOAT);
    input.mutable_tensor_shape()->add_dim()->set_size(-1);
    input.mutable_tensor_shape()->add_dim()->set_size(2);
    (*response->mutable_metadata())["signature_def"].set_value(map.SerializeAsString());
    return grpc::Status::OK;
  }
  grpc::Status Predict(grpc::ServerContext*, const tfs::PredictRequest* request,
                       tfs::PredictResponse* response) override {
    const auto& content = request->inputs().at("input_tensor").tensor_content();
    std::vector<float> numbers(content.size() / sizeof(float));
    std::memcpy(numbers.data(), content.data(), content.size());
    auto& output = (*response->mutable_outputs())["output_tensor"];
    output.set_dtype(tf::DT_FLOAT);
    output.mutable_tensor_shape()->add_dim()->set_size(static_cast<std::int64_t>(numbers.size() / 2));
    output.mutable_tensor_shape()->add_dim()->set_size(2);
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
      const float second = ofSecondClass(numbers[i], numbers[i + 1]) + m_state.grpcError;
      output.add_float_val(1 - second);
      output.add_float_val(second);
    }
    return grpc::Status::OK;
  }

 private:
  ServerState& m_state;
};

class Models final : public tfs::ModelService::Service {
 public:
  explicit Models(ServerState& state) : m_state(state) {}
  grpc::Status GetModelStatus(grpc::ServerContext*, const tfs::GetModelStatusRequest* request,
                              tfs::GetModelStatusResponse* response) override {
    const auto version = std::to_string(request->model_spec().version().value());
    if (!m_state.has(version)) return {grpc::StatusCode::NOT_FOUND, "Could not find version"};
    response->add_model_version_status()->set_state(tfs::ModelVersionStatus::AVAILABLE);
    return grpc::Status::OK;
  }
  grpc::Status HandleReloadConfigRequest(grpc::ServerContext*, const tfs::ReloadConfigRequest* request,
                                         tfs::ReloadConfigResponse* response) override {
    const std::lock_guard lock(m_state.mutex);
    m_state.configs.push_back(request->config());
    const auto& list = request->config().model_config_list();
    const bool labelled = list.config_size() > 0 && !list.config(0).version_labels().empty();
    if (m_state.refuseReload || (m_state.refuseStableEarly && m_state.configs.size() == 1 && labelled))
      response->mutable_status()->set_error_code(9);
    return grpc::Status::OK;
  }

 private:
  ServerState& m_state;
};

struct TfServer {
  explicit TfServer(bool withGrpc) : rest(state), prediction(state), models(state) {
    if (!withGrpc) return;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &grpcPort);
    builder.RegisterService(&prediction);
    builder.RegisterService(&models);
    server = builder.BuildAndStart();
    REQUIRE(server != nullptr);
  }
  ~TfServer() {
    if (server) server->Shutdown();
  }
  TfServer(const TfServer&) = delete;
  TfServer& operator=(const TfServer&) = delete;

  [[nodiscard]] services::DeployRequest request() const {
    auto result = sample.request(DeployTarget::TfServing, rest.server.url());
    result.predictUrl = "127.0.0.1:" + std::to_string(grpcPort);
    result.modelStore = state.store.path();
    return result;
  }
  [[nodiscard]] std::string config() const { return readFile(state.store / "models.config").value_or(""); }
  /// Versions and labels of a model in the configuration that the server was told last.
  [[nodiscard]] std::string told(const std::string& name) const {
    if (state.configs.empty()) return {};
    for (const auto& each : state.configs.back().model_config_list().config()) {
      if (each.name() != name) continue;
      std::string text;
      for (const auto version : each.model_version_policy().specific().versions())
        text += std::to_string(version) + " ";
      std::map<std::string, std::int64_t> labels(each.version_labels().begin(), each.version_labels().end());
      for (const auto& [label, version] : labels) text += label + "=" + std::to_string(version) + " ";
      return text;
    }
    return "none";
  }

  SampleExport sample;
  ServerState state;
  Rest rest;
  Prediction prediction;
  Models models;
  int grpcPort = 1;
  std::unique_ptr<grpc::Server> server;
};

std::string problemOf(const Result<services::Deployment>& result) {
  return result ? result->why.value_or(Error{}).code : result.error().code;
}

}  // namespace

LATHE_TEST("a SavedModel goes into a TensorFlow Serving over REST alone") {
  TfServer server(false);
  const auto deployed = services::deploy(server.request());
  REQUIRE_OK(deployed);
  CHECK_EQ(deployed->why.value_or(Error{}).sentence(), Error{}.sentence());
  CHECK(deployed->healthy);
  CHECK_EQ(deployed->version, std::string("1"));
  CHECK_EQ(deployed->rows, std::int64_t{6});
  CHECK_EQ(deployed->endpoint, server.rest.server.url() + "/v1/models/m");
  CHECK_EQ(readFile(server.state.store / "m" / "1" / "saved_model.pb").value(), std::string("m/1/saved_model.pb"));
  CHECK(server.config().find("versions: 1") != std::string::npos);
  const auto second = services::deploy(server.request());
  REQUIRE_OK(second);
  CHECK_EQ(second->version, std::string("2"));
  CHECK_EQ(second->previous, std::string("1"));
}

LATHE_TEST("a SavedModel is a canary over gRPC before it is stable") {
  TfServer server(true);
  REQUIRE_OK(services::deploy(server.request()));
  CHECK_EQ(server.told("m"), std::string("1 stable=1 "));
  server.state.configs.clear();
  const auto second = services::deploy(server.request());
  REQUIRE_OK(second);
  CHECK(second->healthy);
  CHECK_EQ(server.told("m"), std::string("1 2 stable=2 "));
  // While it is tried, the label stays where it was.
  REQUIRE(server.state.configs.size() == 3);
  server.state.configs.pop_back();
  CHECK_EQ(server.told("m"), std::string("1 2 canary=2 stable=1 "));
  server.state.configs.pop_back();
  CHECK_EQ(server.told("m"), std::string("1 2 stable=1 "));
  // A server that does not serve the version before takes no label for it.
  server.state.configs.clear();
  server.state.refuseStableEarly = true;
  CHECK(services::deploy(server.request()).value().healthy);
}

LATHE_TEST("other models of the store keep their versions and labels") {
  TfServer server(true);
  fs::create_directories(server.state.store / "second" / "4");
  fs::create_directories(server.state.store / "unknown" / "7");
  fs::create_directories(server.state.store / "no model");
  const auto other =
      serving::tfServingConfig({{"second", (server.state.store / "second").string(), {3, 4}, {{"stable", 3}}},
                                {"gone", (server.state.store / "gone").string(), {1}, {}},
                                {"elsewhere", "/models/elsewhere", {}, {}},
                                {"m", "/old", {9}, {}}});
  writeText(server.state.store / "models.config", other);
  REQUIRE_OK(services::deploy(server.request()));
  CHECK_EQ(server.told("second"), std::string("3 4 stable=3 "));
  CHECK_EQ(server.told("unknown"), std::string());
  CHECK_EQ(server.told("elsewhere"), std::string());
  CHECK_EQ(server.told("m"), std::string("1 stable=1 "));
  for (const char* none : {"gone", "no model"}) CHECK_EQ(server.told(none), std::string("none"));
  const auto written = serving::tfServingModels(server.config());
  CHECK_EQ(written.size(), std::size_t{4});
}

LATHE_TEST("whatever goes wrong in a TensorFlow Serving, its store and configuration are as before") {
  const auto tried = [](bool withGrpc, const std::function<void(ServerState&)>& spoil, const std::string& why) {
    for (const bool before : {false, true}) {
      TfServer server(withGrpc);
      if (before) REQUIRE_OK(services::deploy(server.request()));
      const auto contents = contentsOf(server.state.store.path());
      spoil(server.state);
      auto request = server.request();
      request.timeoutSeconds = 0.5;
      const auto result = services::deploy(request);
      CHECK_EQ(problemOf(result), why);
      CHECK(!result || !result->healthy);
      CHECK(contentsOf(server.state.store.path()) == contents);
      if (withGrpc) CHECK_EQ(server.told("m"), std::string(before ? "1 stable=1 " : "none"));
    }
  };
  for (const bool withGrpc : {false, true}) {
    tried(
        withGrpc, [](auto& state) { state.error = 0.01F; }, "deploy.differs");
    tried(
        withGrpc, [](auto& state) { state.state = "LOADING"; }, "deploy.not_ready");
  }
  tried(
      true, [](auto& state) { state.grpcError = 0.01F; }, "deploy.differs");
  tried(
      true, [](auto& state) { state.refuseReload = true; }, "deploy.refused");
}

LATHE_TEST("a TensorFlow Serving is told nothing when the version is taken, there is no store, no file or no server") {
  TfServer server(false);
  auto request = server.request();
  request.version = "3";
  REQUIRE_OK(services::deploy(request));
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.version_taken"));
  request.version = "v4";
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.bad_version"));
  request = server.request();
  request.modelStore.clear();
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.no_store"));
  const SampleExport other({"torchscript"});
  request = other.request(DeployTarget::TfServing, server.rest.server.url());
  request.modelStore = server.state.store.path();
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.no_format"));
  request = server.request();
  request.url = "127.0.0.1:1";
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.unreachable"));
}

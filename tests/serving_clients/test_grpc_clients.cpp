// SPDX-License-Identifier: GPL-3.0-or-later
// The clients of both gRPC families against services in this process.
#include <cmath>
#include <cstring>
#include <functional>
#include <grpcpp/grpcpp.h>
#include <limits>
#include <model_service.grpc.pb.h>
#include <open_inference.grpc.pb.h>
#include <prediction_service.grpc.pb.h>

#include "core/serving/clients/tensor_service.h"
#include "tests/support/testing.h"

using namespace lathe;
using serving::NamedValues;
using serving::TensorType;
namespace tf = tensorflow;
namespace tfs = tensorflow::serving;

namespace {

class Prediction final : public tfs::PredictionService::Service {
 public:
  grpc::Status Predict(grpc::ServerContext* context, const tfs::PredictRequest* request,
                       tfs::PredictResponse* response) override {
    asked = *request;
    for (const auto& [name, value] : context->client_metadata())
      if (name == "authorization") token.assign(value.data(), value.size());
    *response = answer;
    return status;
  }
  grpc::Status GetModelMetadata(grpc::ServerContext*, const tfs::GetModelMetadataRequest*,
                                tfs::GetModelMetadataResponse* response) override {
    (*response->mutable_metadata())["signature_def"].set_value(signatures.SerializeAsString());
    return status;
  }
  tfs::PredictRequest asked;
  tfs::PredictResponse answer;
  tfs::SignatureDefMap signatures;
  std::string token;
  grpc::Status status;
};

class Models final : public tfs::ModelService::Service {
 public:
  grpc::Status GetModelStatus(grpc::ServerContext*, const tfs::GetModelStatusRequest* request,
                              tfs::GetModelStatusResponse* response) override {
    if (request->model_spec().name() != "m")
      return {grpc::StatusCode::NOT_FOUND, "Could not find any versions of model " + request->model_spec().name()};
    *response = answer;
    return grpc::Status::OK;
  }
  grpc::Status HandleReloadConfigRequest(grpc::ServerContext*, const tfs::ReloadConfigRequest* request,
                                         tfs::ReloadConfigResponse* response) override {
    asked = *request;
    response->mutable_status()->set_error_code(code);
    response->mutable_status()->set_error_message(code == 0 ? "" : "no such folder");
    return grpc::Status::OK;
  }
  tfs::GetModelStatusResponse answer;
  tfs::ReloadConfigRequest asked;
  int code = 0;
};

class Inference final : public inference::GRPCInferenceService::Service {
 public:
  grpc::Status ModelReady(grpc::ServerContext*, const inference::ModelReadyRequest* request,
                          inference::ModelReadyResponse* response) override {
    response->set_ready(request->name() == "m");
    return grpc::Status::OK;
  }
  grpc::Status ModelMetadata(grpc::ServerContext*, const inference::ModelMetadataRequest*,
                             inference::ModelMetadataResponse* response) override {
    auto& input = *response->add_inputs();
    input.set_name("input_tensor");
    input.set_datatype("FP32");
    input.add_shape(-1);
    input.add_shape(2);
    return grpc::Status::OK;
  }
  grpc::Status ModelInfer(grpc::ServerContext*, const inference::ModelInferRequest* request,
                          inference::ModelInferResponse* response) override {
    asked = *request;
    *response = answer;
    return grpc::Status::OK;
  }
  inference::ModelInferRequest asked;
  inference::ModelInferResponse answer;
};

struct GrpcServer {
  GrpcServer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&prediction);
    builder.RegisterService(&models);
    builder.RegisterService(&inference);
    server = builder.BuildAndStart();
    REQUIRE(server != nullptr);
  }
  ~GrpcServer() { server->Shutdown(); }
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;
  [[nodiscard]] serving::ServiceSettings settings(const std::string& token = {}) const {
    return {"127.0.0.1:" + std::to_string(port), token, 10};
  }

  Prediction prediction;
  Models models;
  Inference inference;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
};

const std::vector<float>& numbers(const NamedValues& values) { return std::get<std::vector<float>>(values.values); }

tf::TensorProto tensor(tf::DataType type, const std::vector<std::int64_t>& shape) {
  tf::TensorProto result;
  result.set_dtype(type);
  for (const auto size : shape) result.mutable_tensor_shape()->add_dim()->set_size(size);
  return result;
}

const std::vector<NamedValues> rows{
    {"input_tensor", {1, 2}, std::vector<float>{1.5F, std::numeric_limits<float>::quiet_NaN()}, TensorType::Float, {}}};

}  // namespace

LATHE_TEST("TensorFlow Serving is asked over gRPC as the mission's example does") {
  GrpcServer server;
  auto service = serving::tfServingGrpc(server.settings("secret"));
  REQUIRE_OK(service);
  auto& signature = (*server.prediction.signatures.mutable_signature_def())["predict_signature"];
  signature.set_method_name("tensorflow/serving/predict");
  auto& info = (*signature.mutable_inputs())["input_tensor"];
  info.set_dtype(tf::DT_FLOAT);
  info.mutable_tensor_shape()->add_dim()->set_size(-1);
  info.mutable_tensor_shape()->add_dim()->set_size(2);
  const auto told = (*service)->signature({"m", "3", "predict_signature"});
  REQUIRE_OK(told);
  CHECK_EQ(told->method, std::string("tensorflow/serving/predict"));
  CHECK((told->inputs.at(0).shape == std::vector<std::int64_t>{-1, 2}));
  const auto none = (*service)->signature({"m", "", ""});
  REQUIRE(!none);
  CHECK(none.error().sentence().find("predict_signature") != std::string::npos);

  auto output = tensor(tf::DT_FLOAT, {1, 2});
  output.add_float_val(0.25F);
  output.add_float_val(0.75F);
  (*server.prediction.answer.mutable_outputs())["output_tensor"] = output;
  server.prediction.answer.mutable_model_spec()->mutable_version()->set_value(3);
  std::string version;
  const auto answer = (*service)->predict({"m", "3", "predict_signature"}, rows, &version);
  REQUIRE_OK(answer);
  CHECK_EQ(version, std::string("3"));
  CHECK((numbers(answer->at(0)) == std::vector<float>{0.25F, 0.75F}));
  const auto& asked = server.prediction.asked;
  CHECK_EQ(asked.model_spec().name(), std::string("m"));
  CHECK_EQ(asked.model_spec().version().value(), 3);
  CHECK_EQ(asked.model_spec().signature_name(), std::string("predict_signature"));
  const auto& sent = asked.inputs().at("input_tensor");
  CHECK_EQ(static_cast<int>(sent.dtype()), static_cast<int>(tf::DT_FLOAT));
  CHECK_EQ(sent.tensor_content().size(), std::size_t{8});
  CHECK_EQ(server.prediction.token, std::string("Bearer secret"));
  REQUIRE_OK((*service)->predict({"m", "stable", ""}, {{"colour", {1}, std::vector<std::string>{"red"}}}));
  CHECK_EQ(asked.model_spec().version_label(), std::string("stable"));
  CHECK_EQ(asked.inputs().at("colour").string_val(0), std::string("red"));
}

LATHE_TEST("tensors of a TensorFlow Serving are read in every form, and impossible ones refused") {
  GrpcServer server;
  auto service = serving::tfServingGrpc(server.settings());
  REQUIRE_OK(service);
  const auto answered = [&](const tf::TensorProto& output) {
    (*server.prediction.answer.mutable_outputs())["y"] = output;
    return (*service)->predict({"m", "", ""}, rows);
  };
  auto repeated = tensor(tf::DT_FLOAT, {3});
  repeated.add_float_val(7);
  CHECK((numbers(answered(repeated).value().at(0)) == std::vector<float>{7, 7, 7}));
  auto content = tensor(tf::DT_FLOAT, {1});
  const float half = 0.5F;
  content.mutable_tensor_content()->assign(reinterpret_cast<const char*>(&half), sizeof half);
  CHECK((numbers(answered(content).value().at(0)) == std::vector<float>{0.5F}));
  auto whole = tensor(tf::DT_INT64, {2});
  whole.add_int64_val(1);
  whole.add_int64_val(2);
  CHECK((numbers(answered(whole).value().at(0)) == std::vector<float>{1, 2}));
  auto words = tensor(tf::DT_STRING, {2});
  words.add_string_val("a");
  words.add_string_val("b");
  CHECK_EQ(std::get<std::vector<std::string>>(answered(words).value().at(0).values).at(1), std::string("b"));

  content.mutable_tensor_content()->push_back('x');
  words.add_string_val("c");
  for (const auto& odd : {content, words, tensor(tf::DT_FLOAT, {-1}), tensor(tf::DT_FLOAT, {1 << 27, 1 << 27}),
                          tensor(tf::DT_FLOAT, {1 << 27, 0}), tensor(tf::DT_HALF, {1})}) {
    const auto answer = answered(odd);
    REQUIRE(!answer);
    CHECK_EQ(answer.error().code, std::string("deploy.bad_answer"));
  }
  server.prediction.status = {grpc::StatusCode::FAILED_PRECONDITION, "Serving signature key \"x\" not found."};
  const auto refused = (*service)->predict({"m", "", "x"}, rows);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("deploy.refused"));
  CHECK(refused.error().sentence().find("Serving signature key \"x\" not found") != std::string::npos);
}

LATHE_TEST("TensorFlow Serving tells the state of a version over gRPC and takes a new configuration") {
  GrpcServer server;
  auto service = serving::tfServingGrpc(server.settings());
  REQUIRE_OK(service);
  CHECK_EQ((*service)->notReady({"x", "", ""}).error().code, std::string("deploy.refused"));
  auto& version = *server.models.answer.add_model_version_status();
  version.set_state(tfs::ModelVersionStatus::LOADING);
  CHECK_EQ((*service)->notReady({"m", "2", ""}).value(), std::string("LOADING"));
  version.set_state(tfs::ModelVersionStatus::AVAILABLE);
  CHECK_EQ((*service)->notReady({"m", "2", ""}).value(), std::string());

  const std::vector<serving::ConfiguredModel> all{{"m", "/store/m", {1, 2}, {{"stable", 1}, {"canary", 2}}},
                                                  {"other \"one\"", "/store/o", {}, {}}};
  CHECK(serving::reloadTfServing(server.settings(), all));
  const auto& list = server.models.asked.config().model_config_list();
  REQUIRE(list.config_size() == 2);
  CHECK_EQ(list.config(0).base_path(), std::string("/store/m"));
  CHECK_EQ(list.config(0).model_version_policy().specific().versions(1), 2);
  CHECK_EQ(list.config(0).version_labels().at("canary"), 2);
  CHECK_EQ(list.config(1).model_version_policy().latest().num_versions(), 1U);
  server.models.code = 3;
  const auto refused = serving::reloadTfServing(server.settings(), all);
  REQUIRE(!refused);
  CHECK(refused.error().sentence().find("no such folder") != std::string::npos);
}

LATHE_TEST("an Open Inference server is asked over gRPC in raw bytes and read in both forms") {
  GrpcServer server;
  auto service = serving::openInferenceGrpc(server.settings());
  REQUIRE_OK(service);
  CHECK_EQ((*service)->notReady({"m", "", ""}).value(), std::string());
  CHECK(!(*service)->notReady({"x", "", ""}).value().empty());
  CHECK((((*service)->signature({"m", "", ""}).value().inputs.at(0).shape) == std::vector<std::int64_t>{-1, 2}));
  auto& answer = server.inference.answer;
  answer.set_model_version("5");
  auto& output = *answer.add_outputs();
  output.set_name("output_tensor");
  output.set_datatype("FP32");
  output.add_shape(1);
  const float half = 0.5F;
  answer.add_raw_output_contents()->assign(reinterpret_cast<const char*>(&half), sizeof half);
  std::string version;
  auto told = (*service)->predict({"m", "5", ""}, rows, &version);
  REQUIRE_OK(told);
  CHECK_EQ(version, std::string("5"));
  CHECK((numbers(told->at(0)) == std::vector<float>{0.5F}));
  CHECK_EQ(server.inference.asked.raw_input_contents(0).size(), std::size_t{8});
  CHECK_EQ(server.inference.asked.inputs(0).datatype(), std::string("FP32"));
  answer.clear_raw_output_contents();
  output.mutable_contents()->add_fp32_contents(2);
  CHECK((numbers((*service)->predict({"m", "", ""}, rows).value().at(0)) == std::vector<float>{2}));
  output.set_shape(0, std::int64_t{1} << 40);
  CHECK_EQ((*service)->predict({"m", "", ""}, rows).error().code, std::string("deploy.bad_answer"));
  output.clear_contents();
  CHECK_EQ((*service)->predict({"m", "", ""}, rows).error().code, std::string("deploy.bad_answer"));
}

LATHE_TEST("gRPC addresses where nobody is are unreachable") {
  int port = 0;
  {
    const GrpcServer server;
    port = server.port;
  }
  const serving::ServiceSettings nobody{"127.0.0.1:" + std::to_string(port), {}, 2};
  for (auto make : {&serving::tfServingGrpc, &serving::openInferenceGrpc}) {
    const auto service = make(nobody);
    REQUIRE_OK(service);
    CHECK_EQ((*service)->notReady({"m", "", ""}).error().code, std::string("deploy.unreachable"));
  }
  CHECK_EQ(serving::reloadTfServing(nobody, {}).error().code, std::string("deploy.unreachable"));
}

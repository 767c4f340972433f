// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <open_inference.grpc.pb.h>
#include <thread>

#include "tests/serving/serving_support.h"
#include "tests/support/testing.h"

// Open Inference's gRPC.
using namespace lathe::serving;
using namespace lathe::serving::tests;

namespace {

struct InferenceClient {
  explicit InferenceClient(TestServer& server)
      : stub(inference::GRPCInferenceService::NewStub(
            grpc::CreateChannel(server.server().addresses().grpc, grpc::InsecureChannelCredentials()))) {}

  template <class Request, class Response>
  grpc::Status call(grpc::Status (inference::GRPCInferenceService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                                  Response*),
                    const Request& request, Response& response) const {
    grpc::ClientContext context;
    return (stub.get()->*method)(&context, request, &response);
  }

  std::unique_ptr<inference::GRPCInferenceService::Stub> stub;
};

using Stub = inference::GRPCInferenceService::Stub;

inference::ModelInferRequest inferRequest(const std::string& model, const std::vector<float>& values, bool raw) {
  inference::ModelInferRequest request;
  request.set_model_name(model);
  request.set_id("7");
  auto& input = *request.add_inputs();
  input.set_name("input_tensor");
  input.set_datatype("FP32");
  input.add_shape(static_cast<std::int64_t>(values.size()) / 2);
  input.add_shape(2);
  if (raw)
    request.add_raw_input_contents(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  else
    input.mutable_contents()->mutable_fp32_contents()->Add(values.begin(), values.end());
  return request;
}

}  // namespace

LATHE_TEST("gRPC says live, ready, and what the models are") {
  TestServer server({"m/1=mixed"});
  const InferenceClient client(server);
  inference::ServerLiveResponse live;
  CHECK(client.call(&Stub::ServerLive, inference::ServerLiveRequest(), live).ok() && live.live());
  inference::ServerReadyResponse ready;
  CHECK(client.call(&Stub::ServerReady, inference::ServerReadyRequest(), ready).ok() && ready.ready());
  inference::ModelReadyRequest which;
  which.set_name("m");
  inference::ModelReadyResponse modelReady;
  CHECK(client.call(&Stub::ModelReady, which, modelReady).ok() && modelReady.ready());
  which.set_name("x");
  CHECK(client.call(&Stub::ModelReady, which, modelReady).ok() && !modelReady.ready());
  inference::ServerMetadataResponse about;
  CHECK(client.call(&Stub::ServerMetadata, inference::ServerMetadataRequest(), about).ok());
  CHECK_EQ(about.name(), std::string("lathe"));
  inference::ModelMetadataRequest asked;
  asked.set_name("m");
  inference::ModelMetadataResponse metadata;
  CHECK(client.call(&Stub::ModelMetadata, asked, metadata).ok());
  CHECK_EQ(metadata.inputs(0).name(), std::string("input_tensor"));
  CHECK_EQ(metadata.inputs(0).shape(1), std::int64_t{5});
  CHECK_EQ(metadata.inputs_size(), 5);
  CHECK_EQ(metadata.inputs(2).datatype(), std::string("BYTES"));
  asked.set_version("9");
  CHECK_EQ(static_cast<int>(client.call(&Stub::ModelMetadata, asked, metadata).error_code()),
           static_cast<int>(grpc::NOT_FOUND));
}

LATHE_TEST("ModelInfer answers raw contents by raw contents and lists by lists") {
  TestServer server({"m/1=numeric"});
  const InferenceClient client(server);
  for (const bool raw : {true, false}) {
    inference::ModelInferResponse response;
    CHECK(client.call(&Stub::ModelInfer, inferRequest("m", {30, 40, 0, 0}, raw), response).ok());
    CHECK_EQ(response.id(), std::string("7"));
    CHECK_EQ(response.outputs(0).shape(0), std::int64_t{2});
    float high = 0;
    if (raw) {
      REQUIRE(response.raw_output_contents_size() == 1 && response.raw_output_contents(0).size() == 16);
      std::memcpy(&high, response.raw_output_contents(0).data() + 4, 4);
    } else {
      high = response.outputs(0).contents().fp32_contents(1);
    }
    CHECK_EQ(high, 0.7F);
  }
}

LATHE_TEST("mistakes in a ModelInfer call are invalid arguments") {
  TestServer server({"m/1=numeric"});
  const InferenceClient client(server);
  const auto told = [&](const inference::ModelInferRequest& request, grpc::StatusCode code) {
    inference::ModelInferResponse response;
    const auto status = client.call(&Stub::ModelInfer, request, response);
    CHECK_EQ(static_cast<int>(status.error_code()), static_cast<int>(code));
    return status.error_message();
  };
  auto request = inferRequest("x", {1, 2}, true);
  CHECK_EQ(told(request, grpc::NOT_FOUND), std::string("Request for unknown model: 'x' is not found"));
  request = inferRequest("m", {1, 2}, true);
  request.mutable_inputs(0)->set_datatype("INT64");
  CHECK(told(request, grpc::INVALID_ARGUMENT).find("data-type is 'INT64'") != std::string::npos);
  request = inferRequest("m", {1, 2}, true);
  request.mutable_inputs(0)->set_shape(0, 5);
  CHECK(told(request, grpc::INVALID_ARGUMENT).find("byte size mismatch") != std::string::npos);
  request.mutable_inputs(0)->set_shape(0, -1);
  (void)told(request, grpc::INVALID_ARGUMENT);
  request = inferRequest("m", {1, 2}, true);
  request.add_raw_input_contents("x");
  CHECK(told(request, grpc::INVALID_ARGUMENT).find("raw_input_contents") != std::string::npos);
  request = inferRequest("m", {1, 2}, true);
  request.add_outputs()->set_name("zz");
  (void)told(request, grpc::INVALID_ARGUMENT);
  (void)told(inference::ModelInferRequest(), grpc::NOT_FOUND);
  request = inferRequest("m", {1, 2}, true);
  request.mutable_inputs(0)->mutable_contents()->add_fp32_contents(1);
  CHECK_EQ(told(request, grpc::INVALID_ARGUMENT),
           std::string("contents field must not be specified when using raw_input_contents for 'input_tensor' for "
                       "model 'm'"));
}

LATHE_TEST("a wrong column of a ModelInfer call is named") {
  TestServer server({"m/1=mixed"});
  const InferenceClient client(server);
  inference::ModelInferRequest good;
  good.set_model_name("m");
  for (const auto& [name, text] :
       {std::pair("size", ""), std::pair("colour", "red"), std::pair("day", "2000-01-03"), std::pair("ok", "yes")}) {
    auto& input = *good.add_inputs();
    input.set_name(name);
    input.set_datatype(*text == 0 ? "FP32" : "BYTES");
    input.add_shape(1);
    if (*text == 0)
      input.mutable_contents()->add_fp32_contents(1);
    else
      input.mutable_contents()->add_bytes_contents(text);
  }
  inference::ModelInferResponse response;
  CHECK(client.call(&Stub::ModelInfer, good, response).ok());
  const auto names = [&](const inference::ModelInferRequest& request, const char* name) {
    const auto status = client.call(&Stub::ModelInfer, request, response);
    CHECK_EQ(static_cast<int>(status.error_code()), static_cast<int>(grpc::INVALID_ARGUMENT));
    CHECK_EQ(status.error_message().find(name) != std::string::npos ? name : status.error_message(), std::string(name));
  };
  auto request = good;
  request.mutable_inputs(0)->set_name("sise");
  names(request, "sise");
  request = good;
  request.mutable_inputs(1)->set_datatype("INT32");
  names(request, "colour");
  request = good;
  request.mutable_inputs(2)->mutable_contents()->set_bytes_contents(0, "someday");
  names(request, "day");
  request = good;
  request.mutable_inputs(0)->add_shape(2);
  names(request, "size");
  request = good;
  request.mutable_inputs()->RemoveLast();
  names(request, "ok");
}

LATHE_TEST("bytes that are no message and messages that are too large end the call, and the server goes on") {
  auto settings = TestServer::plainSettings();
  settings.bodyBytes = 1000;
  TestServer server({"m/1=numeric"}, settings);
  const InferenceClient client(server);
  const auto channel = grpc::CreateChannel(server.server().addresses().grpc, grpc::InsecureChannelCredentials());
  const auto sent = [&](const std::string& bytes) {
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer message(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    grpc::Status status;
    grpc::CompletionQueue queue;
    grpc::GenericStub stub(channel);
    const auto call = stub.PrepareUnaryCall(&context, "/inference.GRPCInferenceService/ModelInfer", message, &queue);
    call->StartCall();
    call->Finish(&response, &status, &status);
    void* tag = nullptr;
    bool ok = false;
    CHECK(queue.Next(&tag, &ok));
    return static_cast<int>(status.error_code());
  };
  // Which of the two depends on the version of gRPC.
  const int broken = sent("\xff\xff\xff\xff broken");
  CHECK(broken == static_cast<int>(grpc::INTERNAL) || broken == static_cast<int>(grpc::UNIMPLEMENTED));
  CHECK_EQ(sent(std::string(5000, ' ')), static_cast<int>(grpc::RESOURCE_EXHAUSTED));
  inference::ModelInferResponse response;
  CHECK(client.call(&Stub::ModelInfer, inferRequest("m", {1, 2}, true), response).ok());
}

LATHE_TEST("a full queue is RESOURCE_EXHAUSTED over gRPC and 503 with Retry-After in every REST protocol") {
  auto settings = TestServer::plainSettings();
  settings.workers = 1;
  settings.maxBatch = 1;
  settings.queueLimit = 1;
  TestServer server({"m/1=numeric"}, settings);
  const InferenceClient client(server);
  server.control().milliseconds = 1500;
  std::vector<std::jthread> filling;
  const auto fill = [&] { (void)server.http("POST", "/predictions/m", "[1,2]"); };
  for (int i = 0; i < 2; ++i) {
    filling.emplace_back(fill);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  inference::ModelInferResponse response;
  CHECK_EQ(static_cast<int>(client.call(&Stub::ModelInfer, inferRequest("m", {1, 2}, true), response).error_code()),
           static_cast<int>(grpc::RESOURCE_EXHAUSTED));
  const auto refused = [](const HttpAnswer& answer) {
    CHECK_EQ(answer.status, 503);
    CHECK_EQ(answer.header("Retry-After"), std::string("1"));
  };
  refused(server.http("POST", "/predictions/m", "[1,2]"));
  refused(server.rest("POST", "/v1/models/m:predict", R"({"instances":[[1,2]]})"));
  refused(server.http("POST", "/v2/models/m/infer",
                      R"({"inputs":[{"name":"input_tensor","datatype":"FP32","shape":[1,2],"data":[1,2]}]})"));
}

LATHE_TEST("gRPC's repository calls load and unload with the token alone") {
  auto settings = TestServer::plainSettings();
  settings.noToken = false;
  TestServer server({"m/1=numeric"}, settings);
  const InferenceClient client(server);
  inference::RepositoryModelUnloadRequest unload;
  unload.set_model_name("m");
  inference::RepositoryModelUnloadResponse unloaded;
  CHECK_EQ(static_cast<int>(client.call(&Stub::RepositoryModelUnload, unload, unloaded).error_code()),
           static_cast<int>(grpc::UNAUTHENTICATED));
  {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + server.token());
    CHECK(client.stub->RepositoryModelUnload(&context, unload, &unloaded).ok());
  }
  CHECK(server.server().models().empty());
  inference::RepositoryModelLoadRequest load;
  load.set_model_name("m");
  inference::RepositoryModelLoadResponse loaded;
  {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + server.token());
    CHECK(client.stub->RepositoryModelLoad(&context, load, &loaded).ok());
  }
  inference::RepositoryIndexResponse index;
  CHECK(client.call(&Stub::RepositoryIndex, inference::RepositoryIndexRequest(), index).ok());
  REQUIRE(index.models_size() >= 1);
  CHECK_EQ(index.models(0).state(), std::string("READY"));
}

LATHE_TEST("gRPC calls in work are answered when the server stops") {
  TestServer server({"m/1=numeric"});
  const InferenceClient client(server);
  server.control().milliseconds = 200;
  grpc::Status status(grpc::UNKNOWN, "");
  std::jthread asking([&] {
    inference::ModelInferResponse response;
    status = client.call(&Stub::ModelInfer, inferRequest("m", {1, 2}, true), response);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(80));
  server.server().stop();
  asking.join();
  CHECK(status.ok());
}

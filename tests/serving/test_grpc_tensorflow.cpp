// SPDX-License-Identifier: GPL-3.0-or-later
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <model_service.grpc.pb.h>
#include <prediction_service.grpc.pb.h>

#include "tests/serving/serving_support.h"
#include "tests/support/testing.h"

// TensorFlow Serving's gRPC, through stubs of the same names and numbers.
using namespace lathe::serving;
using namespace lathe::serving::tests;
namespace tfs = tensorflow::serving;

namespace {

struct TensorFlowClient {
  explicit TensorFlowClient(TestServer& server)
      : channel(grpc::CreateChannel(server.server().addresses().grpc, grpc::InsecureChannelCredentials())),
        prediction(tfs::PredictionService::NewStub(channel)),
        models(tfs::ModelService::NewStub(channel)) {}

  grpc::Status predict(const tfs::PredictRequest& request, tfs::PredictResponse& response) const {
    grpc::ClientContext context;
    return prediction->Predict(&context, request, &response);
  }

  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<tfs::PredictionService::Stub> prediction;
  std::unique_ptr<tfs::ModelService::Stub> models;
};

tfs::PredictRequest rawRequest(const std::string& model, const std::vector<float>& values, std::int64_t columns) {
  tfs::PredictRequest request;
  request.mutable_model_spec()->set_name(model);
  request.mutable_model_spec()->set_signature_name("predict_signature");
  auto& tensor = (*request.mutable_inputs())["input_tensor"];
  tensor.set_dtype(tensorflow::DT_FLOAT);
  tensor.mutable_tensor_shape()->add_dim()->set_size(static_cast<std::int64_t>(values.size()) / columns);
  tensor.mutable_tensor_shape()->add_dim()->set_size(columns);
  tensor.mutable_float_val()->Add(values.begin(), values.end());
  return request;
}

tfs::Example exampleOf(const std::map<std::string, float>& numbers,
                       const std::map<std::string, std::string>& texts = {}) {
  tfs::Example example;
  auto& features = *example.mutable_features()->mutable_feature();
  for (const auto& [name, value] : numbers) features[name].mutable_float_list()->add_value(value);
  for (const auto& [name, value] : texts) features[name].mutable_bytes_list()->add_value(value);
  return example;
}

}  // namespace

LATHE_TEST("Predict answers predict_signature with output_tensor as float values") {
  TestServer server({"m/1=numeric", "m/2=numeric 10"});
  const TensorFlowClient client(server);
  auto request = rawRequest("m", {30, 40, 0, 0}, 2);
  tfs::PredictResponse response;
  CHECK(client.predict(request, response).ok());
  CHECK_EQ(response.model_spec().version().value(), std::int64_t{2});
  const auto& output = response.outputs().at("output_tensor");
  REQUIRE(output.float_val_size() == 4);
  CHECK_EQ(output.float_val(1), 0.8F);
  CHECK_EQ(output.tensor_shape().dim(0).size(), std::int64_t{2});
  request.mutable_model_spec()->mutable_version()->set_value(1);
  CHECK(client.predict(request, response).ok());
  CHECK_EQ(response.outputs().at("output_tensor").float_val(1), 0.7F);
  // Contents instead of values, and one value for all.
  auto& tensor = (*request.mutable_inputs())["input_tensor"];
  tensor.clear_float_val();
  const float values[] = {10, 20, 30, 40};
  tensor.set_tensor_content(values, sizeof values);
  CHECK(client.predict(request, response).ok());
  CHECK_EQ(response.outputs().at("output_tensor").float_val(3), 0.7F);
  tensor.clear_tensor_content();
  tensor.add_float_val(5);
  CHECK(client.predict(request, response).ok());
  CHECK_EQ(response.outputs().at("output_tensor").float_val(3), 0.1F);
}

LATHE_TEST("Predict takes one named input a column with strings") {
  TestServer server({"m/1=mixed"});
  const TensorFlowClient client(server);
  tfs::PredictRequest request;
  request.mutable_model_spec()->set_name("m");
  for (const auto& [name, text] :
       {std::pair("colour", "red"), std::pair("day", "2000-01-03"), std::pair("ok", "yes")}) {
    auto& tensor = (*request.mutable_inputs())[name];
    tensor.set_dtype(tensorflow::DT_STRING);
    tensor.mutable_tensor_shape()->add_dim()->set_size(1);
    tensor.mutable_tensor_shape()->add_dim()->set_size(1);
    tensor.add_string_val(text);
  }
  auto& size = (*request.mutable_inputs())["size"];
  size.set_dtype(tensorflow::DT_DOUBLE);
  size.mutable_tensor_shape()->add_dim()->set_size(1);
  size.add_double_val(1);
  tfs::PredictResponse response;
  const auto status = client.predict(request, response);
  CHECK_EQ(status.error_message(), std::string());
  REQUIRE(response.outputs().count("output_tensor") == 1);
  CHECK_EQ(response.outputs().at("output_tensor").float_val(0), 6.0F);
}

LATHE_TEST("mistakes in a Predict call have TensorFlow Serving's codes and words") {
  TestServer server({"m/1=numeric"});
  const TensorFlowClient client(server);
  const auto good = rawRequest("m", {1, 2}, 2);
  const auto told = [&](const tfs::PredictRequest& request, grpc::StatusCode code) {
    tfs::PredictResponse response;
    const auto status = client.predict(request, response);
    CHECK_EQ(static_cast<int>(status.error_code()), static_cast<int>(code));
    return status.error_message();
  };
  auto request = good;
  request.mutable_model_spec()->set_name("x");
  CHECK_EQ(told(request, grpc::NOT_FOUND), std::string("Servable not found for request: Latest(x)"));
  request = good;
  request.mutable_model_spec()->mutable_version()->set_value(99);
  CHECK_EQ(told(request, grpc::NOT_FOUND), std::string("Servable not found for request: Specific(m, 99)"));
  request = good;
  request.mutable_model_spec()->set_version_label("canary");
  CHECK_EQ(told(request, grpc::INVALID_ARGUMENT), std::string("Unrecognized servable version label: canary"));
  request = good;
  request.mutable_model_spec()->set_signature_name("x");
  CHECK_EQ(told(request, grpc::FAILED_PRECONDITION), std::string("Serving signature key \"x\" not found."));
  request = good;
  (*request.mutable_inputs())["a"] = request.inputs().at("input_tensor");
  request.mutable_inputs()->erase("input_tensor");
  CHECK_EQ(told(request, grpc::INVALID_ARGUMENT),
           std::string("input size does not match signature: 1!=1 len({a}) != len({input_tensor}). Sent extra: {a}. "
                       "Missing but required: {input_tensor}."));
  request = good;
  request.add_output_filter("x");
  CHECK_EQ(
      told(request, grpc::INVALID_ARGUMENT),
      std::string("output tensor alias not found in signature: x Outputs expected to be in the set {output_tensor}."));
  request = rawRequest("m", {1, 2, 3}, 3);
  CHECK(told(request, grpc::INVALID_ARGUMENT).find("Expected [-1,2], got [1,3]") != std::string::npos);
  request = good;
  (*request.mutable_inputs())["input_tensor"].mutable_tensor_shape()->mutable_dim(0)->set_size(std::int64_t{1} << 40);
  CHECK(told(request, grpc::INVALID_ARGUMENT).find("tensor parsing error") != std::string::npos);
  request = good;
  (*request.mutable_inputs())["input_tensor"].set_dtype(tensorflow::DT_INT64);
  (void)told(request, grpc::INVALID_ARGUMENT);
}

LATHE_TEST("a wrong column of a Predict or Regress call is named") {
  TestServer server({"m/1=mixed"});
  const TensorFlowClient client(server);
  tfs::PredictRequest good;
  good.mutable_model_spec()->set_name("m");
  for (const auto& [name, text] :
       {std::pair("colour", "red"), std::pair("day", "2000-01-03"), std::pair("ok", "yes")}) {
    auto& tensor = (*good.mutable_inputs())[name];
    tensor.set_dtype(tensorflow::DT_STRING);
    tensor.mutable_tensor_shape()->add_dim()->set_size(1);
    tensor.add_string_val(text);
  }
  auto& size = (*good.mutable_inputs())["size"];
  size.set_dtype(tensorflow::DT_FLOAT);
  size.mutable_tensor_shape()->add_dim()->set_size(1);
  size.add_float_val(1);
  const auto names = [](const grpc::Status& status, const char* name) {
    CHECK_EQ(static_cast<int>(status.error_code()), static_cast<int>(grpc::INVALID_ARGUMENT));
    CHECK_EQ(status.error_message().find(name) != std::string::npos ? name : status.error_message(), std::string(name));
  };
  tfs::PredictResponse predicted;
  CHECK(client.predict(good, predicted).ok());
  auto request = good;
  (*request.mutable_inputs())["day"].set_string_val(0, "someday");
  names(client.predict(request, predicted), "day");
  request = good;
  (*request.mutable_inputs())["size"] = good.inputs().at("colour");
  names(client.predict(request, predicted), "size");
  request = good;
  (*request.mutable_inputs())["colour"] = good.inputs().at("size");
  names(client.predict(request, predicted), "colour");
  request = good;
  request.mutable_inputs()->erase("ok");
  names(client.predict(request, predicted), "ok");
  request = good;
  (*request.mutable_inputs())["size"].mutable_tensor_shape()->add_dim()->set_size(2);
  names(client.predict(request, predicted), "size");

  const auto regress = [&](const tfs::Example& example) {
    tfs::RegressionRequest asked;
    asked.mutable_model_spec()->set_name("m");
    *asked.mutable_input()->mutable_example_list()->add_examples() = example;
    tfs::RegressionResponse response;
    grpc::ClientContext context;
    return client.prediction->Regress(&context, asked, &response);
  };
  names(regress(exampleOf({{"size", 1}}, {{"colour", "red"}, {"ok", "yes"}})), "day");
  names(regress(exampleOf({{"size", 1}}, {{"colour", "red"}, {"day", "someday"}, {"ok", "yes"}})), "day");
  names(regress(exampleOf({}, {{"size", "big"}, {"colour", "red"}, {"day", ""}, {"ok", "yes"}})), "size");
}

LATHE_TEST("Classify, Regress and MultiInference answer examples") {
  TestServer server({"m/1=numeric", "r/1=mixed"});
  const TensorFlowClient client(server);
  tfs::ClassificationRequest classify;
  classify.mutable_model_spec()->set_name("m");
  *classify.mutable_input()->mutable_example_list()->add_examples() = exampleOf({{"x", 30}, {"y", 40}});
  tfs::ClassificationResponse classes;
  {
    grpc::ClientContext context;
    CHECK(client.prediction->Classify(&context, classify, &classes).ok());
  }
  REQUIRE(classes.result().classifications_size() == 1);
  CHECK_EQ(classes.result().classifications(0).classes(1).label(), std::string("high"));
  CHECK_EQ(classes.result().classifications(0).classes(1).score(), 0.7F);

  tfs::RegressionRequest regress;
  regress.mutable_model_spec()->set_name("r");
  auto& list = *regress.mutable_input()->mutable_example_list_with_context();
  *list.mutable_context() = exampleOf({}, {{"colour", "red"}, {"ok", "yes"}});
  *list.add_examples() = exampleOf({{"size", 2}}, {{"day", "2000-01-01"}});
  tfs::RegressionResponse values;
  {
    grpc::ClientContext context;
    CHECK(client.prediction->Regress(&context, regress, &values).ok());
  }
  REQUIRE(values.result().regressions_size() == 1);
  CHECK_EQ(values.result().regressions(0).value(), 5.0F);
  {
    grpc::ClientContext context;
    regress.mutable_model_spec()->set_name("m");
    CHECK_EQ(static_cast<int>(client.prediction->Regress(&context, regress, &values).error_code()),
             static_cast<int>(grpc::INVALID_ARGUMENT));
  }

  tfs::MultiInferenceRequest multi;
  for (int task = 0; task < 2; ++task) {
    multi.add_tasks()->mutable_model_spec()->set_name("m");
    multi.mutable_tasks(task)->set_method_name("tensorflow/serving/classify");
  }
  *multi.mutable_input() = classify.input();
  tfs::MultiInferenceResponse all;
  {
    grpc::ClientContext context;
    CHECK(client.prediction->MultiInference(&context, multi, &all).ok());
  }
  REQUIRE(all.results_size() == 2);
  CHECK_EQ(all.results(1).classification_result().classifications(0).classes_size(), 2);
  multi.mutable_tasks(1)->set_method_name("x");
  grpc::ClientContext context;
  CHECK_EQ(static_cast<int>(client.prediction->MultiInference(&context, multi, &all).error_code()),
           static_cast<int>(grpc::UNIMPLEMENTED));
}

LATHE_TEST("GetModelMetadata packs the signatures, GetModelStatus tells the states") {
  TestServer server({"m/1=mixed"});
  const TensorFlowClient client(server);
  tfs::GetModelMetadataRequest request;
  request.mutable_model_spec()->set_name("m");
  request.add_metadata_field("signature_def");
  tfs::GetModelMetadataResponse response;
  {
    grpc::ClientContext context;
    CHECK(client.prediction->GetModelMetadata(&context, request, &response).ok());
  }
  const auto& any = response.metadata().at("signature_def");
  CHECK_EQ(any.type_url(), std::string("type.googleapis.com/tensorflow.serving.SignatureDefMap"));
  tfs::SignatureDefMap map;
  REQUIRE(map.ParseFromString(any.value()));
  CHECK_EQ(map.signature_def().at("serving_default").inputs_size(), 4);
  CHECK(map.signature_def().at("serving_default").inputs().at("colour").dtype() == tensorflow::DT_STRING);
  CHECK(map.signature_def().at("predict_signature").inputs().at("input_tensor").dtype() == tensorflow::DT_FLOAT);

  tfs::GetModelStatusRequest asked;
  asked.mutable_model_spec()->set_name("m");
  tfs::GetModelStatusResponse status;
  {
    grpc::ClientContext context;
    CHECK(client.models->GetModelStatus(&context, asked, &status).ok());
  }
  REQUIRE(status.model_version_status_size() == 1);
  CHECK(status.model_version_status(0).state() == tfs::ModelVersionStatus::AVAILABLE);
  asked.mutable_model_spec()->set_name("x");
  grpc::ClientContext context;
  const auto unknown = client.models->GetModelStatus(&context, asked, &status);
  CHECK_EQ(unknown.error_message(), std::string("Could not find any versions of model x"));
}

LATHE_TEST("HandleReloadConfigRequest serves what is listed with its versions and labels, and needs the token") {
  auto settings = TestServer::plainSettings();
  settings.noToken = false;
  TestServer server({"old/1=numeric"}, settings);
  server.writeModel("base/1/model", "numeric 10");
  server.writeModel("base/2/model", "numeric 20");
  server.writeModel("base/7/model", "numeric 70");
  const TensorFlowClient client(server);
  tfs::ReloadConfigRequest request;
  auto& config = *request.mutable_config()->mutable_model_config_list()->add_config();
  config.set_name("new");
  config.set_base_path((server.folder() / "base").string());
  config.set_model_platform("tensorflow");
  config.mutable_model_version_policy()->mutable_specific()->add_versions(1);
  config.mutable_model_version_policy()->mutable_specific()->add_versions(2);
  (*config.mutable_version_labels())["stable"] = 1;
  tfs::ReloadConfigResponse response;
  {
    grpc::ClientContext context;
    CHECK_EQ(static_cast<int>(client.models->HandleReloadConfigRequest(&context, request, &response).error_code()),
             static_cast<int>(grpc::UNAUTHENTICATED));
  }
  const auto reload = [&] {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + server.token());
    CHECK(client.models->HandleReloadConfigRequest(&context, request, &response).ok());
    return response.status().error_message();
  };
  // The stub's loader wants files: the folders of versions cannot be loaded, and the old model stays.
  CHECK(!reload().empty());
  CHECK_EQ(server.server().models().front().name, std::string("old"));
  config.set_base_path("/etc");
  CHECK(reload().find("Model not found") != std::string::npos);
  config.set_base_path((server.folder() / "base/7/model").string());
  config.clear_model_version_policy();
  CHECK_EQ(reload(), std::string());
  REQUIRE(server.server().models().size() == 1);
  CHECK_EQ(server.server().models().front().name, std::string("new"));
  auto labelled = rawRequest("new", {0, 0}, 2);
  labelled.mutable_model_spec()->set_version_label("stable");
  tfs::PredictResponse predicted;
  CHECK(client.predict(labelled, predicted).ok());
  CHECK_EQ(predicted.outputs().at("output_tensor").float_val(1), 0.7F);
}

LATHE_TEST("a new configuration ends what the start and the last one had, and leaves what others registered") {
  TestServer server({"old/1=numeric"});
  const auto first = server.writeModel("first", "numeric 10");
  const auto second = server.writeModel("second", "numeric 20");
  server.writeModel("theirs.mar", "numeric 30");
  CHECK_EQ(server.management("POST", "/models?url=theirs.mar&initial_workers=1").status, 200);
  // Read again, the model of the start is still of the start.
  CHECK_EQ(server.http("POST", "/v2/repository/models/old/load").status, 200);
  const TensorFlowClient client(server);
  const auto names = [&](const std::string& name, const std::filesystem::path& path) {
    tfs::ReloadConfigRequest request;
    auto& config = *request.mutable_config()->mutable_model_config_list()->add_config();
    config.set_name(name);
    config.set_base_path(path.string());
    tfs::ReloadConfigResponse response;
    grpc::ClientContext context;
    CHECK(client.models->HandleReloadConfigRequest(&context, request, &response).ok());
    CHECK_EQ(response.status().error_message(), std::string());
    std::string all;
    for (const auto& model : server.server().models()) all += model.name + " ";
    return all;
  };
  CHECK_EQ(names("first", first), std::string("first theirs "));
  CHECK_EQ(names("second", second), std::string("second theirs "));
  // One that is listed by its name is the configuration's from then on.
  CHECK_EQ(names("theirs", second), std::string("theirs "));
  CHECK_EQ(names("first", first), std::string("first "));
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/serving/clients/tensor_service.h"
#include "tests/support/fake_server.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using serving::ModelAddress;
using serving::NamedValues;
using serving::TensorService;
using serving::TensorType;

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

std::unique_ptr<TensorService> tensorFlow(const FakeServer& server, const std::string& token = {}) {
  auto service = serving::tfServingRest({server.url(), token, 10});
  REQUIRE_OK(service);
  return std::move(*service);
}

std::unique_ptr<TensorService> openInference(const FakeServer& server) {
  auto service = serving::openInferenceRest({server.url(), {}, 10});
  REQUIRE_OK(service);
  return std::move(*service);
}

const std::vector<float>& numbers(const NamedValues& values) { return std::get<std::vector<float>>(values.values); }

std::string codeOf(const Result<std::vector<NamedValues>>& result) { return result ? "" : result.error().code; }

const std::vector<NamedValues> rows{{"input_tensor", {2, 2}, std::vector<float>{1, 2.5F, missing, -infinite}}};

std::string littleEndian(const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

Canned binary(const nlohmann::json& head, const std::string& bytes) {
  const auto text = head.dump();
  return {200,
          text + bytes,
          "application/octet-stream",
          {{"Inference-Header-Content-Length", std::to_string(text.size())}}};
}

}  // namespace

LATHE_TEST("TensorFlow Serving tells over REST whether a model is there and what it takes") {
  FakeServer server;
  auto service = tensorFlow(server, "secret");
  server.answer("GET /v1/models/m", Canned{404, R"({"error": "Could not find any versions of model m"})"});
  const auto unknown = service->notReady({"m", "", ""});
  REQUIRE(!unknown);
  CHECK(unknown.error().sentence().find("Could not find any versions of model m") != std::string::npos);
  CHECK_EQ(server.last("GET /v1/models/m").header("Authorization"), std::string("Bearer secret"));
  server.answer("GET /v1/models/m/versions/2", R"({"model_version_status":[{"version":"2","state":"LOADING",
      "status":{"error_code":"OK","error_message":"soon"}}]})");
  CHECK_EQ(service->notReady({"m", "2", ""}).value(), std::string("LOADING soon"));
  server.answer("GET /v1/models/m/labels/stable", R"({"model_version_status":[{"version":"1","state":"END"},
      {"version":"2","state":"AVAILABLE","status":{}}]})");
  CHECK_EQ(service->notReady({"m", "stable", ""}).value(), std::string());

  server.answer("GET /v1/models/m/metadata",
                R"({"model_spec":{"name":"m"},"metadata":{"signature_def":{"signature_def":{
      "predict_signature":{"inputs":{"input_tensor":{"name":"input_tensor:0","dtype":"DT_FLOAT","tensor_shape":
        {"dim":[{"size":"-1","name":""},{"size":"4","name":""}],"unknown_rank":false}}},
        "outputs":{"output_tensor":{"dtype":"DT_FLOAT"}},"method_name":"tensorflow/serving/predict"},
      "serving_default":{"inputs":{"colour":{"dtype":"DT_STRING"},"age":{"dtype":"DT_INT64"}}}}}}})");
  const auto signature = service->signature({"m", "", "predict_signature"});
  REQUIRE_OK(signature);
  REQUIRE(signature->inputs.size() == 1);
  CHECK((signature->inputs[0].shape == std::vector<std::int64_t>{-1, 4}));
  CHECK_EQ(signature->inputs[0].typeName, std::string("DT_FLOAT"));
  CHECK_EQ(signature->outputs.at(0).name, std::string("output_tensor"));
  CHECK_EQ(signature->method, std::string("tensorflow/serving/predict"));
  const auto named = service->signature({"m", "", ""});
  REQUIRE_OK(named);
  CHECK(named->inputs.at(0).type == TensorType::Integer);
  CHECK(named->inputs.at(1).type == TensorType::Text);
  const auto none = service->signature({"m", "", "classify"});
  REQUIRE(!none);
  CHECK_EQ(none.error().code, std::string("deploy.no_signature"));
  CHECK(none.error().sentence().find("predict_signature, serving_default") != std::string::npos);
}

LATHE_TEST("TensorFlow Serving is asked in columns and its NaN and infinities are read") {
  FakeServer server;
  auto service = tensorFlow(server);
  server.answer("POST /v1/models/m/versions/3:predict", R"({"outputs": [[1.5, NaN], [Infinity, -Infinity]]})");
  std::string version;
  const auto answer = service->predict({"m", "3", "predict_signature"}, rows, &version);
  REQUIRE_OK(answer);
  CHECK_EQ(
      server.last("POST /v1/models/m/versions/3:predict").body,
      std::string(R"({"signature_name":"predict_signature","inputs":{"input_tensor":[[1,2.5],[NaN,-Infinity]]}})"));
  CHECK_EQ(version, std::string("3"));
  REQUIRE(answer->size() == 1);
  const auto& values = numbers(answer->front());
  CHECK_EQ(answer->front().name, std::string("output_tensor"));
  CHECK((answer->front().shape == std::vector<std::int64_t>{2, 2}));
  CHECK(values[0] == 1.5F && std::isnan(values[1]) && values[2] == infinite && values[3] == -infinite);

  server.answer("POST /v1/models/m:predict",
                R"({"outputs": {"class": ["NaN", "Infinity \" x"], "score": [0.25, 1e300], "empty": []}})");
  const auto several = service->predict({"m", "", ""}, {{"colour", {1}, std::vector<std::string>{"a\"b"}}}, nullptr);
  REQUIRE_OK(several);
  CHECK_EQ(server.last("POST /v1/models/m:predict").body, std::string(R"({"inputs":{"colour":["a\"b"]}})"));
  REQUIRE(several->size() == 3);
  CHECK(
      (std::get<std::vector<std::string>>(several->at(0).values) == std::vector<std::string>{"NaN", "Infinity \" x"}));
  CHECK_EQ(numbers(several->at(2))[1], infinite);
}

LATHE_TEST("answers of a TensorFlow Serving that are no tensors are refused") {
  FakeServer server;
  auto service = tensorFlow(server);
  for (const auto& odd : std::vector<std::string>{
           "", "[1]", "{}", "no JSON", R"({"outputs":[[1,2],[3]]})", R"({"outputs":[[1],2]})", R"({"outputs":[1,"a"]})",
           R"({"outputs":{"a":{"b64":"eA=="}}})", R"({"outputs":)" + std::string(40, '[') + std::string(40, ']') + "}",
           R"({"outputs":)" + std::string(200'000, '[')}) {
    server.answer("POST /v1/models/m:predict", Canned{200, odd});
    CHECK_EQ(codeOf(service->predict({"m", "", ""}, rows, nullptr)), std::string("deploy.bad_answer"));
  }
  server.answer("POST /v1/models/m:predict",
                Canned{400, "{ \"error\": \"Serving signature name: \\\"x\\\" not found\" }"});
  const auto refused = service->predict({"m", "", "x"}, rows, nullptr);
  CHECK_EQ(codeOf(refused), std::string("deploy.refused"));
  CHECK(refused.error().sentence().find("\"x\" not found") != std::string::npos);
  for (const char* odd : {R"({"model_version_status":[1,null,"x",{"status":3}]})", R"({"model_version_status":5})", "7",
                          R"({"model_version_status":{"state":"AVAILABLE"}})"}) {
    server.answer("GET /v1/models/m", Canned{200, odd});
    CHECK_EQ(service->notReady({"m", "", ""}).value(), std::string("UNKNOWN"));
  }
  for (const char* odd : {"{}", "[]", R"({"metadata":{"signature_def":{"signature_def":5}}})", R"({"metadata":[]})",
                          R"({"metadata":{"signature_def":{"signature_def":["x"]}}})"}) {
    server.answer("GET /v1/models/m/metadata", Canned{200, odd});
    CHECK(!service->signature({"m", "", ""}));
  }
  for (const char* odd : {"7", R"({"inputs":[1,2]})", R"({"inputs":{"a":5},"outputs":"x"})",
                          R"({"inputs":{"a":{"dtype":5,"tensor_shape":{"dim":[1,{"size":"x"}]}}},"method_name":{}})"}) {
    server.answer("GET /v1/models/m/metadata",
                  std::string(R"({"metadata":{"signature_def":{"signature_def":{"serving_default":)") + odd + "}}}}");
    CHECK(service->signature({"m", "", ""}));
  }
}

LATHE_TEST("an Open Inference server tells whether a model is ready and what it takes") {
  FakeServer server;
  auto service = openInference(server);
  CHECK_EQ(service->notReady({"m", "", ""}).value(), std::string("status 404"));
  server.answer("GET /v2/models/m/versions/1/ready", Canned{200, ""});
  CHECK_EQ(service->notReady({"m", "1", ""}).value(), std::string());
  server.answer("GET /v2/models/m/ready", Canned{400, R"({"error":"Model version not ready"})"});
  CHECK_EQ(service->notReady({"m", "", ""}).value(), std::string("status 400"));
  server.answer("GET /v2/models/m", R"({"name":"m","versions":["1"],"platform":"onnxruntime_onnx","inputs":
      [{"name":"input_tensor","datatype":"FP32","shape":[-1,8]},5,{"name":3,"datatype":[],"shape":"x"}],"outputs":7})");
  const auto signature = service->signature({"m", "", ""});
  REQUIRE_OK(signature);
  REQUIRE(signature->inputs.size() == 2);
  CHECK((signature->inputs[0].shape == std::vector<std::int64_t>{-1, 8}));
  CHECK(signature->outputs.empty());
  server.answer("GET /v2/models/x", Canned{404, R"({"error":"Request for unknown model: 'x' is not found"})"});
  const auto unknown = service->signature({"x", "", ""});
  REQUIRE(!unknown);
  CHECK(unknown.error().sentence().find("unknown model: 'x'") != std::string::npos);
  for (const char* odd : {"[]", "{}", R"({"inputs":{}})", "x"}) {
    server.answer("GET /v2/models/x", Canned{200, odd});
    CHECK_EQ(service->signature({"x", "", ""}).error().code, std::string("deploy.bad_answer"));
  }
}

LATHE_TEST("an Open Inference server without the binary extension is asked in JSON") {
  FakeServer server;
  auto service = openInference(server);
  server.answer("GET /v2", R"({"name":"mlserver","version":"1.7.1","extensions":[]})");
  server.answer("POST /v2/models/m/versions/1/infer", R"({"model_name":"m","model_version":"1","outputs":[
      {"name":"output_tensor","datatype":"FP32","shape":[2,2],"data":[36.0,4.5,8.0,NaN]},
      {"name":"label","datatype":"BYTES","shape":[2],"data":["a","b"]},
      {"name":"nested","datatype":"INT64","shape":[2,1],"data":[[1],[2]]}]})");
  std::string version;
  const auto answer = service->predict({"m", "1", ""}, rows, &version);
  REQUIRE_OK(answer);
  CHECK_EQ(version, std::string("1"));
  CHECK_EQ(
      server.last("POST /v2/models/m/versions/1/infer").body,
      std::string(
          R"({"inputs":[{"datatype":"FP32","name":"input_tensor","shape":[2,2],"data":[[1,2.5],[NaN,-Infinity]]}]})"));
  REQUIRE(answer->size() == 3);
  CHECK_EQ(numbers(answer->at(0))[1], 4.5F);
  CHECK(std::isnan(numbers(answer->at(0))[3]));
  CHECK_EQ(std::get<std::vector<std::string>>(answer->at(1).values).at(1), std::string("b"));
  CHECK_EQ(numbers(answer->at(2))[1], 2.0F);
  // Booleans are spelled as such.
  REQUIRE_OK(service->predict({"m", "1", ""}, {{"ok", {2}, std::vector<float>{1, 0}, TensorType::Boolean, "BOOL"}}));
  CHECK(server.last("POST /v2/models/m/versions/1/infer").body.find("[true,false]") != std::string::npos);
  CHECK_EQ(server.count("GET /v2"), 1);
}

LATHE_TEST("an Open Inference server with the binary extension gets and gives bytes") {
  FakeServer server;
  auto service = openInference(server);
  server.answer("GET /v2", R"({"name":"triton","extensions":["classification","binary_tensor_data","parameters"]})");
  const nlohmann::json head{
      {"model_name", "m"},
      {"model_version", "7"},
      {"outputs",
       {{{"name", "label"}, {"datatype", "BYTES"}, {"shape", {2}}, {"parameters", {{"binary_data_size", 11}}}},
        {{"name", "output_tensor"}, {"datatype", "FP32"}, {"shape", {1, 2}}, {"parameters", {{"binary_data_size", 8}}}},
        {{"name", "plain"}, {"datatype", "INT32"}, {"shape", {1}}, {"data", {5}}}}}};
  const std::string labels("\3\0\0\0abc\0\0\0\0", 11);
  server.answer("POST /v2/models/m/infer", binary(head, labels + littleEndian({0.5F, missing})));
  std::string version;
  const auto answer = service->predict({"m", "", ""}, rows, &version);
  REQUIRE_OK(answer);
  CHECK_EQ(version, std::string("7"));
  const auto asked = server.last("POST /v2/models/m/infer");
  const auto length = std::stoul(asked.header("Inference-Header-Content-Length"));
  const auto sent = nlohmann::json::parse(asked.body.substr(0, length));
  CHECK_EQ(sent["inputs"][0]["parameters"]["binary_data_size"].get<int>(), 16);
  CHECK(sent["parameters"]["binary_data_output"].get<bool>());
  CHECK_EQ(asked.body.substr(length), littleEndian(numbers(rows[0])));
  CHECK((std::get<std::vector<std::string>>(answer->at(0).values) == std::vector<std::string>{"abc", ""}));
  CHECK_EQ(numbers(answer->at(1))[0], 0.5F);
  CHECK(std::isnan(numbers(answer->at(1))[1]));
  CHECK_EQ(numbers(answer->at(2))[0], 5.0F);
  // A server that answers in plain JSON all the same.
  server.answer("POST /v2/models/m/infer", R"({"outputs":[{"name":"y","datatype":"FP64","shape":[1],"data":[0.1]}]})");
  CHECK_EQ(numbers(service->predict({"m", "", ""}, rows).value().at(0))[0], 0.1F);
}

LATHE_TEST("every type of number goes as its own bytes and comes back") {
  struct Case {
    const char* type;
    std::size_t bytes;
  };
  for (const auto& each : {Case{"FP64", 8}, Case{"INT64", 8}, Case{"INT32", 4}, Case{"INT16", 2}, Case{"INT8", 1},
                           Case{"UINT8", 1}, Case{"BOOL", 1}, Case{"FP32", 4}}) {
    FakeServer server;
    auto service = openInference(server);
    server.answer("GET /v2", R"({"extensions":["binary_tensor_data"]})");
    server.on("POST /v2/models/m/infer", [&each](const Asked& asked) {
      const auto length = std::stoul(asked.header("Inference-Header-Content-Length"));
      const auto bytes = asked.body.substr(length);
      CHECK_EQ(bytes.size(), 3 * each.bytes);
      return binary({{"outputs",
                      {{{"name", "y"},
                        {"datatype", each.type},
                        {"shape", {3}},
                        {"parameters", {{"binary_data_size", bytes.size()}}}}}}},
                    bytes);
    });
    const auto answer =
        service->predict({"m", "", ""}, {{"x", {3}, std::vector<float>{1, 0, 1}, TensorType::Integer, each.type}});
    REQUIRE_OK(answer);
    CHECK((numbers(answer->at(0)) == std::vector<float>{1, 0, 1}));
  }
}

LATHE_TEST("answers of an Open Inference server that do not fit themselves are refused") {
  FakeServer server;
  auto service = openInference(server);
  server.answer("GET /v2", R"({"extensions":["binary_tensor_data"]})");
  const auto output = [](const nlohmann::json& shape, const nlohmann::json& size, const char* type = "FP32") {
    return nlohmann::json{
        {"outputs",
         {{{"name", "y"}, {"datatype", type}, {"shape", shape}, {"parameters", {{"binary_data_size", size}}}}}}};
  };
  const auto eight = littleEndian({1, 2});
  std::vector<Canned> all{binary(output({3}, 8), eight),
                          binary(output({2}, 9), eight),
                          binary(output({2}, -8), eight),
                          binary(output({2}, "8"), eight),
                          binary(output({-1}, 8), eight),
                          binary(output({std::int64_t{1} << 62, 4}, 8), eight),
                          binary(output({1}, 8, "FP16"), eight),
                          binary(output({1}, 8, "BYTES"), std::string("\xff\xff\xff\xff"
                                                                      "abcd"))};
  for (const char* odd :
       {"", "[]", "{}", R"({"outputs":{}})", R"({"outputs":[5]})",
        R"({"outputs":[{"name":"y","datatype":"FP32","shape":[3],"data":[1,2]}]})",
        R"({"outputs":[{"name":"y","datatype":"FP32","shape":[1000000000000],"data":[1]}]})",
        R"({"outputs":[{"name":"y","datatype":"FP32","shape":[100000000,0],"data":[]}]})",
        R"({"outputs":[{"name":"y","shape":[2],"data":[[1],[2,3]]}]})", R"({"outputs":[{"name":"y","shape":[1]}]})",
        R"({"outputs":[{"name":"y","shape":[1],"data":{"a":1}}]})"})
    all.push_back({200, odd});
  all.push_back({200, R"({"outputs":[]})", "application/json", {{"Inference-Header-Content-Length", "99999"}}});
  all.push_back({200, R"({"outputs":[]})", "application/json", {{"Inference-Header-Content-Length", "-1"}}});
  for (const auto& canned : all) {
    server.answer("POST /v2/models/m/infer", canned);
    const auto answer = service->predict({"m", "", ""}, rows);
    if (codeOf(answer) != "deploy.bad_answer") testing::reportFailure(__FILE__, __LINE__, canned.body.substr(0, 200));
  }
  // Fields of odd types where nobody needs them.
  server.answer("POST /v2/models/m/infer",
                R"({"model_version":3,"outputs":[{"name":4,"datatype":null,"shape":[1],"data":[1],"parameters":7}]})");
  std::string version = "kept";
  CHECK(service->predict({"m", "", ""}, rows, &version));
  CHECK_EQ(version, std::string());
}

LATHE_TEST("services at addresses that are none, or where nobody is, say so") {
  CHECK_EQ(serving::tfServingRest({"", {}, 1}).error().code, std::string("deploy.bad_address"));
  CHECK_EQ(serving::openInferenceRest({"ftp://x", {}, 1}).error().code, std::string("deploy.bad_address"));
  std::string address;
  {
    const FakeServer server;
    address = server.address();
  }
  for (auto make : {&serving::tfServingRest, &serving::openInferenceRest}) {
    const auto service = make({address, {}, 2});
    REQUIRE_OK(service);
    CHECK_EQ((*service)->notReady({"m", "", ""}).error().code, std::string("deploy.unreachable"));
    CHECK_EQ((*service)->signature({"m", "", ""}).error().code, std::string("deploy.unreachable"));
    CHECK_EQ(codeOf((*service)->predict({"m", "", ""}, rows)), std::string("deploy.unreachable"));
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "tests/serving/serving_support.h"
#include "tests/support/testing.h"

// Open Inference's REST.
using namespace lathe::serving;
using namespace lathe::serving::tests;

namespace {

std::string errorText(const HttpAnswer& answer) { return answer.json().value("error", ""); }

std::string bytesOf(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

std::string inferBody(const std::string& inputs) { return "{\"id\":\"42\",\"inputs\":[" + inputs + "]}"; }

const std::string plainInput = R"({"name":"input_tensor","datatype":"FP32","shape":[1,2],"data":[30,40]})";

}  // namespace

LATHE_TEST("the server and its models say that they live and are ready") {
  const TestServer server({"m/1=numeric"});
  for (const char* target :
       {"/v2/health/live", "/v2/health/ready", "/v2/models/m/ready", "/v2/models/m/versions/1/ready"}) {
    const auto answer = server.http("GET", target);
    CHECK_EQ(answer.status, 200);
    CHECK(answer.body.empty());
  }
  CHECK_EQ(server.http("GET", "/v2").json()["name"].get<std::string>(), std::string("lathe"));
  const auto unknown = server.http("GET", "/v2/models/x/ready");
  CHECK_EQ(unknown.status, 400);
  CHECK_EQ(errorText(unknown), std::string("Model version not ready"));
  const auto metadata = server.http("GET", "/v2/models/m").json();
  CHECK_EQ(metadata["versions"][0].get<std::string>(), std::string("1"));
  CHECK_EQ(metadata["inputs"], JsonValue::parse(R"([{"name":"input_tensor","datatype":"FP32","shape":[-1,2]}])"));
  CHECK_EQ(metadata["outputs"], JsonValue::parse(R"([{"name":"output_tensor","datatype":"FP32","shape":[-1,2]}])"));
}

LATHE_TEST("infer answers flat and nested data, with the id that was sent") {
  const TestServer server({"m/1=numeric"});
  for (const std::string& data : {std::string("[30,40,0,0]"), std::string("[[30,40],[0,0]]")}) {
    const auto answer =
        server.http("POST", "/v2/models/m/infer",
                    inferBody(R"({"name":"input_tensor","datatype":"FP32","shape":[2,2],"data":)" + data + "}"));
    CHECK_EQ(answer.status, 200);
    const auto json = answer.json();
    CHECK_EQ(json["id"].get<std::string>(), std::string("42"));
    CHECK_EQ(json["model_version"].get<std::string>(), std::string("1"));
    const auto& output = json["outputs"][0];
    CHECK_EQ(output["shape"], JsonValue::parse("[2,2]"));
    CHECK_EQ(output["data"].size(), std::size_t{4});
  }
  const auto without =
      server.http("POST", "/v2/models/m/versions/1/infer", R"({"inputs":[)" + plainInput + "]}").json();
  CHECK(!without.contains("id"));
}

LATHE_TEST("binary tensors come and go behind the JSON, as Triton's client sends them without a content type") {
  const TestServer server({"m/1=numeric", "c/1=mixed"});
  const std::string head =
      R"({"inputs":[{"name":"input_tensor","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}],"parameters":{"binary_data_output":true}})";
  const auto answer = server.http("POST", "/v2/models/m/infer", head + bytesOf({30, 40}),
                                  {{"Inference-Header-Content-Length", std::to_string(head.size())}});
  CHECK_EQ(answer.status, 200);
  CHECK_EQ(answer.header("Content-Type"), std::string("application/octet-stream"));
  const auto length = std::stoul(answer.header("Inference-Header-Content-Length"));
  const auto json = JsonValue::parse(answer.body.substr(0, length));
  CHECK_EQ(json["outputs"][0]["parameters"]["binary_data_size"].get<int>(), 8);
  float values[2] = {0, 0};
  REQUIRE(answer.body.size() == length + sizeof values);
  std::memcpy(values, answer.body.data() + length, sizeof values);
  CHECK_EQ(values[1], 0.7F);

  const auto text = [](const std::string& word) {
    const auto size = static_cast<std::uint32_t>(word.size());
    return std::string(reinterpret_cast<const char*>(&size), sizeof size) + word;
  };
  const auto raw = bytesOf({1}) + text("red") + text("2000-01-03") + text("yes");
  std::string inputs;
  std::size_t sizes[] = {4, 7, 14, 7};
  const char* names[] = {"size", "colour", "day", "ok"};
  for (std::size_t i = 0; i < 4; ++i)
    inputs += std::string(i > 0 ? "," : "") + "{\"name\":\"" + names[i] + "\",\"shape\":[1,1],\"datatype\":\"" +
              (i == 0 ? "FP32" : "BYTES") + "\",\"parameters\":{\"binary_data_size\":" + std::to_string(sizes[i]) +
              "}}";
  const auto columns =
      "{\"inputs\":[" + inputs + "],\"outputs\":[{\"name\":\"output_tensor\",\"parameters\":{\"binary_data\":false}}]}";
  const auto mixed = server.http("POST", "/v2/models/c/infer", columns + raw,
                                 {{"Inference-Header-Content-Length", std::to_string(columns.size())}});
  CHECK_EQ(mixed.status, 200);
  CHECK_EQ(mixed.json()["outputs"][0]["data"][0].get<double>(), 6.0);
}

LATHE_TEST("mistakes in an infer body are told in Triton's words, with 400") {
  const TestServer server({"mlp/1=numeric"});
  const auto told = [&](const std::string& body, const std::string& length = "") {
    std::vector<std::pair<std::string, std::string>> headers;
    if (!length.empty()) headers.emplace_back("Inference-Header-Content-Length", length);
    const auto answer = server.http("POST", "/v2/models/mlp/infer", body, headers);
    CHECK_EQ(answer.status, 400);
    return errorText(answer);
  };
  const auto with = [&](const char* from, const char* to) {
    auto input = plainInput;
    input.replace(input.find(from), std::strlen(from), to);
    return "{\"inputs\":[" + input + "]}";
  };
  CHECK_EQ(told(with("FP32", "INT64")), std::string("[request id: <id_unknown>] inference input 'input_tensor' "
                                                    "data-type is 'INT64', but model 'mlp' expects 'FP32'"));
  CHECK_EQ(told(with("[1,2]", "[2,9]")),
           std::string("unexpected shape for input 'input_tensor' for model 'mlp'. Expected [-1,2], got [2,9]"));
  CHECK_EQ(told(with("FP32", "FLOAT")), std::string("invalid datatype for input input_tensor"));
  CHECK_EQ(told(with("input_tensor", "wrong")), std::string("unexpected inference input 'wrong' for model 'mlp'"));
  CHECK_EQ(told(with("[30,40]", "[30]")),
           std::string("Unable to parse 'data': Shape does not match true shape of 'data' field"));
  CHECK(told(with("[1,2]", "[-1,2]")).find("unexpected shape") != std::string::npos);
  CHECK(told(with("[1,2]", "[4611686018427387904,2]")).find("Shape does not match") != std::string::npos);
  CHECK_EQ(told("{\"inputs\":[" + plainInput + "],\"outputs\":[{\"name\":\"zz\"}]}"),
           std::string("unexpected inference output 'zz' for model 'mlp'"));
  CHECK(told("{").starts_with("failed to parse the request JSON buffer: "));
  CHECK(told("{}").starts_with("Unable to parse 'inputs': "));
  CHECK(told("{\"inputs\":[]}").find("expected 1 inputs but got 0") != std::string::npos);
  CHECK(told("{}", "99").find("Inference-Header-Content-Length") != std::string::npos);
  CHECK(told("{}", "x").find("Inference-Header-Content-Length") != std::string::npos);
  const std::string cut =
      R"({"inputs":[{"name":"input_tensor","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]})";
  CHECK(told(cut + "1234", std::to_string(cut.size())).find("unexpected size") != std::string::npos);
  CHECK_EQ(told(cut + std::string(12, '\0'), std::to_string(cut.size())),
           std::string("unexpected additional input data for model 'mlp'"));
  CHECK_EQ(told("{\"id\":7,\"inputs\":[" + plainInput + "]}"),
           std::string("Unable to parse 'id': attempt to access JSON non-string as string"));
  CHECK(told(with("[30,40]", "{\"a\":1}")).starts_with("Unable to parse 'data' of input 'input_tensor': "));
}

LATHE_TEST("a wrong column of an infer body is named, whatever is wrong with it") {
  const TestServer server({"m/1=mixed"});
  const auto column = [](const std::string& name, const char* type, const std::string& data,
                         const char* shape = "[1]") {
    return R"({"name":")" + name + R"(","datatype":")" + type + R"(","shape":)" + shape + R"(,"data":)" + data + "}";
  };
  const std::string size = column("size", "FP32", "[1]"), colour = column("colour", "BYTES", R"(["red"])"),
                    day = column("day", "BYTES", R"(["2000-01-03"])"), ok = column("ok", "BYTES", R"(["yes"])");
  const auto asked = [&](const std::vector<std::string>& inputs) {
    std::string body;
    for (const auto& each : inputs) body += (body.empty() ? "" : ",") + each;
    return server.http("POST", "/v2/models/m/infer", "{\"inputs\":[" + body + "]}");
  };
  CHECK_EQ(asked({size, colour, day, ok}).status, 200);
  const auto names = [&](const std::vector<std::string>& inputs, const char* name) {
    const auto answer = asked(inputs);
    CHECK_EQ(answer.status, 400);
    CHECK_EQ(errorText(answer).find(name) != std::string::npos ? name : errorText(answer), std::string(name));
  };
  names({size, day, ok}, "colour");
  names({size, colour, day, ok, column("sise", "FP32", "[1]")}, "sise");
  names({column("size", "BYTES", R"(["1"])"), colour, day, ok}, "size");
  names({size, column("colour", "FP32", "[1]"), day, ok}, "colour");
  names({size, colour, column("day", "BYTES", R"(["someday"])"), ok}, "day");
  names({column("size", "FP32", "[1,2]", "[1,2]"), colour, day, ok}, "size");
  names({column("size", "FP32", "[1,2]", "[2]"), colour, day, ok}, "colour");
  names({column("size", "FP32", R"(["big"])"), colour, day, ok}, "size");
}

LATHE_TEST("statistics are those of a model, or with the name left out of all") {
  const TestServer server({"a/1=numeric", "a/2=numeric", "b/1=numeric"});
  CHECK_EQ(server.http("GET", "/v2/models/b/stats").json()["model_stats"].size(), std::size_t{1});
  const auto all = server.http("GET", "/v2/models/stats").json()["model_stats"];
  REQUIRE(all.size() == 3);
  CHECK_EQ(all[1]["name"].get<std::string>() + all[1]["version"].get<std::string>(), std::string("a2"));
}

LATHE_TEST("unknown models, paths and verbs of Open Inference") {
  const TestServer server({"m/1=numeric"});
  CHECK_EQ(errorText(server.http("GET", "/v2/models/x")), std::string("Request for unknown model: 'x' is not found"));
  CHECK_EQ(errorText(server.http("GET", "/v2/models/m/versions/9")),
           std::string("Request for unknown model: 'm' version 9 is not found"));
  CHECK_EQ(server.http("POST", "/v2/models/x/infer", "{}").status, 404);
  const auto path = server.http("GET", "/v2/zz");
  CHECK_EQ(path.status, 404);
  CHECK_EQ(errorText(path), std::string("Not Found"));
  const auto verb = server.http("GET", "/v2/models/m/infer");
  CHECK_EQ(verb.status, 405);
  CHECK_EQ(errorText(verb), std::string("Method Not Allowed"));
}

LATHE_TEST("models are loaded from the store and unloaded by name, and the index knows both") {
  const TestServer server({"m/1=numeric"});
  server.writeModel("other.onnx", "numeric 7");
  server.writeModel("many/3/model", "numeric 3");
  const auto index = [&](const std::string& name) {
    const auto entries = server.http("POST", "/v2/repository/index").json();
    for (const auto& entry : entries)
      if (entry["name"] == name) return entry["state"].get<std::string>();
    return std::string("none");
  };
  CHECK_EQ(index("m"), std::string("READY"));
  CHECK_EQ(index("other"), std::string("UNAVAILABLE"));
  CHECK_EQ(server.http("POST", "/v2/repository/models/other/load", "{}").status, 200);
  CHECK_EQ(index("other"), std::string("READY"));
  CHECK_EQ(
      server.http("POST", "/v2/repository/models/other/unload", R"({"parameters":{"unload_dependents":false}})").status,
      200);
  CHECK_EQ(index("other"), std::string("UNAVAILABLE"));
  CHECK_EQ(server.http("GET", "/v2/models/other/ready").status, 400);
  CHECK_EQ(server.http("POST", "/v2/repository/models/other/load").status, 200);
  CHECK_EQ(server.http("GET", "/v2/models/other/ready").status, 200);
  for (const char* name : {"absent", "..", "%2e%2e%2fetc", "tokens%2fx"}) {
    const auto answer = server.http("POST", std::string("/v2/repository/models/") + name + "/load", "{}");
    CHECK(answer.status == 400 || answer.status == 404);
  }
}

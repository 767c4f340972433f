// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/serving/serving_support.h"
#include "tests/support/testing.h"

// TensorFlow Serving's REST.
using namespace lathe::serving;
using namespace lathe::serving::tests;

namespace {

std::string errorOf(const HttpAnswer& answer) { return answer.json().value("error", ""); }

}  // namespace

LATHE_TEST("predict takes rows under instances and columns under inputs") {
  const TestServer server({"m/1=numeric"});
  for (const char* body :
       {R"({"instances":[[10,20],[30,40]]})",
        R"({"signature_name":"predict_signature","instances":[{"input_tensor":[10,20]},{"input_tensor":[30,40]}]})"}) {
    const auto answer = server.rest("POST", "/v1/models/m:predict", body);
    CHECK_EQ(answer.status, 200);
    CHECK_EQ(answer.json()["predictions"].size(), std::size_t{2});
    CHECK(answer.body.find("0.3") != std::string::npos);
  }
  const auto columns =
      server.rest("POST", "/v1/models/m/versions/1:predict", R"({"inputs":{"input_tensor":[[10,20]]}})").json();
  REQUIRE(columns["outputs"].size() == 1);
  CHECK_EQ(columns["outputs"][0].size(), std::size_t{2});
  CHECK_EQ(server.rest("POST", "/v1/models/m:predict", R"({"inputs":[[10,20]]})").json(), columns);
}

LATHE_TEST("a model with texts has one named input a column by default, and the raw one as predict_signature") {
  const TestServer server({"m/1=mixed"});
  const auto row = server.rest(
      "POST", "/v1/models/m:predict",
      R"({"instances":[{"size":1,"colour":"red","day":"2000-01-03","ok":"yes"},{"size":NaN,"colour":"x","day":"","ok":"no"}]})");
  CHECK_EQ(row.status, 200);
  CHECK_EQ(row.json()["predictions"][0][0].get<double>(), 6.0);
  CHECK_EQ(row.json()["predictions"][1][0].get<double>(), 2999.0);
  const auto column =
      server.rest("POST", "/v1/models/m:predict",
                  R"({"inputs":{"size":[1],"colour":["red"],"day":["2000-01-03"],"ok":[{"b64":"eWVz"}]}})");
  CHECK_EQ(column.json()["outputs"][0][0].get<double>(), 6.0);
  CHECK(column.body.find("6.0") != std::string::npos);
  const auto raw = server.rest("POST", "/v1/models/m:predict",
                               R"({"signature_name":"predict_signature","instances":[[1,2,3,4,5]]})");
  CHECK_EQ(raw.json()["predictions"][0][0].get<double>(), 15.0);
}

LATHE_TEST("mistakes in a predict body are told in TensorFlow Serving's words") {
  const TestServer server({"m/1=mixed", "n/1=numeric"});
  const auto told = [&](const char* model, const std::string& body) {
    const auto answer = server.rest("POST", std::string("/v1/models/") + model + ":predict", body);
    CHECK_EQ(answer.status, 400);
    return errorOf(answer);
  };
  CHECK_EQ(told("n", "{}"), std::string("Missing 'inputs' or 'instances' key"));
  CHECK(told("n", "{\"instances\"").starts_with("JSON Parse error: "));
  CHECK(told("n", "{\"instances\"").ends_with("at offset: 12"));
  CHECK(told("n", R"({"instances":[[1,2]],"inputs":[[1,2]]})")
            .find("expecting only one of 'inputs' or 'instances' keys to exist ") != std::string::npos);
  CHECK(told("n", R"({"instances":[["a",2]]})").find("is not of expected type") != std::string::npos);
  CHECK(told("n", R"({"instances":[[1,2,3]]})").find("Expected [-1,2], got [1,3]") != std::string::npos);
  CHECK(told("n", R"({"instances":[[1,2],[1]]})").find("Failed to process element: 1 of 'instances' list") !=
        std::string::npos);
  CHECK(told("n", R"({"instances":5})").find("is not of expected type: list") != std::string::npos);
  CHECK_EQ(told("n", R"({"signature_name":"zz","instances":[[1,2]]})"),
           std::string("Serving signature name: \"zz\" not found in signature def"));
  CHECK_EQ(told("m", R"({"inputs":{"size":[1]}})"), std::string("Missing named input: colour in 'inputs' object."));
  CHECK(told("m", R"({"instances":[{"size":1}]})").find("does not have named input: colour") != std::string::npos);
  CHECK(told("m", R"({"instances":[{"size":1,"colour":"red","day":"","ok":"","zz":1}]})")
            .find("Sent extra: {zz}. Missing but required: {}.") != std::string::npos);
  CHECK(told("m", R"({"instances":[{"size":1,"colour":"red","day":"never","ok":""}]})").find("day") !=
        std::string::npos);
}

LATHE_TEST("examples are classified with every class and its score") {
  const TestServer server({"m/1=numeric", "r/1=mixed"});
  const auto answer =
      server.rest("POST", "/v1/models/m:classify", R"({"context":{"y":40},"examples":[{"x":30},{"x":[10],"y":10}]})");
  CHECK_EQ(answer.status, 200);
  const auto results = answer.json()["results"];
  REQUIRE(results.size() == 2 && results[0].size() == 2);
  CHECK_EQ(results[0][1][0].get<std::string>(), std::string("high"));
  CHECK(results[0][1][1].get<double>() > 0.69);
  CHECK_EQ(server.rest("POST", "/v1/models/m:regress", R"({"examples":[{"x":1,"y":2}]})").status, 400);
  CHECK_EQ(server.rest("POST", "/v1/models/r:classify", R"({"examples":[{"size":1}]})").status, 400);
  CHECK(errorOf(server.rest("POST", "/v1/models/m:classify", R"({"examples":[{"x":1}]})")).find("y") !=
        std::string::npos);
  CHECK_EQ(server.rest("POST", "/v1/models/m:classify", R"({"examples":[]})").status, 400);
}

LATHE_TEST("examples of a regression give their values") {
  const TestServer server({"r/1=mixed"});
  const auto answer =
      server.rest("POST", "/v1/models/r:regress",
                  R"({"signature_name":"regress","examples":[{"size":1,"colour":"red","day":[0,0],"ok":"no"}]})");
  CHECK_EQ(answer.status, 200);
  CHECK_EQ(answer.json()["results"][0].get<double>(), 3.0);
}

LATHE_TEST("status and metadata are those of the version or the label") {
  const TestServer server({"m/1=numeric", "m/3=numeric"});
  const auto all = server.rest("GET", "/v1/models/m").json()["model_version_status"];
  REQUIRE(all.size() == 2);
  CHECK_EQ(all[0]["version"].get<std::string>(), std::string("3"));
  CHECK_EQ(all[0]["state"].get<std::string>(), std::string("AVAILABLE"));
  CHECK_EQ(all[0]["status"]["error_code"].get<std::string>(), std::string("OK"));
  CHECK_EQ(server.rest("GET", "/v1/models/m/versions/1").json()["model_version_status"].size(), std::size_t{1});
  const auto missing = server.rest("GET", "/v1/models/m/versions/2");
  CHECK_EQ(missing.status, 404);
  CHECK_EQ(errorOf(missing), std::string("Could not find version 2 of model m"));
  CHECK_EQ(errorOf(server.rest("GET", "/v1/models/x")), std::string("Could not find any versions of model x"));
  CHECK_EQ(errorOf(server.rest("GET", "/v1/models/m/labels/stable")),
           std::string("Unrecognized servable version label: stable"));
  const auto metadata = server.rest("GET", "/v1/models/m/metadata").json();
  CHECK_EQ(metadata["model_spec"]["version"].get<std::string>(), std::string("3"));
  const auto& signature = metadata["metadata"]["signature_def"]["signature_def"]["serving_default"];
  CHECK_EQ(signature["method_name"].get<std::string>(), std::string("tensorflow/serving/predict"));
  const auto& input = signature["inputs"]["input_tensor"];
  CHECK_EQ(input["dtype"].get<std::string>(), std::string("DT_FLOAT"));
  CHECK_EQ(input["tensor_shape"]["dim"][1]["size"].get<std::string>(), std::string("2"));
}

LATHE_TEST("unknown models and paths are told in TensorFlow Serving's words") {
  const TestServer server({"m/1=numeric"});
  const auto latest = server.rest("POST", "/v1/models/x:predict", "{}");
  CHECK_EQ(latest.status, 404);
  CHECK_EQ(errorOf(latest), std::string("Servable not found for request: Latest(x)"));
  CHECK_EQ(errorOf(server.rest("POST", "/v1/models/m/versions/99:predict", "{}")),
           std::string("Servable not found for request: Specific(m, 99)"));
  for (const char* target : {"/v1/models/m:zz", "/v1/zz", "/v1/models/m/versions/x:predict", "/v1/models/:predict"}) {
    const auto answer = server.rest("POST", target, "{}");
    CHECK_EQ(answer.status, 400);
    CHECK_EQ(errorOf(answer), std::string("Malformed request: POST ") + target);
  }
}

LATHE_TEST("images are sent with their colours last, or as encoded files") {
  const TestServer server({"m/1=image"});
  const auto answer = server.rest("POST", "/v1/models/m:predict", R"({"instances":[[[[51],[0],[0]],[[0],[0],[0]]]]})");
  CHECK_EQ(answer.status, 200);
  CHECK(answer.body.find("0.2") != std::string::npos);
  const auto broken = server.rest("POST", "/v1/models/m:predict", R"({"instances":[{"b64":"AAAA"}]})");
  CHECK_EQ(broken.status, 400);
  CHECK(errorOf(broken).find("image") != std::string::npos);
}

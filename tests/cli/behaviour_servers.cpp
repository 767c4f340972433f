// SPDX-License-Identifier: GPL-3.0-or-later
// deploy and request: usage, servers that are not there, and servers that answer.
#include <atomic>
#include <filesystem>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/fake_server.h"
#include "tests/support/testing.h"

using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

const std::string nobody = "127.0.0.1:1";

/// The one shape that errors have.
void checkError(const Finished& result, int code, const std::string& name) {
  CHECK_EQ(result.code, code);
  const auto json = result.json();
  REQUIRE(json.is_object() && json.contains("error"));
  CHECK_EQ(json["error"]["code"].get<std::string>(), name);
  for (const char* part : {"message", "hint"}) CHECK(!json["error"][part].get<std::string>().empty());
  CHECK(has(result.err, json["error"]["message"].get<std::string>()));
}

void exportNumbers(const TempFolder& folder) {
  writeNumbers(folder / "d.csv", 120);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "2", "--name", "m"});
  (void)run(folder, {"export", "1", "--out", "o", "--format", "torchscript"});
}

}  // namespace

LATHE_TEST("deploy refuses what it cannot mean, and says which servers and models are not there") {
  const TempFolder folder;
  CHECK_EQ(latheJson(folder.path(), {"deploy", "o", "--url", nobody}).code, 2);
  CHECK_EQ(latheJson(folder.path(), {"deploy", "o", "--to", "torchserve"}).code, 2);
  CHECK_EQ(latheJson(folder.path(), {"deploy", "--to", "torchserve", "--url", nobody}).code, 2);
  const auto unknown = latheJson(folder.path(), {"deploy", "o", "--to", "tomcat", "--url", nobody});
  checkError(unknown, 2, "usage.choice");
  CHECK(has(unknown.json()["error"]["hint"].get<std::string>(), "tfserving"));
  checkError(latheJson(folder.path(), {"deploy", "o", "--to", "torchserve", "--url", nobody}), 1, "model.missing");
  CHECK(!fs::exists(folder / "lathe-project.lathe"));

  exportNumbers(folder);
  for (const char* target : {"torchserve", "Torch-Serve", "lathe"})
    checkError(latheJson(folder.path(), {"deploy", "o", "--to", target, "--url", nobody, "--predict-url", nobody}), 1,
               "deploy.unreachable");
  checkError(latheJson(folder.path(), {"deploy", "o/m.pt", "--to", "torchserve", "--url", "http://"}), 1,
             "deploy.bad_address");
  for (const char* target : {"tfserving", "triton"}) {
    checkError(latheJson(folder.path(), {"deploy", "o", "--to", target, "--url", nobody}), 1, "deploy.no_store");
    const auto none = latheJson(folder.path(), {"deploy", "o", "--to", target, "--url", nobody, "--model-store", "."});
    checkError(none, 1, "deploy.no_format");
    CHECK(has(none.json()["error"]["hint"].get<std::string>(),
              std::string("--format ") + (std::string(target) == "triton" ? "triton" : "savedmodel")));
  }
}

LATHE_TEST("deploy exports a run by itself, in the format of the server") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 120);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "2", "--name", "m"});
  fs::create_directory(folder / "store");
  checkError(
      latheJson(folder.path(), {"deploy", "latest", "--to", "triton", "--url", nobody, "--model-store", "store"}), 1,
      "deploy.unreachable");
  CHECK(fs::exists(folder / "lathe-project.lathe" / "deployed" / "1-triton" / "triton" / "m" / "1" / "model.onnx"));
  CHECK(fs::is_empty(folder / "store"));
}

LATHE_TEST("deploy exits 4 with the full result when the server answers differently, and 0 when it does not") {
  const TempFolder folder;
  exportNumbers(folder);
  const auto manifest = Json::parse(read(folder / "o" / "lathe-export.json"));
  std::atomic<double> error{0.5};
  FakeServer server;
  std::atomic<bool> registered{false};
  const std::string model =
      R"([{"modelName":"m","modelVersion":"1.0","modelUrl":"m-1.0.mar","workers":[{"status":"READY"}]}])";
  const auto known = [&](const Asked&) { return registered ? Canned{200, model} : Canned{404, "{}"}; };
  server.answer("GET /ping", R"({"status": "Healthy"})");
  server.on("GET /models/m/all", known);
  server.on("GET /models/m", known);
  server.on("POST /models", [&](const Asked&) {
    registered = true;
    return Canned{200, "{}"};
  });
  server.on("DELETE /models/m/1.0", [&](const Asked&) {
    registered = false;
    return Canned{200, "{}"};
  });
  server.on("POST /predictions/m/1.0", [&](const Asked& asked) {
    auto answers = Json::array();
    const auto body = Json::parse(asked.body);
    for (const auto& row : body["instances"])
      for (std::size_t i = 0; i < manifest["reference_rows"].size(); ++i)
        if (manifest["reference_rows"][i][0].get<float>() == row[0].get<float>()) {
          answers.push_back({{"prediction", manifest["reference_outputs"][i][0].get<double>() + error}});
          break;
        }
    return Canned{200, Json{{"predictions", answers}}.dump()};
  });
  const Args arguments{"deploy",        "o",          "--to",    "torchserve", "--url", server.url(),
                       "--predict-url", server.url(), "--token", "secret"};
  const auto wrong = latheJson(folder.path(), arguments);
  checkError(wrong, 4, "deploy.differs");
  for (const char* part : {"endpoint", "version", "healthy", "max_diff", "latency_ms", "steps"})
    CHECK(wrong.json().contains(part));
  CHECK(!wrong.json()["healthy"].get<bool>());
  CHECK(!registered);
  CHECK_EQ(server.last("POST /models").header("Authorization"), std::string("Bearer secret"));
  error = 0;
  const auto right = latheJson(folder.path(), arguments);
  CHECK_EQ(right.code, 0);
  CHECK(right.json()["healthy"].get<bool>());
  CHECK_EQ(right.json()["version"].get<std::string>(), std::string("1.0"));
  CHECK(right.json()["max_diff"].get<double>() < 1e-5);
  CHECK(!right.json().contains("error"));
  CHECK(registered);
}

LATHE_TEST("request refuses what it cannot mean, and says which server or file is not there") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 5);
  const Args base{"request", "--model", "m", "--data", "d.csv"};
  const auto asked = [&](const Args& more) { return latheJson(folder.path(), joined(base, more)); };
  CHECK_EQ(asked({"--url", nobody}).code, 2);
  checkError(asked({"--protocol", "soap", "--url", nobody}), 2, "usage.choice");
  checkError(asked({"--protocol", "tfserving"}), 2, "usage.address");
  checkError(asked({"--protocol", "tfserving", "--url", nobody, "--grpc", nobody}), 2, "usage.address");
  checkError(asked({"--protocol", "torchserve", "--grpc", nobody}), 2, "usage.grpc");
  checkError(asked({"--protocol", "openinference", "--url", nobody, "--signature", "x"}), 2, "usage.signature");
  checkError(latheJson(folder.path(),
                       {"request", "--model", "m", "--data", "none.csv", "--protocol", "tfserving", "--url", nobody}),
             1, "file.missing");
  for (const char* protocol : {"torchserve", "tfserving", "Open-Inference"})
    checkError(asked({"--protocol", protocol, "--url", nobody}), 1, "deploy.unreachable");
  for (const char* protocol : {"tfserving", "openinference"})
    checkError(asked({"--protocol", protocol, "--grpc", nobody}), 1, "deploy.unreachable");
  checkError(asked({"--protocol", "tfserving", "--url", "ftp://x"}), 1, "deploy.bad_address");
  CHECK(!fs::exists(folder / "lathe-project.lathe"));
}

LATHE_TEST("request sends the rows of a file and prints what each kind of server answers") {
  const TempFolder folder;
  write(folder / "d.csv", "a,zip\n1.5,007\n,90210\n");
  FakeServer server;
  server.answer("POST /predictions/m", R"({"predictions":[{"prediction":"x"},{"prediction":"y"}]})");
  const auto torch =
      run(folder, {"request", "--protocol", "torchserve", "--url", server.url(), "--model", "m", "--data", "d.csv"});
  CHECK_EQ(server.last("POST /predictions/m").body,
           std::string(R"({"instances":[{"a":1.5,"zip":"007"},{"a":null,"zip":90210}]})"));
  CHECK_EQ(torch["outputs"][1]["prediction"].get<std::string>(), std::string("y"));
  CHECK_EQ(torch["rows"].get<int>(), 2);
  CHECK(torch["latency_ms"].get<double>() > 0);

  server.answer("GET /v1/models/m/metadata", R"({"metadata":{"signature_def":{"signature_def":{"serving_default":{
      "inputs":{"a":{"dtype":"DT_FLOAT"},"zip":{"dtype":"DT_STRING"}},"outputs":{"y":{}}}}}}})");
  server.answer("POST /v1/models/m:predict", R"({"outputs":[[0.25],[NaN]]})");
  const auto tf =
      run(folder, {"request", "--protocol", "tfserving", "--url", server.url(), "--model", "m", "--data", "d.csv"});
  CHECK_EQ(server.last("POST /v1/models/m:predict").body,
           std::string(R"({"inputs":{"a":[1.5,NaN],"zip":["007","90210"]}})"));
  CHECK(has(tf["outputs"].dump(), "[[0.25],[null]]"));

  server.answer("GET /v2", R"({"extensions":[]})");
  server.answer("GET /v2/models/m", R"({"inputs":[{"name":"input_tensor","datatype":"FP32","shape":[-1,1]}]})");
  server.answer("POST /v2/models/m/infer",
                R"({"model_version":"3","outputs":[{"name":"y","datatype":"FP32","shape":[2],"data":[1,2]}]})");
  const auto inference =
      run(folder, {"request", "--protocol", "openinference", "--url", server.url(), "--model", "m", "--data", "d.csv"});
  CHECK_EQ(inference["version"].get<std::string>(), std::string("3"));
  CHECK(has(inference["outputs"].dump(), "[1.0,2.0]"));

  const auto refused = latheJson(
      folder.path(), {"request", "--protocol", "torchserve", "--url", server.url(), "--model", "x", "--data", "d.csv"});
  checkError(refused, 1, "deploy.refused");
  CHECK(has(refused.json()["error"]["message"].get<std::string>(), "Requested resource is not found"));
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/services/deployment/deploy_steps.h"
#include "tests/deployment/sample_export.h"
#include "tests/support/fake_server.h"
#include "tests/support/sample_data.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using services::DeployTarget;
namespace fs = std::filesystem;

namespace {

/// A Triton that reads its store when it is told to load a model.
struct FakeTriton {
  FakeTriton() {
    server.answer("GET /v2/health/live", Canned{200, ""});
    server.answer("GET /v2", R"({"name":"triton","extensions":[]})");
    server.otherwise([this](const Asked& asked) { return handle(asked); });
  }

  Canned handle(const Asked& asked) {
    if (asked.path == "/v2/repository/models/" + name + "/load") {
      if (loadStatus != 200) return {loadStatus, R"({"error":"failed to load, failed to poll from model repository"})"};
      loaded = std::to_string(services::newestVersion(store.path() / name));
      return {200, ""};
    }
    if (asked.path == "/v2/repository/models/" + name + "/unload") {
      loaded.clear();
      return {200, ""};
    }
    const auto model = "/v2/models/" + name + "/versions/" + loaded;
    if (loaded.empty() || !asked.path.starts_with(model)) return {404, R"({"error":"unknown model"})"};
    const auto rest = asked.path.substr(model.size());
    if (rest == "/ready") return ready ? Canned{200, ""} : Canned{400, R"({"error":"Model version not ready"})"};
    if (rest.empty())
      return {metadata ? 200 : 500, R"({"inputs":[{"name":"input_tensor","datatype":"FP32","shape":[-1,2]}]})"};
    const auto rows = nlohmann::json::parse(asked.body)["inputs"][0]["data"];
    std::vector<float> values;
    for (const auto& row : rows) {
      const float second = ofSecondClass(row[0].get<float>(), row[1].get<float>()) + error;
      values.insert(values.end(), {1 - second, second});
    }
    return {200,
            nlohmann::json{
                {"outputs",
                 {{{"name", "output_tensor"}, {"datatype", "FP32"}, {"shape", {rows.size(), 2}}, {"data", values}}}}}
                .dump()};
  }

  FakeServer server;
  TempFolder store;
  std::string name = "m", loaded;
  int loadStatus = 200;
  bool ready = true, metadata = true;
  float error = 0;
};

struct TritonStore {
  [[nodiscard]] services::DeployRequest request() const {
    auto result = sample.request(DeployTarget::Triton, triton.server.url());
    result.modelStore = triton.store.path();
    return result;
  }
  SampleExport sample;
  FakeTriton triton;
};

std::string problemOf(const Result<services::Deployment>& result) {
  return result ? result->why.value_or(Error{}).code : result.error().code;
}

}  // namespace

LATHE_TEST("a model goes into a Triton's store with its configuration, version after version") {
  TritonStore all;
  const auto first = services::deploy(all.request());
  REQUIRE_OK(first);
  CHECK(first->healthy);
  CHECK_EQ(first->version, std::string("1"));
  CHECK_EQ(first->rows, std::int64_t{6});
  CHECK_EQ(first->endpoint, all.triton.server.url() + "/v2/models/m/versions/1/infer");
  CHECK_EQ(readFile(all.triton.store / "m" / "1" / "model.onnx").value(), std::string("triton/m/1/model.onnx"));
  CHECK_EQ(readFile(all.triton.store / "m" / "labels.txt").value(), std::string("a\nb\n"));
  const auto second = services::deploy(all.request());
  REQUIRE_OK(second);
  CHECK_EQ(second->version, std::string("2"));
  CHECK_EQ(second->previous, std::string("1"));
  CHECK_EQ(all.triton.loaded, std::string("2"));
}

LATHE_TEST("a model in a Triton's store has the name it is given there") {
  TritonStore all;
  all.triton.name = "other \"one\"";
  auto request = all.request();
  request.name = all.triton.name;
  const auto deployed = services::deploy(request);
  REQUIRE_OK(deployed);
  CHECK(deployed->healthy);
  CHECK(readFile(all.triton.store / all.triton.name / "config.pbtxt")
            .value()
            .starts_with("name: \"other \\\"one\\\"\"\n"));
}

LATHE_TEST("whatever goes wrong in a Triton, its store is as before") {
  const auto tried = [](const std::function<void(FakeTriton&)>& spoil, const std::string& why) {
    for (const bool before : {false, true}) {
      TritonStore all;
      if (before) {
        REQUIRE_OK(services::deploy(all.request()));
        writeText(all.triton.store / "m" / "config.pbtxt", "name: \"m\"\n# somebody's\n");
        fs::remove(all.triton.store / "m" / "labels.txt");
      }
      const auto contents = contentsOf(all.triton.store.path());
      spoil(all.triton);
      auto request = all.request();
      request.timeoutSeconds = 0.5;
      const auto result = services::deploy(request);
      CHECK_EQ(problemOf(result), why);
      CHECK(!result || !result->healthy);
      CHECK(contentsOf(all.triton.store.path()) == contents);
      all.triton.loadStatus = 200;
      CHECK_EQ(all.triton.loaded, std::string(before ? "1" : ""));
    }
  };
  tried([](auto& triton) { triton.error = 0.01F; }, "deploy.differs");
  tried([](auto& triton) { triton.ready = false; }, "deploy.not_ready");
  tried([](auto& triton) { triton.loadStatus = 400; }, "deploy.refused");
  tried([](auto& triton) { triton.metadata = false; }, "deploy.refused");
}

LATHE_TEST("a Triton is told nothing when the version is taken, there is no store, no file or no server") {
  TritonStore all;
  auto request = all.request();
  request.version = "3";
  REQUIRE_OK(services::deploy(request));
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.version_taken"));
  for (const char* version : {"0", "-1", "1.0", "next", "01", "99999999999999999999"}) {
    request.version = version;
    CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.bad_version"));
  }
  request = all.request();
  request.modelStore.clear();
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.no_store"));
  request.modelStore = all.triton.store / "none";
  CHECK_EQ(problemOf(services::deploy(request)), std::string("file.missing"));
  const SampleExport other({"torchscript"});
  request = other.request(DeployTarget::Triton, all.triton.server.url());
  request.modelStore = all.triton.store.path();
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.no_format"));
  request = all.request();
  request.url = "http://127.0.0.1:1";
  const auto before = contentsOf(all.triton.store.path());
  CHECK_EQ(problemOf(services::deploy(request)), std::string("deploy.unreachable"));
  CHECK(contentsOf(all.triton.store.path()) == before);
}

LATHE_TEST("a version appears in its folder at once or not at all") {
  const TempFolder folder;
  writeText(folder / "model", "content");
  REQUIRE_OK(services::placeVersion(folder / "m", "1", {{folder / "model", "a/b.pb"}}));
  CHECK_EQ(readFile(folder / "m" / "1" / "a" / "b.pb").value(), std::string("content"));
  CHECK(!services::placeVersion(folder / "m", "1", {{folder / "model", "b.pb"}}));
  CHECK(!services::placeVersion(folder / "n", "1", {{folder / "model", "b.pb"}, {folder / "none", "c.pb"}}));
  CHECK(!fs::exists(folder / "n"));
  CHECK_EQ(contentsOf(folder / "m").size(), std::size_t{3});
  fs::create_directory(folder / "m" / "12");
  for (const char* no : {"x", "1x", "-5", "99999999999999999999999"}) fs::create_directory(folder / "m" / no);
  CHECK_EQ(services::newestVersion(folder / "m"), std::int64_t{12});
  CHECK_EQ(services::newestVersion(folder / "none"), std::int64_t{0});
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/torchserve_client.h"
#include "tests/support/fake_server.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using serving::TorchServeClient;

namespace {

TorchServeClient clientOf(const FakeServer& server) {
  auto management = serving::HttpClient::to(server.url());
  auto inference = serving::HttpClient::to(server.url());
  REQUIRE_OK(management);
  REQUIRE_OK(inference);
  return {std::move(*management), std::move(*inference)};
}

std::string codeOf(const Result<void>& result) { return result ? "" : result.error().code; }

}  // namespace

LATHE_TEST("a TorchServe is healthy when it says so") {
  FakeServer server;
  auto client = clientOf(server);
  CHECK_EQ(codeOf(client.ping()), std::string("deploy.refused"));
  server.answer("GET /ping", R"({"status": "Healthy"})");
  CHECK(client.ping());
  for (const char* other : {R"({"status": "Partial Healthy"})", R"({"status": 1})", "Healthy", "[]", ""}) {
    server.answer("GET /ping", Canned{200, other});
    CHECK_EQ(codeOf(client.ping()), std::string("deploy.unhealthy"));
  }
}

LATHE_TEST("the versions of a model come with the workers that are ready") {
  FakeServer server;
  auto client = clientOf(server);
  CHECK(client.versions("m").value().empty());
  CHECK_EQ(client.defaultVersion("m").value(), std::string());
  const std::string first =
      R"({"modelName":"m","modelVersion":"1.0","modelUrl":"m-1.0.mar","runtime":"python","minWorkers":1,"workers":[]})";
  const std::string second =
      R"({"modelName":"m","modelVersion":"2.0","modelUrl":"m-2.0.mar","workers":[{"id":"9000","status":"READY"},
          {"id":"9001","status":"UNLOADING"},7]})";
  server.answer("GET /models/m/all", "[" + first + "," + second + ",null]");
  server.answer("GET /models/m", "[" + second + "]");
  const auto versions = client.versions("m");
  REQUIRE_OK(versions);
  REQUIRE(versions->size() == 2);
  CHECK_EQ(versions->at(0).version, std::string("1.0"));
  CHECK_EQ(versions->at(0).workers, 0);
  CHECK_EQ(versions->at(1).archive, std::string("m-2.0.mar"));
  CHECK_EQ(versions->at(1).workers, 3);
  CHECK_EQ(versions->at(1).workersReady, 1);
  CHECK_EQ(client.defaultVersion("m").value(), std::string("2.0"));
}

LATHE_TEST("answers of a TorchServe that make no sense are refused or tell nothing") {
  FakeServer server;
  auto client = clientOf(server);
  for (const char* odd : {"{}", "no JSON", "7", "\"m\"", ""}) {
    server.answer("GET /models/m/all", Canned{200, odd});
    CHECK(!client.versions("m"));
    server.answer("GET /models/m", Canned{200, odd});
    CHECK_EQ(client.defaultVersion("m").value(), std::string());
  }
  server.answer("GET /models/m/all", R"([{"modelName":1,"modelVersion":{},"workers":{"a":1}}])");
  const auto odd = client.versions("m");
  REQUIRE_OK(odd);
  CHECK_EQ(odd->at(0).version, std::string());
  CHECK_EQ(odd->at(0).workers, 0);
}

LATHE_TEST("a TorchServe is asked as its documentation says") {
  FakeServer server;
  auto client = clientOf(server);
  for (const char* call : {"POST /models", "PUT /models/my model/1.0", "PUT /models/my model/1.0/set-default",
                           "DELETE /models/my model/1.0", "DELETE /models/my model"})
    server.answer(call, R"({"status": "done"})");
  server.answer("POST /predictions/my model/1.0", R"({"predictions":[]})");
  server.answer("POST /predictions/my model", R"({"predictions":[]})");
  CHECK(client.registerModel("http://127.0.0.1:1/a b.mar"));
  CHECK_EQ(server.last("POST /models").query,
           std::string("url=http%3A%2F%2F127.0.0.1%3A1%2Fa%20b.mar&initial_workers=1&synchronous=true"));
  CHECK(client.scale("my model", "1.0", 0));
  CHECK_EQ(server.last("PUT /models/my model/1.0").query, std::string("min_worker=0&max_worker=1&synchronous=true"));
  CHECK(client.setDefault("my model", "1.0"));
  CHECK(client.unregister("my model", "1.0"));
  CHECK(client.unregister("my model", ""));
  REQUIRE_OK(client.predict("my model", "1.0", {"{}", "application/json"}));
  REQUIRE_OK(client.predict("my model", "", {"a,b\n1,2\n", "text/csv"}));
  CHECK_EQ(server.last("POST /predictions/my model").body, std::string("a,b\n1,2\n"));
  CHECK_EQ(TorchServeClient::predictPath("my model", "1.0"), std::string("/predictions/my%20model/1.0"));
}

LATHE_TEST("what a server says instead of doing it is told in its own words") {
  const auto said = [](int status, const std::string& body) {
    const auto error = serving::refusal("http://h:1", {status, body, {}, 0}).value();
    CHECK_EQ(error.code, std::string("deploy.refused"));
    return error.sentence();
  };
  CHECK(
      said(409, R"({"code":409,"type":"ConflictStatusException","message":"Model version 1.0 is already registered."})")
          .find("status 409: Model version 1.0 is already registered.") != std::string::npos);
  CHECK(said(400, "{\"error\": \"Missing 'inputs' or 'instances' key\"}").find("Missing 'inputs'") !=
        std::string::npos);
  CHECK(said(400, R"({"message":"Token Authorization failed."})").find("--token") != std::string::npos);
  CHECK(said(503, R"({"message":5,"error":[],"status":"Down"})").find("Down") != std::string::npos);
  CHECK(said(413, "").find("status 413: nothing.") != std::string::npos);
  CHECK(said(502, "<html>" + std::string(5000, 'x')).size() < 500);
  CHECK(said(500, "\xff\xfe broken").find("broken") != std::string::npos);
}

LATHE_TEST("a TorchServe that goes away is unreachable in every call") {
  std::unique_ptr<TorchServeClient> client;
  {
    const FakeServer server;
    client = std::make_unique<TorchServeClient>(clientOf(server));
  }
  const std::string gone = "deploy.unreachable";
  CHECK_EQ(codeOf(client->ping()), gone);
  CHECK_EQ(client->versions("m").error().code, gone);
  CHECK_EQ(client->defaultVersion("m").error().code, gone);
  CHECK_EQ(codeOf(client->registerModel("m.mar")), gone);
  CHECK_EQ(codeOf(client->unregister("m", "1.0")), gone);
  CHECK_EQ(client->predict("m", "", {}).error().code, gone);
}

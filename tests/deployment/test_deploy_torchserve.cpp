// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/exporting/torchserve/mar_archive.h"
#include "tests/deployment/sample_export.h"
#include "tests/support/fake_server.h"
#include "tests/support/plain_user.h"
#include "tests/support/sample_data.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using services::DeployTarget;
namespace fs = std::filesystem;

namespace {

Canned refused(int status, const std::string& message) {
  return {status, nlohmann::json{{"code", status}, {"type", "Exception"}, {"message", message}}.dump()};
}

/// What TorchServe 0.12 does with registrations, as far as a deployment sees it.
struct FakeTorchServe {
  FakeTorchServe() {
    server.answer("GET /ping", R"({"status": "Healthy"})");
    server.otherwise([this](const Asked& asked) { return handle(asked); });
  }

  Canned handle(const Asked& asked) {
    const std::lock_guard lock(mutex);
    if (asked.method == "POST" && asked.path == "/models") return registered(asked);
    if (asked.path.starts_with("/predictions/m/")) return predicted(asked);
    const std::string prefix = "/models/m";
    if (!asked.path.starts_with(prefix)) return refused(404, "Requested resource is not found");
    auto rest = asked.path.substr(prefix.size());
    if (asked.method == "GET") return rest == "/all" ? described(versions) : described({{defaultVersion, ""}});
    rest.erase(0, 1);
    if (asked.method == "DELETE") {
      if (versions.erase(rest) == 0) return refused(404, "no such version");
      if (rest == defaultVersion) defaultVersion.clear();
      return {200, R"({"status": "unregistered"})"};
    }
    if (refuseDefault) return refused(500, "cannot be the default");
    defaultVersion = rest.substr(0, rest.find('/'));
    return {200, R"({"status": "set"})"};
  }

  Canned registered(const Asked& asked) {
    const auto url = asked.parameters.find("url")->second;
    if (url.starts_with("http://")) {
      const auto slash = url.find('/', 7);
      const auto got = httplib::Client(url.substr(0, slash)).Get(url.substr(slash));
      if (!got || got->status != 200) return refused(404, "Model not found at: " + url);
      archive = got->body;
    } else {
      archive = readFile(store / url).value_or("");
      if (archive.empty()) return refused(404, "Model not found at: " + url);
    }
    const auto version = url.substr(url.rfind('-') + 1, url.size() - url.rfind('-') - 5);
    if (conflict) return refused(409, "Model version " + version + " is already registered for model m");
    versions[version] = url;
    if (defaultVersion.empty()) defaultVersion = version;
    if (brokenModel) return refused(500, "Failed to start workers for model m version: " + version);
    return {200, R"({"status": "registered"})"};
  }

  Canned described(const std::map<std::string, std::string>& some) const {
    if (versions.empty()) return refused(404, "Model not found: m");
    auto list = nlohmann::json::array();
    for (const auto& [version, url] : some)
      list.push_back({{"modelName", "m"},
                      {"modelVersion", version},
                      {"modelUrl", url},
                      {"workers", {{{"id", "9000"}, {"status", workersReady ? "READY" : "LOADING"}}}}});
    return {200, list.dump()};
  }

  Canned predicted(const Asked& asked) {
    ++predictions;
    if (predictionStatus != 200) return refused(predictionStatus, "Prediction failed");
    auto answers = nlohmann::json::array();
    const auto body = nlohmann::json::parse(asked.body);
    for (const auto& row : body["instances"]) {
      const float second = ofSecondClass(row[0].get<float>(), row[1].get<float>()) + error;
      answers.push_back({{"prediction", second > 0.5F ? "b" : "a"}, {"prob_a", 1 - second}, {"prob_b", second}});
    }
    return {200, nlohmann::json{{"predictions", answers}}.dump()};
  }

  FakeServer server;
  std::mutex mutex;
  fs::path store;
  std::map<std::string, std::string> versions;  ///< with the archive of each
  std::string defaultVersion, archive;
  bool workersReady = true, brokenModel = false, conflict = false, refuseDefault = false;
  float error = 0;
  int predictionStatus = 200;
  int predictions = 0;
};

struct Deployed {
  Deployed() { server.store = store.path(); }
  [[nodiscard]] services::DeployRequest request() const {
    auto result = sample.request(DeployTarget::TorchServe, server.server.url());
    result.modelStore = store.path();
    return result;
  }
  SampleExport sample;
  TempFolder store;
  FakeTorchServe server;
};

std::string codeOf(const Result<services::Deployment>& result) { return result ? "" : result.error().code; }

}  // namespace

LATHE_TEST("a model goes into a TorchServe's store, is compared there and answers from then on") {
  Deployed all;
  const auto first = services::deploy(all.request());
  REQUIRE_OK(first);
  CHECK(first->healthy);
  CHECK(!first->why);
  CHECK_EQ(first->name, std::string("m"));
  CHECK_EQ(first->version, std::string("1.0"));
  CHECK_EQ(first->previous, std::string());
  CHECK_EQ(first->rows, std::int64_t{6});
  CHECK(first->maxDiff < 1e-6);
  CHECK(first->latencyMs > 0);
  CHECK_EQ(first->endpoint, all.server.server.url() + "/predictions/m/1.0");
  CHECK_EQ(contentsOf(all.store.path()).size(), std::size_t{1});
  REQUIRE_OK(exporting::extractMar(all.store / "m-1.0.mar", all.store / "model.pt"));
  CHECK_EQ(readFile(all.store / "model.pt").value(), std::string("m.pt"));

  const auto second = services::deploy(all.request());
  REQUIRE_OK(second);
  CHECK(second->healthy);
  CHECK_EQ(second->version, std::string("2.0"));
  CHECK_EQ(second->previous, std::string("1.0"));
  CHECK_EQ(all.server.defaultVersion, std::string("2.0"));
  CHECK_EQ(all.server.versions.size(), std::size_t{2});
}

LATHE_TEST("a TorchServe without a folder in common fetches the archive by HTTP, from an address that nobody guesses") {
  Deployed all;
  auto request = all.request();
  request.modelStore.clear();
  const auto deployed = services::deploy(request);
  REQUIRE_OK(deployed);
  CHECK(deployed->healthy);
  CHECK(all.server.archive.starts_with("PK"));
  const auto url = all.server.versions.at("1.0");
  CHECK(url.starts_with("http://127.0.0.1:"));
  CHECK(url.find('/', 7) + 30 < url.rfind('/'));
  // It is not lent any longer.
  CHECK(!httplib::Client(url.substr(0, url.find('/', 7))).Get(url.substr(url.find('/', 7))));
  CHECK(contentsOf(all.store.path()).empty());
}

LATHE_TEST("a TorchServe that answers differently keeps the version from before, and nothing is left of the new one") {
  for (const bool store : {true, false}) {
    Deployed all;
    auto request = all.request();
    if (!store) request.modelStore.clear();
    REQUIRE_OK(services::deploy(request));
    const auto before = contentsOf(all.store.path());
    all.server.error = 0.01F;
    const auto wrong = services::deploy(request);
    REQUIRE_OK(wrong);
    CHECK(!wrong->healthy);
    REQUIRE(wrong->why.has_value());
    CHECK_EQ(wrong->why->code, std::string("deploy.differs"));
    CHECK(wrong->why->sentence().find("0.01") != std::string::npos);
    CHECK(wrong->maxDiff > 0.009);
    CHECK_EQ(all.server.defaultVersion, std::string("1.0"));
    CHECK_EQ(all.server.versions.size(), std::size_t{1});
    CHECK(contentsOf(all.store.path()) == before);
  }
}

LATHE_TEST("whatever goes wrong in a TorchServe, its store and its models are as before") {
  const auto tried = [](const std::function<void(FakeTorchServe&)>& spoil, const std::string& why) {
    for (const bool store : {true, false}) {
      Deployed all;
      auto request = all.request();
      request.timeoutSeconds = 0.5;
      if (!store) request.modelStore.clear();
      REQUIRE_OK(services::deploy(request));
      const auto before = contentsOf(all.store.path());
      const auto versions = all.server.versions;
      spoil(all.server);
      const auto result = services::deploy(request);
      CHECK_EQ(result ? result->why.value_or(Error{}).code : result.error().code, why);
      CHECK(!result || !result->healthy);
      CHECK_EQ(all.server.defaultVersion, std::string("1.0"));
      CHECK(all.server.versions == versions);
      CHECK(contentsOf(all.store.path()) == before);
    }
  };
  tried([](auto& server) { server.workersReady = false; }, "deploy.no_worker");
  tried([](auto& server) { server.brokenModel = true; }, "deploy.refused");
  tried([](auto& server) { server.refuseDefault = true; }, "deploy.refused");
  tried([](auto& server) { server.predictionStatus = 503; }, "deploy.refused");
  tried([](auto& server) { server.server.answer("GET /ping", R"({"status": "Unhealthy"})"); }, "deploy.unhealthy");
  for (const char* odd : {"", "[]", R"({"predictions":[]})", R"({"predictions":[5]})",
                          R"({"predictions":[{"prob_a":1}]})", R"({"predictions":[{"prob_a":"1","prob_b":0}]})"})
    tried(
        [odd](auto& server) {
          server.server.answer("POST /predictions/m/2.0", Canned{200, odd});
        },
        "deploy.bad_answer");
}

LATHE_TEST("a version that somebody else registers meanwhile is not taken away") {
  Deployed all;
  REQUIRE_OK(services::deploy(all.request()));
  all.server.conflict = true;
  all.server.versions["2.0"] = "theirs.mar";
  auto request = all.request();
  request.version = "3.0";
  CHECK_EQ(codeOf(services::deploy(request)), std::string("deploy.refused"));
  CHECK_EQ(all.server.server.count("DELETE /models/m/3.0"), 0);
}

LATHE_TEST("a version that is registered, or whose archive lies in the store, is taken") {
  Deployed all;
  auto request = all.request();
  request.version = "7.5";
  REQUIRE_OK(services::deploy(request));
  CHECK_EQ(codeOf(services::deploy(request)), std::string("deploy.version_taken"));
  request.version.clear();
  writeText(all.store / "m-8.0.mar", "somebody's");
  CHECK_EQ(services::deploy(request).value().version, std::string("9.0"));
  CHECK_EQ(readFile(all.store / "m-8.0.mar").value(), std::string("somebody's"));
  request.version = "8.0";
  CHECK_EQ(codeOf(services::deploy(request)), std::string("deploy.version_taken"));
}

LATHE_TEST("names and versions that would leave the store are refused before anything is sent") {
  Deployed all;
  for (const char* name : {"../m", "a/b", ".hidden", "/etc/m"}) {
    auto request = all.request();
    request.name = name;
    CHECK_EQ(codeOf(services::deploy(request)), std::string("export.bad_name"));
  }
  auto request = all.request();
  request.version = "/../../x";
  CHECK_EQ(codeOf(services::deploy(request)), std::string("export.bad_name"));
  CHECK(contentsOf(all.store.path()).empty());
  CHECK_EQ(all.server.server.count("POST /models"), 0);
}

LATHE_TEST("an export without a file for TorchServe, without rows, or a store that may not be written is an error") {
  const SampleExport other({"savedmodel"});
  Deployed all;
  auto request = other.request(DeployTarget::TorchServe, all.server.server.url());
  const auto refusedFormat = services::deploy(request);
  CHECK_EQ(codeOf(refusedFormat), std::string("deploy.no_format"));
  CHECK(refusedFormat.error().sentence().find("--format torchscript") != std::string::npos);
  request = all.request();
  request.what.manifest.referenceRows.clear();
  request.what.manifest.referenceOutputs.clear();
  CHECK_EQ(codeOf(services::deploy(request)), std::string("deploy.no_rows"));
  request = all.request();
  request.modelStore = all.store / "none";
  CHECK_EQ(codeOf(services::deploy(request)), std::string("file.missing"));
  {
    const PlainUser user({all.sample.folder()});
    if (!user.limited()) return;
    CHECK_EQ(codeOf(services::deploy(all.request())), std::string("file.no_permission"));
  }
  CHECK(contentsOf(all.store.path()).empty());
}

LATHE_TEST("a deployment that is cancelled takes its version back") {
  Deployed all;
  all.server.workersReady = false;
  std::stop_source stop;
  JobContext job;
  job.stop = stop.get_token();
  all.server.server.on("GET /models/m/all", [&](const Asked& asked) {
    if (!all.server.versions.empty()) stop.request_stop();
    return all.server.handle(asked);
  });
  CHECK_EQ(codeOf(services::deploy(all.request(), job)), std::string("cancelled"));
  CHECK(all.server.versions.empty());
  CHECK(contentsOf(all.store.path()).empty());
}

LATHE_TEST("many numbers go in several requests, each small enough for TorchServe") {
  Deployed all;
  auto request = all.request();
  auto& manifest = request.what.manifest;
  const auto rows = manifest.referenceRows;
  const auto outputs = manifest.referenceOutputs;
  constexpr std::size_t copies = 30'000;
  for (std::size_t i = 1; i < copies; ++i) {
    manifest.referenceRows.insert(manifest.referenceRows.end(), rows.begin(), rows.end());
    manifest.referenceOutputs.insert(manifest.referenceOutputs.end(), outputs.begin(), outputs.end());
  }
  const auto deployed = services::deploy(request);
  REQUIRE_OK(deployed);
  CHECK(deployed->healthy);
  CHECK_EQ(deployed->rows, static_cast<std::int64_t>(6 * copies));
  CHECK_EQ(all.server.predictions, 52);  // two with rows, then single ones
}

LATHE_TEST("a TorchServe that is not there is unreachable, and a wrong address is none") {
  const SampleExport sample;
  std::string url;
  {
    const FakeServer server;
    url = server.url();
  }
  CHECK_EQ(codeOf(services::deploy(sample.request(DeployTarget::TorchServe, url))), std::string("deploy.unreachable"));
  CHECK_EQ(codeOf(services::deploy(sample.request(DeployTarget::TorchServe, "no:where"))),
           std::string("deploy.bad_address"));
}

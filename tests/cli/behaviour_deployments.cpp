// SPDX-License-Identifier: GPL-3.0-or-later
// deploy list, retrain and drift, and --watch, against lathe-cli serve.
#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/fake_server.h"
#include "tests/support/testing.h"

using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

/// `lathe-cli serve` with an empty folder of models.
class ServedStore {
 public:
  explicit ServedStore(const TempFolder& folder)
      : m_process(folder.path(),
                  {"sh", "-c",
                   "mkdir -p store; exec \"" + fs::absolute(LATHE_CLI).string() +
                       "\" serve --model-store store --no-token --json --http 0 --management 0 --grpc 0 --rest 0 > "
                       "store.json"},
                  true) {
    const auto read = [&folder] {
      std::stringstream text;
      text << std::ifstream(folder / "store.json").rdbuf();
      return text.str();
    };
    (void)within(60, [&] { return has(read(), "\n") || !m_process.running(); });
    m_ready = Json::parse(read(), nullptr, false);
  }
  ~ServedStore() {
    m_process.send(15);
    (void)m_process.wait(60);
  }
  ServedStore(const ServedStore&) = delete;
  ServedStore& operator=(const ServedStore&) = delete;
  [[nodiscard]] bool ready() const { return m_ready.is_object(); }
  [[nodiscard]] std::string http() const { return m_ready["http"].get<std::string>(); }
  [[nodiscard]] std::string management() const { return m_ready["management"].get<std::string>(); }

 private:
  CliProcess m_process;
  Json m_ready;
};

}  // namespace

LATHE_TEST("a run that is deployed is listed, watched, compared with its inputs and trained again on new data") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "3", "--lr", "0.05", "--name", "kinds"});
  const ServedStore server(folder);
  REQUIRE(server.ready());
  const Args place{"--to",          "lathe",       "--url",         server.management(),
                   "--predict-url", server.http(), "--model-store", "store"};
  const auto deployed = latheJson(folder.path(), joined({"deploy", "1", "--watch", "1s"}, place));
  CHECK_EQ(deployed.code, 0);
  CHECK(deployed.json()["healthy"].get<bool>());
  CHECK(deployed.json()["watch"]["looks"].get<int>() >= 2);
  CHECK(!deployed.json()["watch"]["rolled_back"].get<bool>());

  auto listed = latheJson(folder.path(), {"deploy", "list"});
  CHECK_EQ(listed.code, 0);
  REQUIRE(listed.json()["deployments"].size() == 1);
  const auto first = listed.json()["deployments"][0];
  CHECK_EQ(first["name"].get<std::string>(), std::string("kinds"));
  CHECK_EQ(first["run"].get<int>(), 1);
  CHECK_EQ(first["state"].get<std::string>(), std::string("served"));
  CHECK_EQ(first["history"].size(), std::size_t{1});

  const auto quiet = latheJson(folder.path(), {"deploy", "drift", "kinds"});
  CHECK_EQ(quiet.code, 0);
  CHECK(!quiet.json()["enough"].get<bool>());
  CHECK_EQ(quiet.json()["rows"].get<int>(), 0);
  CHECK_EQ(latheJson(folder.path(), {"request", "--protocol", "torchserve", "--url", server.http(), "--model", "kinds",
                                     "--data", "d.csv"})
               .code,
           0);
  const auto drift = latheJson(folder.path(), {"deploy", "drift", "kinds"});
  CHECK(drift.json()["enough"].get<bool>());
  REQUIRE(!drift.json()["columns"].empty());
  for (const auto& column : drift.json()["columns"]) CHECK_EQ(column["drift"].get<std::string>(), std::string("same"));

  writeClasses(folder / "new.csv", 400);
  const auto again = latheJson(folder.path(), {"deploy", "retrain", "kinds", "--data", "new.csv"});
  CHECK_EQ(again.code, 0);
  CHECK(again.json()["promoted"].get<bool>());
  CHECK_EQ(again.json()["run"].get<int>(), 2);
  CHECK(again.json()["promotion"]["rows"].get<int>() > 0);
  listed = latheJson(folder.path(), {"deploy", "list"});
  REQUIRE(listed.json()["deployments"].size() == 2);
  CHECK_EQ(listed.json()["deployments"][0]["run"].get<int>(), 2);
  CHECK_EQ(listed.json()["deployments"][0]["previous"], first["version"]);

  const auto slow =
      latheJson(folder.path(), {"deploy", "retrain", "kinds", "--data", "new.csv", "--max-latency", "0.000001"});
  CHECK_EQ(slow.code, 4);
  CHECK(!slow.json()["promoted"].get<bool>());
  CHECK_EQ(slow.json()["error"]["code"].get<std::string>(), std::string("deploy.slow"));
  CHECK(has(latheJson(folder.path(), {"deploy", "list"}).out, "which is not served"));

  const auto unknown = latheJson(folder.path(), {"deploy", "drift", "nothing"});
  CHECK_EQ(unknown.code, 1);
  CHECK(has(unknown.json()["error"]["hint"].get<std::string>(), "kinds/"));
  CHECK_EQ(latheJson(folder.path(), {"deploy", "retrain", "kinds"}).code, 2);
  CHECK_EQ(latheJson(folder.path(), joined({"deploy", "1", "--watch", "soon"}, place)).code, 2);
}

LATHE_TEST("a watched export that begins to answer differently exits 4 with both answers") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 120);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "2", "--name", "m"});
  (void)run(folder, {"export", "1", "--out", "o", "--format", "torchscript"});
  const auto manifest = Json::parse(read(folder / "o" / "lathe-export.json"));
  FakeServer server;
  std::atomic<bool> registered{false};
  std::atomic<int> asked{0};
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
  server.on("POST /predictions/m/1.0", [&](const Asked& request) {
    const double error = ++asked > 55 ? 0.5 : 0;
    auto answers = Json::array();
    const auto body = Json::parse(request.body);
    for (const auto& row : body["instances"])
      for (std::size_t i = 0; i < manifest["reference_rows"].size(); ++i)
        if (manifest["reference_rows"][i][0].get<float>() == row[0].get<float>()) {
          answers.push_back({{"prediction", manifest["reference_outputs"][i][0].get<double>() + error}});
          break;
        }
    return Canned{200, Json{{"predictions", answers}}.dump()};
  });
  const auto watched = latheJson(folder.path(), {"deploy", "o", "--to", "torchserve", "--url", server.url(),
                                                 "--predict-url", server.url(), "--watch", "2s"});
  CHECK_EQ(watched.code, 4);
  const auto json = watched.json();
  CHECK(!json["healthy"].get<bool>());
  CHECK(!json["watch"]["rolled_back"].get<bool>());  // nothing was served before
  CHECK_EQ(json["error"]["code"].get<std::string>(), std::string("deploy.differs"));
  REQUIRE(json["other"]["found"].size() == 1);
  CHECK(std::abs(json["other"]["found"][0].get<double>() - json["other"]["wanted"][0].get<double>() - 0.5) < 1e-3);
}

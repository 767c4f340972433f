// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <thread>

#include "tests/serving/serving_support.h"
#include "tests/support/testing.h"

using namespace lathe::serving;
using namespace lathe::serving::tests;

LATHE_TEST("hot reload under load loses no request, and every answer is of one version") {
  const TestServer server({"m/1=numeric 10"});
  auto& target = const_cast<TestServer&>(server).server();
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0}, wrong{0};
  std::vector<std::jthread> clients;
  for (int client = 0; client < 8; ++client)
    clients.emplace_back([&, client] {
      Connection connection(target.addresses().http);
      while (!stop) {
        const auto answer = connection.ask(
            "POST", client % 2 == 0 ? "/predictions/m" : "/v2/models/m/infer",
            client % 2 == 0
                ? "[[0,0],[0,0]]"
                : R"({"inputs":[{"name":"input_tensor","datatype":"FP32","shape":[2,2],"data":[0,0,0,0]}]})");
        const auto json = answer.json();
        bool right = answer.status == 200;
        if (right) {
          const double first =
              client % 2 == 0 ? json[0]["prob_high"].get<double>() : json["outputs"][0]["data"][1].get<double>();
          const double second =
              client % 2 == 0 ? json[1]["prob_high"].get<double>() : json["outputs"][0]["data"][3].get<double>();
          right = first == second && first >= 0.1 && first < 0.7;
        }
        ++(right ? answered : wrong);
      }
    });
  for (int reload = 0; reload < 60; ++reload) {
    const auto path = server.writeModel("m-new", "numeric " + std::to_string(10 + reload % 50));
    CHECK(target.load({"m", 1, "", path}).has_value());
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  stop = true;
  clients.clear();
  CHECK_EQ(wrong.load(), 0);
  CHECK(answered > 100);
  CHECK_EQ(target.models().size(), std::size_t{1});
}

LATHE_TEST("a file that cannot be loaded leaves the old version at work") {
  TestServer server({"m/1=numeric 10"});
  const auto path = server.writeModel("m-bad", "nonsense");
  const auto loaded = server.server().load({"m", 1, "", path});
  CHECK(!loaded);
  CHECK_EQ(server.http("POST", "/predictions/m", "[0,0]").status, 200);
  CHECK_EQ(server.rest("GET", "/v1/models/m").json()["model_version_status"][0]["state"].get<std::string>(),
           std::string("AVAILABLE"));
}

LATHE_TEST("requests that come while all are at work are computed together, a lone one at once") {
  auto settings = TestServer::plainSettings();
  settings.workers = 1;
  TestServer server({"m/1=numeric"}, settings);
  server.control().milliseconds = 60;
  std::vector<std::jthread> clients;
  const auto begun = std::chrono::steady_clock::now();
  for (int client = 0; client < 16; ++client)
    clients.emplace_back([&] { CHECK_EQ(server.http("POST", "/predictions/m", "[1,2]").status, 200); });
  clients.clear();
  const auto took = std::chrono::steady_clock::now() - begun;
  CHECK(server.control().rowsAtOnce > 1);
  // One after the other they would take sixteen times as long as one.
  CHECK(took < std::chrono::milliseconds(700));
}

LATHE_TEST("a stop answers what is in work and then nothing more") {
  TestServer server({"m/1=numeric"});
  server.control().milliseconds = 150;
  std::vector<std::jthread> clients;
  std::atomic<int> good{0};
  for (int client = 0; client < 4; ++client)
    clients.emplace_back([&] {
      if (server.http("POST", "/predictions/m", "[1,2]").status == 200) ++good;
    });
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  const Connection idle(server.server().addresses().http);
  server.server().stop();
  clients.clear();
  CHECK_EQ(good.load(), 4);
  CHECK_EQ(server.http("GET", "/ping").status, 0);
}

LATHE_TEST("a queue that is full answers 503 with Retry-After") {
  auto settings = TestServer::plainSettings();
  settings.workers = 1;
  settings.maxBatch = 1;
  settings.queueLimit = 2;
  TestServer server({"m/1=numeric"}, settings);
  server.control().milliseconds = 200;
  std::atomic<int> busy{0}, good{0};
  std::vector<std::jthread> clients;
  for (int client = 0; client < 8; ++client)
    clients.emplace_back([&] {
      const auto answer = server.http("POST", "/predictions/m", "[1,2]");
      if (answer.status == 503 && !answer.header("Retry-After").empty()) ++busy;
      if (answer.status == 200) ++good;
    });
  clients.clear();
  CHECK(busy >= 4);
  CHECK(good >= 2);
  CHECK_EQ(busy + good, 8);
  CHECK(server.http("GET", "/metrics")
            .body.find("lathe_requests_refused_total{model_name=\"m\",model_version=\"1\"} " + std::to_string(busy)) !=
        std::string::npos);
}

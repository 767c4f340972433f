// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <thread>

#include "tests/serving/serving_support.h"
#include "tests/support/fake_server.h"
#include "tests/support/testing.h"

// Models that TorchServe's management registers by their URL.
using namespace lathe::serving;
using namespace lathe::serving::tests;
using lathe::tests::Canned;
using lathe::tests::FakeServer;

namespace {

ServeSettings allowing(const FakeServer& web) {
  auto settings = TestServer::plainSettings();
  settings.allowUrls = {web.url() + "/models/"};
  settings.downloadBytes = 1000;
  return settings;
}

struct Told {
  int status = 0;
  std::string type, text;
};

Told told(const TestServer& server, const std::string& url) {
  const auto answer = server.management("POST", "/models?initial_workers=1&url=" + url);
  const auto json = answer.json();
  if (answer.status == 200) return {200, "", json.value("status", "")};
  CHECK_EQ(json.value("code", 0), answer.status);
  CHECK_EQ(json.size(), std::size_t{3});
  return {answer.status, json.value("type", ""), json.value("message", "")};
}

std::size_t scratchFolders() {
  std::size_t count = 0;
  for (const auto& each : std::filesystem::directory_iterator(std::filesystem::temp_directory_path()))
    if (each.path().filename().string().starts_with("lathe-scratch-") &&
        std::filesystem::exists(each.path() / "web.mar"))
      ++count;
  return count;
}

}  // namespace

LATHE_TEST("an archive of an allowed URL is registered, answers, is loaded again and removed with its file") {
  FakeServer web;
  web.answer("GET /models/web.mar", Canned{200, "numeric 5", "application/zip"});
  const auto before = scratchFolders();
  const TestServer server({"m/1=numeric"}, allowing(web));
  const auto registered = told(server, web.url() + "/models/web.mar");
  CHECK_EQ(registered.text, std::string("Model \"web\" Version: 1.0 registered with 1 initial workers"));
  CHECK_EQ(server.http("POST", "/predictions/web", "[1,2]").json()["prob_high"].get<float>(), 0.08F);
  CHECK_EQ(server.management("GET", "/models/web").json()[0].value("modelUrl", ""), std::string("web.mar"));
  CHECK_EQ(server.http("POST", "/v2/repository/models/web/load").status, 200);
  CHECK_EQ(told(server, web.url() + "/models/web.mar").status, 409);
  CHECK_EQ(scratchFolders(), before + 1);
  CHECK_EQ(server.management("DELETE", "/models/web").status, 200);
  CHECK_EQ(scratchFolders(), before);
}

LATHE_TEST("URLs that are not allowed are refused in TorchServe's words without asking anybody") {
  FakeServer web;
  web.otherwise([](const auto&) { return Canned{200, "numeric 5"}; });
  const TestServer server({"m/1=numeric"}, allowing(web));
  for (const auto& url :
       {web.url() + "/other/web.mar", web.url() + "/models/../other/web.mar", web.url() + "/models/%252e%252e/web.mar",
        "https://" + web.address() + "/models/web.mar", "http://user@" + web.address() + "/models/web.mar",
        std::string("http://example.com/web.mar"), std::string("HTTP://169.254.169.254/latest/web.mar")}) {
    const auto refused = told(server, url);
    CHECK_EQ(refused.status, 404);
    CHECK_EQ(refused.type, std::string("ModelNotFoundException"));
    CHECK(refused.text.find("does not match any allowed URL(s)") != std::string::npos);
  }
  const auto other = told(server, web.url() + "/models/web.onnx");
  CHECK_EQ(other.status, 400);
  CHECK(other.text.find("no .mar") != std::string::npos);
  CHECK(web.asked().empty());
}

LATHE_TEST("an archive that does not come is told with the reason, and nothing is registered or left behind") {
  FakeServer web;
  web.answer("GET /models/large.mar", Canned{200, std::string(2000, 'x')});
  web.answer("GET /models/away.mar", Canned{302, "", "text/plain", {{"Location", "http://127.0.0.1:1/web.mar"}}});
  web.answer("GET /models/web.mar", Canned{200, "nonsense"});
  const auto before = scratchFolders();
  const TestServer server({"m/1=numeric"}, allowing(web));
  const auto failed = [&](const std::string& name, const char* reason) {
    const auto answer = told(server, web.url() + "/models/" + name);
    CHECK_EQ(answer.status, 400);
    CHECK_EQ(answer.type, std::string("DownloadArchiveException"));
    CHECK(answer.text.starts_with("Failed to download archive from: " + web.url() + "/models/" + name));
    CHECK_EQ(answer.text.find(reason) != std::string::npos ? reason : answer.text, std::string(reason));
  };
  failed("absent.mar", "its server answers 404");
  failed("large.mar", "it is larger than 1000 bytes");
  failed("away.mar", "does not match any allowed URL(s)");
  const auto broken = told(server, web.url() + "/models/web.mar");
  CHECK_EQ(broken.status, 500);
  CHECK(broken.text.starts_with("Failed to start workers for model web version: 1.0"));
  CHECK_EQ(server.management("GET", "/models").json()["models"].size(), std::size_t{1});
  CHECK_EQ(scratchFolders(), before);
}

LATHE_TEST("registering by URL needs the token, and no second archive is fetched beside the first") {
  FakeServer web;
  std::atomic<bool> asked{false}, go{false};
  web.on("GET /models/web.mar", [&](const auto&) {
    asked = true;
    while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return Canned{200, "numeric 5"};
  });
  auto settings = allowing(web);
  settings.noToken = false;
  TestServer server({"m/1=numeric"}, settings);
  const std::string target = "/models?url=" + web.url() + "/models/web.mar";
  CHECK_EQ(server.management("POST", target).status, 401);
  CHECK(web.asked().empty());
  const std::vector<std::pair<std::string, std::string>> token{{"Authorization", "Bearer " + server.token()}};
  int first = 0;
  std::thread registering(
      [&] { first = Connection(server.server().addresses().management).ask("POST", target, "", token).status; });
  while (!asked) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto second = Connection(server.server().addresses().management).ask("POST", target, "", token);
  CHECK_EQ(second.status, 503);
  CHECK(!second.header("Retry-After").empty());
  CHECK_EQ(server.http("GET", "/ping").status, 200);
  go = true;
  registering.join();
  CHECK_EQ(first, 200);
}

LATHE_TEST("a server that stops does not wait for an archive") {
  FakeServer web;
  std::atomic<bool> asked{false}, go{false};
  web.on("GET /models/web.mar", [&](const auto&) {
    asked = true;
    while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return Canned{200, "numeric 5"};
  });
  TestServer server({"m/1=numeric"}, allowing(web));
  Told answered;
  std::thread registering([&] { answered = told(server, web.url() + "/models/web.mar"); });
  while (!asked) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto begun = std::chrono::steady_clock::now();
  server.server().stop();
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
  go = true;
  registering.join();
  CHECK_EQ(answered.status, 400);
  CHECK(answered.text.find("the server is stopping") != std::string::npos);
}

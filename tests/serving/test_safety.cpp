// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>
#include <thread>

#include "core/base/machine.h"
#include "tests/serving/serving_support.h"
#include "tests/support/testing.h"

// Who may ask what, and how much.
using namespace lathe::serving;
using namespace lathe::serving::tests;

namespace {

ServeSettings withToken() {
  auto settings = TestServer::plainSettings();
  settings.noToken = false;
  return settings;
}

}  // namespace

LATHE_TEST("on loopback everybody reads, and whoever changes needs the token of a private file") {
  TestServer server({"m/1=numeric"}, withToken());
  const auto token = server.token();
  CHECK_EQ(token.size(), std::size_t{64});
  struct stat info {};
  CHECK_EQ(::stat(server.server().addresses().tokenFile.c_str(), &info), 0);
  CHECK_EQ(static_cast<int>(info.st_mode & 0777U), 0600);
  CHECK_EQ(server.http("POST", "/predictions/m", "[1,2]").status, 200);
  CHECK_EQ(server.management("GET", "/models").status, 200);
  CHECK_EQ(server.management("DELETE", "/models/m").status, 401);
  CHECK_EQ(server.http("POST", "/v2/repository/models/m/unload").status, 401);
  Connection connection(server.server().addresses().management);
  for (const auto& wrong :
       {std::string("Bearer x"), "Bearer " + token.substr(1) + "0", token, "Basic " + token, std::string("Bearer ")}) {
    const auto answer = connection.ask("PUT", "/models/m?min_worker=1", "", {{"Authorization", wrong}});
    CHECK_EQ(answer.status, 401);
    CHECK_EQ(answer.json().value("type", ""), std::string("InvalidKeyException"));
  }
  CHECK_EQ(connection.ask("DELETE", "/models/m", "", {{"Authorization", "Bearer " + token}}).status, 200);
  const auto file = server.server().addresses().tokenFile;
  {
    const TestServer ended({"m/1=numeric"}, withToken());
    (void)ended;
  }
  CHECK(std::filesystem::exists(file));
}

LATHE_TEST("bound elsewhere everything needs the token, and it cannot be switched off") {
  auto settings = withToken();
  settings.host = "0.0.0.0";
  TestServer server({"m/1=numeric"}, settings);
  const auto port = server.server().addresses().http.substr(server.server().addresses().http.rfind(':'));
  Connection connection("127.0.0.1" + port);
  for (const char* target : {"/ping", "/", "/metrics", "/v2/health/live"})
    CHECK_EQ(connection.ask("GET", target).status, 401);
  CHECK_EQ(connection.ask("POST", "/predictions/m", "[1,2]").status, 401);
  CHECK_EQ(connection.ask("POST", "/predictions/m", "[1,2]", {{"Authorization", "Bearer " + server.token()}}).status,
           200);
  settings.noToken = true;
  const auto refused = Server::start(settings, {}, stubLoader(std::make_shared<StubControl>()));
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("serving.token_needed"));
}

LATHE_TEST("a web page of another site reaches nothing") {
  const TestServer server({"m/1=numeric"});
  const auto asked = [&](const std::vector<std::pair<std::string, std::string>>& headers,
                         const char* target = "/predictions/m") {
    return server.http("POST", target, "[1,2]", headers).status;
  };
  CHECK_EQ(asked({{"Host", "evil.example"}}), 403);
  CHECK_EQ(asked({{"Host", "evil.example:80"}}), 403);
  CHECK_EQ(asked({{"Host", "127.0.0.1.evil.example"}}), 403);
  CHECK_EQ(asked({{"Origin", "http://evil.example"}}), 403);
  CHECK_EQ(asked({{"Origin", "null"}}), 403);
  CHECK_EQ(asked({{"Sec-Fetch-Site", "cross-site"}}), 403);
  CHECK_EQ(asked({{"Host", "localhost"}, {"Origin", "http://localhost"}}), 200);
  CHECK_EQ(asked({{"Host", "[::1]:99"}}), 200);
  CHECK_EQ(server.http("GET", "/", "", {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}}).status, 200);
}

LATHE_TEST("a body beyond the limit is answered 413 without a body, announced or not") {
  auto settings = TestServer::plainSettings();
  settings.bodyBytes = 1000;
  TestServer server({"m/1=numeric"}, settings);
  const auto announced = server.http("POST", "/predictions/m", std::string(1001, ' '));
  CHECK_EQ(announced.status, 413);
  CHECK(announced.body.empty());
  Connection chunked(server.server().addresses().http);
  std::string text = "POST /predictions/m HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 4; ++i) text += "190\r\n" + std::string(400, ' ') + "\r\n";
  CHECK(chunked.send(text));
  CHECK_EQ(chunked.receive().status, 413);
  Connection huge(server.server().addresses().http);
  CHECK(huge.send("POST /predictions/m HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999\r\n\r\n"));
  CHECK_EQ(huge.receive().status, 413);
  Connection header(server.server().addresses().http);
  CHECK(header.send("GET /ping HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n"));
  CHECK_EQ(header.receive().status, 431);
}

LATHE_TEST("what is no HTTP is refused, and the server goes on") {
  TestServer server({"m/1=numeric"});
  for (const auto& bytes :
       {std::string("nonsense\r\n\r\n"), std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9),
        std::string("POST /p HTTP/1.1\r\nContent-Length: -5\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")}) {
    Connection connection(server.server().addresses().http);
    CHECK(connection.send(bytes));
    const auto status = connection.receive(1).status;
    CHECK(status == 400 || status == 0 || status == 404);
  }
  CHECK_EQ(server.http("GET", "/ping").status, 200);
}

LATHE_TEST("a header or a body that dribbles in is cut off in time") {
  auto settings = TestServer::plainSettings();
  settings.headerTime = settings.bodyTime = std::chrono::milliseconds(300);
  settings.idleTime = std::chrono::milliseconds(600);
  TestServer server({"m/1=numeric"}, settings);
  const auto closes = [&](const std::string& start) {
    Connection connection(server.server().addresses().http);
    (void)connection.send(start);
    const auto begun = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begun < std::chrono::seconds(5)) {
      if (!connection.send("a")) return true;
      if (connection.receive(0.1).status != 0) return false;
    }
    return false;
  };
  CHECK(closes("GET /ping HTTP/1.1\r\nX: "));
  CHECK(closes("POST /predictions/m HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"));
  Connection idle(server.server().addresses().http);
  CHECK_EQ(idle.ask("GET", "/ping").status, 200);
  CHECK_EQ(idle.receive(3).status, 0);
  CHECK(!(idle.send("GET /ping HTTP/1.1\r\n\r\n") && idle.receive(1).status == 200));
}

LATHE_TEST("a connection is kept, requests may follow each other unasked, and HEAD has no body") {
  TestServer server({"m/1=numeric"});
  Connection connection(server.server().addresses().http);
  std::string two;
  for (int i = 0; i < 2; ++i)
    two += "POST /predictions/m HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n[1,2]";
  CHECK(connection.send(two));
  CHECK_EQ(connection.receive().status, 200);
  CHECK_EQ(connection.receive().status, 200);
  CHECK(connection.send("HEAD /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
  const auto head = connection.receive(2);
  CHECK(head.body.empty());
  Connection slow(server.server().addresses().http);
  CHECK(slow.send(
      "POST /predictions/m HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(slow.send("[1,2]"));
  CHECK_EQ(slow.receive().status, 200);
}

LATHE_TEST("a thousand connections are answered, and more requests at once than allowed are told so") {
  auto settings = TestServer::plainSettings();
  settings.requests = 50;
  TestServer server({"m/1=numeric"}, settings);
  std::vector<std::unique_ptr<Connection>> many;
  for (int i = 0; i < 1000; ++i) many.push_back(std::make_unique<Connection>(server.server().addresses().http));
  for (const auto& each : many) REQUIRE(each->ask("GET", "/ping").status == 200);
  server.control().milliseconds = 300;
  const std::string request = "POST /predictions/m HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n[1,2]";
  for (int i = 0; i < 200; ++i) CHECK(many[static_cast<std::size_t>(i)]->send(request));
  int good = 0, busy = 0;
  for (int i = 0; i < 200; ++i) {
    const auto answer = many[static_cast<std::size_t>(i)]->receive();
    good += answer.status == 200 ? 1 : 0;
    busy += answer.status == 503 && !answer.header("Retry-After").empty() ? 1 : 0;
  }
  CHECK(good >= 50);
  CHECK_EQ(good + busy, 200);
}

LATHE_TEST("a port in use is said, with what to do") {
  TestServer server({"m/1=numeric"});
  const auto portOf = [](const std::string& address) {
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  };
  auto settings = TestServer::plainSettings();
  for (const bool grpc : {false, true}) {
    auto taken = settings;
    (grpc ? taken.grpc : taken.rest) =
        portOf(grpc ? server.server().addresses().grpc : server.server().addresses().management);
    const auto second = Server::start(taken, {}, stubLoader(std::make_shared<StubControl>()));
    REQUIRE(!second);
    CHECK_EQ(second.error().code, std::string("serving.port_in_use"));
    CHECK(second.error().sentence().find(std::to_string(grpc ? taken.grpc : taken.rest)) != std::string::npos);
  }
  settings.host = "no.such.host";
  settings.noToken = false;
  settings.tokenFolder = server.folder() / "tokens";
  const auto nowhere = Server::start(settings, {}, stubLoader(std::make_shared<StubControl>()));
  REQUIRE(!nowhere);
  CHECK_EQ(nowhere.error().code, std::string("serving.bad_address"));
}

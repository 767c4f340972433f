// SPDX-License-Identifier: GPL-3.0-or-later
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/serving/clients/http_client.h"
#include "tests/support/fake_server.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using serving::HttpClient;

namespace {

/// Takes connections and says nothing.
class MuteServer {
 public:
  MuteServer() : m_socket(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(m_socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(m_socket, 8) == 0);
    REQUIRE(::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    m_port = ntohs(address.sin_port);
  }
  ~MuteServer() { close(); }
  MuteServer(const MuteServer&) = delete;
  MuteServer& operator=(const MuteServer&) = delete;
  void close() {
    if (m_socket >= 0) ::close(m_socket);
    m_socket = -1;
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }

 private:
  int m_socket = -1;
  int m_port = 0;
};

}  // namespace

LATHE_TEST("an address is a host with a port, or a URL with scheme and prefix") {
  struct Case {
    const char *given, *address, *host;
    int port;
  };
  for (const auto& each :
       {Case{"127.0.0.1:8081", "http://127.0.0.1:8081", "127.0.0.1", 8081},
        Case{"http://models.example:9/", "http://models.example:9", "models.example", 9},
        Case{"HTTP://host", "http://host:80", "host", 80}, Case{"https://host/a/b", "https://host:443", "host", 443},
        Case{"[::1]:8081", "http://[::1]:8081", "::1", 8081},
        Case{"http://[fe80::1]", "http://[fe80::1]:80", "fe80::1", 80},
        Case{"localhost", "http://localhost:80", "localhost", 80}}) {
    const auto client = HttpClient::to(each.given);
    REQUIRE_OK(client);
    CHECK_EQ(client->address(), std::string(each.address));
    CHECK_EQ(client->host(), std::string(each.host));
    CHECK_EQ(client->port(), each.port);
  }
}

LATHE_TEST("what is no address of a server is refused with its text") {
  for (const char* given :
       {"",           "http://",        "ftp://host:1",      "host:",           "host:0",
        "host:65536", "host:8o8o",      "host:-1",           "http:///models",  "user@host:1",
        "ho st:1",    "host:1\r\nX: y", "http://host/a?b=c", "http://host/a b", "::1",
        "[::1",       "[]:80",          "[::1]x:80",         "<host>:1",        "host:1/\r\nX: y"}) {
    const auto client = HttpClient::to(given);
    REQUIRE(!client);
    CHECK_EQ(client.error().code, std::string("deploy.bad_address"));
    CHECK(client.error().sentence().find(given) != std::string::npos);
  }
  CHECK_EQ(HttpClient::to("host:1", "secret\r\nX: y").error().code, std::string("deploy.bad_token"));
}

LATHE_TEST("requests go below the prefix, with the token, over one connection") {
  FakeServer server;
  server.answer("GET /models/all", R"({"a":1})");
  server.answer("POST /models/register", Canned{202, "taken", "text/plain", {{"X-Kind", "Slow"}}});
  server.answer("DELETE /models/a b", "{}");
  server.answer("PUT /models/x", Canned{500, "no"});
  auto client = HttpClient::to(server.url() + "/models/", "secret");
  REQUIRE_OK(client);
  const auto got = client->get("/all");
  REQUIRE_OK(got);
  CHECK(got->ok());
  CHECK_EQ(got->body, std::string(R"({"a":1})"));
  CHECK(got->seconds > 0);
  CHECK_EQ(server.last("GET /models/all").header("Authorization"), std::string("Bearer secret"));
  const auto posted = client->post("/register", {"body", "text/csv", {{"X-Size", "4"}}});
  REQUIRE_OK(posted);
  CHECK_EQ(posted->status, 202);
  CHECK_EQ(posted->headers.at("x-kind"), std::string("Slow"));
  const auto asked = server.last("POST /models/register");
  CHECK_EQ(asked.body, std::string("body"));
  CHECK_EQ(asked.header("Content-Type"), std::string("text/csv"));
  CHECK_EQ(asked.header("X-Size"), std::string("4"));
  REQUIRE_OK(client->remove("/" + serving::percentEncoded("a b")));
  CHECK_EQ(server.count("DELETE /models/a b"), 1);
  const auto refused = client->put("/x");
  REQUIRE_OK(refused);
  CHECK(!refused->ok());
}

LATHE_TEST("a server on IPv6 alone is reached") {
  const FakeServer server("::1");
  if (server.port() <= 0) return;  // a machine without IPv6
  auto client = HttpClient::to(server.address());
  REQUIRE_OK(client);
  const auto answer = client->get("/");
  REQUIRE_OK(answer);
  CHECK_EQ(answer->status, 404);
}

LATHE_TEST("a server that is not there or says nothing is unreachable, and named") {
  MuteServer mute;
  auto patient = HttpClient::to(mute.address(), {}, 0.3);
  REQUIRE_OK(patient);
  const auto start = std::chrono::steady_clock::now();
  const auto silent = patient->get("/ping");
  REQUIRE(!silent);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
  CHECK_EQ(silent.error().code, std::string("deploy.unreachable"));
  CHECK(silent.error().sentence().find(mute.address()) != std::string::npos);
  mute.close();
  auto client = HttpClient::to(mute.address());
  REQUIRE_OK(client);
  for (const auto& answer : {client->get("/"), client->post("/", {"x", ""}), client->put("/"), client->remove("/")}) {
    REQUIRE(!answer);
    CHECK_EQ(answer.error().code, std::string("deploy.unreachable"));
  }
}

LATHE_TEST("what may not stand in a path is encoded") {
  CHECK_EQ(serving::percentEncoded("a-B_1.~"), std::string("a-B_1.~"));
  CHECK_EQ(serving::percentEncoded("a b/c?d=\xC3\xA4&"), std::string("a%20b%2Fc%3Fd%3D%C3%A4%26"));
}

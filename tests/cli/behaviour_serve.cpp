// SPDX-License-Identifier: GPL-3.0-or-later
#include <arpa/inet.h>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/fake_server.h"
#include "tests/support/testing.h"

// serve, as a process.
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

/// `lathe-cli serve` with free ports and its line in a file.
class ServeProcess {
 public:
  ServeProcess(const TempFolder& folder, const std::string& what)
      : m_line(folder / "ready.json"),
        m_process(folder.path(),
                  {"sh", "-c",
                   "exec \"" + fs::absolute(LATHE_CLI).string() + "\" serve " + what +
                       " --json --http 0 --management 0 --grpc 0 --rest 0 > ready.json"},
                  true) {}

  /// Its line; discarded when it ends before, or within a minute says nothing.
  Json ready() {
    const auto read = [this] {
      std::stringstream text;
      text << std::ifstream(m_line).rdbuf();
      return text.str();
    };
    (void)within(60, [&] { return has(read(), "\n") || !m_process.running(); });
    return Json::parse(read(), nullptr, false);
  }
  Finished stop(int signal = SIGTERM) {
    m_process.send(signal);
    return m_process.wait(60);
  }
  CliProcess& process() { return m_process; }

 private:
  fs::path m_line;
  CliProcess m_process;
};

/// The answer's whole text; "" when there is none.
std::string ask(const std::string& address, const std::string& request) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string answer;
  if (::connect(client, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
      ::send(client, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    char bytes[4096];
    for (ssize_t count = 0; (count = ::recv(client, bytes, sizeof bytes, 0)) > 0;)
      answer.append(bytes, static_cast<std::size_t>(count));
  }
  ::close(client);
  return answer;
}

std::string post(const std::string& path, const std::string& body) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

void exportOne(const TempFolder& folder) {
  writeClasses(folder / "d.csv", 200);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "2", "--lr", "0.05", "--name", "Kinds"});
  (void)run(folder, {"export", "1", "--out", "out", "--name", "kinds"});
}

}  // namespace

LATHE_TEST("serve says in one line where it answers, answers there, and ends with 0 at SIGTERM or Ctrl+C") {
  const TempFolder folder;
  exportOne(folder);
  const auto header = folder / "d.csv";
  std::ifstream table(header);
  std::string names, row;
  std::getline(table, names);
  std::getline(table, row);
  for (const int signal : {SIGTERM, SIGINT}) {
    ServeProcess serve(folder, "out");
    const auto line = serve.ready();
    REQUIRE(line.is_object());
    CHECK_EQ(line["models"], Json::parse(R"([{"name":"kinds","version":1}])"));
    for (const char* each : {"http", "management", "grpc", "rest"})
      CHECK(line[each].get<std::string>().rfind("127.0.0.1:", 0) == 0);
    struct stat info {};
    const auto token = line["token_file"].get<std::string>();
    CHECK_EQ(::stat(token.c_str(), &info), 0);
    CHECK_EQ(static_cast<int>(info.st_mode & 0777U), 0600);
    const auto answer = ask(line["http"], post("/predictions/kinds", names + "\n" + row + "\n"));
    CHECK(has(answer, "HTTP/1.1 200"));
    CHECK(has(answer, "\"prediction\""));
    CHECK(has(ask(line["management"], "DELETE /models/kinds HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
              "HTTP/1.1 401"));
    const auto finished = serve.stop(signal);
    CHECK_EQ(finished.code, 0);
    CHECK(!fs::exists(token));
    fs::remove(folder / "ready.json");
  }
}

LATHE_TEST("serve takes a project: its exports, or without any its best run") {
  const TempFolder folder;
  exportOne(folder);
  {
    ServeProcess serve(folder, "lathe-project.lathe --no-token");
    const auto line = serve.ready();
    REQUIRE(line.is_object());
    CHECK_EQ(line["models"], Json::parse(R"([{"name":"kinds","version":1}])"));
    CHECK(line["token_file"].is_null());
    CHECK_EQ(serve.stop().code, 0);
  }
  fs::remove_all(folder / "out");
  fs::remove(folder / "ready.json");
  ServeProcess serve(folder, "lathe-project.lathe");
  const auto line = serve.ready();
  REQUIRE(line.is_object());
  CHECK_EQ(line["models"], Json::parse(R"([{"name":"Kinds","version":1}])"));
  CHECK_EQ(serve.stop().code, 0);
}

LATHE_TEST("serve takes a model archive from a URL below --allow-url, and from no other") {
  const TempFolder folder;
  exportOne(folder);
  (void)run(folder, {"export", "1", "--format", "torchserve", "--out", "web", "--name", "remote"});
  FakeServer web;
  const auto archive = fs::path(folder / "web") / "remote.mar";
  std::stringstream content;
  content << std::ifstream(archive, std::ios::binary).rdbuf();
  web.answer("GET /models/remote.mar", Canned{200, content.str(), "application/zip"});
  web.answer("GET /others/remote.mar", Canned{200, content.str(), "application/zip"});
  ServeProcess serve(folder, "out --no-token --allow-url " + web.url() + "/models/");
  const auto line = serve.ready();
  REQUIRE(line.is_object());
  const auto registered =
      ask(line["management"], post("/models?initial_workers=1&url=" + web.url() + "/models/remote.mar", ""));
  CHECK(has(registered, "HTTP/1.1 200"));
  CHECK(has(registered, "registered with 1 initial workers"));
  std::ifstream table(folder / "d.csv");
  std::string names, row;
  std::getline(table, names);
  std::getline(table, row);
  CHECK(has(ask(line["http"], post("/predictions/remote", names + "\n" + row + "\n")), "\"prediction\""));
  const auto refused = ask(line["management"], post("/models?url=" + web.url() + "/others/remote.mar", ""));
  CHECK(has(refused, "HTTP/1.1 404"));
  CHECK(has(refused, "does not match any allowed URL(s)"));
  CHECK_EQ(web.count("GET /others/remote.mar"), 0);
  CHECK_EQ(serve.stop().code, 0);
}

LATHE_TEST("serve says what is missing, what is in use, and what is wrong usage") {
  const TempFolder folder;
  exportOne(folder);
  CHECK_EQ(latheJson(folder.path(), {"serve"}).code, 2);
  CHECK_EQ(errorCode(latheJson(folder.path(), {"serve", "nothing"})), std::string("file.missing"));
  CHECK_EQ(errorCode(latheJson(folder.path(), {"serve", "out", "--host", "0.0.0.0", "--no-token", "--http", "0"})),
           std::string("serving.token_needed"));
  for (const char* wrong : {"models.example", "file:///models", "https://user@models.example/"}) {
    const auto refused = latheJson(folder.path(), {"serve", "out", "--allow-url", wrong});
    CHECK_EQ(refused.code, 2);
    CHECK(has(refused.err, wrong));
  }
  ServeProcess serve(folder, "out");
  const auto line = serve.ready();
  REQUIRE(line.is_object());
  const auto address = line["http"].get<std::string>();
  const auto port = address.substr(address.find(':') + 1);
  const auto second =
      latheJson(folder.path(), {"serve", "out", "--management", port, "--http", "0", "--grpc", "0", "--rest", "0"});
  CHECK_EQ(second.code, 1);
  CHECK_EQ(errorCode(second), std::string("serving.port_in_use"));
  CHECK(has(second.err, port));
  CHECK_EQ(serve.stop().code, 0);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "core/base/files.h"
#include "core/serving/clients/url_download.h"
#include "tests/support/fake_server.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// What is fetched from a URL, and when it is not.
using namespace lathe;
using namespace lathe::serving;
using lathe::tests::Canned;
using lathe::tests::FakeServer;
using lathe::tests::TempFolder;

namespace {

/// Answers its one caller with fixed bytes, one after the other with a pause, then closes or falls silent.
class RawServer {
 public:
  RawServer(std::string answer, std::chrono::milliseconds pause, bool close)
      : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(m_socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 && ::listen(m_socket, 4) == 0);
    ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&at), &size);
    m_port = ntohs(at.sin_port);
    m_thread = std::jthread([this, answer = std::move(answer), pause, close](const std::stop_token& stop) {
      const int caller = ::accept(m_socket, nullptr, nullptr);
      char request[4096];
      (void)::recv(caller, request, sizeof request, 0);
      if (pause.count() == 0) (void)::send(caller, answer.data(), answer.size(), MSG_NOSIGNAL);
      for (std::size_t i = 0; pause.count() > 0 && i < answer.size() && !stop.stop_requested(); ++i) {
        if (::send(caller, answer.data() + i, 1, MSG_NOSIGNAL) != 1) break;
        std::this_thread::sleep_for(pause);
      }
      while (!close && !stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ::close(caller);
    });
  }
  ~RawServer() {
    m_thread.request_stop();
    ::shutdown(m_socket, SHUT_RDWR);
    m_thread.join();
    ::close(m_socket);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }

 private:
  int m_socket, m_port = 0;
  std::jthread m_thread;
};

struct Fetched {
  std::string code, sentence, content;
};

Fetched fetch(const std::vector<std::string>& prefixes, const std::string& url, const DownloadLimits& limits = {},
              const std::stop_token& stop = {}) {
  const TempFolder folder;
  const auto allowed = AllowedUrls::of(prefixes);
  REQUIRE_OK(allowed);
  const auto address = webAddress(url);
  REQUIRE(address.has_value());
  const auto done = downloadUrl(*address, *allowed, limits, folder / "file", stop);
  if (!done) return {done.error().code, done.error().sentence(), ""};
  return {"", "", readFile(folder / "file").value_or("none")};
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

LATHE_TEST("an allowed URL is fetched whole, through redirects to allowed URLs, with its query") {
  FakeServer server;
  const std::string content(300'000, 'x');
  server.answer("GET /models/a.mar", Canned{200, content, "application/zip"});
  server.answer("GET /models/moved.mar", Canned{302, "gone", "text/plain", {{"Location", "a.mar?signed=1"}}});
  CHECK_EQ(fetch({server.url() + "/models/"}, server.url() + "/models/a.mar").content, content);
  CHECK_EQ(fetch({server.url() + "/models/"}, server.url() + "/models/moved.mar").content, content);
  CHECK_EQ(server.last("GET /models/a.mar").query, std::string("signed=1"));
  CHECK_EQ(server.last("GET /models/a.mar").header("Host"), server.address());
}

LATHE_TEST("what is not allowed is not asked for, and a redirect away is not followed") {
  FakeServer server, other;
  other.answer("GET /models/a.mar", "secret");
  for (const auto& target :
       {other.url() + "/models/a.mar", server.url() + "/private/a.mar", std::string("/models/%2e%2e/private/a.mar"),
        std::string("file:///etc/passwd"), std::string("https://") + server.address() + "/models/a.mar"})
    server.answer("GET /models/away.mar", Canned{307, "", "text/plain", {{"Location", target}}}),
        CHECK_EQ(fetch({server.url() + "/models/"}, server.url() + "/models/away.mar").code + target,
                 "serving.url_not_allowed" + target);
  CHECK_EQ(fetch({server.url() + "/models/"}, server.url() + "/a.mar").code, std::string("serving.url_not_allowed"));
  CHECK_EQ(server.count("GET /a.mar") + server.count("GET /private/a.mar") + other.count("GET /models/a.mar"), 0);
  server.answer("GET /models/round.mar", Canned{302, "", "text/plain", {{"Location", "round.mar"}}});
  CHECK(has(fetch({server.url()}, server.url() + "/models/round.mar").sentence, "redirects more than 5 times"));
}

LATHE_TEST("a name that leads to this machine is not connected to, unless its address is listed") {
  FakeServer server;
  server.answer("GET /a.mar", "model");
  const auto port = std::to_string(server.port());
  // Every Linux calls itself localhost; by its other name it would be a stranger's.
  char name[256] = {};
  REQUIRE(::gethostname(name, sizeof name - 1) == 0);
  const auto named = webAddress("http://" + std::string(name) + ":" + port + "/a.mar");
  if (named) {
    const auto refused = fetch({"http://" + std::string(name) + ":" + port}, named->text());
    CHECK(refused.code == "serving.url_not_allowed" || has(refused.sentence, "has no address"));
  }
  CHECK_EQ(fetch({"http://127.1:" + port}, "http://127.1:" + port + "/a.mar").code,
           std::string("serving.url_not_allowed"));
  CHECK_EQ(server.count("GET /a.mar"), 0);
  CHECK_EQ(fetch({"http://localhost:" + port}, "http://localhost:" + port + "/a.mar").content, std::string("model"));
  CHECK_EQ(fetch({"http://127.1:" + port, "http://127.0.0.1/"}, "http://127.1:" + port + "/a.mar").content,
           std::string("model"));
}

LATHE_TEST("what is absent, too large, cut off or no HTTP is told with the reason") {
  FakeServer server;
  server.answer("GET /large.mar", Canned{200, std::string(2000, 'x'), "application/zip"});
  DownloadLimits limits;
  limits.bytes = 1000;
  const auto told = [&](const std::string& url, const char* reason) {
    const auto fetched = fetch({url}, url + "/large.mar", limits);
    CHECK_EQ(fetched.code, std::string("serving.download_failed"));
    CHECK_EQ(has(fetched.sentence, reason) ? reason : fetched.sentence, std::string(reason));
  };
  told(server.url(), "it is larger than 1000 bytes");
  const auto absent = fetch({server.url()}, server.url() + "/absent.mar");
  CHECK_EQ(absent.code, std::string("serving.download_failed"));
  CHECK(has(absent.sentence, server.url() + "/absent.mar could not be downloaded: its server answers 404"));
  using namespace std::chrono_literals;
  {
    std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 4; ++i) chunks += "190\r\n" + std::string(400, 'x') + "\r\n";
    const RawServer unannounced(chunks + "0\r\n\r\n", 0ms, true);
    told(unannounced.url(), "it is larger than 1000 bytes");
  }
  for (const char* answer : {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n190\r\nabc"}) {
    const RawServer cut(answer, 0ms, true);
    told(cut.url(), "it was cut off");
  }
  for (const char* answer : {"nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent", ""}) {
    const RawServer broken(answer, 0ms, true);
    told(broken.url(), "does not answer as HTTP does");
  }
  std::string nobody;
  {
    const FakeServer gone;
    nobody = gone.url();
  }
  told(nobody, "nobody answers at 127.0.0.1");
}

LATHE_TEST("a server that dribbles or falls silent is left in time, and at once when the fetching is stopped") {
  using namespace std::chrono_literals;
  DownloadLimits limits;
  limits.time = 1000ms;
  limits.silence = 300ms;
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n";
  const auto seconds = [&](const std::string& answer, std::chrono::milliseconds pause, const char* reason) {
    const RawServer slow(answer, pause, false);
    const auto begun = std::chrono::steady_clock::now();
    const auto fetched = fetch({slow.url()}, slow.url() + "/a.mar", limits);
    CHECK_EQ(has(fetched.sentence, reason) ? reason : fetched.sentence, std::string(reason));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  CHECK(seconds(head + "X: " + std::string(500, 'x'), 50ms, "it takes longer than 1 s") < 5);
  CHECK(seconds(head + "\r\n" + std::string(500, 'x'), 20ms, "it takes longer than 1 s") < 5);
  CHECK(seconds(head + "\r\nabc", 0ms, "it was cut off") < 5);

  limits.time = limits.silence = 60'000ms;
  const RawServer silent(head + "\r\nabc", 0ms, false);
  std::stop_source stop;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  });
  const auto begun = std::chrono::steady_clock::now();
  CHECK(
      has(fetch({silent.url()}, silent.url() + "/a.mar", limits, stop.get_token()).sentence, "the server is stopping"));
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <httplib.h>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lathe::tests {

/// A request as it came.
struct Asked {
  std::string method, path, query, body;
  httplib::Headers headers;
  httplib::Params parameters;  ///< of the query, decoded

  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

struct Canned {
  int status = 200;
  std::string body;
  std::string type = "application/json";
  httplib::Headers headers = {};
};

/// An HTTP server in this process: answers by "METHOD /path" or by a function, and remembers what it was asked. Paths
/// are decoded. Functions run in threads of the server.
class FakeServer {
 public:
  using Answer = std::function<Canned(const Asked&)>;

  explicit FakeServer(const std::string& address = "127.0.0.1") : m_address(address) {
    const auto handle = [this](const httplib::Request& request, httplib::Response& response) {
      const auto mark = request.target.find('?');
      const Asked asked{
          request.method, request.path,    mark == std::string::npos ? std::string() : request.target.substr(mark + 1),
          request.body,   request.headers, request.params};
      const auto canned = answerTo(asked);
      response.status = canned.status;
      for (const auto& [name, value] : canned.headers) response.set_header(name, value);
      if (!canned.body.empty()) response.set_content(canned.body, canned.type);
    };
    m_server.Get(".*", handle);
    m_server.Post(".*", handle);
    m_server.Put(".*", handle);
    m_server.Delete(".*", handle);
    m_server.set_keep_alive_timeout(1);
    m_server.set_tcp_nodelay(true);
    m_port = m_server.bind_to_any_port(address);
    if (m_port <= 0) return;
    m_thread = std::thread([this] { m_server.listen_after_bind(); });
    while (!m_server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~FakeServer() {
    m_server.stop();
    if (m_thread.joinable()) m_thread.join();
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  void answer(const std::string& methodAndPath, Canned canned) {
    on(methodAndPath, [canned](const Asked&) { return canned; });
  }
  void answer(const std::string& methodAndPath, const std::string& body) { answer(methodAndPath, Canned{200, body}); }
  void on(const std::string& methodAndPath, Answer answer) {
    const std::lock_guard lock(m_mutex);
    m_answers[methodAndPath] = std::move(answer);
  }

  /// Answers what has no answer of its own.
  void otherwise(Answer answer) {
    const std::lock_guard lock(m_mutex);
    m_otherwise = std::move(answer);
  }

  [[nodiscard]] int port() const { return m_port; }
  [[nodiscard]] std::string address() const {
    const bool six = m_address.find(':') != std::string::npos;
    return (six ? "[" + m_address + "]" : m_address) + ":" + std::to_string(m_port);
  }
  [[nodiscard]] std::string url() const { return "http://" + address(); }
  [[nodiscard]] std::vector<Asked> asked() const {
    const std::lock_guard lock(m_mutex);
    return m_asked;
  }
  /// The last request of a method and path; one without a method when there was none.
  [[nodiscard]] Asked last(const std::string& methodAndPath) const {
    const std::lock_guard lock(m_mutex);
    for (auto at = m_asked.rbegin(); at != m_asked.rend(); ++at)
      if (at->method + " " + at->path == methodAndPath) return *at;
    return {};
  }
  [[nodiscard]] int count(const std::string& methodAndPath) const {
    const std::lock_guard lock(m_mutex);
    int found = 0;
    for (const auto& each : m_asked) found += each.method + " " + each.path == methodAndPath ? 1 : 0;
    return found;
  }

 private:
  Canned answerTo(const Asked& asked) {
    Answer answer;
    {
      const std::lock_guard lock(m_mutex);
      m_asked.push_back(asked);
      const auto found = m_answers.find(asked.method + " " + asked.path);
      answer = found != m_answers.end() ? found->second : m_otherwise;
    }
    if (answer) return answer(asked);
    return {404, R"({"code":404,"type":"ResourceNotFoundException","message":"Requested resource is not found"})"};
  }

  const std::string m_address;
  httplib::Server m_server;
  std::thread m_thread;
  int m_port = 0;
  mutable std::mutex m_mutex;
  std::map<std::string, Answer> m_answers;
  Answer m_otherwise;
  std::vector<Asked> m_asked;
};

}  // namespace lathe::tests

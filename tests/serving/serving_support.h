// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/serving/server.h"
#include "tests/support/temp_folder.h"

namespace lathe::serving::tests {

using JsonValue = nlohmann::json;

/// Steers the stub models of a test.
struct StubControl {
  std::atomic<int> milliseconds{0};  ///< that each computation takes
  std::atomic<int> loads{0};
  std::atomic<bool> failLoading{false};
  std::atomic<int> rowsAtOnce{0};  ///< of the largest computation
};

/// A classification of numbers x, y: classes "low" and "high". high is x + y + what the file of the model says, / 100.
[[nodiscard]] spec::ModelDescription numericModel();
/// A regression over size (real), colour (category), day (date) and ok (boolean): the sum of their raw numbers, missing
/// ones as 1000.
[[nodiscard]] spec::ModelDescription mixedModel();
/// Two classes of grey images of 2 x 3 pixels: the second one's probability is the first pixel / 255.
[[nodiscard]] spec::ModelDescription imageModel();
/// A forecast from 3 rows of (a, b): the sum of all six numbers for each of 2 rows ahead.
[[nodiscard]] spec::ModelDescription windowModel();

[[nodiscard]] std::unique_ptr<engine::Predictor> stubPredictor(spec::ModelDescription model, double offset,
                                                               std::shared_ptr<StubControl> control);

/// Reads files that say "numeric", "mixed", "image" or "window", then perhaps a number that is added to the outputs.
[[nodiscard]] Server::Loader stubLoader(std::shared_ptr<StubControl> control);

struct HttpAnswer {
  int status = 0;  ///< 0: the connection was closed without an answer
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  [[nodiscard]] std::string header(const std::string& name) const;
  [[nodiscard]] JsonValue json() const { return JsonValue::parse(body, nullptr, false); }
};

/// A connection over which requests are sent one after the other.
class Connection {
 public:
  explicit Connection(const std::string& address);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  [[nodiscard]] bool send(const std::string& bytes) const;
  /// The next answer; status 0 when the other end closes, or after `seconds`.
  HttpAnswer receive(double seconds = 20);
  HttpAnswer ask(const std::string& method, const std::string& target, const std::string& body = "",
                 const std::vector<std::pair<std::string, std::string>>& headers = {});

 private:
  int m_socket = -1;
  std::string m_buffer, m_host;
};

/// A served folder of stub models with a free port for everything.
class TestServer {
 public:
  /// Each model is "NAME/VERSION=KIND[ OFFSET]". The token is off unless `settings` says otherwise.
  explicit TestServer(const std::vector<std::string>& models, ServeSettings settings = plainSettings());
  static ServeSettings plainSettings();

  [[nodiscard]] Server& server() { return *m_server; }
  [[nodiscard]] StubControl& control() { return *m_control; }
  [[nodiscard]] const ::lathe::tests::TempFolder& folder() const { return m_folder; }
  [[nodiscard]] std::string token() const;
  /// Writes a model's file into the store; gives its path.
  std::filesystem::path writeModel(const std::string& name, const std::string& content) const;

  HttpAnswer http(const std::string& method, const std::string& target, const std::string& body = "",
                  const std::vector<std::pair<std::string, std::string>>& headers = {}) const;
  HttpAnswer management(const std::string& method, const std::string& target) const;
  HttpAnswer rest(const std::string& method, const std::string& target, const std::string& body = "") const;

 private:
  ::lathe::tests::TempFolder m_folder;
  std::shared_ptr<StubControl> m_control = std::make_shared<StubControl>();
  std::unique_ptr<Server> m_server;
};

}  // namespace lathe::serving::tests

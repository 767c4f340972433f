// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/serving/serving_support.h"

#include <arpa/inet.h>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "core/base/files.h"
#include "core/serving/http/http_message.h"
#include "core/spec/targets.h"
#include "tests/support/testing.h"

namespace lathe::serving::tests {
namespace {

using spec::ColumnKind;

class StubPredictor final : public engine::Predictor {
 public:
  StubPredictor(spec::ModelDescription model, double offset, std::shared_ptr<StubControl> control)
      : m_model(std::move(model)), m_offset(static_cast<float>(offset)), m_control(std::move(control)) {}
  [[nodiscard]] const spec::ModelDescription& model() const override { return m_model; }
  [[nodiscard]] const std::optional<engine::Scoring>& scoring() const override { return m_scoring; }

  Result<engine::Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>&,
                                      const JobContext&) const override {
    if (m_control->milliseconds > 0) std::this_thread::sleep_for(std::chrono::milliseconds(m_control->milliseconds));
    if (!data::inputsFitRows(data)) return fail("stub.inputs", "The inputs do not fit.", "");
    for (int most = m_control->rowsAtOnce; most < static_cast<int>(data.rows);)
      if (m_control->rowsAtOnce.compare_exchange_weak(most, static_cast<int>(data.rows))) break;
    engine::Predictions result{data.rows, spec::outputCount(m_model.schema), {}};
    for (std::size_t row = 0; row < data.rows; ++row) {
      const float value = valueOf(data, row);
      if (m_model.schema.task == spec::Task::Classification)
        result.values.insert(result.values.end(), {1 - value, value});
      else
        result.values.insert(result.values.end(), result.columns, value);
    }
    return result;
  }

 private:
  [[nodiscard]] float valueOf(const data::Dataset& data, std::size_t row) const {
    if (m_model.schema.image) return static_cast<float>(data.pixels[row * 6]) / 255;
    const auto size = data.table.size() / data.rows;
    float sum = m_offset;
    for (std::size_t i = 0; i < size; ++i) {
      const float cell = data.table[row * size + i];
      sum += std::isnan(cell) ? 1000 : cell;
    }
    return m_model.schema.task == spec::Task::Classification ? sum / 100 : sum;
  }

  spec::ModelDescription m_model;
  std::optional<engine::Scoring> m_scoring;
  float m_offset;
  std::shared_ptr<StubControl> m_control;  // the test's own, shared with its models
};

spec::ModelDescription described(std::vector<spec::FeatureSchema> features, spec::Shape shape, spec::Task task) {
  spec::ModelDescription model;
  model.schema.features = std::move(features);
  model.schema.inputShape = std::move(shape);
  model.schema.task = task;
  model.schema.target.name = "y";
  for (const auto& unused : model.schema.features) {
    (void)unused;
    model.fitted.features.push_back({0, false, 1, 0.5, {}, {}});
  }
  return model;
}

}  // namespace

spec::ModelDescription numericModel() {
  auto model = described({{"x", ColumnKind::Real, 0, 1, {}}, {"y", ColumnKind::Real, 1, 1, {}}}, {2},
                         spec::Task::Classification);
  model.schema.target.classes = {"low", "high"};
  return model;
}

spec::ModelDescription mixedModel() {
  return described({{"size", ColumnKind::Real, 0, 1, {}},
                    {"colour", ColumnKind::Category, 1, 1, {"blue", "green", "red"}},
                    {"day", ColumnKind::DateTime, 2, 2, {}},
                    {"ok", ColumnKind::Boolean, 4, 1, {"no", "yes"}}},
                   {5}, spec::Task::Regression);
}

spec::ModelDescription imageModel() {
  auto model = described({}, {1, 2, 3}, spec::Task::Classification);
  model.schema.image = true;
  model.schema.target.classes = {"dark", "light"};
  return model;
}

spec::ModelDescription windowModel() {
  auto model =
      described({{"a", ColumnKind::Real, 0, 1, {}}, {"b", ColumnKind::Real, 1, 1, {}}}, {3, 2}, spec::Task::Forecast);
  model.schema.sequence.window = 3;
  model.schema.sequence.horizon = 2;
  return model;
}

std::unique_ptr<engine::Predictor> stubPredictor(spec::ModelDescription model, double offset,
                                                 std::shared_ptr<StubControl> control) {
  return std::make_unique<StubPredictor>(std::move(model), offset, std::move(control));
}

Server::Loader stubLoader(std::shared_ptr<StubControl> control) {
  return [control](const std::filesystem::path& path) -> Result<std::unique_ptr<engine::Predictor>> {
    ++control->loads;
    LATHE_ASSIGN(text, readFile(path));
    std::istringstream in(text);
    std::string kind;
    double offset = 0;
    in >> kind >> offset;
    if (control->failLoading || (kind != "numeric" && kind != "mixed" && kind != "image" && kind != "window"))
      return fail("stub.broken", "{file} is broken.", "", {{"file", path.filename().string()}});
    return stubPredictor(kind == "numeric" ? numericModel()
                         : kind == "mixed" ? mixedModel()
                         : kind == "image" ? imageModel()
                                           : windowModel(),
                         offset, control);
  };
}

std::string HttpAnswer::header(const std::string& name) const {
  for (const auto& [key, value] : headers)
    if (sameText(key, name)) return value;
  return {};
}

Connection::Connection(const std::string& address) : m_host(address) {
  const auto colon = address.rfind(':');
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &at.sin_addr);
  m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(m_socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
    ::close(m_socket);
    m_socket = -1;
  }
}

Connection::~Connection() {
  if (m_socket >= 0) ::close(m_socket);
}

bool Connection::send(const std::string& bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto count = ::send(m_socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

HttpAnswer Connection::receive(double seconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  HttpAnswer answer;
  for (;;) {
    const auto head = m_buffer.find("\r\n\r\n");
    if (head != std::string::npos) {
      answer.headers.clear();
      std::istringstream lines(m_buffer.substr(0, head));
      std::string line;
      std::getline(lines, line);
      const int status = line.size() > 12 ? std::stoi(line.substr(9, 3)) : 0;
      while (std::getline(lines, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const auto colon = line.find(": ");
        if (colon != std::string::npos) answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
      }
      if (status == 100) {
        m_buffer.erase(0, head + 4);
        continue;
      }
      const auto length = answer.header("Content-Length");
      const std::size_t size = length.empty() ? 0 : std::stoul(length);
      if (m_buffer.size() >= head + 4 + size) {
        answer.status = status;
        answer.body = m_buffer.substr(head + 4, size);
        m_buffer.erase(0, head + 4 + size);
        return answer;
      }
    }
    const auto left = std::chrono::duration<double>(until - std::chrono::steady_clock::now()).count();
    pollfd come{m_socket, POLLIN, 0};
    char bytes[16384];
    if (left <= 0 || ::poll(&come, 1, static_cast<int>(left * 1000)) <= 0) return {};
    const auto count = ::recv(m_socket, bytes, sizeof bytes, 0);
    if (count <= 0) return {};
    m_buffer.append(bytes, static_cast<std::size_t>(count));
  }
}

HttpAnswer Connection::ask(const std::string& method, const std::string& target, const std::string& body,
                           const std::vector<std::pair<std::string, std::string>>& headers) {
  auto text = fmt::format("{} {} HTTP/1.1\r\n", method, target);
  bool host = false;
  for (const auto& [name, value] : headers) {
    text += name + ": " + value + "\r\n";
    host = host || name == "Host";
  }
  if (!host) text += "Host: " + m_host + "\r\n";
  if (!send(text + fmt::format("Content-Length: {}\r\n\r\n", body.size()) + body)) return {};
  return receive();
}

ServeSettings TestServer::plainSettings() {
  ServeSettings settings;
  settings.http = settings.management = settings.grpc = settings.rest = 0;
  settings.noToken = true;
  return settings;
}

TestServer::TestServer(const std::vector<std::string>& models, ServeSettings settings) {
  std::vector<ModelFile> files;
  for (const auto& each : models) {
    const auto slash = each.find('/');
    const auto equals = each.find('=');
    ModelFile file;
    file.name = each.substr(0, slash);
    file.version = std::stol(each.substr(slash + 1, equals - slash - 1));
    file.path = writeModel(fmt::format("{}-{}", file.name, file.version), each.substr(equals + 1));
    files.push_back(file);
  }
  settings.store = {m_folder.path()};
  settings.tokenFolder = m_folder / "tokens";
  auto started = Server::start(settings, files, stubLoader(m_control));
  REQUIRE_OK(started);
  m_server = std::move(*started);
}

std::string TestServer::token() const { return readFile(m_server->addresses().tokenFile).value_or(""); }

std::filesystem::path TestServer::writeModel(const std::string& name, const std::string& content) const {
  const auto path = m_folder / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << content;
  return path;
}

HttpAnswer TestServer::http(const std::string& method, const std::string& target, const std::string& body,
                            const std::vector<std::pair<std::string, std::string>>& headers) const {
  return Connection(m_server->addresses().http).ask(method, target, body, headers);
}
HttpAnswer TestServer::management(const std::string& method, const std::string& target) const {
  return Connection(m_server->addresses().management).ask(method, target);
}
HttpAnswer TestServer::rest(const std::string& method, const std::string& target, const std::string& body) const {
  return Connection(m_server->addresses().rest).ask(method, target, body);
}

}  // namespace lathe::serving::tests

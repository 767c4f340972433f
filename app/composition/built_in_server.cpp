// SPDX-License-Identifier: GPL-3.0-or-later
#include <mutex>

#include "app/composition/composition.h"
#include "core/base/files.h"
#include "core/exporting/formats/model_files.h"
#include "core/serving/server.h"

namespace lathe::app {
namespace {

class OwnServer final : public services::BuiltInServer {
 public:
  explicit OwnServer(std::shared_ptr<engine::Engine> engine) : m_engine(std::move(engine)) {}

  Result<void> serve(const std::filesystem::path& modelFile, const std::string& name, std::int64_t version) override {
    const std::lock_guard lock(m_mutex);
    const serving::ModelFile model{name, version, {}, modelFile};
    if (m_server) return m_server->load(model);
    LATHE_ASSIGN(server, start(model));
    m_server = std::move(server);
    return {};
  }

  void stop() override {
    const std::lock_guard lock(m_mutex);
    m_server.reset();
  }
  [[nodiscard]] bool running() const override {
    const std::lock_guard lock(m_mutex);
    return m_server != nullptr;
  }
  [[nodiscard]] std::string address() const override {
    const std::lock_guard lock(m_mutex);
    return m_server ? m_server->addresses().http : std::string();
  }
  [[nodiscard]] std::string management() const override {
    const std::lock_guard lock(m_mutex);
    return m_server ? m_server->addresses().management : std::string();
  }
  [[nodiscard]] std::string token() const override {
    const std::lock_guard lock(m_mutex);
    if (!m_server || m_server->addresses().tokenFile.empty()) return {};
    auto text = readFile(m_server->addresses().tokenFile).value_or("");
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }

 private:
  /// On the usual ports, or on others where somebody has them.
  Result<std::unique_ptr<serving::Server>> start(const serving::ModelFile& model) {
    const auto load = [engine = m_engine](const std::filesystem::path& file) {
      return exporting::loadModelFile(*engine, file);
    };
    serving::ServeSettings settings;
    auto server = serving::Server::start(settings, {model}, load);
    if (server || server.error().code != "serving.port_in_use") return server;
    settings.http = settings.management = settings.grpc = settings.rest = 0;
    return serving::Server::start(settings, {model}, load);
  }

  const std::shared_ptr<engine::Engine> m_engine;
  mutable std::mutex m_mutex;
  std::unique_ptr<serving::Server> m_server;
};

}  // namespace

std::shared_ptr<services::BuiltInServer> builtInServer(std::shared_ptr<engine::Engine> engine) {
  return std::make_shared<OwnServer>(std::move(engine));
}

}  // namespace lathe::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/server.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/base/log.h"
#include "core/base/machine.h"
#include "core/serving/grpc/grpc_server.h"
#include "core/serving/http/http_server.h"
#include "core/serving/rest/exchange.h"

namespace lathe::serving {
namespace {

BatchSettings batchingOf(const ServeSettings& settings) {
  BatchSettings batching;
  const auto processors = static_cast<int>(machineInfo().threads);
  batching.workers = settings.workers > 0 ? settings.workers : std::clamp(processors / 2, 1, 8);
  batching.maxBatch = settings.maxBatch;
  batching.maxDelay = settings.maxDelay;
  batching.queueLimit = settings.queueLimit;
  return batching;
}

HttpLimits limitsOf(const ServeSettings& settings) {
  HttpLimits limits;
  limits.bodyBytes = settings.bodyBytes;
  limits.connections = settings.connections;
  limits.requests = settings.requests;
  limits.headerTime = settings.headerTime;
  limits.bodyTime = settings.bodyTime;
  limits.idleTime = settings.idleTime;
  return limits;
}

Result<ModelFile> describePlain(const std::filesystem::path& path) {
  ModelFile file;
  file.name = path.stem().string();
  file.path = path;
  return file;
}

DownloadLimits downloadsOf(const ServeSettings& settings) {
  DownloadLimits limits;
  limits.bytes = settings.downloadBytes;
  limits.time = settings.downloadTime;
  return limits;
}

std::string addressText(const std::string& host, std::uint16_t port) {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

std::string versionTextOf(const ModelFile& file) {
  return file.versionText.empty() ? fmt::format("{}.0", file.version) : file.versionText;
}

using Protocols = std::vector<bool (*)(const ServingContext&, const ExchangePtr&)>;

}  // namespace

class Server::Implementation {
 public:
  Implementation(const ServeSettings& settings, AllowedUrls urls, Loader loader, Describer describer,
                 std::optional<TokenFile> token)
      : m_settings(settings),
        m_token(std::move(token)),
        m_access(settings.host, m_token ? m_token->token() : std::string(), settings.noToken),
        m_store(settings.store),
        m_remote(std::move(urls), downloadsOf(settings)),
        m_describe(describer ? std::move(describer) : describePlain),
        m_http(limitsOf(settings)),
        m_models(std::move(loader), batchingOf(settings)),
        m_pool(makeThreadPool(2, false)),
        m_elsewhere([this](std::function<void()> task) { m_pool->post(std::move(task)); }),
        m_service{m_models,
                  m_store,
                  m_remote,
                  m_access,
                  m_describe,
                  m_elsewhere,
                  batchingOf(settings),
                  isoTime(systemClock().nowMicros())} {}

  ~Implementation() { stop(); }

  Result<void> open(const std::vector<ModelFile>& models) {
    for (const auto& model : models) LATHE_TRY(load(model, true));
    const auto listen = [&](std::uint16_t port, Protocols protocols, std::string& address) -> Result<void> {
      LATHE_ASSIGN(bound, m_http.listen(m_settings.host, port, handler(std::move(protocols))));
      address = addressText(m_settings.host, bound);
      return {};
    };
    LATHE_TRY(
        listen(m_settings.http, {torchServeInference, latheRest, openInferenceRest, tensorFlowRest}, m_addresses.http));
    LATHE_TRY(listen(m_settings.management, {torchServeManagement, latheRest}, m_addresses.management));
    LATHE_TRY(listen(m_settings.rest, {tensorFlowRest, latheRest}, m_addresses.rest));
    auto grpc = GrpcServer::start(m_service, m_settings.host, m_settings.grpc, m_settings.bodyBytes);
    if (!grpc) return passOn(grpc);
    m_grpc = std::move(*grpc);
    m_addresses.grpc = addressText(m_settings.host, m_grpc->port());
    if (m_token) m_addresses.tokenFile = m_token->path();
    m_http.start();
    return {};
  }

  Result<void> load(const ModelFile& model, bool atStart) {
    const auto loaded = m_models.load(model.name, model.version, versionTextOf(model), model.path, atStart);
    if (!loaded) return passOn(loaded);
    return {};
  }

  void stop() {
    if (m_stopped) return;
    m_stopped = true;
    m_remote.stop();
    if (m_grpc) m_grpc->stop(m_settings.grace);
    m_http.stop(m_settings.grace);
    m_pool.reset();
  }

  [[nodiscard]] const Addresses& addresses() const { return m_addresses; }
  ModelRepository& models() { return m_models; }

 private:
  HttpHandler handler(Protocols protocols) {
    return [this, protocols = std::move(protocols)](HttpRequest&& request, Respond respond) {
      const auto exchange = std::make_shared<Exchange>();
      exchange->request = std::move(request);
      exchange->respond = std::move(respond);
      exchange->parts = pathParts(exchange->request.path);
      if (const auto fault = m_access.mayAsk(exchange->request)) {
        sendTorchServeFault(*exchange, *fault);
        return;
      }
      for (const auto& protocol : protocols)
        if (protocol(m_service, exchange)) return;
      sendTorchServeFault(*exchange,
                          {FaultKind::NoPath, "Requested resource is not found, please refer to API document."});
    };
  }

  const ServeSettings m_settings;
  const std::optional<TokenFile> m_token;
  const AccessRules m_access;
  const ModelStore m_store;
  RemoteModels m_remote;  // before the models that are read from its files
  const ModelDescriber m_describe;
  Addresses m_addresses;
  bool m_stopped = false;
  // The models' threads answer into the sessions: first those end, then what they write into.
  HttpServer m_http;
  std::unique_ptr<GrpcServer> m_grpc;
  ModelRepository m_models;
  std::unique_ptr<Executor> m_pool;
  const std::function<void(std::function<void()>)> m_elsewhere;
  const ServingContext m_service;
};

Server::Server(std::unique_ptr<Implementation> implementation) : m_implementation(std::move(implementation)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(const ServeSettings& settings, const std::vector<ModelFile>& models,
                                              Loader loader, Describer describer) {
  if (settings.noToken && !isLoopback(settings.host))
    return fail("serving.token_needed",
                LATHE_TEXT("errors", "A server that others can reach on {host} needs its token."),
                LATHE_TEXT("errors", "Leave --no-token out, or bind to 127.0.0.1."), {{"host", settings.host}});
  LATHE_ASSIGN(urls, AllowedUrls::of(settings.allowUrls));
  std::optional<TokenFile> token;
  if (!settings.noToken) {
    auto folder = settings.tokenFolder;
    if (folder.empty()) folder = logFolder();
    if (folder.empty()) folder = std::filesystem::temp_directory_path() / "lathe";
    auto made = TokenFile::make(folder);
    if (!made) return passOn(made);
    token.emplace(std::move(*made));
  }
  auto implementation = std::make_unique<Implementation>(settings, std::move(urls), std::move(loader),
                                                         std::move(describer), std::move(token));
  LATHE_TRY(implementation->open(models));
  return std::unique_ptr<Server>(new Server(std::move(implementation)));
}

const Server::Addresses& Server::addresses() const { return m_implementation->addresses(); }

std::vector<Server::ServedName> Server::models() const {
  std::vector<ServedName> served;
  auto& models = m_implementation->models();
  for (const auto& name : models.names())
    for (const auto& handle : models.versions(name)) served.push_back({name, handle->facts().version});
  return served;
}

Result<void> Server::load(const ModelFile& model) { return m_implementation->load(model, false); }
bool Server::unload(const std::string& name, std::int64_t version) {
  return m_implementation->models().unload(name, version);
}
void Server::stop() { m_implementation->stop(); }

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
// TorchServe's management API: register, list, describe, scale, set-default, unregister.
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/machine.h"
#include "core/serving/json.h"
#include "core/serving/rest/exchange.h"

namespace lathe::serving {
namespace {

constexpr const char* noPath = "Requested resource is not found, please refer to API document.";

/// A number among the parameters; the fallback when it is absent or none.
std::int64_t numberParameter(const HttpRequest& request, std::string_view name, std::int64_t fallback) {
  const auto text = request.parameter(name);
  std::int64_t value = fallback;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? value : fallback;
}

std::string shownVersion(const ServedModel& model) { return model.facts().versionText; }

void appendDescription(std::string& out, const ServedModel& model) {
  const auto settings = model.batcher().settings();
  const auto& facts = model.facts();
  const auto waiting = model.batcher().waiting();
  out += "  {\n    \"modelName\": ";
  appendJsonText(out, facts.name);
  out += ",\n    \"modelVersion\": ";
  appendJsonText(out, shownVersion(model));
  out += ",\n    \"modelUrl\": ";
  appendJsonText(out, facts.path.filename().string());
  fmt::format_to(
      std::back_inserter(out),
      ",\n    \"runtime\": \"lathe\",\n    \"minWorkers\": {0},\n    \"maxWorkers\": {0},\n    \"batchSize\": {1},\n"
      "    \"maxBatchDelay\": {2},\n    \"responseTimeout\": 120,\n    \"startupTimeout\": 120,\n"
      "    \"maxRetryTimeoutInSec\": 300,\n    \"clientTimeoutInMills\": 0,\n    \"parallelType\": \"\",\n"
      "    \"parallelLevel\": 0,\n    \"deviceType\": \"cpu\",\n    \"continuousBatching\": false,\n"
      "    \"useJobTicket\": false,\n    \"useVenv\": false,\n    \"stateful\": false,\n"
      "    \"sequenceMaxIdleMSec\": 0,\n    \"sequenceTimeoutMSec\": 0,\n    \"maxNumSequence\": 0,\n"
      "    \"maxSequenceJobQueueSize\": 0,\n    \"loadedAtStartup\": {3},\n    \"workers\": [",
      settings.workers, settings.maxBatch, settings.maxDelay.count() / 1000, facts.atStart);
  for (int worker = 0; worker < settings.workers; ++worker)
    fmt::format_to(
        std::back_inserter(out),
        "{}\n      {{\n        \"id\": \"{}\",\n        \"startTime\": \"{}\",\n        \"status\": \"READY\",\n"
        "        \"memoryUsage\": {},\n        \"pid\": {},\n        \"gpu\": false,\n        \"gpuUsage\": \"N/A\"\n  "
        "    }}",
        worker > 0 ? "," : "", 9000 + worker, isoTime(facts.loadedMicros), residentMemory(), thisProcess().pid);
  fmt::format_to(std::back_inserter(out),
                 "\n    ],\n    \"jobQueueStatus\": {{\n      \"remainingCapacity\": {},\n      \"pendingRequests\": "
                 "{}\n    }}\n  }}",
                 settings.queueLimit - std::min(settings.queueLimit, waiting), waiting);
}

void describe(const ServingContext& service, Exchange& exchange) {
  const auto& parts = exchange.parts;
  const auto version = parts.size() > 2 ? parts[2] : std::string_view();
  std::vector<ModelHandle> handles;
  if (version == "all") {
    handles = service.models.versions(parts[1]);
    if (handles.empty()) {
      sendTorchServeFault(exchange, {FaultKind::NoModel, fmt::format("Model not found: {}", parts[1])});
      return;
    }
  } else {
    auto found = findByText(service.models, parts[1], version);
    if (!found) {
      sendTorchServeFault(exchange, found.error());
      return;
    }
    handles.push_back(std::move(*found));
  }
  std::string body = "[\n";
  for (std::size_t i = 0; i < handles.size(); ++i) {
    if (i > 0) body += ",\n";
    appendDescription(body, *handles[i]);
  }
  exchange.send(200, body + "\n]\n");
}

void list(const ServingContext& service, Exchange& exchange) {
  const auto names = service.models.names();
  const auto limit = std::clamp<std::int64_t>(numberParameter(exchange.request, "limit", 100), 1, 100);
  const auto first =
      static_cast<std::size_t>(std::max<std::int64_t>(0, numberParameter(exchange.request, "next_page_token", 0)));
  const auto begin = std::min(first, names.size());
  const auto end = std::min(begin + static_cast<std::size_t>(limit), names.size());
  std::string body = "{\n";
  if (end < names.size()) body += fmt::format("  \"nextPageToken\": \"{}\",\n", end);
  body += "  \"models\": [";
  for (auto i = begin; i < end; ++i) {
    const auto model = service.models.find(names[i]);
    body += i > begin ? ",\n    {\n      \"modelName\": " : "\n    {\n      \"modelName\": ";
    appendJsonText(body, names[i]);
    body += ",\n      \"modelUrl\": ";
    appendJsonText(body, model ? (*model)->facts().path.filename().string() : std::string());
    body += "\n    }";
  }
  exchange.send(200, body + "\n  ]\n}\n");
}

/// On a thread where it may block. What the client is told.
Answer<std::string> registerFile(const ServingContext& service, const HttpRequest& request,
                                 const std::filesystem::path& path) {
  const auto described = service.describe(path);
  if (!described) return refuse(FaultKind::BadInput, described.error().sentence());
  const auto given = request.parameter("model_name");
  const auto name = given.empty() ? described->name : std::string(given);
  const auto text = described->versionText.empty() ? fmt::format("{}.0", described->version) : described->versionText;
  if (service.models.find(name, {described->version, {}}))
    return refuse(FaultKind::Exists, fmt::format("Model version {} is already registered for model {}", text, name));
  auto settings = service.batching;
  const auto workers = numberParameter(request, "initial_workers", 0);
  settings.workers = static_cast<int>(std::clamp<std::int64_t>(workers, 0, 64));
  settings.maxBatch = static_cast<std::size_t>(std::clamp<std::int64_t>(
      numberParameter(request, "batch_size", static_cast<std::int64_t>(settings.maxBatch)), 1, 4096));
  settings.maxDelay = std::chrono::milliseconds(std::clamp<std::int64_t>(
      numberParameter(request, "max_batch_delay", settings.maxDelay.count() / 1000), 0, 60'000));
  const auto before = service.models.defaultVersion(name);
  const auto loaded = service.models.load(name, described->version, text, path, false, settings);
  // A version that is added answers only when it is asked for by its number.
  if (loaded && before > 0) (void)service.models.setDefault(name, before);
  if (!loaded)
    return refuse(FaultKind::Internal, fmt::format("Failed to start workers for model {} version: {}. {}", name, text,
                                                   loaded.error().sentence()));
  auto told = fmt::format("Model \"{}\" Version: {} registered with {} initial workers", name, text, settings.workers);
  if (settings.workers == 0) told += ". Use scale workers API to add workers for the model.";
  return told;
}

void sendRegistered(Exchange& exchange, const Answer<std::string>& told) {
  if (told)
    sendTorchServeStatus(exchange, 200, *told);
  else
    sendTorchServeFault(exchange, told.error());
}

void registerUrl(const ServingContext& service, const ExchangePtr& exchange, const std::string& url) {
  auto address = service.remote.check(url);
  if (!address) {
    sendTorchServeFault(*exchange, address.error());
    return;
  }
  service.elsewhere([&service, exchange, address = std::move(*address)] {
    const auto file = service.remote.fetch(address);
    if (!file) {
      sendTorchServeFault(*exchange, file.error());
      return;
    }
    const auto told = registerFile(service, exchange->request, *file);
    if (!told) service.remote.forget(*file);
    sendRegistered(*exchange, told);
  });
}

void registerModel(const ServingContext& service, const ExchangePtr& exchange) {
  const auto url = exchange->request.parameter("url");
  if (RemoteModels::isUrl(url)) {
    registerUrl(service, exchange, std::string(url));
    return;
  }
  auto path = service.store.resolve(url);
  if (!path) {
    sendTorchServeFault(*exchange, path.error());
    return;
  }
  service.elsewhere([&service, exchange, path = std::move(*path)] {
    sendRegistered(*exchange, registerFile(service, exchange->request, path));
  });
}

void scale(const ServingContext& service, const ExchangePtr& exchange) {
  const auto& parts = exchange->parts;
  auto model = findByText(service.models, parts[1], parts.size() > 2 ? parts[2] : std::string_view());
  if (!model) {
    sendTorchServeFault(*exchange, model.error());
    return;
  }
  const auto least = std::clamp<std::int64_t>(numberParameter(exchange->request, "min_worker", 1), 0, 64);
  const auto most = numberParameter(exchange->request, "max_worker", least);
  if (most < least) {
    sendTorchServeFault(*exchange, {FaultKind::BadInput, "max_worker cannot be less than min_worker"});
    return;
  }
  const bool waits = exchange->request.parameter("synchronous") == "true";
  if (!waits) sendTorchServeStatus(*exchange, 202, "Processing worker updates...");
  service.elsewhere([exchange, waits, least, handle = std::move(*model)] {
    auto settings = handle->batcher().settings();
    settings.workers = static_cast<int>(least);
    handle->batcher().setSettings(settings);
    if (waits)
      sendTorchServeStatus(*exchange, 200,
                           fmt::format("Workers scaled to {} for model: {}", least, handle->facts().name));
  });
}

void setDefault(const ServingContext& service, Exchange& exchange) {
  const auto& parts = exchange.parts;
  const std::string name(parts[1]);
  const auto found = findByText(service.models, name, parts[2]);
  if (!found || !service.models.setDefault(name, (*found)->facts().version)) {
    const auto kind = found ? FaultKind::NoVersion : found.error().kind;
    sendTorchServeFault(exchange,
                        {kind, kind == FaultKind::NoModel
                                   ? fmt::format("Model not found: {}", name)
                                   : fmt::format("Model version {} does not exist for model {}", parts[2], name)});
    return;
  }
  sendTorchServeStatus(exchange, 200,
                       fmt::format("Default version successfully updated for model \"{}\" to \"{}\"", name, parts[2]));
}

void unregister(const ServingContext& service, Exchange& exchange) {
  const auto& parts = exchange.parts;
  const std::string name(parts[1]);
  const auto found = findByText(service.models, name, parts.size() > 2 ? parts[2] : std::string_view());
  if (!found) {
    sendTorchServeFault(exchange, found.error());
    return;
  }
  const auto version = (*found)->facts().version;
  if (version == service.models.defaultVersion(name) && service.models.versions(name).size() > 1) {
    std::string body = "{\n  \"code\": 403,\n  \"type\": \"InvalidModelVersionException\",\n  \"message\": ";
    appendJsonText(body, fmt::format("Cannot remove default version for model {}", name));
    exchange.send(403, body + "\n}\n");
    return;
  }
  service.models.unload(name, version);
  service.remote.forget((*found)->facts().path);
  sendTorchServeStatus(exchange, 200, fmt::format("Model \"{}\" unregistered", name));
}

}  // namespace

bool torchServeManagement(const ServingContext& service, const ExchangePtr& exchange) {
  const auto& parts = exchange->parts;
  const auto& method = exchange->request.method;
  if (method == "OPTIONS" && (parts.empty() || parts[0] == "models")) {
    exchange->send(200, openApi(service, nullptr));
    return true;
  }
  if (parts.size() == 1 && parts[0] == "ping") {
    sendTorchServeStatus(*exchange, 200, "Healthy");
    return true;
  }
  if (parts.empty() || parts[0] != "models") return false;
  const bool change = method == "POST" || method == "PUT" || method == "DELETE";
  if (change)
    if (const auto fault = service.access.mayChange(exchange->request)) {
      sendTorchServeFault(*exchange, *fault);
      return true;
    }
  if (method == "GET" && parts.size() == 1)
    list(service, *exchange);
  else if (method == "GET" && parts.size() <= 3)
    describe(service, *exchange);
  else if (method == "POST" && parts.size() == 1)
    registerModel(service, exchange);
  else if (method == "PUT" && parts.size() == 4 && parts[3] == "set-default")
    setDefault(service, *exchange);
  else if (method == "PUT" && (parts.size() == 2 || parts.size() == 3))
    scale(service, exchange);
  else if (method == "DELETE" && (parts.size() == 2 || parts.size() == 3))
    unregister(service, *exchange);
  else if (change || method == "GET")
    sendTorchServeFault(*exchange, {FaultKind::NoPath, noPath});
  else
    sendTorchServeFault(*exchange,
                        {FaultKind::WrongMethod, "Requested method is not allowed, please refer to API document."});
  return true;
}

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
// Open Inference, version 2, over REST: health, metadata, repository; open_inference_infer.cpp computes.
#include "core/serving/rest/open_inference_rest.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/base/machine.h"

namespace lathe::serving {
namespace {

/// The version that a path names, with Triton's words when there is none.
Answer<ModelHandle> findModel(const ServingContext& service, std::string_view name, std::string_view version) {
  return findForOpenInference(service.models, std::string(name), std::string(version));
}

void appendFacts(std::string& out, const std::vector<TensorFact>& facts) {
  out += '[';
  for (std::size_t i = 0; i < facts.size(); ++i) {
    out += i > 0 ? ",{\"name\":" : "{\"name\":";
    appendJsonText(out, facts[i].name);
    out +=
        fmt::format(",\"datatype\":\"{}\",\"shape\":{}}}", facts[i].text ? "BYTES" : "FP32", bracketed(facts[i].shape));
  }
  out += ']';
}

void sendMetadata(const ServingContext& service, Exchange& exchange, const ServedModel& model) {
  std::string body = "{\"name\":";
  appendJsonText(body, model.facts().name);
  body += ",\"versions\":[";
  const auto versions = service.models.versions(model.facts().name);
  for (std::size_t i = 0; i < versions.size(); ++i)
    body += fmt::format("{}\"{}\"", i > 0 ? "," : "", versions[i]->facts().version);
  body += fmt::format("],\"platform\":\"{}\",\"inputs\":", openPlatform);
  appendFacts(body, openInputs(model));
  body += ",\"outputs\":";
  appendFacts(body, {outputTensorFact(model)});
  exchange.send(200, body + "}");
}

void sendIndex(const ServingContext& service, Exchange& exchange) {
  JsonBody json;
  const bool readyOnly = json.parse(exchange.request.body) && member(json.root(), "ready") != nullptr &&
                         member(json.root(), "ready")->IsTrue();
  std::string body = "[";
  for (const auto& entry : repositoryIndex(service, readyOnly)) {
    body += body.size() > 1 ? ",{\"name\":" : "{\"name\":";
    appendJsonText(body, entry.name);
    body += ",\"version\":";
    appendJsonText(body, entry.version);
    body += fmt::format(",\"state\":\"{}\",\"reason\":", entry.state);
    appendJsonText(body, entry.reason);
    body += '}';
  }
  exchange.send(200, body + "]");
}

void changeRepository(const ServingContext& service, const ExchangePtr& exchange) {
  const std::string name(exchange->parts[3]);
  const bool load = exchange->parts[4] == "load";
  service.elsewhere([&service, exchange, name, load] {
    const auto changed = load ? loadNamed(service, name) : unloadNamed(service, name);
    if (changed)
      exchange->respond({200, "application/json", ""});
    else
      sendFault(*exchange, changed.error());
  });
}

void appendStatistics(std::string& out, const ServedModel& model) {
  const auto values = model.statistics().values();
  const auto part = [](std::uint64_t count, std::uint64_t micros) {
    return fmt::format("{{\"count\":{},\"ns\":{}}}", count, micros * 1000);
  };
  out += "{\"name\":";
  appendJsonText(out, model.facts().name);
  out += fmt::format(
      ",\"version\":\"{}\",\"last_inference\":0,\"inference_count\":{},\"execution_count\":{},\"inference_stats\":{{"
      "\"success\":{},"
      "\"fail\":{},\"queue\":{},\"compute_input\":{},\"compute_infer\":{},\"compute_output\":{},"
      "\"cache_hit\":{},\"cache_miss\":{}}},\"response_stats\":{{}},\"batch_stats\":[],\"memory_usage\":[]}}",
      model.facts().version, values.rows, values.batches, part(values.requests, values.microseconds),
      part(values.failures, 0), part(values.requests, values.queueMicroseconds), part(values.requests, 0),
      part(values.requests, values.microseconds - std::min(values.microseconds, values.queueMicroseconds)),
      part(values.requests, 0), part(0, 0), part(0, 0));
}

void sendStatistics(Exchange& exchange, const std::vector<ModelHandle>& models) {
  std::string body = "{\"model_stats\":[";
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (i > 0) body += ',';
    appendStatistics(body, *models[i]);
  }
  exchange.send(200, body + "]}");
}

/// Of every version of every model.
void sendAllStatistics(const ServingContext& service, Exchange& exchange) {
  std::vector<ModelHandle> models;
  for (const auto& name : service.models.names())
    for (auto& handle : service.models.versions(name)) models.push_back(std::move(handle));
  sendStatistics(exchange, models);
}

/// /v2/models/MODEL[/versions/VERSION][/ready | /infer | /stats]
bool answerModel(const ServingContext& service, const ExchangePtr& exchange) {
  const auto& parts = exchange->parts;
  const bool versioned = parts.size() > 4 && parts[3] == "versions";
  const std::size_t at = versioned ? 5 : 3;
  const auto verb = parts.size() > at ? parts[at] : std::string_view();
  if (parts.size() > at + 1 || (verb != "" && verb != "ready" && verb != "infer" && verb != "stats")) return false;
  const bool post = verb == "infer";
  // A model that is called so goes before.
  const bool all = parts.size() == 3 && parts[2] == "stats" && service.models.versions("stats").empty();
  if (exchange->request.method != (post ? "POST" : "GET")) {
    sendFault(*exchange, {FaultKind::WrongMethod, "Method Not Allowed"});
    return true;
  }
  if (all) {
    sendAllStatistics(service, *exchange);
    return true;
  }
  auto model = findModel(service, parts[2], versioned ? parts[4] : std::string_view());
  if (!model) {
    sendFault(*exchange, verb == "ready" ? Fault{FaultKind::BadInput, "Model version not ready"} : model.error());
  } else if (verb == "ready") {
    exchange->respond({200, "", ""});
  } else if (verb == "stats") {
    sendStatistics(*exchange, {*model});
  } else if (post) {
    exchange->model = std::move(*model);
    openInferenceInfer(exchange);
  } else {
    sendMetadata(service, *exchange, **model);
  }
  return true;
}

}  // namespace

Answer<ModelHandle> findForOpenInference(const ModelRepository& models, const std::string& name,
                                         const std::string& version) {
  auto found = findByText(models, name, version);
  if (found) return found;
  if (found.error().kind == FaultKind::NoVersion)
    return refuse(FaultKind::NoVersion,
                  fmt::format("Request for unknown model: '{}' version {} is not found", name, version));
  return refuse(FaultKind::NoModel, fmt::format("Request for unknown model: '{}' is not found", name));
}

std::vector<TensorFact> openInputs(const ServedModel& model) {
  std::vector<TensorFact> facts{inputTensorFact(model, ImageOrder::ChannelsFirst)};
  if (!model.layout().hasText()) return facts;
  const auto columns = columnFacts(model);
  facts.insert(facts.end(), columns.begin(), columns.end());
  return facts;
}

std::vector<IndexEntry> repositoryIndex(const ServingContext& service, bool readyOnly) {
  std::vector<IndexEntry> entries;
  const auto served = service.models.names();
  for (const auto& name : served)
    for (const auto& status : service.models.statuses(name)) {
      const bool ready = status.state == VersionState::Available;
      if (ready || !readyOnly)
        entries.push_back({name, std::to_string(status.version), ready ? "READY" : "UNAVAILABLE",
                           ready                  ? ""
                           : status.error.empty() ? "unloaded"
                                                  : status.error});
    }
  if (readyOnly) return entries;
  for (const auto& name : service.store.names())
    if (std::find(served.begin(), served.end(), name) == served.end())
      entries.push_back({name, "", "UNAVAILABLE", "not loaded"});
  return entries;
}

Answer<void> loadNamed(const ServingContext& service, const std::string& name) {
  const auto failed = [&name](const std::string& why) {
    return refuse(FaultKind::BadInput, fmt::format("failed to load '{}', {}", name, why));
  };
  // What is or was served is read again; a newer version of the store comes with it.
  std::vector<VersionStatus> known = service.models.statuses(name);
  if (!known.empty()) {
    for (const auto& status : known) {
      const auto text = status.handle ? status.handle->facts().versionText : fmt::format("{}.0", status.version);
      const auto settings = status.handle ? status.handle->batcher().settings() : service.batching;
      const bool atStart = status.handle && status.handle->facts().atStart;
      const auto loaded = service.models.load(name, status.version, text, status.path, atStart, settings);
      if (!loaded) return failed(loaded.error().sentence());
    }
  }
  const auto path = service.store.named(name);
  if (!path) return known.empty() ? failed("no version is available") : Answer<void>();
  auto versions = numberedVersions(*path);
  if (versions.empty()) {
    const auto described = service.describe(*path);
    if (!described) return failed(described.error().sentence());
    versions.emplace_back(described->version, *path);
  }
  const auto& [version, file] = versions.back();
  const auto served = [number = version](const VersionStatus& status) { return status.version == number; };
  if (std::any_of(known.begin(), known.end(), served)) return {};
  const auto loaded = service.models.load(name, version, fmt::format("{}.0", version), file);
  if (!loaded) return failed(loaded.error().sentence());
  return {};
}

Answer<void> unloadNamed(const ServingContext& service, const std::string& name) {
  if (service.models.versions(name).empty())
    return refuse(FaultKind::BadInput, fmt::format("failed to unload '{}', it is not loaded", name));
  for (const auto& handle : service.models.versions(name)) service.models.unload(name, handle->facts().version);
  return {};
}

bool openInferenceRest(const ServingContext& service, const ExchangePtr& exchange) {
  const auto& parts = exchange->parts;
  const auto& request = exchange->request;
  if (parts.empty() || parts[0] != "v2") return false;
  const bool get = request.method == "GET";
  const bool post = request.method == "POST";
  const bool health = parts.size() == 3 && parts[1] == "health" && (parts[2] == "live" || parts[2] == "ready");
  const bool index = parts.size() == 3 && parts[1] == "repository" && parts[2] == "index";
  const bool change = parts.size() == 5 && parts[1] == "repository" && parts[2] == "models" &&
                      (parts[4] == "load" || parts[4] == "unload");
  if (parts.size() == 1 || health) {
    if (!get)
      sendFault(*exchange, {FaultKind::WrongMethod, "Method Not Allowed"});
    else if (health)
      exchange->respond({200, "", ""});
    else
      exchange->send(200, fmt::format("{{\"name\":\"lathe\",\"version\":\"{}\",\"extensions\":[{}]}}", latheVersion(),
                                      openExtensionsJson));
  } else if (index || change) {
    const auto fault = change ? service.access.mayChange(request) : std::nullopt;
    if (!post)
      sendFault(*exchange, {FaultKind::WrongMethod, "Method Not Allowed"});
    else if (fault)
      sendFault(*exchange, *fault);
    else if (index)
      sendIndex(service, *exchange);
    else
      changeRepository(service, exchange);
  } else if (!(parts.size() >= 3 && parts[1] == "models" && answerModel(service, exchange))) {
    sendFault(*exchange, {FaultKind::NoPath, "Not Found"});
  }
  return true;
}

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/torchserve_client.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lathe::serving {
namespace {

using Json = nlohmann::json;

std::string textOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string modelPath(const std::string& model, const std::string& version) {
  auto path = "/models/" + percentEncoded(model);
  if (!version.empty()) path += "/" + percentEncoded(version);
  return path;
}

Result<void> done(const HttpClient& server, const Result<HttpAnswer>& answer) {
  if (!answer) return passOn(answer);
  if (!answer->ok()) return refusal(server.address(), *answer);
  return {};
}

TorchServeModel modelFrom(const Json& json) {
  TorchServeModel model{textOf(json, "modelName"), textOf(json, "modelVersion"), textOf(json, "modelUrl"), 0, 0};
  const auto workers = json.find("workers");
  if (workers == json.end() || !workers->is_array()) return model;
  for (const auto& worker : *workers) {
    ++model.workers;
    if (worker.is_object() && textOf(worker, "status") == "READY") ++model.workersReady;
  }
  return model;
}

}  // namespace

tl::unexpected<Error> refusal(const std::string& server, const HttpAnswer& answer) {
  std::string said;
  const auto json = Json::parse(answer.body, nullptr, false);
  if (json.is_object())
    for (const char* name : {"message", "error", "status"})
      if (said.empty()) said = textOf(json, name);
  if (said.empty()) said = answer.body.substr(0, 300);
  while (!said.empty() && (said.back() == '\n' || said.back() == ' ' || said.back() == '.')) said.pop_back();
  if (said.empty()) said = "nothing";
  return fail("deploy.refused", LATHE_TEXT("errors", "{server} refused with status {status}: {said}."),
              answer.status == 400 || answer.status == 401 || answer.status == 403
                  ? LATHE_TEXT("errors", "If the server wants a token, give it with --token.")
                  : LATHE_TEXT("errors", "The server's log says more."),
              {{"server", server}, {"status", std::to_string(answer.status)}, {"said", said}});
}

Result<void> TorchServeClient::ping() {
  auto answer = m_inference.get("/ping");
  if (!answer) return passOn(answer);
  if (!answer->ok()) return refusal(m_inference.address(), *answer);
  const auto json = Json::parse(answer->body, nullptr, false);
  const auto status = json.is_object() ? textOf(json, "status") : std::string();
  if (status == "Healthy") return {};
  return fail("deploy.unhealthy", LATHE_TEXT("errors", "{server} says that it is {status}."),
              LATHE_TEXT("errors", "Look at the server's log."),
              {{"server", m_inference.address()}, {"status", status.empty() ? "-" : status}});
}

Result<std::vector<TorchServeModel>> TorchServeClient::versions(const std::string& model) {
  auto answer = m_management.get(modelPath(model, "all"));
  if (!answer) return passOn(answer);
  std::vector<TorchServeModel> models;
  if (answer->status == 404) return models;
  if (!answer->ok()) return refusal(m_management.address(), *answer);
  const auto json = Json::parse(answer->body, nullptr, false);
  if (!json.is_array()) return refusal(m_management.address(), *answer);
  for (const auto& entry : json)
    if (entry.is_object()) models.push_back(modelFrom(entry));
  return models;
}

Result<std::string> TorchServeClient::defaultVersion(const std::string& model) {
  auto answer = m_management.get(modelPath(model, ""));
  if (!answer) return passOn(answer);
  if (answer->status == 404) return std::string();
  if (!answer->ok()) return refusal(m_management.address(), *answer);
  const auto json = Json::parse(answer->body, nullptr, false);
  if (!json.is_array() || json.empty() || !json.front().is_object()) return std::string();
  return modelFrom(json.front()).version;
}

Result<void> TorchServeClient::registerModel(const std::string& url) {
  return done(m_management,
              m_management.post("/models?url=" + percentEncoded(url) + "&initial_workers=1&synchronous=true"));
}

Result<void> TorchServeClient::scale(const std::string& model, const std::string& version, int workers) {
  return done(m_management, m_management.put(fmt::format("{}?min_worker={}&max_worker={}&synchronous=true",
                                                         modelPath(model, version), workers, std::max(1, workers))));
}

Result<void> TorchServeClient::setDefault(const std::string& model, const std::string& version) {
  return done(m_management, m_management.put(modelPath(model, version) + "/set-default"));
}

Result<void> TorchServeClient::unregister(const std::string& model, const std::string& version) {
  return done(m_management, m_management.remove(modelPath(model, version)));
}

std::string TorchServeClient::predictPath(const std::string& model, const std::string& version) {
  auto path = "/predictions/" + percentEncoded(model);
  if (!version.empty()) path += "/" + percentEncoded(version);
  return path;
}

Result<HttpAnswer> TorchServeClient::predict(const std::string& model, const std::string& version,
                                             const HttpBody& body) {
  return m_inference.post(predictPath(model, version), body);
}

}  // namespace lathe::serving

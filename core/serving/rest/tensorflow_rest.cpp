// SPDX-License-Identifier: GPL-3.0-or-later
// TensorFlow Serving's REST API: /v1/models/MODEL[/versions/N | /labels/L][/metadata | :predict | :classify |
// :regress].
#include "core/serving/rest/tensorflow_rest.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/serving/rest/exchange.h"

namespace lathe::serving {
namespace {

/// MODEL, version or label, and what is asked for.
struct ModelPath {
  std::string name, verb;
  VersionChoice version;
};

/// The parts of a path below /v1/models; nothing when it is formed otherwise.
std::optional<ModelPath> modelPath(const std::vector<std::string_view>& parts) {
  if (parts.size() < 3 || parts[0] != "v1" || parts[1] != "models") return std::nullopt;
  ModelPath path;
  std::vector<std::string> rest(parts.begin() + 2, parts.end());
  if (const auto colon = rest.back().find(':'); colon != std::string::npos) {
    path.verb = rest.back().substr(colon + 1);
    rest.back().resize(colon);
    if (path.verb.empty() || rest.back().empty()) return std::nullopt;
  }
  path.name = rest[0];
  std::size_t at = 1;
  if (rest.size() >= 3 && rest[1] == "versions") {
    path.version.number = versionNumber(rest[2]);
    if (rest[2].find_first_not_of("0123456789") != std::string::npos || rest[2].size() > 18) return std::nullopt;
    at = 3;
  } else if (rest.size() >= 3 && rest[1] == "labels") {
    path.version.label = rest[2];
    at = 3;
  }
  if (at < rest.size() && path.verb.empty() && rest[at] == "metadata" && at + 1 == rest.size()) {
    path.verb = "metadata";
    ++at;
  }
  return at == rest.size() ? std::optional(path) : std::nullopt;
}

const char* stateName(VersionState state) {
  switch (state) {
    case VersionState::Loading:
      return "LOADING";
    case VersionState::Available:
      return "AVAILABLE";
    case VersionState::Unloading:
      return "UNLOADING";
    case VersionState::End:
      break;
  }
  return "END";
}

void sendStatus(const ServingContext& service, Exchange& exchange, const ModelPath& path) {
  const auto chosen = statusesFor(service.models, path.name, path.version);
  if (!chosen) {
    sendFault(exchange, chosen.error());
    return;
  }
  std::string body = "{\n \"model_version_status\": [";
  for (std::size_t i = 0; i < chosen->size(); ++i) {
    const auto& status = (*chosen)[i];
    body += fmt::format(
        "{}\n  {{\n   \"version\": \"{}\",\n   \"state\": \"{}\",\n   \"status\": {{\n    \"error_code\": \"{}\",\n    "
        "\"error_message\": ",
        i > 0 ? "," : "", status.version, stateName(status.state), status.error.empty() ? "OK" : "UNKNOWN");
    appendJsonText(body, status.error);
    body += "\n   }\n  }";
  }
  exchange.send(200, body + "\n ]\n}\n");
}

void appendInfos(std::string& out, const std::vector<TensorFact>& facts) {
  out += '{';
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (i > 0) out += ',';
    appendJsonKey(out, facts[i].name);
    out += "{\"dtype\":";
    out += facts[i].text ? "\"DT_STRING\"" : "\"DT_FLOAT\"";
    out += ",\"tensor_shape\":{\"dim\":[";
    for (std::size_t d = 0; d < facts[i].shape.size(); ++d)
      out += fmt::format("{}{{\"size\":\"{}\",\"name\":\"\"}}", d > 0 ? "," : "", facts[i].shape[d]);
    out += "],\"unknown_rank\":false},\"name\":";
    appendJsonText(out, facts[i].name + ":0");
    out += '}';
  }
  out += '}';
}

void sendMetadata(Exchange& exchange, const ServedModel& model) {
  std::string body = "{\n\"model_spec\":{\n \"name\": ";
  appendJsonText(body, model.facts().name);
  body += fmt::format(
      ",\n \"signature_name\": \"\",\n \"version\": \"{}\"\n}},\n\"metadata\": {{\"signature_def\": {{\n "
      "\"signature_def\": {{",
      model.facts().version);
  const auto signatures = signaturesOf(model);
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    body += i > 0 ? ",\n  " : "\n  ";
    appendJsonKey(body, signatures[i].name);
    body += "{\"inputs\":";
    appendInfos(body, signatures[i].inputs);
    body += ",\"outputs\":";
    appendInfos(body, signatures[i].outputs);
    body += ",\"method_name\":";
    appendJsonText(body, signatures[i].method);
    body += ",\"defaults\":{}}";
  }
  exchange.send(200, body + "\n }\n}\n}\n}\n");
}

void answerCall(const ServingContext& service, const ExchangePtr& exchange, const ModelPath& path) {
  auto model = findForTensorFlow(service.models, path.name, path.version);
  if (!model) {
    sendFault(*exchange, model.error());
    return;
  }
  if (path.verb == "metadata") {
    sendMetadata(*exchange, **model);
    return;
  }
  exchange->model = std::move(*model);
  if (path.verb == "predict")
    tensorFlowPredict(exchange);
  else
    tensorFlowExamples(exchange, path.verb == "classify");
}

}  // namespace

Answer<ModelHandle> findForTensorFlow(const ModelRepository& models, const std::string& name,
                                      const VersionChoice& version) {
  auto found = models.find(name, version);
  if (found || found.error().kind == FaultKind::BadInput) return found;
  const auto which =
      version.number ? fmt::format("Specific({}, {})", name, *version.number) : fmt::format("Latest({})", name);
  return refuse(FaultKind::NoModel, fmt::format("Servable not found for request: {}", which));
}

Answer<std::vector<VersionStatus>> statusesFor(const ModelRepository& models, const std::string& name,
                                               const VersionChoice& version) {
  auto statuses = models.statuses(name);
  auto number = version.number;
  if (!version.label.empty()) {
    const auto labels = models.labels(name);
    const auto found = labels.find(version.label);
    if (found == labels.end())
      return refuse(FaultKind::BadInput, fmt::format("Unrecognized servable version label: {}", version.label));
    number = found->second;
  }
  if (statuses.empty()) return refuse(FaultKind::NoModel, fmt::format("Could not find any versions of model {}", name));
  if (!number) return statuses;
  std::erase_if(statuses, [&](const auto& status) { return status.version != *number; });
  if (statuses.empty())
    return refuse(FaultKind::NoVersion, fmt::format("Could not find version {} of model {}", *number, name));
  return statuses;
}

bool tensorFlowRest(const ServingContext& service, const ExchangePtr& exchange) {
  const auto& request = exchange->request;
  if (exchange->parts.empty() || exchange->parts[0] != "v1") return false;
  const auto path = modelPath(exchange->parts);
  const bool get = request.method == "GET";
  if (path && get && path->verb.empty())
    sendStatus(service, *exchange, *path);
  else if (path && ((get && path->verb == "metadata") ||
                    (request.method == "POST" &&
                     (path->verb == "predict" || path->verb == "classify" || path->verb == "regress"))))
    answerCall(service, exchange, *path);
  else
    sendFault(*exchange,
              {FaultKind::BadInput, fmt::format("Malformed request: {} {}", request.method, request.target)});
  return true;
}

}  // namespace lathe::serving

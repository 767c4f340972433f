// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/rest/exchange.h"

#include <fmt/format.h>

#include "core/serving/json.h"

namespace lathe::serving {
namespace {

const char* torchServeType(FaultKind kind) {
  switch (kind) {
    case FaultKind::BadInput:
    case FaultKind::Precondition:
      return "BadRequestException";
    case FaultKind::NoModel:
      return "ModelNotFoundException";
    case FaultKind::NoVersion:
      return "ModelVersionNotFoundException";
    case FaultKind::NoPath:
      return "ResourceNotFoundException";
    case FaultKind::WrongMethod:
      return "MethodNotAllowedException";
    case FaultKind::Exists:
    case FaultKind::Conflict:
      return "ConflictStatusException";
    case FaultKind::Unauthorized:
      return "InvalidKeyException";
    case FaultKind::Forbidden:
      return "ForbiddenException";
    case FaultKind::TooLarge:
      return "RequestEntityTooLargeException";
    case FaultKind::NoDownload:
      return "DownloadArchiveException";
    case FaultKind::Busy:
    case FaultKind::Unavailable:
      return "ServiceUnavailableException";
    case FaultKind::Unsupported:
      return "NotImplementedException";
    case FaultKind::Internal:
      break;
  }
  return "InternalServerException";
}

void sendBody(Exchange& exchange, FaultKind kind, std::string body) {
  HttpResponse response{httpStatus(kind), "application/json", std::move(body)};
  if (kind == FaultKind::Busy || kind == FaultKind::Unavailable) response.headers.emplace_back("Retry-After", "1");
  if (kind == FaultKind::Unauthorized) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  exchange.respond(std::move(response));
}

}  // namespace

int httpStatus(FaultKind kind) {
  switch (kind) {
    case FaultKind::BadInput:
    case FaultKind::Precondition:
    case FaultKind::NoDownload:
      return 400;
    case FaultKind::NoModel:
    case FaultKind::NoVersion:
    case FaultKind::NoPath:
      return 404;
    case FaultKind::WrongMethod:
      return 405;
    case FaultKind::Exists:
    case FaultKind::Conflict:
      return 409;
    case FaultKind::Unauthorized:
      return 401;
    case FaultKind::Forbidden:
      return 403;
    case FaultKind::TooLarge:
      return 413;
    case FaultKind::Busy:
    case FaultKind::Unavailable:
      return 503;
    case FaultKind::Unsupported:
      return 501;
    case FaultKind::Internal:
      break;
  }
  return 500;
}

void sendFault(Exchange& exchange, const Fault& fault) {
  std::string body = "{\"error\":";
  appendJsonText(body, fault.text);
  body += '}';
  sendBody(exchange, fault.kind, std::move(body));
}

void sendTorchServeFault(Exchange& exchange, const Fault& fault) {
  auto body = fmt::format("{{\n  \"code\": {},\n  \"type\": \"{}\",\n  \"message\": ", httpStatus(fault.kind),
                          torchServeType(fault.kind));
  appendJsonText(body, fault.text);
  body += "\n}\n";
  sendBody(exchange, fault.kind, std::move(body));
}

void sendTorchServeStatus(Exchange& exchange, int status, std::string_view text) {
  std::string body = "{\n  \"status\": ";
  appendJsonText(body, text);
  body += "\n}\n";
  exchange.send(status, std::move(body));
}

Answer<ModelHandle> findByText(const ModelRepository& models, std::string_view name, std::string_view version) {
  if (version.empty()) return models.find(name);
  for (const auto& handle : models.versions(name))
    if (handle->facts().versionText == version) return handle;
  SERVING_TRY(models.find(name));
  const auto number = versionNumber(version);
  if (number > 0)
    if (auto found = models.find(name, {number, {}})) return found;
  return refuse(FaultKind::NoVersion, fmt::format("Model version: {} does not exist for model: {}", version, name));
}

}  // namespace lathe::serving

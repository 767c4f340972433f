// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/grpc/grpc_server.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <sys/socket.h>

#include "core/base/file_descriptor.h"
#include "core/serving/grpc/grpc_tools.h"

namespace lathe::serving {
namespace {

constexpr std::size_t quotaBytes = std::size_t{1} << 30U;

grpc::StatusCode codeOf(FaultKind kind) {
  switch (kind) {
    case FaultKind::BadInput:
    case FaultKind::TooLarge:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case FaultKind::Precondition:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case FaultKind::NoModel:
    case FaultKind::NoVersion:
    case FaultKind::NoPath:
      return grpc::StatusCode::NOT_FOUND;
    case FaultKind::Exists:
      return grpc::StatusCode::ALREADY_EXISTS;
    case FaultKind::Conflict:
      return grpc::StatusCode::ABORTED;
    case FaultKind::Unauthorized:
      return grpc::StatusCode::UNAUTHENTICATED;
    case FaultKind::Forbidden:
      return grpc::StatusCode::PERMISSION_DENIED;
    case FaultKind::Busy:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case FaultKind::NoDownload:
    case FaultKind::Unavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case FaultKind::WrongMethod:
    case FaultKind::Unsupported:
      return grpc::StatusCode::UNIMPLEMENTED;
    case FaultKind::Internal:
      break;
  }
  return grpc::StatusCode::INTERNAL;
}

/// Whether the address can be bound. gRPC itself only says that it failed, and writes the rest to standard error.
Result<void> checkAddress(const std::string& host, std::uint16_t port) {
  const TextArgs args{{"host", host}, {"port", std::to_string(port)}};
  sockaddr_storage storage{};
  socklen_t length = 0;
  if (auto* v4 = reinterpret_cast<sockaddr_in*>(&storage); ::inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    length = sizeof *v4;
  } else if (auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
             ::inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    length = sizeof *v6;
  } else {
    return fail("serving.bad_address", LATHE_TEXT("errors", "{host} is no address to listen on."),
                LATHE_TEXT("errors", "Give an IP address of this machine: 127.0.0.1, or 0.0.0.0 for all."), args);
  }
  const FileDescriptor socket(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&storage), length) == 0 && ::listen(socket.get(), 1) == 0)
    return {};
  if (errno == EADDRINUSE)
    return fail("serving.port_in_use", LATHE_TEXT("errors", "Port {port} on {host} is in use by another program."),
                LATHE_TEXT("errors", "End that program, or choose another port; 0 picks a free one."), args);
  auto told = args;
  told.emplace_back("reason", std::strerror(errno));
  return fail("serving.cannot_listen", LATHE_TEXT("errors", "{host}:{port} cannot be listened on: {reason}."),
              LATHE_TEXT("errors", "Choose an address of this machine and a port above 1023."), told);
}

}  // namespace

grpc::Status statusOf(const Fault& fault) { return {codeOf(fault.kind), fault.text}; }

grpc::ServerUnaryReactor* finished(grpc::CallbackServerContext* context, const grpc::Status& status) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

std::optional<Fault> refusedCall(const ServingContext& service, const grpc::CallbackServerContext& context,
                                 bool change) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  const auto authorization =
      found == metadata.end() ? std::string_view() : std::string_view(found->second.data(), found->second.size());
  if (auto fault = service.access.mayAsk(authorization)) return fault;
  return change ? service.access.mayChange(authorization) : std::nullopt;
}

class GrpcServer::Implementation {
 public:
  std::unique_ptr<grpc::Service> prediction, models, inference;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

GrpcServer::GrpcServer(std::unique_ptr<Implementation> implementation) : m_implementation(std::move(implementation)) {}

GrpcServer::~GrpcServer() { stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<GrpcServer>> GrpcServer::start(const ServingContext& service, const std::string& givenHost,
                                                      std::uint16_t port, std::size_t messageBytes) {
  const std::string host = givenHost == "localhost" ? "127.0.0.1" : givenHost;
  LATHE_TRY(checkAddress(host, port));
  auto made = std::make_unique<Implementation>();
  made->prediction = makePredictionService(service);
  made->models = makeModelService(service);
  made->inference = makeInferenceService(service);
  grpc::ServerBuilder builder;
  const bool v6 = host.find(':') != std::string::npos;
  builder.AddListeningPort(fmt::format("{}:{}", v6 ? "[" + host + "]" : host, port), grpc::InsecureServerCredentials(),
                           &made->port);
  // Else a second server would silently share the port.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(static_cast<int>(std::min<std::size_t>(messageBytes, std::size_t{1} << 30U)));
  builder.SetMaxSendMessageSize(-1);
  grpc::ResourceQuota quota("lathe");
  quota.Resize(quotaBytes);
  builder.SetResourceQuota(quota);
  for (auto* each : {made->prediction.get(), made->models.get(), made->inference.get()}) builder.RegisterService(each);
  made->server = builder.BuildAndStart();
  if (!made->server || made->port == 0)
    return fail("serving.cannot_listen", LATHE_TEXT("errors", "{host}:{port} cannot be listened on: {reason}."),
                LATHE_TEXT("errors", "Choose an address of this machine and a port above 1023."),
                {{"host", host}, {"port", std::to_string(port)}, {"reason", "gRPC could not start"}});
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(made)));
}

std::uint16_t GrpcServer::port() const { return static_cast<std::uint16_t>(m_implementation->port); }

void GrpcServer::stop(std::chrono::milliseconds grace) {
  if (!m_implementation->server) return;
  m_implementation->server->Shutdown(std::chrono::system_clock::now() + grace);
  m_implementation->server->Wait();
  m_implementation->server.reset();
}

}  // namespace lathe::serving

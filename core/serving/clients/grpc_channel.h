// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <grpcpp/grpcpp.h>
#include <memory>

#include "core/serving/clients/tensor_service.h"

/// For the files of this folder only.
namespace lathe::serving {

class GrpcChannel {
 public:
  explicit GrpcChannel(ServiceSettings settings) : m_settings(std::move(settings)) {
    if (const auto scheme = m_settings.address.find("://"); scheme != std::string::npos)
      m_settings.address.erase(0, scheme + 3);
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetMaxSendMessageSize(-1);
    m_channel = grpc::CreateCustomChannel(m_settings.address, grpc::InsecureChannelCredentials(), arguments);
  }

  [[nodiscard]] const std::shared_ptr<grpc::Channel>& channel() const { return m_channel; }
  [[nodiscard]] const std::string& address() const { return m_settings.address; }
  void prepare(grpc::ClientContext& context) const {
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::milliseconds(static_cast<std::int64_t>(m_settings.timeoutSeconds * 1e3)));
    if (!m_settings.token.empty()) context.AddMetadata("authorization", "Bearer " + m_settings.token);
  }
  [[nodiscard]] Result<void> checked(const grpc::Status& status) const {
    if (status.ok()) return {};
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
        status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED)
      return fail("deploy.unreachable", LATHE_TEXT("errors", "{address} does not answer: {reason}."),
                  LATHE_TEXT("errors", "Check that the server runs and that the address is right."),
                  {{"address", m_settings.address}, {"reason", status.error_message()}});
    return fail("deploy.refused", LATHE_TEXT("errors", "{server} refused with status {status}: {said}."),
                LATHE_TEXT("errors", "The server's log says more."),
                {{"server", m_settings.address},
                 {"status", std::to_string(static_cast<int>(status.error_code()))},
                 {"said", status.error_message()}});
  }

 private:
  ServiceSettings m_settings;
  std::shared_ptr<grpc::Channel> m_channel;
};

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/serving/rest/exchange.h"

namespace lathe::serving {

/// TensorFlow Serving's PredictionService and ModelService, and Open Inference's GRPCInferenceService, on one port.
class GrpcServer {
 public:
  /// `service` outlives it. Errors: "serving.port_in_use", "serving.cannot_listen".
  static Result<std::unique_ptr<GrpcServer>> start(const ServingContext& service, const std::string& host,
                                                   std::uint16_t port, std::size_t messageBytes);
  /// As stop() without time.
  ~GrpcServer();
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Takes no more calls and lets those in work finish for at most `grace`. Blocks.
  void stop(std::chrono::milliseconds grace);

 private:
  class Implementation;
  explicit GrpcServer(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> m_implementation;
};

}  // namespace lathe::serving

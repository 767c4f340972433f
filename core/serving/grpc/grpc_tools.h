// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/status.h>

#include "core/serving/rest/exchange.h"

/// For the services of this folder.
namespace lathe::serving {

[[nodiscard]] grpc::Status statusOf(const Fault& fault);

/// A reactor that ends the call with a status.
[[nodiscard]] grpc::ServerUnaryReactor* finished(grpc::CallbackServerContext* context, const grpc::Status& status);

/// Nothing when the caller may ask, or with `change` may change what is served.
[[nodiscard]] std::optional<Fault> refusedCall(const ServingContext& service,
                                               const grpc::CallbackServerContext& context, bool change);

std::unique_ptr<grpc::Service> makePredictionService(const ServingContext& service);
std::unique_ptr<grpc::Service> makeModelService(const ServingContext& service);
std::unique_ptr<grpc::Service> makeInferenceService(const ServingContext& service);

}  // namespace lathe::serving

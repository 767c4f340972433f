// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/serving/access.h"
#include "core/serving/http/http_message.h"
#include "core/serving/model_repository.h"
#include "core/serving/model_store.h"
#include "core/serving/remote_models.h"

/// What the REST protocols share.
namespace lathe::serving {

/// Says what a file is called before it is loaded; may block.
using ModelDescriber = std::function<Result<ModelFile>(const std::filesystem::path&)>;

/// What a protocol works with. Everything in it is thread-safe.
struct ServingContext {
  ModelRepository& models;
  const ModelStore& store;
  RemoteModels& remote;
  const AccessRules& access;
  const ModelDescriber& describe;
  /// Runs what blocks (loading a model) elsewhere than on the server's thread.
  const std::function<void(std::function<void()>)>& elsewhere;
  BatchSettings batching;
  std::string startedAt;  ///< ISO 8601
};

/// One request with its answer to come; shared by what reads it and what answers it, on different threads.
struct Exchange {
  HttpRequest request;
  Respond respond;
  std::vector<std::string_view> parts;  ///< of request.path
  ModelHandle model;
  bool instances = false;

  void send(int status, std::string body) { respond({status, "application/json", std::move(body)}); }
};
using ExchangePtr = std::shared_ptr<Exchange>;

[[nodiscard]] int httpStatus(FaultKind kind);

/// {"error": "..."}: TensorFlow Serving and Open Inference.
void sendFault(Exchange& exchange, const Fault& fault);
/// {"code", "type", "message"}: TorchServe.
void sendTorchServeFault(Exchange& exchange, const Fault& fault);
/// {"status": "..."}: TorchServe.
void sendTorchServeStatus(Exchange& exchange, int status, std::string_view text);

/// A version of a model by the words of a path: "2", "2.0", or as it was registered; "": the default one.
Answer<ModelHandle> findByText(const ModelRepository& models, std::string_view name, std::string_view version);

// The protocols. Each answers the request, or gives false when the path is none of its own.
bool torchServeInference(const ServingContext& service, const ExchangePtr& exchange);
bool torchServeManagement(const ServingContext& service, const ExchangePtr& exchange);
bool tensorFlowRest(const ServingContext& service, const ExchangePtr& exchange);
bool openInferenceRest(const ServingContext& service, const ExchangePtr& exchange);
/// The page, metrics, OpenAPI and what the window asks for.
bool latheRest(const ServingContext& service, const ExchangePtr& exchange);

/// Text of /metrics.
[[nodiscard]] std::string prometheusText(const ServingContext& service);
/// OpenAPI of every path, or of the predictions of one model.
[[nodiscard]] std::string openApi(const ServingContext& service, const ModelHandle& model);

}  // namespace lathe::serving

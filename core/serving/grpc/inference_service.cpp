// SPDX-License-Identifier: GPL-3.0-or-later
// Open Inference's GRPCInferenceService.
#include <fmt/format.h>
#include <open_inference.grpc.pb.h>

#include "core/base/machine.h"
#include "core/serving/grpc/grpc_tools.h"
#include "core/serving/grpc/tensor_messages.h"
#include "core/serving/rest/open_inference_rest.h"

namespace lathe::serving {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;
using TensorMetadata = inference::ModelMetadataResponse::TensorMetadata;

void fillFact(const TensorFact& fact, TensorMetadata& message) {
  message.set_name(fact.name);
  message.set_datatype(fact.text ? "BYTES" : "FP32");
  for (const auto size : fact.shape) message.add_shape(size);
}

class InferenceService final : public inference::GRPCInferenceService::CallbackService {
 public:
  explicit InferenceService(const ServingContext& service) : m_service(service) {}

  Reactor* ServerLive(Context* context, const inference::ServerLiveRequest*,
                      inference::ServerLiveResponse* response) override {
    response->set_live(true);
    return answered(context);
  }
  Reactor* ServerReady(Context* context, const inference::ServerReadyRequest*,
                       inference::ServerReadyResponse* response) override {
    response->set_ready(true);
    return answered(context);
  }
  Reactor* ModelReady(Context* context, const inference::ModelReadyRequest* request,
                      inference::ModelReadyResponse* response) override {
    response->set_ready(findForOpenInference(m_service.models, request->name(), request->version()).has_value());
    return answered(context);
  }
  Reactor* ServerMetadata(Context* context, const inference::ServerMetadataRequest*,
                          inference::ServerMetadataResponse* response) override {
    response->set_name("lathe");
    response->set_version(latheVersion());
    for (const char* extension : {"model_repository", "parameters"}) response->add_extensions(extension);
    return answered(context);
  }
  Reactor* ModelMetadata(Context* context, const inference::ModelMetadataRequest* request,
                         inference::ModelMetadataResponse* response) override {
    const auto model = findForOpenInference(m_service.models, request->name(), request->version());
    if (!model) return finished(context, statusOf(model.error()));
    response->set_name((*model)->facts().name);
    for (const auto& version : m_service.models.versions((*model)->facts().name))
      response->add_versions(std::to_string(version->facts().version));
    response->set_platform(openPlatform);
    for (const auto& fact : openInputs(**model)) fillFact(fact, *response->add_inputs());
    fillFact(outputTensorFact(**model), *response->add_outputs());
    return answered(context);
  }

  Reactor* ModelInfer(Context* context, const inference::ModelInferRequest* request,
                      inference::ModelInferResponse* response) override {
    if (const auto fault = refusedCall(m_service, *context, false)) return finished(context, statusOf(*fault));
    const auto found = findForOpenInference(m_service.models, request->model_name(), request->model_version());
    if (!found) return finished(context, statusOf(found.error()));
    auto* reactor = context->DefaultReactor();
    const auto& model = *found;
    const auto posted = model->post([model, request](const InputLayout&) { return rowsOfInfer(*model, *request); },
                                    [model, reactor, request, response](const Answer<Outputs>& outputs) {
                                      if (!outputs) {
                                        reactor->Finish(statusOf(outputs.error()));
                                        return;
                                      }
                                      fillResponse(*model, *request, *outputs, *response);
                                      reactor->Finish(grpc::Status::OK);
                                    });
    if (!posted) reactor->Finish(statusOf(posted.error()));
    return reactor;
  }

  Reactor* RepositoryIndex(Context* context, const inference::RepositoryIndexRequest* request,
                           inference::RepositoryIndexResponse* response) override {
    for (const auto& entry : repositoryIndex(m_service, request->ready())) {
      auto& model = *response->add_models();
      model.set_name(entry.name);
      model.set_version(entry.version);
      model.set_state(entry.state);
      model.set_reason(entry.reason);
    }
    return answered(context);
  }
  Reactor* RepositoryModelLoad(Context* context, const inference::RepositoryModelLoadRequest* request,
                               inference::RepositoryModelLoadResponse*) override {
    return change(context, [this, request] { return loadNamed(m_service, request->model_name()); });
  }
  Reactor* RepositoryModelUnload(Context* context, const inference::RepositoryModelUnloadRequest* request,
                                 inference::RepositoryModelUnloadResponse*) override {
    return change(context, [this, request] { return unloadNamed(m_service, request->model_name()); });
  }

 private:
  Reactor* answered(Context* context) {
    const auto fault = refusedCall(m_service, *context, false);
    return finished(context, fault ? statusOf(*fault) : grpc::Status::OK);
  }

  Reactor* change(Context* context, std::function<Answer<void>()> work) {
    if (const auto fault = refusedCall(m_service, *context, true)) return finished(context, statusOf(*fault));
    auto* reactor = context->DefaultReactor();
    m_service.elsewhere([reactor, work = std::move(work)] {
      const auto done = work();
      reactor->Finish(done ? grpc::Status::OK : statusOf(done.error()));
    });
    return reactor;
  }

  /// Raw contents answer raw contents, lists answer lists.
  static void fillResponse(const ServedModel& model, const inference::ModelInferRequest& request,
                           const Outputs& outputs, inference::ModelInferResponse& response) {
    response.set_model_name(model.facts().name);
    response.set_model_version(std::to_string(model.facts().version));
    response.set_id(request.id());
    auto& output = *response.add_outputs();
    output.set_name(outputTensorName);
    output.set_datatype("FP32");
    output.add_shape(static_cast<std::int64_t>(outputs.rows));
    for (const auto size : model.outputShape()) output.add_shape(size);
    if (request.raw_input_contents_size() > 0)
      response.add_raw_output_contents(reinterpret_cast<const char*>(outputs.values.data()),
                                       outputs.values.size_bytes());
    else
      output.mutable_contents()->mutable_fp32_contents()->Add(outputs.values.begin(), outputs.values.end());
  }

  const ServingContext& m_service;
};

}  // namespace

std::unique_ptr<grpc::Service> makeInferenceService(const ServingContext& service) {
  return std::make_unique<InferenceService>(service);
}

}  // namespace lathe::serving

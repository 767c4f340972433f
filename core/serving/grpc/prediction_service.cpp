// SPDX-License-Identifier: GPL-3.0-or-later
// TensorFlow Serving's PredictionService.
#include <atomic>
#include <fmt/format.h>
#include <prediction_service.grpc.pb.h>

#include "core/serving/grpc/grpc_tools.h"
#include "core/serving/grpc/tensor_messages.h"
#include "core/serving/rest/tensorflow_rest.h"

namespace lathe::serving {
namespace {

namespace tfs = tensorflow::serving;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

Answer<ModelHandle> modelFor(const ServingContext& service, const tfs::ModelSpec& spec) {
  if (spec.name().empty()) return refuse(FaultKind::BadInput, "ModelSpec has no name specified.");
  VersionChoice version;
  if (spec.has_version()) version.number = spec.version().value();
  version.label = spec.version_label();
  return findForTensorFlow(service.models, spec.name(), version);
}

void fillSpec(const ServedModel& model, const std::string& signature, tfs::ModelSpec& spec) {
  spec.set_name(model.facts().name);
  spec.mutable_version()->set_value(model.facts().version);
  spec.set_signature_name(signature);
}

void fillClasses(const ServedModel& model, const Outputs& outputs, tfs::ClassificationResult& result) {
  const auto& classes = model.schema().target.classes;
  for (std::size_t row = 0; row < outputs.rows; ++row) {
    auto& classifications = *result.add_classifications();
    for (std::size_t c = 0; c < outputs.columns; ++c) {
      auto& each = *classifications.add_classes();
      each.set_label(c < classes.size() ? classes[c] : std::to_string(c));
      each.set_score(outputs.values[row * outputs.columns + c]);
    }
  }
}

void fillValues(const Outputs& outputs, tfs::RegressionResult& result) {
  for (std::size_t row = 0; row < outputs.rows; ++row)
    result.add_regressions()->set_value(outputs.values[row * outputs.columns]);
}

/// A call of several tasks over the same examples, answered when the last of them is.
struct MultiCall {
  Reactor* reactor;
  std::atomic<int> left{0};
  std::mutex mutex;
  std::optional<Fault> fault;
  void done(const std::optional<Fault>& why) {
    if (why) {
      const std::lock_guard lock(mutex);
      if (!fault) fault = why;
    }
    if (--left == 0) reactor->Finish(fault ? statusOf(*fault) : grpc::Status::OK);
  }
};

class PredictionService final : public tfs::PredictionService::CallbackService {
 public:
  explicit PredictionService(const ServingContext& service) : m_service(service) {}

  Reactor* Predict(Context* context, const tfs::PredictRequest* request, tfs::PredictResponse* response) override {
    return call(
        context, request->model_spec(), [request](const ServedModel& model) { return rowsOfPredict(model, *request); },
        [request, response](const ServedModel& model, const Outputs& outputs) {
          const auto& signature = request->model_spec().signature_name();
          fillSpec(model, signature.empty() ? defaultSignatureName : signature, *response->mutable_model_spec());
          fillTensor(model, outputs, (*response->mutable_outputs())[outputTensorName]);
        });
  }

  Reactor* Classify(Context* context, const tfs::ClassificationRequest* request,
                    tfs::ClassificationResponse* response) override {
    return call(context, request->model_spec(), reading(request->model_spec(), request->input(), true),
                [request, response](const ServedModel& model, const Outputs& outputs) {
                  fillSpec(model, request->model_spec().signature_name(), *response->mutable_model_spec());
                  fillClasses(model, outputs, *response->mutable_result());
                });
  }

  Reactor* Regress(Context* context, const tfs::RegressionRequest* request,
                   tfs::RegressionResponse* response) override {
    return call(context, request->model_spec(), reading(request->model_spec(), request->input(), false),
                [request, response](const ServedModel& model, const Outputs& outputs) {
                  fillSpec(model, request->model_spec().signature_name(), *response->mutable_model_spec());
                  fillValues(outputs, *response->mutable_result());
                });
  }

  Reactor* MultiInference(Context* context, const tfs::MultiInferenceRequest* request,
                          tfs::MultiInferenceResponse* response) override {
    if (const auto fault = refusedCall(m_service, *context, false)) return finished(context, statusOf(*fault));
    if (request->tasks().empty())
      return finished(context,
                      {grpc::StatusCode::INVALID_ARGUMENT, "Inference request must contain at least one task."});
    const auto multi = std::make_shared<MultiCall>();  // of all its tasks
    multi->reactor = context->DefaultReactor();
    multi->left = request->tasks_size();
    auto* reactor = multi->reactor;
    // Results keep the order of the tasks, whichever is done first.
    for (int i = 0; i < request->tasks_size(); ++i) response->add_results();
    for (int i = 0; i < request->tasks_size(); ++i)
      startTask(multi, request->tasks(i), request->input(), *response->mutable_results(i));
    return reactor;
  }

  Reactor* GetModelMetadata(Context* context, const tfs::GetModelMetadataRequest* request,
                            tfs::GetModelMetadataResponse* response) override {
    if (const auto fault = refusedCall(m_service, *context, false)) return finished(context, statusOf(*fault));
    if (request->metadata_field().empty())
      return finished(context, {grpc::StatusCode::INVALID_ARGUMENT,
                                "GetModelMetadataRequest must specify at least one metadata_field"});
    for (const auto& field : request->metadata_field())
      if (field != "signature_def")
        return finished(context,
                        {grpc::StatusCode::INVALID_ARGUMENT, fmt::format("Metadata field {} is not supported", field)});
    const auto model = modelFor(m_service, request->model_spec());
    if (!model) return finished(context, statusOf(model.error()));
    fillSpec(**model, "", *response->mutable_model_spec());
    tfs::SignatureDefMap map;
    for (const auto& signature : signaturesOf(**model))
      fillSignature(signature, (*map.mutable_signature_def())[signature.name]);
    auto& any = (*response->mutable_metadata())["signature_def"];
    any.set_type_url("type.googleapis.com/tensorflow.serving.SignatureDefMap");
    any.set_value(map.SerializeAsString());
    return finished(context, grpc::Status::OK);
  }

 private:
  using Read = std::function<Answer<InputRows>(const ServedModel&)>;
  using Fill = std::function<void(const ServedModel&, const Outputs&)>;

  static Read reading(const tfs::ModelSpec& spec, const tfs::Input& input, bool classify) {
    return [&spec, &input, classify](const ServedModel& model) -> Answer<InputRows> {
      SERVING_TRY(checkMethod(model, spec.signature_name(), classify));
      return rowsOfExamples(model, input);
    };
  }

  /// Request and response live until the reactor is finished.
  Reactor* call(Context* context, const tfs::ModelSpec& spec, Read read, Fill fill) {
    if (const auto fault = refusedCall(m_service, *context, false)) return finished(context, statusOf(*fault));
    auto found = modelFor(m_service, spec);
    if (!found) return finished(context, statusOf(found.error()));
    auto* reactor = context->DefaultReactor();
    const auto& model = *found;
    const auto posted = model->post([model, read = std::move(read)](const InputLayout&) { return read(*model); },
                                    [model, reactor, fill = std::move(fill)](const Answer<Outputs>& outputs) {
                                      if (!outputs) {
                                        reactor->Finish(statusOf(outputs.error()));
                                        return;
                                      }
                                      fill(*model, *outputs);
                                      reactor->Finish(grpc::Status::OK);
                                    });
    if (!posted) reactor->Finish(statusOf(posted.error()));
    return reactor;
  }

  void startTask(const std::shared_ptr<MultiCall>& multi, const tfs::InferenceTask& task, const tfs::Input& input,
                 tfs::InferenceResult& result) {
    const bool classify = task.method_name() == classifyMethod;
    if (!classify && task.method_name() != regressMethod) {
      multi->done(
          Fault{FaultKind::Unsupported, fmt::format("Unsupported signature method_name: {}", task.method_name())});
      return;
    }
    const auto found = modelFor(m_service, task.model_spec());
    if (!found) {
      multi->done(found.error());
      return;
    }
    const auto& model = *found;
    const auto posted = model->post(
        [model, read = reading(task.model_spec(), input, classify)](const InputLayout&) { return read(*model); },
        [model, multi, classify, &task, &result](const Answer<Outputs>& outputs) {
          if (outputs) {
            fillSpec(*model, task.model_spec().signature_name(), *result.mutable_model_spec());
            if (classify)
              fillClasses(*model, *outputs, *result.mutable_classification_result());
            else
              fillValues(*outputs, *result.mutable_regression_result());
          }
          multi->done(outputs ? std::nullopt : std::optional(outputs.error()));
        });
    if (!posted) multi->done(posted.error());
  }

  const ServingContext& m_service;
};

}  // namespace

std::unique_ptr<grpc::Service> makePredictionService(const ServingContext& service) {
  return std::make_unique<PredictionService>(service);
}

}  // namespace lathe::serving

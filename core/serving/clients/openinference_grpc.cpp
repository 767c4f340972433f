// SPDX-License-Identifier: GPL-3.0-or-later
#include <open_inference.grpc.pb.h>

#include "core/serving/clients/grpc_channel.h"
#include "core/serving/clients/little_endian.h"
#include "core/serving/clients/tensor_json.h"

namespace lathe::serving {
namespace {

template <class List>
std::vector<TensorFacts> factsFrom(const List& list) {
  std::vector<TensorFacts> all;
  for (const auto& entry : list)
    all.push_back(
        {entry.name(), tensorType(entry.datatype()), entry.datatype(), {entry.shape().begin(), entry.shape().end()}});
  return all;
}

/// A tensor whose values come in its message instead of beside it.
bool takeContents(const inference::InferTensorContents& contents, NamedValues& values) {
  const auto numbers = [&](const auto& list) {
    values.values = std::vector<float>(list.begin(), list.end());
    return true;
  };
  if (contents.fp32_contents_size() > 0) return numbers(contents.fp32_contents());
  if (contents.fp64_contents_size() > 0) return numbers(contents.fp64_contents());
  if (contents.int64_contents_size() > 0) return numbers(contents.int64_contents());
  if (contents.int_contents_size() > 0) return numbers(contents.int_contents());
  if (contents.bytes_contents_size() == 0) return false;
  values.values = std::vector<std::string>(contents.bytes_contents().begin(), contents.bytes_contents().end());
  return true;
}

class OpenInferenceGrpc final : public TensorService {
 public:
  explicit OpenInferenceGrpc(const ServiceSettings& settings)
      : m_channel(settings), m_stub(inference::GRPCInferenceService::NewStub(m_channel.channel())) {}

  Result<std::string> notReady(const ModelAddress& model) override {
    inference::ModelReadyRequest request;
    inference::ModelReadyResponse response;
    request.set_name(model.model);
    request.set_version(model.version);
    grpc::ClientContext context;
    m_channel.prepare(context);
    LATHE_TRY(m_channel.checked(m_stub->ModelReady(&context, request, &response)));
    return response.ready() ? std::string() : std::string("not ready");
  }

  Result<Signature> signature(const ModelAddress& model) override {
    inference::ModelMetadataRequest request;
    inference::ModelMetadataResponse response;
    request.set_name(model.model);
    request.set_version(model.version);
    grpc::ClientContext context;
    m_channel.prepare(context);
    LATHE_TRY(m_channel.checked(m_stub->ModelMetadata(&context, request, &response)));
    return Signature{factsFrom(response.inputs()), factsFrom(response.outputs()), {}};
  }

  Result<std::vector<NamedValues>> predict(const ModelAddress& model, const std::vector<NamedValues>& inputs,
                                           std::string* version) override {
    inference::ModelInferRequest request;
    inference::ModelInferResponse response;
    request.set_model_name(model.model);
    request.set_model_version(model.version);
    for (const auto& input : inputs) {
      auto& tensor = *request.add_inputs();
      tensor.set_name(input.name);
      tensor.set_datatype(input.typeName.empty() ? "FP32" : input.typeName);
      for (const auto size : input.shape) tensor.add_shape(size);
      appendBytes(*request.add_raw_input_contents(), input);
    }
    grpc::ClientContext context;
    m_channel.prepare(context);
    LATHE_TRY(m_channel.checked(m_stub->ModelInfer(&context, request, &response)));
    if (version != nullptr) *version = response.model_version();
    std::vector<NamedValues> all;
    for (int i = 0; i < response.outputs_size(); ++i) {
      const auto& output = response.outputs(i);
      NamedValues values{output.name(),
                         {output.shape().begin(), output.shape().end()},
                         {},
                         tensorType(output.datatype()),
                         output.datatype()};
      if (i < response.raw_output_contents_size())
        LATHE_TRY(readBytes(response.raw_output_contents(i), values));
      else if (!takeContents(output.contents(), values))
        return badAnswer(m_channel.address(), "the output " + output.name() + " holds nothing that is read");
      LATHE_TRY(checkShape(values));
      all.push_back(std::move(values));
    }
    return all;
  }

 private:
  GrpcChannel m_channel;
  std::unique_ptr<inference::GRPCInferenceService::Stub> m_stub;
};

}  // namespace

Result<std::unique_ptr<TensorService>> openInferenceGrpc(const ServiceSettings& settings) {
  return std::unique_ptr<TensorService>(std::make_unique<OpenInferenceGrpc>(settings));
}

}  // namespace lathe::serving

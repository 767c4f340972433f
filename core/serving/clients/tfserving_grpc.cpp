// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <model_service.grpc.pb.h>
#include <prediction_service.grpc.pb.h>

#include "core/serving/clients/grpc_channel.h"
#include "core/serving/clients/tensor_json.h"

namespace lathe::serving {
namespace {

namespace tf = tensorflow;
namespace tfs = tensorflow::serving;

const char* stateName(tfs::ModelVersionStatus::State state) {
  switch (state) {
    case tfs::ModelVersionStatus::START:
      return "START";
    case tfs::ModelVersionStatus::LOADING:
      return "LOADING";
    case tfs::ModelVersionStatus::AVAILABLE:
      return "AVAILABLE";
    case tfs::ModelVersionStatus::UNLOADING:
      return "UNLOADING";
    case tfs::ModelVersionStatus::END:
      return "END";
    default:
      return "UNKNOWN";
  }
}

const char* typeName(tf::DataType type) {
  switch (type) {
    case tf::DT_FLOAT:
      return "DT_FLOAT";
    case tf::DT_DOUBLE:
      return "DT_DOUBLE";
    case tf::DT_INT32:
      return "DT_INT32";
    case tf::DT_INT64:
      return "DT_INT64";
    case tf::DT_STRING:
      return "DT_STRING";
    case tf::DT_BOOL:
      return "DT_BOOL";
    default:
      return "";
  }
}

void fillSpec(const ModelAddress& model, tfs::ModelSpec& spec) {
  spec.set_name(model.model);
  spec.set_signature_name(model.signature);
  if (model.version.empty()) return;
  if (model.version.find_first_not_of("0123456789") == std::string::npos)
    spec.mutable_version()->set_value(std::strtoll(model.version.c_str(), nullptr, 10));
  else
    spec.set_version_label(model.version);
}

template <class Map>
std::vector<TensorFacts> factsFrom(const Map& map) {
  std::vector<TensorFacts> all;
  for (const auto& [name, info] : map) {
    TensorFacts facts{name, TensorType::Float, typeName(info.dtype()), {}};
    facts.type = tensorType(facts.typeName);
    for (const auto& dim : info.tensor_shape().dim()) facts.shape.push_back(dim.size());
    all.push_back(std::move(facts));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

void fillTensor(const NamedValues& values, tf::TensorProto& tensor) {
  for (const auto size : values.shape) tensor.mutable_tensor_shape()->add_dim()->set_size(size);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&values.values)) {
    tensor.set_dtype(tf::DT_STRING);
    for (const auto& text : *texts) tensor.add_string_val(text);
    return;
  }
  const auto& numbers = std::get<std::vector<float>>(values.values);
  if (values.typeName == "DT_INT64") {
    tensor.set_dtype(tf::DT_INT64);
    for (const float number : numbers) tensor.add_int64_val(static_cast<std::int64_t>(number));
    return;
  }
  tensor.set_dtype(tf::DT_FLOAT);
  tensor.mutable_tensor_content()->assign(reinterpret_cast<const char*>(numbers.data()),
                                          numbers.size() * sizeof(float));
}

// A list shorter than the shape repeats its last value.
template <class List>
std::vector<float> repeated(const List& list, std::size_t count) {
  std::vector<float> numbers(count, 0.0F);
  for (std::size_t i = 0; i < count && list.size() > 0; ++i)
    numbers[i] = static_cast<float>(
        list.Get(static_cast<int>(std::min<std::size_t>(i, static_cast<std::size_t>(list.size()) - 1))));
  return numbers;
}

Result<NamedValues> valuesFrom(const std::string& name, const tf::TensorProto& tensor) {
  constexpr std::int64_t most = std::int64_t{1} << 28;
  NamedValues values{name, {}, {}, TensorType::Float, typeName(tensor.dtype())};
  std::int64_t count = 1;
  for (const auto& dim : tensor.tensor_shape().dim()) {
    if (dim.size() < 0 || dim.size() > most) return badAnswer("", "a tensor has an impossible shape");
    values.shape.push_back(dim.size());
    count *= dim.size();
    if (count > most) return badAnswer("", "a tensor is too large");
  }
  const auto size = static_cast<std::size_t>(count);
  const auto& content = tensor.tensor_content();
  switch (tensor.dtype()) {
    case tf::DT_FLOAT: {
      std::vector<float> numbers(size);
      if (content.empty())
        numbers = repeated(tensor.float_val(), size);
      else if (content.size() == size * sizeof(float))
        std::memcpy(numbers.data(), content.data(), content.size());
      else
        return badAnswer("", "a tensor's bytes do not fit its shape");
      values.values = std::move(numbers);
      return values;
    }
    case tf::DT_DOUBLE:
      values.values = repeated(tensor.double_val(), size);
      return values;
    case tf::DT_INT32:
      values.values = repeated(tensor.int_val(), size);
      return values;
    case tf::DT_INT64:
      values.values = repeated(tensor.int64_val(), size);
      return values;
    case tf::DT_STRING:
      values.type = TensorType::Text;
      values.values = std::vector<std::string>(tensor.string_val().begin(), tensor.string_val().end());
      return values;
    default:
      return badAnswer("", "the output " + name + " is of a type that is not read");
  }
}

class TfServingGrpc final : public TensorService {
 public:
  explicit TfServingGrpc(const ServiceSettings& settings)
      : m_channel(settings),
        m_prediction(tfs::PredictionService::NewStub(m_channel.channel())),
        m_models(tfs::ModelService::NewStub(m_channel.channel())) {}

  Result<std::string> notReady(const ModelAddress& model) override {
    tfs::GetModelStatusRequest request;
    tfs::GetModelStatusResponse response;
    fillSpec(model, *request.mutable_model_spec());
    request.mutable_model_spec()->clear_signature_name();
    grpc::ClientContext context;
    m_channel.prepare(context);
    LATHE_TRY(m_channel.checked(m_models->GetModelStatus(&context, request, &response)));
    std::string told = "UNKNOWN";
    for (const auto& version : response.model_version_status()) {
      if (version.state() == tfs::ModelVersionStatus::AVAILABLE) return std::string();
      told = stateName(version.state());
      if (!version.status().error_message().empty()) told += " " + version.status().error_message();
    }
    return told;
  }

  Result<Signature> signature(const ModelAddress& model) override {
    tfs::GetModelMetadataRequest request;
    tfs::GetModelMetadataResponse response;
    fillSpec(model, *request.mutable_model_spec());
    request.mutable_model_spec()->clear_signature_name();
    request.add_metadata_field("signature_def");
    grpc::ClientContext context;
    m_channel.prepare(context);
    LATHE_TRY(m_channel.checked(m_prediction->GetModelMetadata(&context, request, &response)));
    tfs::SignatureDefMap map;
    const auto found = response.metadata().find("signature_def");
    if (found == response.metadata().end() || !map.ParseFromString(found->second.value()))
      return badAnswer(m_channel.address(), "it holds no signatures");
    const auto wanted = model.signature.empty() ? std::string("serving_default") : model.signature;
    const auto signature = map.signature_def().find(wanted);
    if (signature == map.signature_def().end()) {
      std::vector<std::string> known;
      for (const auto& [name, each] : map.signature_def()) known.push_back(name);
      return fail(
          "deploy.no_signature", LATHE_TEXT("errors", "The model {model} has no signature {signature}."),
          LATHE_TEXT("errors", "Choose one of: {known}."),
          {{"model", model.model}, {"signature", wanted}, {"known", fmt::format("{}", fmt::join(known, ", "))}});
    }
    return Signature{factsFrom(signature->second.inputs()), factsFrom(signature->second.outputs()),
                     signature->second.method_name()};
  }

  Result<std::vector<NamedValues>> predict(const ModelAddress& model, const std::vector<NamedValues>& inputs,
                                           std::string* version) override {
    tfs::PredictRequest request;
    tfs::PredictResponse response;
    fillSpec(model, *request.mutable_model_spec());
    for (const auto& input : inputs) fillTensor(input, (*request.mutable_inputs())[input.name]);
    grpc::ClientContext context;
    m_channel.prepare(context);
    LATHE_TRY(m_channel.checked(m_prediction->Predict(&context, request, &response)));
    if (version != nullptr)
      *version =
          response.model_spec().has_version() ? std::to_string(response.model_spec().version().value()) : model.version;
    std::vector<NamedValues> all;
    for (const auto& [name, tensor] : response.outputs()) {
      LATHE_ASSIGN(values, valuesFrom(name, tensor));
      LATHE_TRY(checkShape(values));
      all.push_back(std::move(values));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return all;
  }

 private:
  GrpcChannel m_channel;
  std::unique_ptr<tfs::PredictionService::Stub> m_prediction;
  std::unique_ptr<tfs::ModelService::Stub> m_models;
};

}  // namespace

Result<std::unique_ptr<TensorService>> tfServingGrpc(const ServiceSettings& settings) {
  return std::unique_ptr<TensorService>(std::make_unique<TfServingGrpc>(settings));
}

Result<void> reloadTfServing(const ServiceSettings& settings, const std::vector<ConfiguredModel>& models) {
  const GrpcChannel channel(settings);
  const auto stub = tfs::ModelService::NewStub(channel.channel());
  tfs::ReloadConfigRequest request;
  tfs::ReloadConfigResponse response;
  for (const auto& model : models) {
    auto& config = *request.mutable_config()->mutable_model_config_list()->add_config();
    config.set_name(model.name);
    config.set_base_path(model.folder);
    config.set_model_platform("tensorflow");
    auto& policy = *config.mutable_model_version_policy();
    if (model.versions.empty()) policy.mutable_latest()->set_num_versions(1);
    for (const auto version : model.versions) policy.mutable_specific()->add_versions(version);
    for (const auto& [label, version] : model.labels) (*config.mutable_version_labels())[label] = version;
  }
  grpc::ClientContext context;
  channel.prepare(context);
  LATHE_TRY(channel.checked(stub->HandleReloadConfigRequest(&context, request, &response)));
  if (response.status().error_code() == 0) return {};
  return fail("deploy.refused", LATHE_TEXT("errors", "{server} refused with status {status}: {said}."),
              LATHE_TEXT("errors", "The server's log says more."),
              {{"server", channel.address()},
               {"status", std::to_string(response.status().error_code())},
               {"said", response.status().error_message()}});
}

}  // namespace lathe::serving

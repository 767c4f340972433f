// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <fmt/format.h>
#include <iterator>

#include "core/base/machine.h"
#include "core/serving/json.h"
#include "core/serving/rest/exchange.h"

namespace lathe::serving {
namespace {

struct Call {
  const char* path;
  const char* method;
  const char* summary;
  bool change = false;
  bool body = false;
};

constexpr std::array<Call, 27> calls{{
    {"/ping", "get", "Whether the server answers"},
    {"/predictions/{model_name}", "post", "Predictions of the default version", false, true},
    {"/predictions/{model_name}/{model_version}", "post", "Predictions of a version", false, true},
    {"/models", "get", "Models (management port)"},
    {"/models", "post", "Registers a model of the store (management port)", true},
    {"/models/{model_name}", "get", "Describes a model (management port)"},
    {"/models/{model_name}", "put", "Scales the workers of a model (management port)", true},
    {"/models/{model_name}", "delete", "Unregisters a model (management port)", true},
    {"/models/{model_name}/{model_version}/set-default", "put", "Makes a version the default one (management port)",
     true},
    {"/v1/models/{model_name}", "get", "State of the versions (TensorFlow Serving)"},
    {"/v1/models/{model_name}/metadata", "get", "Signatures (TensorFlow Serving)"},
    {"/v1/models/{model_name}:predict", "post", "Predictions by rows or columns (TensorFlow Serving)", false, true},
    {"/v1/models/{model_name}:classify", "post", "Classes and scores of examples (TensorFlow Serving)", false, true},
    {"/v1/models/{model_name}:regress", "post", "Values of examples (TensorFlow Serving)", false, true},
    {"/v2", "get", "The server (Open Inference)"},
    {"/v2/health/live", "get", "Whether the server lives (Open Inference)"},
    {"/v2/health/ready", "get", "Whether the server is ready (Open Inference)"},
    {"/v2/models/{model_name}", "get", "Inputs and outputs (Open Inference)"},
    {"/v2/models/{model_name}/ready", "get", "Whether a model is ready (Open Inference)"},
    {"/v2/models/{model_name}/infer", "post", "Predictions (Open Inference, with binary tensors)", false, true},
    {"/v2/repository/index", "post", "Models that are and could be served (Open Inference)"},
    {"/v2/repository/models/{model_name}/load", "post", "Loads a model of the store (Open Inference)", true},
    {"/v2/repository/models/{model_name}/unload", "post", "Ends a model (Open Inference)", true},
    {"/metrics", "get", "Counters in Prometheus' text format"},
    {"/lathe/models", "get", "Models with their columns and counters"},
    {"/lathe/models/{model_name}/inputs", "get", "Summary of the inputs that a model was asked for"},
    {"/openapi.json", "get", "This description"},
}};

const char* schemaType(const spec::FeatureSchema& feature) {
  switch (feature.kind) {
    case spec::ColumnKind::Integer:
    case spec::ColumnKind::Real:
      return "number";
    default:
      return "string";
  }
}

/// JSON schema of a row.
std::string rowSchema(const ServedModel& model) {
  if (!model.layout().table()) return R"({"type":"array","items":{}})";
  std::string properties, required;
  for (const auto& column : model.layout().columns()) {
    if (!properties.empty()) properties += ',', required += ',';
    appendJsonKey(properties, column.name());
    properties += fmt::format("{{\"type\":\"{}\",\"nullable\":true", schemaType(column.feature()));
    if (column.feature().kind == spec::ColumnKind::DateTime) properties += R"(,"format":"date-time")";
    if (const auto& words = column.feature().vocabulary; !words.empty()) {
      properties += ",\"enum\":[";
      for (const auto& word : words) appendJsonText(properties, word), properties += ',';
      properties += "null]";
    }
    properties += '}';
    appendJsonText(required, column.name());
  }
  return fmt::format(R"({{"type":"object","properties":{{{}}},"required":[{}]}})", properties, required);
}

std::string answerSchema(const ServedModel& model) {
  std::string properties;
  for (const auto& name : model.answerColumns()) {
    if (!properties.empty()) properties += ',';
    appendJsonKey(properties, name);
    const bool text = name == "prediction" && model.classifies();
    properties += text ? R"({"type":"string"})" : R"({"type":"number"})";
  }
  return fmt::format(R"({{"type":"object","properties":{{{}}}}})", properties);
}

void appendCall(std::string& out, const Call& call) {
  fmt::format_to(std::back_inserter(out), R"("{}":{{"summary":"{}")", call.method, call.summary);
  if (call.change) out += R"(,"security":[{"token":[]}])";
  std::string parameters;
  for (const char* name : {"model_name", "model_version"})
    if (std::string_view(call.path).find(fmt::format("{{{}}}", name)) != std::string_view::npos)
      parameters += fmt::format(R"({}{{"name":"{}","in":"path","required":true,"schema":{{"type":"string"}}}})",
                                parameters.empty() ? "" : ",", name);
  if (!parameters.empty()) out += ",\"parameters\":[" + parameters + "]";
  if (call.body) out += R"(,"requestBody":{"required":true,"content":{"application/json":{"schema":{}}}})";
  out += R"(,"responses":{"200":{"description":"OK"}}})";
}

std::string describeAll() {
  std::string out;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const bool same = i > 0 && std::string_view(calls[i].path) == calls[i - 1].path;
    if (!same) {
      if (i > 0) out += "},";
      appendJsonKey(out, calls[i].path);
      out += '{';
    } else {
      out += ',';
    }
    appendCall(out, calls[i]);
  }
  return out + "}";
}

std::string describeModel(const ServedModel& model) {
  std::string out;
  appendJsonKey(out, "/predictions/" + model.facts().name);
  const auto row = rowSchema(model);
  const auto answer = answerSchema(model);
  out += fmt::format(
      R"({{"post":{{"operationId":"predictions","requestBody":{{"required":true,"content":{{"application/json":{{"schema":{{"oneOf":[{0},{{"type":"array","items":{0}}}]}}}}}}}},)"
      R"("responses":{{"200":{{"description":"OK","content":{{"application/json":{{"schema":{{"oneOf":[{1},{{"type":"array","items":{1}}}]}}}}}}}},)"
      R"("400":{{"description":"A column is missing or wrong"}},"404":{{"description":"No such model"}},"503":{{"description":"Too many requests"}}}}}}}})",
      row, answer);
  return out;
}

}  // namespace

std::string openApi(const ServingContext&, const ModelHandle& model) {
  return fmt::format(
      R"({{"openapi":"3.0.1","info":{{"title":"Lathe","version":"{}"}},"components":{{"securitySchemes":{{"token":{{"type":"http","scheme":"bearer"}}}}}},"paths":{{{}}}}})",
      latheVersion(), model ? describeModel(*model) : describeAll());
}

}  // namespace lathe::serving

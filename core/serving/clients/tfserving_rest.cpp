// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>

#include "core/serving/clients/http_client.h"
#include "core/serving/clients/tensor_json.h"
#include "core/serving/clients/torchserve_client.h"

namespace lathe::serving {
namespace {

using Json = nlohmann::json;

std::vector<TensorFacts> factsFrom(const Json& json) {
  std::vector<TensorFacts> all;
  if (!json.is_object()) return all;
  for (const auto& [name, info] : json.items()) {
    const auto type = textAt(info, "dtype");
    TensorFacts facts{name, tensorType(type), type, {}};
    for (const auto& dim : valueAt(valueAt(info, "tensor_shape"), "dim")) {
      const auto size = textAt(dim, "size");  // an int64 is a text in protobuf's JSON
      facts.shape.push_back(size.empty() ? -1 : std::strtoll(size.c_str(), nullptr, 10));
    }
    all.push_back(std::move(facts));
  }
  return all;
}

class TfServingRest final : public TensorService {
 public:
  explicit TfServingRest(HttpClient client) : m_client(std::move(client)) {}

  Result<std::string> notReady(const ModelAddress& model) override {
    LATHE_ASSIGN(json, got(pathOf(model)));
    std::string told;
    for (const auto& state : valueAt(json, "model_version_status")) {
      if (textAt(state, "state") == "AVAILABLE") return std::string();
      told = textAt(state, "state");
      if (const auto why = textAt(valueAt(state, "status"), "error_message"); !why.empty()) told += " " + why;
    }
    return told.empty() ? std::string("UNKNOWN") : told;
  }

  Result<Signature> signature(const ModelAddress& model) override {
    LATHE_ASSIGN(json, got(pathOf(model) + "/metadata"));
    const Json* at = &json;
    for (const char* name : {"metadata", "signature_def", "signature_def"}) {
      if (!at->is_object() || !at->contains(name)) return badAnswer(m_client.address(), "it holds no signatures");
      at = &(*at)[name];
    }
    const auto wanted = model.signature.empty() ? std::string("serving_default") : model.signature;
    if (!at->is_object() || !at->contains(wanted))
      return fail("deploy.no_signature", LATHE_TEXT("errors", "The model {model} has no signature {signature}."),
                  LATHE_TEXT("errors", "Choose one of: {known}."),
                  {{"model", model.model}, {"signature", wanted}, {"known", names(*at)}});
    const auto& found = (*at)[wanted];
    return Signature{factsFrom(valueAt(found, "inputs")), factsFrom(valueAt(found, "outputs")),
                     textAt(found, "method_name")};
  }

  Result<std::vector<NamedValues>> predict(const ModelAddress& model, const std::vector<NamedValues>& inputs,
                                           std::string* version) override {
    std::string body = "{";
    if (!model.signature.empty()) body += "\"signature_name\":" + Json(model.signature).dump() + ",";
    body += "\"inputs\":{";
    for (std::size_t i = 0; i < inputs.size(); ++i)
      body += (i > 0 ? "," : "") + Json(inputs[i].name).dump() + ":" + nestedJson(inputs[i]);
    body += "}}";
    auto answer = m_client.post(pathOf(model) + ":predict", {std::move(body), "application/json"});
    if (!answer) return passOn(answer);
    if (!answer->ok()) return refusal(m_client.address(), *answer);
    if (version != nullptr) *version = model.version;
    const auto json = lenientJson(answer->body);
    if (!json.is_object() || !json.contains("outputs")) return badAnswer(m_client.address(), "it holds no outputs");
    const auto& outputs = json["outputs"];
    std::vector<NamedValues> all;
    if (!outputs.is_object()) {
      // A single output comes without its name.
      LATHE_ASSIGN(values, valuesFrom("output_tensor", outputs));
      all.push_back(std::move(values));
      return all;
    }
    for (const auto& [name, value] : outputs.items()) {
      LATHE_ASSIGN(values, valuesFrom(name, value));
      all.push_back(std::move(values));
    }
    return all;
  }

 private:
  static std::string names(const Json& object) {
    std::string text;
    if (object.is_object())
      for (const auto& [name, value] : object.items()) text += (text.empty() ? "" : ", ") + name;
    return text;
  }
  static std::string pathOf(const ModelAddress& model) {
    auto path = "/v1/models/" + percentEncoded(model.model);
    if (model.version.empty()) return path;
    const bool number = model.version.find_first_not_of("0123456789") == std::string::npos;
    return path + (number ? "/versions/" : "/labels/") + percentEncoded(model.version);
  }
  Result<Json> got(const std::string& path) {
    auto answer = m_client.get(path);
    if (!answer) return passOn(answer);
    if (!answer->ok()) return refusal(m_client.address(), *answer);
    auto json = lenientJson(answer->body);
    if (json.is_discarded()) return badAnswer(m_client.address(), "it is no JSON");
    return json;
  }

  HttpClient m_client;
};

}  // namespace

Result<std::unique_ptr<TensorService>> tfServingRest(const ServiceSettings& settings) {
  LATHE_ASSIGN(client, HttpClient::to(settings.address, settings.token, settings.timeoutSeconds));
  return std::unique_ptr<TensorService>(std::make_unique<TfServingRest>(std::move(client)));
}

}  // namespace lathe::serving

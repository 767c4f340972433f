// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/services/deployment/deploy_steps.h"
#include "core/serving/clients/torchserve_client.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace {

using Json = nlohmann::json;
constexpr int managementPort = 8081;
constexpr int inferencePort = 8080;

tl::unexpected<Error> unreadable(const std::string& server, const char* reason) {
  return fail("deploy.bad_answer", LATHE_TEXT("errors", "{server} gave an answer that cannot be read: {reason}."),
              LATHE_TEXT("errors", "Check that the address is that of the protocol that was chosen."),
              {{"server", server}, {"reason", reason}});
}

class TorchServeAsk final : public ServedAsk {
 public:
  TorchServeAsk(serving::TorchServeClient client, const ServedPlace& place, spec::DataSchema schema)
      : m_client(std::move(client)), m_place(place), m_schema(std::move(schema)) {}
  Result<std::vector<float>> ask(const serving::RequestRows& rows, std::size_t first, std::size_t count) override {
    auto answer = m_client.predict(m_place.name, m_place.version, ownQuestion(rows, first, count));
    if (!answer) return passOn(answer);
    return numbersOf(*answer, m_schema, m_client.inference().address());
  }

 private:
  serving::TorchServeClient m_client;
  const ServedPlace m_place;
  const spec::DataSchema m_schema;
};

class TensorAsk final : public ServedAsk {
 public:
  TensorAsk(std::unique_ptr<serving::TensorService> service, serving::ModelAddress model)
      : m_service(std::move(service)), m_model(std::move(model)) {}
  Result<std::vector<float>> ask(const serving::RequestRows& rows, std::size_t first, std::size_t count) override {
    // Columns with names go to the signature that takes them, raw rows to input_tensor.
    auto model = m_model;
    if (!rows.columns.empty()) model.signature.clear();
    LATHE_ASSIGN(signature, m_service->signature(model));
    std::string note;
    LATHE_ASSIGN(inputs, serving::inputsFor(signature, rows, first, count, note));
    LATHE_ASSIGN(outputs, m_service->predict(model, inputs));
    return outputTensor(std::move(outputs), m_model.model);
  }

 private:
  std::unique_ptr<serving::TensorService> m_service;
  const serving::ModelAddress m_model;
};

}  // namespace

serving::HttpBody ownQuestion(const serving::RequestRows& rows, std::size_t first, std::size_t count) {
  return {serving::instancesJson(rows, first, count), "application/json", {{"X-Lathe-Check", "1"}}};
}

Result<void> checkServed(const ServedPlace& place, const exporting::ExportManifest& manifest, double timeoutSeconds,
                         Deployment& deployment, const JobContext& job) {
  LATHE_ASSIGN(expected, expectedOf(manifest));
  auto server = askServed(place, manifest.schema, timeoutSeconds);
  if (!server) {
    deployment.why = server.error();
    return {};
  }
  return compareAnswers(
      expected, [&](std::size_t first, std::size_t count) { return (*server)->ask(expected.rows, first, count); },
      deployment, job, timedRequestsOfChecks);
}

Result<std::string> inferenceAddress(const std::string& url, const std::string& predictUrl) {
  if (!predictUrl.empty()) return predictUrl;
  LATHE_ASSIGN(management, serving::HttpClient::to(url));
  return besidePort(management.host(), management.port() == managementPort ? inferencePort : management.port() - 1);
}

Result<std::vector<float>> numbersOf(const serving::HttpAnswer& answer, const spec::DataSchema& schema,
                                     const std::string& server) {
  if (!answer.ok()) return serving::refusal(server, answer);
  const auto json = Json::parse(answer.body, nullptr, false);
  if (!json.is_object() || !json.contains("predictions") || !json["predictions"].is_array())
    return unreadable(server, "it holds no predictions");
  const auto names = spec::predictionColumns(schema);
  const auto outputs = spec::outputCount(schema);
  std::vector<float> numbers;
  for (const auto& row : json["predictions"]) {
    if (!row.is_object()) return unreadable(server, "a prediction is no object");
    for (std::size_t i = names.size() - outputs; i < names.size(); ++i) {
      const auto value = row.find(names[i]);
      if (value == row.end() || !(value->is_number() || value->is_null()))
        return unreadable(server, "a prediction lacks a column");
      numbers.push_back(value->is_null() ? std::nanf("") : value->get<float>());
    }
  }
  return numbers;
}

Result<std::vector<float>> outputTensor(std::vector<serving::NamedValues> outputs, const std::string& server) {
  for (auto& output : outputs)
    if (output.name == "output_tensor" || outputs.size() == 1)
      if (auto* numbers = std::get_if<std::vector<float>>(&output.values)) return std::move(*numbers);
  return unreadable(server, "it holds no output_tensor");
}

Result<std::unique_ptr<ServedAsk>> askServed(const ServedPlace& place, const spec::DataSchema& schema,
                                             double timeoutSeconds) {
  if (place.target == DeployTarget::TorchServe || place.target == DeployTarget::Lathe) {
    LATHE_ASSIGN(address, inferenceAddress(place.url, place.predictUrl));
    LATHE_ASSIGN(management, serving::HttpClient::to(place.url, place.token, timeoutSeconds));
    LATHE_ASSIGN(inference, serving::HttpClient::to(address, place.token, timeoutSeconds));
    return std::unique_ptr<ServedAsk>(std::make_unique<TorchServeAsk>(
        serving::TorchServeClient(std::move(management), std::move(inference)), place, schema));
  }
  const serving::ServiceSettings settings{place.url, place.token, timeoutSeconds};
  const bool tf = place.target == DeployTarget::TfServing;
  auto service = tf ? serving::tfServingRest(settings) : serving::openInferenceRest(settings);
  if (!service) return passOn(service);
  return std::unique_ptr<ServedAsk>(std::make_unique<TensorAsk>(
      std::move(*service), serving::ModelAddress{place.name, place.version, tf ? "predict_signature" : ""}));
}

}  // namespace lathe::services

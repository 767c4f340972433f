// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.h"

/// Servers that take and give named tensors: TensorFlow Serving and the Open Inference protocol, over REST and gRPC.
namespace lathe::serving {

enum class TensorType { Float, Double, Integer, Boolean, Text };

/// Shape with -1 for sizes that the request chooses; empty where the server does not say.
struct TensorFacts {
  std::string name;
  TensorType type = TensorType::Float;
  std::string typeName;  ///< as the server spells it: DT_FLOAT, FP32
  std::vector<std::int64_t> shape;
};

struct Signature {
  std::vector<TensorFacts> inputs, outputs;
  std::string method;  ///< tensorflow/serving/predict; empty elsewhere
};

/// Row-major.
struct NamedValues {
  std::string name;
  std::vector<std::int64_t> shape;
  std::variant<std::vector<float>, std::vector<std::string>> values;
  TensorType type = TensorType::Float;  ///< as which it is sent
  std::string typeName = {};            ///< as the server spells it
};

/// Which model of a server, and which of its functions.
struct ModelAddress {
  std::string model;
  std::string version;    ///< a number, or a label where the server has them; empty: the server's choice
  std::string signature;  ///< TensorFlow Serving; empty: serving_default
};

/// One connection; one thread at a time. Errors: "deploy.unreachable", "deploy.refused" with the server's own words,
/// "deploy.bad_answer".
class TensorService {
 public:
  virtual ~TensorService() = default;
  /// "" when the model is ready; else the state the server tells.
  virtual Result<std::string> notReady(const ModelAddress& model) = 0;
  virtual Result<Signature> signature(const ModelAddress& model) = 0;
  /// All outputs. `version`, where given, becomes the version that answered.
  virtual Result<std::vector<NamedValues>> predict(const ModelAddress& model, const std::vector<NamedValues>& inputs,
                                                   std::string* version = nullptr) = 0;
};

struct ServiceSettings {
  std::string address;  ///< HOST:PORT, for REST also a URL
  std::string token;    ///< REST: bearer token; gRPC: the same as metadata "authorization"
  double timeoutSeconds = 60;
};
Result<std::unique_ptr<TensorService>> tfServingRest(const ServiceSettings& settings);
Result<std::unique_ptr<TensorService>> tfServingGrpc(const ServiceSettings& settings);
Result<std::unique_ptr<TensorService>> openInferenceRest(const ServiceSettings& settings);
Result<std::unique_ptr<TensorService>> openInferenceGrpc(const ServiceSettings& settings);

/// A configuration of TensorFlow Serving's models, as its ModelServerConfig has it.
struct ConfiguredModel {
  std::string name, folder;                                  ///< the folder of its versions, absolute
  std::vector<std::int64_t> versions;                        ///< that are served; empty: the newest
  std::vector<std::pair<std::string, std::int64_t>> labels;  ///< canary, stable
};
/// Tells a server to serve these models and no others (ModelService.HandleReloadConfigRequest).
Result<void> reloadTfServing(const ServiceSettings& grpc, const std::vector<ConfiguredModel>& models);
/// The same as the text of a model configuration file.
[[nodiscard]] std::string tfServingConfig(const std::vector<ConfiguredModel>& models);
/// The models of such a file; what Lathe does not write itself is passed over. None where it is no configuration.
[[nodiscard]] std::vector<ConfiguredModel> tfServingModels(const std::string& config);

/// As JSON: nested lists. NaN and infinities as NaN, Infinity, -Infinity.
[[nodiscard]] std::string nestedJson(const NamedValues& values);

}  // namespace lathe::serving

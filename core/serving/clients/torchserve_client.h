// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/serving/clients/http_client.h"

namespace lathe::serving {

/// A version of a model as a TorchServe describes it.
struct TorchServeModel {
  std::string name, version, archive;
  int workersReady = 0;
  int workers = 0;
};

/// TorchServe's management and inference REST, of version 0.12 (and of Lathe's own server, which speaks it). One thread
/// at a time. Refusals are "deploy.refused" with the server's own words.
class TorchServeClient {
 public:
  TorchServeClient(HttpClient management, HttpClient inference)
      : m_management(std::move(management)), m_inference(std::move(inference)) {}

  /// "deploy.unhealthy" when it says something else than Healthy.
  Result<void> ping();
  /// All versions of a model; none when it is not registered.
  Result<std::vector<TorchServeModel>> versions(const std::string& model);
  /// The version that answers when none is asked for; "" when the model is not registered.
  Result<std::string> defaultVersion(const std::string& model);
  /// `url`: the name of an archive in the model store, or where to get it. Waits for its first worker.
  Result<void> registerModel(const std::string& url);
  Result<void> scale(const std::string& model, const std::string& version, int workers);
  Result<void> setDefault(const std::string& model, const std::string& version);
  Result<void> unregister(const std::string& model, const std::string& version);
  /// Any status is an answer. `version` may be empty.
  Result<HttpAnswer> predict(const std::string& model, const std::string& version, const HttpBody& body);

  [[nodiscard]] const HttpClient& inference() const { return m_inference; }
  [[nodiscard]] static std::string predictPath(const std::string& model, const std::string& version);

 private:
  HttpClient m_management, m_inference;
};

/// What a server said instead of doing what it was asked: the text inside its JSON, or the body as it is.
[[nodiscard]] tl::unexpected<Error> refusal(const std::string& server, const HttpAnswer& answer);

}  // namespace lathe::serving

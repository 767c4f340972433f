// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/services/deployment/deploy.h"
#include "core/services/model_service.h"

namespace lathe::services {

/// A model in a server, as the project remembers it. Tokens are not kept.
struct DeployedModel {
  store::RunNumber run = 0;
  DeployTarget target = DeployTarget::TorchServe;
  std::string url, predictUrl;
  std::string name, version;
  std::string endpoint;
  std::string folder;  ///< of the export, relative to the project when inside it
  std::int64_t createdMicros = 0;
  bool operator==(const DeployedModel&) const = default;
};

/// A row tried on a server.
struct TriedRow {
  std::vector<std::pair<std::string, std::string>> answers;   ///< what it said, by name: prediction -> setosa
  std::vector<std::pair<std::string, double>> probabilities;  ///< of classes, in their order; else empty
  double latencyMs = 0;
};

/// The inference server of this program; app/ gives the implementation.
class BuiltInServer {
 public:
  virtual ~BuiltInServer() = default;
  /// Starts it where it does not run and serves an exported file in place of what has the name and version.
  virtual Result<void> serve(const std::filesystem::path& modelFile, const std::string& name, std::int64_t version) = 0;
  virtual void stop() = 0;
  [[nodiscard]] virtual bool running() const = 0;
  /// HOST:PORT of REST that answers as TorchServe does; empty: it does not run.
  [[nodiscard]] virtual std::string address() const = 0;
};

/// Models of a project in servers. Thread-safe; all calls block.
class DeploymentService {
 public:
  virtual ~DeploymentService() = default;
  /// Newest first.
  virtual Result<std::vector<DeployedModel>> deployments(const Project& project) = 0;
  /// Exports the run in the format that the target wants, deploys it and remembers it where it is healthy.
  virtual Result<Deployment> deployRun(Project& project, store::RunNumber run, DeployRequest request,
                                       const JobContext& job = {}) = 0;
  /// The same into the server of this program, which starts where it does not run.
  virtual Result<Deployment> serveRun(Project& project, store::RunNumber run, const JobContext& job = {}) = 0;
  virtual void stopServing() = 0;
  [[nodiscard]] virtual bool serving() const = 0;
  /// Sends the reference rows again.
  virtual Result<Deployment> check(const Project& project, const DeployedModel& model, const JobContext& job = {}) = 0;
  /// Takes it out of the list; the server is left alone.
  virtual Result<void> forget(Project& project, const DeployedModel& model) = 0;
  /// The columns that a row has, in their order; empty: the model takes no rows.
  virtual Result<std::vector<spec::FeatureSchema>> columns(const Project& project, const DeployedModel& model) = 0;
  /// `cells` by column; "" is missing.
  virtual Result<TriedRow> tryRow(const Project& project, const DeployedModel& model,
                                  const std::vector<std::string>& cells) = 0;
};

[[nodiscard]] std::unique_ptr<DeploymentService> makeDeploymentService(std::shared_ptr<ModelService> models,
                                                                       std::shared_ptr<BuiltInServer> server);

}  // namespace lathe::services

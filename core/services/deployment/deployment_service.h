// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/services/deployment/deployment_record.h"
#include "core/services/deployment/drift.h"
#include "core/services/deployment/request_counts.h"
#include "core/services/model_service.h"
#include "core/services/training_service.h"

namespace lathe::services {

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
  /// HOST:PORT where it is told which version answers, and what it wants to hear there; empty: it does not run.
  [[nodiscard]] virtual std::string management() const = 0;
  [[nodiscard]] virtual std::string token() const = 0;
};

/// What is typed or dropped to try a model.
struct RowForm {
  std::vector<spec::FeatureSchema> columns;  ///< in their order; empty: it takes no rows
  spec::Shape image;                         ///< C x H x W; empty: it takes no pictures
};

struct RetrainRequest {
  std::filesystem::path data;
  std::string token;        ///< empty: what was given before in this program, if anything
  double maxLatencyMs = 0;  ///< 0: any
  double watchSeconds = 0;  ///< after a promotion
};
struct Retrained {
  store::RunNumber run = 0;
  Deployment deployment;  ///< healthy: the new version is served; else `why` says why not
};

/// A look at a deployment.
struct Looked {
  DeployedModel model;  ///< as it is remembered now
  Deployment state;
  std::optional<RequestCount> requests;
  bool rolledBack = false;  ///< by this look
};

/// Models of a project in servers. Thread-safe; all calls block.
class DeploymentService {
 public:
  virtual ~DeploymentService() = default;
  /// Newest first.
  virtual Result<std::vector<DeployedModel>> deployments(const Project& project) = 0;
  /// Exports the run in the format that the target wants, deploys it and remembers it where it is healthy; then it is
  /// watched for so many seconds, by look().
  virtual Result<Deployment> deployRun(Project& project, store::RunNumber run, DeployRequest request,
                                       const JobContext& job = {}, double watchSeconds = 0) = 0;
  /// The same into the server of this program, which starts where it does not run.
  virtual Result<Deployment> serveRun(Project& project, store::RunNumber run, const JobContext& job = {},
                                      double watchSeconds = 0) = 0;
  virtual void stopServing() = 0;
  [[nodiscard]] virtual bool serving() const = 0;
  /// Sends the reference rows again and asks for the number of requests. While a model is watched, one that proves to
  /// be broken is rolled back, and the record keeps both answers.
  virtual Result<Looked> look(Project& project, const DeployedModel& model, const JobContext& job = {}) = 0;
  /// Trains the run's spec on new data, compares both models on rows that were held out, and promotes the new one only
  /// where it is no worse. The record keeps how it went, either way.
  virtual Result<Retrained> retrain(const std::shared_ptr<Project>& project, const DeployedModel& model,
                                    const RetrainRequest& request, const JobContext& job = {}) = 0;
  /// What the server saw beside the training rows. "deploy.no_summary" where the server keeps none.
  virtual Result<DriftReport> drift(Project& project, const DeployedModel& model, const JobContext& job = {}) = 0;
  /// Takes it out of the list; the server is left alone.
  virtual Result<void> forget(Project& project, const DeployedModel& model) = 0;
  virtual Result<RowForm> form(const Project& project, const DeployedModel& model) = 0;
  /// `cells` by column; "" is missing.
  virtual Result<TriedRow> tryRow(const Project& project, const DeployedModel& model,
                                  const std::vector<std::string>& cells) = 0;
  /// A file with one picture, brought to the model's size.
  virtual Result<TriedRow> tryImage(const Project& project, const DeployedModel& model,
                                    const std::filesystem::path& file) = 0;
};

/// Without `training` nothing can be retrained.
[[nodiscard]] std::unique_ptr<DeploymentService> makeDeploymentService(
    std::shared_ptr<ModelService> models, std::shared_ptr<BuiltInServer> server,
    std::shared_ptr<TrainingService> training = nullptr);

}  // namespace lathe::services

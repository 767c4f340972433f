// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>

#include "core/engine/predictor.h"
#include "core/services/deployment/deploy.h"
#include "core/serving/clients/http_client.h"
#include "core/serving/clients/request_rows.h"

/// What deployments of every kind have in common. For the files of this folder only.
namespace lathe::services {

/// Reference rows as they are sent, and what is to come back.
struct Expected {
  serving::RequestRows rows;
  engine::Predictions outputs;
  spec::ModelDescription model;  ///< schema and deviations
};
Result<Expected> expectedOf(const exporting::ExportManifest& manifest);

/// Asks for rows, all at once or one by one.
using Ask = std::function<Result<std::vector<float>>(std::size_t first, std::size_t count)>;

/// Single rows whose time is taken: after a deployment, and whenever its health is looked at.
inline constexpr int timedRequests = 50;
inline constexpr int timedRequestsOfChecks = 10;
/// All rows compared, then the latency of single ones; fills maxDiff, rows, latencyMs, healthy, why and other.
Result<void> compareAnswers(const Expected& expected, const Ask& ask, Deployment& deployment, const JobContext& job,
                            int timed = timedRequests);

/// The largest of the folder names that are numbers; 0: none.
[[nodiscard]] std::int64_t newestVersion(const std::filesystem::path& folder);
/// `files` (from, name below the version's folder) as FOLDER/VERSION, which appears at once or not at all.
Result<void> placeVersion(const std::filesystem::path& folder, const std::string& version,
                          const std::vector<std::pair<std::filesystem::path, std::string>>& files);
/// Takes it away again, and the folder where nothing else is in it.
void removeVersion(const std::filesystem::path& folder, const std::string& version);
/// HOST:PORT of an address, or with another port.
[[nodiscard]] std::string besidePort(const std::string& host, int port);

/// What a served model answers to raw rows: a way to ask, for as long as it lives.
class ServedAsk {
 public:
  virtual ~ServedAsk() = default;
  virtual Result<std::vector<float>> ask(const serving::RequestRows& rows, std::size_t first, std::size_t count) = 0;
};
struct ServedPlace {
  DeployTarget target = DeployTarget::TorchServe;
  std::string url, predictUrl, token, name, version;
};
/// Lathe's own questions are answered but counted nowhere: they are no inputs that somebody wants a prediction for.
Result<std::unique_ptr<ServedAsk>> askServed(const ServedPlace& place, const spec::DataSchema& schema,
                                             double timeoutSeconds);
/// Sends the reference rows to what is served there. A server that cannot be asked is told in `deployment.why`.
Result<void> checkServed(const ServedPlace& place, const exporting::ExportManifest& manifest, double timeoutSeconds,
                         Deployment& deployment, const JobContext& job);
/// The JSON body of rows for TorchServe and Lathe, marked as a question of Lathe's own.
[[nodiscard]] serving::HttpBody ownQuestion(const serving::RequestRows& rows, std::size_t first, std::size_t count);
/// Where TorchServe's inference lies: beside the management where nobody says otherwise.
Result<std::string> inferenceAddress(const std::string& url, const std::string& predictUrl);
/// The numbers of an answer {"predictions": [{column: value}]}, in the order of the model's outputs.
Result<std::vector<float>> numbersOf(const serving::HttpAnswer& answer, const spec::DataSchema& schema,
                                     const std::string& server);
/// The numbers of output_tensor.
Result<std::vector<float>> outputTensor(std::vector<serving::NamedValues> outputs, const std::string& server);

/// Waits for a version to be served; "deploy.not_ready" says what the server told last.
Result<void> waitUntilReady(serving::TensorService& service, const serving::ModelAddress& model, double seconds,
                            const JobContext& job);
/// The reference rows through one signature, compared.
Result<void> compareTensors(serving::TensorService& service, const serving::ModelAddress& model,
                            const Expected& expected, Deployment& deployment, const JobContext& job);
/// The server's folder of models; "deploy.no_store" where none is named.
Result<std::filesystem::path> storeOf(const DeployRequest& request);
/// A whole number: the one that is asked for, or the next one.
Result<std::string> numberedVersion(const DeployRequest& request, const std::filesystem::path& folder);

Result<Deployment> deployToTorchServe(const DeployRequest& request, const JobContext& job);
Result<Deployment> deployToTfServing(const DeployRequest& request, const JobContext& job);
Result<Deployment> deployToTriton(const DeployRequest& request, const JobContext& job);

/// The file of a format in an export; "deploy.no_format" names the command that makes it.
Result<std::filesystem::path> fileOf(const exporting::ExportLocation& what, const char* format);

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>

#include "core/engine/predictor.h"
#include "core/services/deployment/deploy.h"
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

/// All rows compared, then the latency of single ones; fills maxDiff, rows, latencyMs, healthy and why.
Result<void> compareAnswers(const Expected& expected, const Ask& ask, Deployment& deployment, const JobContext& job);

/// The largest of the folder names that are numbers; 0: none.
[[nodiscard]] std::int64_t newestVersion(const std::filesystem::path& folder);
/// `files` (from, name below the version's folder) as FOLDER/VERSION, which appears at once or not at all.
Result<void> placeVersion(const std::filesystem::path& folder, const std::string& version,
                          const std::vector<std::pair<std::filesystem::path, std::string>>& files);
/// HOST:PORT of an address, or with another port.
[[nodiscard]] std::string besidePort(const std::string& host, int port);

Result<Deployment> deployToTorchServe(const DeployRequest& request, const JobContext& job);
Result<Deployment> deployToTfServing(const DeployRequest& request, const JobContext& job);
Result<Deployment> deployToTriton(const DeployRequest& request, const JobContext& job);

/// The file of a format in an export; "deploy.no_format" names the command that makes it.
Result<std::filesystem::path> fileOf(const exporting::ExportLocation& what, const char* format);

}  // namespace lathe::services

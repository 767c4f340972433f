// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/exporting/manifest.h"

/// Puts an export into a running server and proves that it answers there what it answered here.
namespace lathe::services {

enum class DeployTarget { TorchServe, TfServing, Triton, Lathe };

struct DeployRequest {
  exporting::ExportLocation what;
  DeployTarget target = DeployTarget::TorchServe;
  std::string url;         ///< TorchServe, Lathe: management; TensorFlow Serving, Triton: REST
  std::string predictUrl;  ///< TorchServe, Lathe: inference; TensorFlow Serving: gRPC; empty: the usual port beside url
  std::filesystem::path modelStore;  ///< the server's, as this machine sees it; empty: TorchServe fetches by HTTP
  std::string token;
  std::string name;     ///< of the model there; empty: the export's
  std::string version;  ///< empty: the next one
  double timeoutSeconds = 120;
};

/// A server answered differently, or not: `why` says so, and what was there before is served on.
struct Deployment {
  std::string endpoint;  ///< where rows are sent
  std::string name, version;
  std::string previous;  ///< the version that was served before; empty: none
  bool healthy = false;
  std::optional<Error> why;
  double maxDiff = 0;              ///< of the reference rows, by the measure of parity
  std::int64_t rows = 0;           ///< that were compared
  double latencyMs = 0;            ///< median of single rows
  std::vector<std::string> steps;  ///< what was done, one sentence each
};

/// The file that a target wants from an export.
[[nodiscard]] const char* formatFor(DeployTarget target);
[[nodiscard]] const char* targetName(DeployTarget target);

/// Blocks. Errors are what kept it from being tried: no server, no such file, a refusal. A model that is there but
/// unhealthy is a result.
Result<Deployment> deploy(const DeployRequest& request, const JobContext& job = {});

}  // namespace lathe::services

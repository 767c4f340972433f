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
  std::filesystem::path data;  ///< labelled rows on which a version that is served already is the champion; empty: none
  double maxLatencyMs = 0;     ///< above it the challenger is not promoted; 0: any
  std::vector<std::uint32_t> dataRows = {};  ///< of `data`; empty: all labelled ones
  /// What is served already, where its export is known: then the rows are sent to it in its own codes.
  std::optional<spec::DataSchema> championSchema = {};
};

/// A row that a server answers otherwise than the trained model.
struct OtherAnswer {
  std::int64_t row = 0;  ///< of the reference rows, from 0
  std::vector<float> found, wanted;
  bool operator==(const OtherAnswer&) const = default;
};

/// What champion and challenger lose on the same labelled rows, mean per row.
struct Promotion {
  std::string measure;  ///< log_loss, squared_error
  double champion = 0, challenger = 0;
  double low = 0, high = 0;  ///< 95 % interval of the challenger's less the champion's
  std::int64_t rows = 0;
  bool promoted = false;
};

/// A server answered differently, or not: `why` says so, and what was there before is served on.
struct Deployment {
  std::string endpoint;  ///< where rows are sent
  std::string name, version;
  std::string previous;  ///< the version that was served before; empty: none
  bool healthy = false;
  std::optional<Error> why;
  std::optional<OtherAnswer> other;    ///< the first row that gets another answer
  double maxDiff = 0;                  ///< of the reference rows, by the measure of parity
  std::int64_t rows = 0;               ///< that were compared
  double latencyMs = 0;                ///< median of single rows
  std::optional<Promotion> promotion;  ///< where labelled rows were given and a version was served
  std::vector<std::string> steps;      ///< what was done, one sentence each
};

/// The file that a target wants from an export.
[[nodiscard]] const char* formatFor(DeployTarget target);
[[nodiscard]] const char* targetName(DeployTarget target);

/// Blocks. Errors are what kept it from being tried: no server, no such file, a refusal. A model that is there but
/// unhealthy is a result.
Result<Deployment> deploy(const DeployRequest& request, const JobContext& job = {});

}  // namespace lathe::services

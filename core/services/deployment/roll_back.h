// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/deployment/deploy_steps.h"

/// A version that was promoted and went wrong afterwards.
namespace lathe::services {

/// Where a version is served, and which one was before it.
struct ServedVersion {
  ServedPlace place;
  std::string previous;              ///< empty: there was none
  std::filesystem::path modelStore;  ///< TensorFlow Serving, Triton
};

/// 2.0 as 2: the same version to Lathe's server.
[[nodiscard]] std::string plainVersion(const std::string& version);

/// Makes the version before the default again; gives what was done. TorchServe and Lathe keep the bad one registered,
/// so that it can be looked at; the others answer with the newest version they find, so it is taken out of the store.
/// Errors: "deploy.nothing_before", "deploy.not_default" where another version answers by now, "deploy.no_store",
/// those of the server.
Result<Message> rollBack(const ServedVersion& served, double timeoutSeconds);

/// What one look at a watched version says.
enum class WatchVerdict {
  Fine,
  Unclear,  ///< something is wrong, but once is no proof, or nobody is there to be told
  Broken
};
/// Another answer is proof at once; a refusal at the second look in a row. `strikes` counts looks at which something
/// was wrong.
[[nodiscard]] WatchVerdict verdictOf(const Deployment& state, int& strikes);

struct WatchOutcome {
  Deployment state;  ///< of the last look
  int looks = 0;
  bool rolledBack = false;
  std::optional<Message> done;  ///< what going back did
};
/// One look after a promotion: asks the reference rows again and goes back to the version before where they prove
/// that something is wrong. A version that cannot be taken back is unhealthy, with what kept it.
Result<WatchOutcome> watchOnce(const ServedVersion& served, const exporting::ExportManifest& manifest, int& strikes,
                               double timeoutSeconds, const JobContext& job = {});
/// The same every so often for some seconds; ends early after going back, and when the job is cancelled.
Result<WatchOutcome> watchFor(const ServedVersion& served, const exporting::ExportManifest& manifest, double seconds,
                              double every, const JobContext& job = {});

}  // namespace lathe::services

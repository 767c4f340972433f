// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"
#include "core/services/deployment/deployment_service.h"

namespace CLI {
class App;
}

namespace lathe::cli {

/// deploy list, retrain, drift.
void addDeployments(CLI::App& deploy, Action& chosen);

/// Every five seconds, more often where the whole watch is short.
[[nodiscard]] double secondsBetweenLooks(double watch);
[[nodiscard]] Json watchJson(int looks, double seconds, bool rolledBack);
/// What the last look found, in place of what the deployment found.
void takeOver(services::Deployment& deployment, const services::Deployment& state);

/// Looks at what was deployed last until its watch is over or it was rolled back.
Result<void> watchRecorded(services::DeploymentService& service, services::Project& project,
                           services::Deployment& deployment, double watch, const JobContext& job, Json& watched);

}  // namespace lathe::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/output.h"
#include "core/services/deployment/deploy.h"

namespace lathe::cli {

[[nodiscard]] Json deploymentJson(const services::Deployment& deployment);
/// {row, found[], wanted[]}
[[nodiscard]] Json otherJson(const services::OtherAnswer& other);
[[nodiscard]] std::string deploymentText(const services::Deployment& deployment);
/// torchserve, tfserving, triton or lathe.
Result<services::DeployTarget> deployTargetNamed(const char* option, const std::string& given);

}  // namespace lathe::cli

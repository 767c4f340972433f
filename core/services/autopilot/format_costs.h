// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/autopilot/ground.h"

namespace lathe::services {

/// What a checkpoint costs in each format that was asked for: it is written as it will be exported, and where a runtime
/// of this process reads that file, a row is predicted with it again and again. One at a time. Blocks.
Result<std::vector<AutopilotCost>> costsOf(const AutopilotGround& ground, const std::filesystem::path& checkpoint);

}  // namespace lathe::services

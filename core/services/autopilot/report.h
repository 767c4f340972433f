// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/autopilot/final_model.h"

namespace lathe::services {

/// One HTML file without anything outside of it: what was tried, why this one, how sure, what to watch. Pictures are
/// SVG within. English.
Result<void> writeReport(const AutopilotGround& ground, const FinalModel& model, const TestScores& test,
                         const AutopilotOutcome& outcome, const Budget& budget, const std::filesystem::path& file);

}  // namespace lathe::services

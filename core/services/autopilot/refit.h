// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>

#include "core/services/autopilot/final_model.h"

namespace lathe::services {

/// Trains members of the final model again, on training and validation rows together, those of the largest weight
/// first, as long as there is time: with the schedule that they had, and up to the epoch that was their best. Test rows
/// are not there. A member stays as it was where its best epoch came early in its schedule (a second training would be
/// luck), where there is no time, or where the new one predicts the rows that it has now seen worse than the old one
/// did unseen. With folds nothing is done: their mean has seen all rows already.
///
/// What is told and kept: `model.refits`. Blocks; `tell` hears which one is trained.
Result<void> refitMembers(const AutopilotGround& ground, const std::vector<Tried>& tried, const Budget& budget,
                          FinalModel& model, const std::function<void(const std::string& title)>& tell,
                          std::stop_token stop);

/// Whether a training is one that can be done again: its best epoch came late enough in its schedule.
[[nodiscard]] bool canBeRefitted(const FoldFit& fit);
/// What that takes, with `more` times the rows.
[[nodiscard]] double refitSeconds(const FoldFit& fit, double more);

/// What became of one, for people.
[[nodiscard]] std::string sentenceOf(const MemberRefit& refit);

}  // namespace lathe::services

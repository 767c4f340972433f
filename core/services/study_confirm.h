// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/search/terminator.h"
#include "core/services/study_finals.h"

namespace lathe::services {

/// What is claimed of a study once its trials have ended: the best are trained again with other seeds, compared on the
/// same validation rows, and the winner alone is scored on the test rows, once. The winner's run becomes one that
/// everybody sees. Gives the study's summary as JSON:
///   {"winner":{"trial","run","value"},"confirmed":[{"trial","runs","values","mean","low","high","verdict"}],
///    "tied":[trials],"seeds":n,"row_measure":name,"row_measure_is_goal":bool,"test":{"test/METRIC":value},
///    "test_looks":n}
/// The winner has the best mean of the goal over the new seeds; "better" and "tied" are said of losses of single rows.
/// With several goals nothing is trained again: {"front":[trials]}. "cancelled" when watch.stopped said so; then it can
/// be done again, and what was trained already is not trained again. Blocks.
Result<std::string> confirmWinner(const TrialGround& ground, store::StudyNumber study, const spec::ExperimentSpec& base,
                                  const spec::SearchSpace& space, const FinalsWatch& watch);

/// Of a study of which no trial has ended.
[[nodiscard]] std::string summaryOfNothing();
/// The summary of a search for architectures whose time did not do for all epochs of the trainings at the end.
[[nodiscard]] std::string withFinalEpochs(const std::string& summary, int epochs, int wanted);
/// The summary with "terminator":{"regret_bound","noise","stopped"}, where a terminator watched.
[[nodiscard]] std::string withTermination(const std::string& summary,
                                          const std::optional<search::Termination>& termination);

}  // namespace lathe::services

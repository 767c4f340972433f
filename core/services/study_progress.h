// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/search/terminator.h"
#include "core/store/study_records.h"

namespace lathe::services {

/// How far a study is, for whoever watches it here.
struct StudyProgress {
  store::StudyNumber study = 0;
  std::int64_t begun = 0, running = 0, completed = 0, pruned = 0, failed = 0;
  std::int64_t planned = 0;  ///< 0: no limit
  double seconds = 0, secondsLeft = -1;
  std::int64_t bestTrial = -1;
  double bestValue = 0;
  bool confirming = false;             ///< the best are trained again with other seeds
  double confirmed = 0;                ///< share of those trainings that is done
  std::optional<Message> remark = {};  ///< what the sampler says of itself
  /// With the terminator, in units of the first goal: what could still be gained, and how sure an evaluation is.
  std::optional<search::Termination> termination = {};
};
using StudySink = std::function<void(const StudyProgress&)>;

}  // namespace lathe::services

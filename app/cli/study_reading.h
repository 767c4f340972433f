// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/output.h"
#include "core/services/project.h"
#include "core/services/study_settings.h"

namespace lathe::cli {

/// A study's record, read: what its JSON and its text are made of.
struct StudyReading {
  services::StudySettings settings;
  spec::SearchSpace space;
  std::vector<store::TrialRecord> trials;  ///< those of a study that ended amid them are interrupted, not running
  Json summary;
};
Result<StudyReading> readStudy(const services::Project& project, const store::StudyRecord& study);

/// Completed trials by the first goal, best first.
[[nodiscard]] std::vector<const store::TrialRecord*> ranked(const StudyReading& read);
/// Those that no other one beats in every goal.
[[nodiscard]] std::vector<const store::TrialRecord*> paretoTrials(const StudyReading& read);

/// Why trials failed, the most frequent reason first; of each kind the first trial's.
struct FailureReason {
  Error error;
  std::int64_t trial = 0;
  std::int64_t trials = 0;  ///< that failed alike
};
[[nodiscard]] std::vector<FailureReason> failureReasons(const StudyReading& read);

/// What a person should know of a study that has ended: that no trial is complete, why, and what to do.
[[nodiscard]] std::vector<Warning> studyWarnings(const store::StudyRecord& study, const StudyReading& read);

}  // namespace lathe::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/search/study_logic.h"
#include "core/services/study_settings.h"
#include "core/store/study_records.h"

/// Between a study's record in the store and what decides.
namespace lathe::services {

/// In a run's folder: the checkpoint of the trial that it took weights from.
inline constexpr const char* inheritedFile = "inherited.ckpt";

/// The study's logic as its record says, before anything happened.
Result<std::unique_ptr<search::StudyLogic>> makeLogic(const StudySettings& settings, const spec::SearchSpace& space);

/// Entries of the log as the logic takes them: values to be minimised. `configurations` by trial.
[[nodiscard]] search::StudyEvent eventOf(const store::StudyLogEntry& entry, const StudySettings& settings,
                                         const std::function<search::Configuration(std::int64_t)>& configuration);

/// The log of a deterministic study as its logic hears it. Stretches count in the order in which they were given out,
/// and each only when so many others have begun; when a study is paused, one may have ended earlier. Its result is kept
/// in the log there, marked, and again where its turn came: until then it is among `waiting`, by the stretch's place.
struct OrderedLog {
  std::vector<store::StudyLogEntry> entries;
  std::map<std::size_t, std::vector<store::StudyLogEntry>> waiting;
};
/// Marks how a stretch ended as kept before its turn; other entries stay as they are.
void markEarly(store::StudyLogEntry& entry);
[[nodiscard]] OrderedLog inOrder(std::vector<store::StudyLogEntry> log, bool deterministic);

}  // namespace lathe::services

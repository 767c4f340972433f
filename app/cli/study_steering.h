// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/cli/commands.h"
#include "core/services/study_service.h"

namespace lathe::cli {

/// --trials --timeout --workers of a study that is there already, as typed; empty: not given.
struct MoreFlags {
  std::string trials, timeout, workers;
};
void addMoreFlags(CLI::App& command, MoreFlags& flags);
/// Usage errors: no such numbers, no more trials or time than the study has used up.
Result<services::StudyService::More> readMore(const MoreFlags& flags, const services::Project& project,
                                              const store::StudyRecord& study);

/// study pause, cancel, extend, enqueue: for studies that run in any process. None of them loads the engine.
void addSteering(CLI::App& study, Action& chosen);

}  // namespace lathe::cli

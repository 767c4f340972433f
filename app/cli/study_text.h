// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/cli/study_reading.h"

namespace lathe::cli {

/// The lines that close a search: counts, the best trials or the front, the winner. `details` adds the trials that did
/// not complete, the most telling ones first.
Result<std::string> studyText(const services::Project& project, const store::StudyRecord& study, bool details);

}  // namespace lathe::cli

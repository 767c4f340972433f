// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/output.h"
#include "core/services/project.h"
#include "core/services/study_settings.h"

/// Studies as results of the command line; the text is in study_text.h.
namespace lathe::cli {

/// With the best trial (several goals: the front), counts, settings, space and what was confirmed; `details` adds every
/// trial. warnings[] holds what studyWarnings() says.
Result<Json> studyJson(const services::Project& project, const store::StudyRecord& study, bool details);

}  // namespace lathe::cli

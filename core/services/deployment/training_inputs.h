// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/deployment/drift.h"
#include "core/services/project.h"

namespace lathe::services {

/// The training rows of a run counted in the bins of `layout`: as they were counted before beside the export, else
/// counted now and kept there. Blocks while it reads the data.
Result<InputCounts> trainingInputs(const Project& project, store::RunNumber run, const std::filesystem::path& folder,
                                   const InputCounts& layout, const JobContext& job);

}  // namespace lathe::services

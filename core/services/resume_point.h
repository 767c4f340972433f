// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "core/services/project.h"

namespace lathe::services {

/// The file of a run's last checkpoint, when there is one inside the project.
[[nodiscard]] std::optional<std::filesystem::path> lastCheckpoint(const Project& project,
                                                                  const store::RunRecord& record);
/// The best one's, or the error that says there is none.
Result<std::filesystem::path> bestCheckpoint(const Project& project, const store::RunRecord& record);

/// The step after which a checkpoint was written, from the file itself: after a kill -9 the store may know an older
/// one.
Result<std::int64_t> checkpointStep(const std::filesystem::path& file);

}  // namespace lathe::services

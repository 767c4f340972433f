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

/// Where a run goes on from.
struct ResumePoint {
  std::filesystem::path file;
  std::int64_t step = 0;           ///< after which it was written: after a kill -9 the store may know an older one
  std::optional<Warning> warning;  ///< it is not the newest
};

/// `last`, or, where that is damaged or missing, the checkpoint before it, with a warning that names the file and the
/// step. Both are read and their hashes checked. Errors: "checkpoint.corrupt" when neither is whole; a file that may
/// not be opened stays an error, since a person can mend that. Blocks.
Result<ResumePoint> resumePoint(const std::filesystem::path& last);

}  // namespace lathe::services

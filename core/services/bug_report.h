// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "core/base/text.h"
#include "core/engine/engine.h"
#include "core/services/project.h"

namespace lathe::services {

/// What a developer needs to understand a fault, as plain English text that a person reads before they send it: the
/// program, the checks of the doctor, and of an open project its latest runs, the newest run's environment, events and
/// spec, and the end of the log. No cell of the data is in it; names of columns and files are. The home folder is
/// written as ~. `engine` and `project` may be null; what cannot be read is said in its place. `program` are further
/// facts by name. Blocks on the disk; any thread.
[[nodiscard]] std::string bugReport(const engine::Engine* engine, const Project* project,
                                    const std::filesystem::path& logFile, const TextArgs& program);

}  // namespace lathe::services

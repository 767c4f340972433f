// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "core/base/result.h"

/// The life cycle of a run as one table. What a button may do is asked of it.
namespace lathe::spec {

enum class RunStatus { Queued, Running, Pausing, Paused, Completed, Failed, Cancelled, Pruned, Interrupted };
enum class RunAction { Pause, Resume, Cancel, Remove, Export };

[[nodiscard]] const char* name(RunStatus status);
Result<RunStatus> runStatus(std::string_view name);
/// May a run go from one status to the other.
[[nodiscard]] bool allowed(RunStatus from, RunStatus to);
/// May a person do this to a run in that status.
[[nodiscard]] bool allowed(RunAction action, RunStatus status);
/// No process works on it.
[[nodiscard]] bool isFinal(RunStatus status);

}  // namespace lathe::spec

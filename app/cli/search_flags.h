// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "app/cli/context.h"
#include "core/services/study_settings.h"

/// What search, nas and the study commands read from flags.
namespace lathe::cli {

/// --seed; 0 when it is not given.
Result<std::uint64_t> seedOf(const Globals& globals);
/// A whole number from `least` on, else a usage error that names the option.
Result<std::int64_t> wholeNumber(const std::string& option, const std::string& text, std::int64_t least);
/// Seconds of a duration above 0, else a usage error.
Result<double> timeLimit(const std::string& option, const std::string& text);

/// How a space is written, for the help of the commands that take one.
extern const char* const spaceHelp;

/// Goals from --metric and --direction, as typed; the n-th direction belongs to the n-th metric. Case does not matter;
/// a metric that nobody knows is left as it is: which there are depends on the task. Usage errors: a goal that is given
/// twice, test metrics, directions without a metric.
Result<std::vector<services::StudyGoal>> goalsOf(const std::vector<std::string>& metrics,
                                                 const std::vector<std::string>& given);

}  // namespace lathe::cli

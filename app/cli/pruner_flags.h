// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/services/study_settings.h"

namespace CLI {
class App;
}

namespace lathe::cli {

/// What single pruners are told, as typed; empty: not given.
struct PrunerFlags {
  std::string percentile, startupTrials, patience, minDelta, lower, upper, significance;
};

/// --percentile --startup-trials --patience --min-delta --lower --upper --significance
void addPrunerFlags(CLI::App& command, PrunerFlags& flags);
/// Into the settings, whose pruner is known already. A usage error for a flag that this pruner does not read, a value
/// out of range, and a threshold without a bound.
Result<void> readPrunerFlags(const PrunerFlags& flags, services::StudySettings& settings);

}  // namespace lathe::cli

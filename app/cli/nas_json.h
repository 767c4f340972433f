// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/output.h"
#include "core/services/nas_report.h"

/// What a search for architectures prints beyond a search of settings.
namespace lathe::cli {

/// Adds method, space, costs of the best, how well zero-cost scores rank, and to each trial of json["list"] its costs
/// and what it changed.
Result<void> addArchitectures(Json& json, const services::Project& project, store::StudyNumber study,
                              const services::StudySettings& settings, const spec::SearchSpace& space,
                              const std::vector<store::TrialRecord>& trials, const Json& summary);

/// The same for people.
Result<std::string> architecturesText(const services::Project& project, store::StudyNumber study,
                                      const services::StudySettings& settings, const spec::SearchSpace& space,
                                      const std::vector<store::TrialRecord>& trials, const Json& summary);

}  // namespace lathe::cli

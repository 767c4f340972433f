// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/services/project.h"
#include "core/services/study_settings.h"

/// What is told of a search for architectures beyond its trials' values.
namespace lathe::services {

struct ArchitectureTrial {
  std::int64_t trial = 0;
  std::int64_t parameters = 0, flops = 0;
  std::map<std::string, double> proxies;  ///< synflow, naswot, grad_norm; those that are known
  std::vector<Message> changes;           ///< what it changed of its parent
};

/// How well a number that is known before any training ranks the trials by what they came to (Spearman): 1 the same
/// order, 0 none in common.
struct ProxyRanking {
  std::string name;  ///< parameters, flops, synflow, naswot, grad_norm
  double spearman = 0;
  std::int64_t trials = 0;
};

struct ArchitectureReport {
  std::vector<ArchitectureTrial> trials;  ///< by number
  std::vector<ProxyRanking> rankings;     ///< parameters, the honest baseline, first; none below five trained trials
};

/// Reads the store; blocks.
Result<ArchitectureReport> architectureReport(const Project& project, store::StudyNumber study,
                                              const StudySettings& settings, const spec::SearchSpace& space,
                                              const std::vector<store::TrialRecord>& trials);

/// Spearman's correlation, ties by their mean rank; nothing when one side does not vary.
[[nodiscard]] std::optional<double> spearman(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace lathe::services

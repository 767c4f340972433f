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
  std::map<std::string, double> proxies;  ///< synflow, naswot, grad_norm, shared; those that are known
  std::vector<Message> changes;           ///< what it changed of its parent
};

/// How well a number that is known before any training ranks the trials by what they came to (Spearman): 1 the same
/// order, 0 none in common.
struct ProxyRanking {
  std::string name;  ///< one of architectureScores()
  double spearman = 0;
  std::int64_t trials = 0;
};

struct ArchitectureReport {
  std::vector<ArchitectureTrial> trials;  ///< by number
  std::vector<ProxyRanking> rankings;     ///< parameters, the honest baseline, first; none below five trained trials
};

/// Numbers that are known of an architecture before it is trained: parameters flops synflow naswot grad_norm shared,
/// the honest baseline, parameters, first.
[[nodiscard]] const std::vector<std::string>& architectureScores();

/// What the shared network of spos or darts came to.
struct SharedNetwork {
  struct Edge {
    int from = 0, to = 0;        ///< nodes of the cell
    std::vector<double> shares;  ///< of `operations`
  };
  std::int64_t epochs = 0;
  std::vector<double> losses;  ///< of training, one in `lossesEvery` epochs; NaN where it was not finite
  std::int64_t lossesEvery = 1;
  std::string stopped;                  ///< shortcuts steady curvature time; empty: after all its epochs
  std::vector<std::string> operations;  ///< darts: as genes call them
  std::vector<Edge> edges;
  std::vector<double> values;  ///< of the configurations that it ranked
};
/// Nothing while it has not ranked, and for other methods. Pure.
[[nodiscard]] std::optional<SharedNetwork> sharedNetwork(const search::ArchitectureStudy& study);

/// What the shared network of spos or darts thought of the architectures that it ranked: the first goal that it had
/// with their layers, or the logarithm of the probability that the mixture gives them. Pure.
class SharedOpinion {
 public:
  explicit SharedOpinion(const StudySettings& settings);
  /// NaN for one that it did not rank.
  [[nodiscard]] double of(const spec::Configuration& configuration) const;
  [[nodiscard]] bool larger() const { return m_larger; }  ///< whether it thinks well of large values

 private:
  std::vector<spec::Configuration> m_ranked;
  std::vector<double> m_values;
  bool m_larger = true;
};

/// Reads the store; blocks.
Result<ArchitectureReport> architectureReport(const Project& project, store::StudyNumber study,
                                              const StudySettings& settings, const spec::SearchSpace& space,
                                              const std::vector<store::TrialRecord>& trials);

/// Spearman's correlation, ties by their mean rank; nothing when one side does not vary.
[[nodiscard]] std::optional<double> spearman(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace lathe::services

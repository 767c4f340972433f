// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/search/trial.h"

/// How much each parameter matters for one goal, from the trials of a study. Only complete trials with finite values
/// count. Extreme values are brought to three quartile ranges beyond the quartiles, so that one exploded trial does not
/// decide everything. Of a conditional parameter counts what its value does while it is active; what switching it on
/// and off does belongs to the parameters in its condition. Constraints are not looked at. Everything is deterministic.
namespace lathe::search {

/// What trials say about one goal.
struct Observations {
  std::vector<Configuration> configurations;
  std::vector<double> values;
};
[[nodiscard]] Observations observationsOf(std::span<const TrialResult> trials, std::size_t goal = 0);

struct Importance {
  std::size_t parameter = 0;
  double importance = 0;  ///< share of 1
  double deviation = 0;   ///< standard deviation of the importance
};
/// What two parameters do together beyond what each does alone, on the scale of Importance.
struct PairImportance {
  std::size_t first = 0, second = 0;
  double importance = 0, deviation = 0;
};

struct FanovaOptions {
  int trees = 64;
  std::size_t mostTrials = 2000;  ///< more are thinned out at random
  std::uint64_t seed = 0;
  std::size_t pairsAmong = 0;  ///< pairs of so many of the most important parameters; 0: no pairs
};
struct FanovaReport {
  /// All parameters, the most important first, summing to 1; all 0 when the values do not depend on anything.
  std::vector<Importance> parameters;
  std::vector<PairImportance> pairs;  ///< the strongest first
  double alone = 0;      ///< share of the forest's variance that single parameters make; the rest is interactions
  double explained = 0;  ///< share of the values' variance that the forest predicts: below some 0.3 trust nothing
};
/// Functional ANOVA of a random forest (Hutter, Hoos and Leyton-Brown 2014), over configurations that are drawn evenly
/// from the space; deviations are over the trees.
[[nodiscard]] FanovaReport fanova(const SearchSpace& space, std::span<const Configuration> configurations,
                                  std::span<const double> values, const FanovaOptions& options = {});

struct PedAnovaOptions {
  double top = 0.1;  ///< share of the best trials whose distribution is looked at
  double base = 1;   ///< against the distribution of this share
};
/// PED-ANOVA (Watanabe, Bansal and Hutter 2023): how much the distribution of the best trials differs from that of all
/// (Pearson's divergence of Parzen estimates), less what chance alone would give. What matters for being among the
/// best, not for values in general; right under any sampler. A pass over the trials: fast for 100 000. Deviations are
/// from a jackknife over tenths of the trials. The result as in FanovaReport::parameters.
[[nodiscard]] std::vector<Importance> pedAnova(const SearchSpace& space, std::span<const Configuration> configurations,
                                               std::span<const double> values, const PedAnovaOptions& options = {});

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// When a search has nothing left to find: what could still be gained is less than an evaluation's noise (Makarova and
/// others 2022). The model of the values is somebody else's; values are to be minimised.
namespace lathe::search {

/// What a model says, and how sure a value is.
struct TerminatorInputs {
  double bestLower = 0;  ///< the smallest lower confidence bound over the space
  double bestUpper = 0;  ///< the smallest upper confidence bound among the configurations that were tried
  double noise = 0;      ///< standard deviation of an evaluation, in the same units
};

struct Termination {
  double regretBound = 0;  ///< with high probability the best one found is not worse than the best there is by more
  double noise = 0;
  bool shouldStop = false;
};

/// Stops when the bound is below what two evaluations must differ by to be told apart (95 %: 1.96 times the root of 2
/// times the noise; Makarova and others stop at the noise itself, which a process with so much noise hardly reaches).
/// Does not stop on anything that is no number, nor without noise while there is any regret left.
[[nodiscard]] Termination judgeTermination(const TerminatorInputs& inputs);

/// Confidence bounds are mean +- so many standard deviations: the root of the beta of GP-UCB (Srinivas and others 2010)
/// with delta 0.1, divided by 5 as Makarova does. `trials` told so far, at least 1.
[[nodiscard]] double confidenceWidth(std::size_t parameters, std::size_t trials);

/// Standard deviation of a mean over folds of a cross-validation. Folds share training rows, so their variance counts
/// (1 / k + test / train) times (Nadeau and Bengio 2003); `testToTrain` is 1 / (k - 1) when not given. Nothing for
/// fewer than two finite values.
[[nodiscard]] std::optional<double> foldNoise(std::span<const double> folds,
                                              std::optional<double> testToTrain = std::nullopt);
/// Standard deviation of one evaluation from configurations that were evaluated with several seeds, pooled. Values that
/// are not finite are left out. Nothing when no configuration has two.
[[nodiscard]] std::optional<double> repeatNoise(const std::vector<std::vector<double>>& repeats);

}  // namespace lathe::search

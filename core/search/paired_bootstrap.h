// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

/// Whether a difference between models is more than chance, from their losses on the same rows. Two things are left to
/// chance: which rows were there, and the seeds of the trainings; both are resampled (a bootstrap in two levels: means
/// over seeds for the rows, means over rows for the seeds). With few seeds or rows a bootstrap is too sure of itself,
/// so deviations are enlarged by sqrt(n / (n - 1)) and by Student's t over the normal quantile, with Satterthwaite's
/// degrees of freedom. Everything is deterministic from a seed; smaller losses are better.
namespace lathe::search {

/// losses[seed][row], all seeds with the same rows.
using SeedLosses = std::vector<std::vector<double>>;

enum class Verdict : std::uint8_t { Better, Worse, Tie };

struct BootstrapOptions {
  int resamples = 2000;
  double confidence = 0.95;
  std::uint64_t seed = 0;
  /// The s-th training of one model and of the other share something (a fold, a start), as many of both.
  bool seedsPaired = false;
  /// More rows than this are first put at random into so many blocks of the same size, which are then resampled.
  std::size_t mostBlocks = 1024;
};

struct Comparison {
  double difference = 0;           ///< mean loss of A less that of B: negative when A is better
  double low = 0, high = 0;        ///< confidence interval of the difference
  double p = 1;                    ///< two-sided; below 1 - confidence exactly when the interval is without 0
  Verdict verdict = Verdict::Tie;  ///< on A, by p
  bool seedsCovered = false;  ///< false: a model has one seed only, and what another would give is not in the interval
  bool rowsCovered = false;   ///< false: less than two rows; then nothing can be said, and it is a tie
};
/// A model with a loss that is no finite number has an infinite mean and is worse than one without; two such tie.
/// Models without a seed, or with other numbers of rows, are told apart by nothing: a tie, nothing covered.
[[nodiscard]] Comparison compareLosses(const SeedLosses& a, const SeedLosses& b, const BootstrapOptions& options = {});

/// p-values corrected for their number (Holm 1979): each the smallest level at which it would be rejected with all
/// errors together below the level. In the order given.
[[nodiscard]] std::vector<double> holm(std::span<const double> p);

enum class Correction : std::uint8_t {
  None,
  /// Holm over the comparisons with the best. It does not know that the best was picked by the same losses.
  Holm,
  /// Against the largest studentised difference between any two candidates of the resamples: right although the best
  /// was picked by the same losses, and aware of candidates that err on the same rows.
  Largest
};

struct Standing {
  double mean = 0;
  double low = 0, high = 0;              ///< confidence interval of the mean, not corrected
  double behind = 0;                     ///< mean loss less that of the best
  double behindLow = 0, behindHigh = 0;  ///< its interval, not corrected
  double p = 1;                          ///< of being behind, corrected
  Verdict verdict = Verdict::Tie;        ///< against the best: Tie or Worse
  bool seedsCovered = false;
};
struct Standings {
  std::vector<Standing> candidates;  ///< in the order given
  std::size_t best = 0;              ///< smallest mean, the first of equal ones
  std::vector<std::size_t> tied;     ///< the best and all that tie with it, best mean first
  bool rowsCovered = false;
  [[nodiscard]] bool clear() const { return tied.size() == 1; }
};
/// All candidates against the best one. With seedsPaired all need as many seeds; else it is not used.
[[nodiscard]] Standings standings(std::span<const SeedLosses> candidates, const BootstrapOptions& options = {},
                                  Correction correction = Correction::Largest);

}  // namespace lathe::search

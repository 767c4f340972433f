// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/search/paired_bootstrap.h"

/// The resamples behind paired_bootstrap.h.
namespace lathe::search {

/// What chance does to a mean (or a difference of means).
struct Spread {
  std::vector<double> deviations;  ///< a resample each, enlarged for few seeds and rows; not sorted
  double error = 0;                ///< their standard deviation
  double rowVariance = 0;          ///< of the mean, by rows; likewise by seeds, a model (or a pair) each
  std::vector<double> seedVariances;
  std::vector<double> seedFreedoms;
  double rowFreedom = 1;
  [[nodiscard]] double freedom() const;  ///< Satterthwaite's
};

/// Several models' losses, resampled together: the same rows for all, seeds for each (or for all, if paired).
class Resampling {
 public:
  /// Every model has at least one seed, all have the same number of rows, at least two, and all losses are finite.
  Resampling(const std::vector<const SeedLosses*>& models, const BootstrapOptions& options);

  [[nodiscard]] double mean(std::size_t model) const { return m_means[model]; }
  [[nodiscard]] Spread of(std::size_t model) const;
  [[nodiscard]] Spread ofDifference(std::size_t a, std::size_t b) const;
  /// The enlarged deviation of a model's mean in a resample; differences of models are differences of these.
  [[nodiscard]] double deviation(std::size_t resample, std::size_t model) const {
    return m_deviations[resample * m_means.size() + model];
  }
  /// Whether seeds are resampled for all models at once: asked for, and possible.
  [[nodiscard]] bool paired() const { return m_paired; }
  [[nodiscard]] std::size_t resamples() const { return m_resamples; }

 private:
  void resampleRows(const BootstrapOptions& options);
  void resampleSeeds(const BootstrapOptions& options);
  [[nodiscard]] Spread spreadOf(std::vector<double> deviations) const;

  std::size_t m_resamples;
  bool m_paired;
  double m_rowFreedom = 1;
  std::vector<double> m_means;
  std::vector<std::vector<double>> m_seedMeans;  ///< of a model
  std::vector<std::vector<double>> m_rowMeans;   ///< of a model, over its seeds
  std::vector<double> m_deviations;
};

/// Interval of deviations around 0 at a level (0.05 for 95 %), Student's t taken into account.
struct Band {
  double low = 0, high = 0;
};
/// Sorted deviations, asked for intervals and p-values.
class DeviationQuantiles {
 public:
  explicit DeviationQuantiles(const Spread& spread);
  [[nodiscard]] Band band(double level) const;
  /// The smallest level at which the interval around `difference` is without 0.
  [[nodiscard]] double p(double difference) const;

 private:
  [[nodiscard]] Band bandOf(double t) const;
  [[nodiscard]] double quantile(double share) const;
  std::vector<double> m_sorted;
  double m_freedom;
};

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/resampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/random.h"
#include "core/search/distributions.h"

namespace lathe::search {
namespace {

constexpr double leastP = 1e-12;

double meanOf(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Of the values' mean, with n - 1; 0 for one value.
double meanVariance(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const double mean = meanOf(values), count = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / (count - 1) / count;
}

std::vector<double> differences(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = a[i] - b[i];
  return result;
}

double enlarged(std::size_t count) { return std::sqrt(static_cast<double>(count) / static_cast<double>(count - 1)); }

// Which rows make a block: shuffled, every block within one row of the same size.
std::vector<std::uint32_t> blocksOf(std::size_t rows, std::size_t blocks, std::uint64_t seed) {
  std::vector<std::uint32_t> block(rows);
  for (std::size_t i = 0; i < rows; ++i) block[i] = static_cast<std::uint32_t>(i % blocks);
  if (blocks < rows) Random(seed, "blocks").shuffle(block);
  return block;
}

}  // namespace

double Spread::freedom() const {
  double all = rowVariance, below = rowVariance * rowVariance / rowFreedom;
  for (std::size_t i = 0; i < seedVariances.size(); ++i) {
    all += seedVariances[i];
    if (seedFreedoms[i] > 0) below += seedVariances[i] * seedVariances[i] / seedFreedoms[i];
  }
  return below > 0 ? all * all / below : std::numeric_limits<double>::infinity();
}

Resampling::Resampling(const std::vector<const SeedLosses*>& models, const BootstrapOptions& options)
    : m_resamples(static_cast<std::size_t>(std::max(options.resamples, 100))), m_paired(options.seedsPaired) {
  for (const auto* model : models) {
    std::vector<double> rows(model->front().size(), 0), seeds;
    for (const auto& losses : *model) {
      seeds.push_back(meanOf(losses));
      for (std::size_t r = 0; r < rows.size(); ++r) rows[r] += losses[r] / static_cast<double>(model->size());
    }
    m_means.push_back(meanOf(seeds));
    m_seedMeans.push_back(std::move(seeds));
    m_rowMeans.push_back(std::move(rows));
    m_paired = m_paired && model->size() == models.front()->size();
  }
  m_rowFreedom = static_cast<double>(m_rowMeans.front().size() - 1);
  m_deviations.assign(m_resamples * models.size(), 0);
  resampleRows(options);
  resampleSeeds(options);
}

void Resampling::resampleRows(const BootstrapOptions& options) {
  const auto models = m_means.size(), rows = m_rowMeans.front().size();
  const auto blocks = std::min(rows, std::max<std::size_t>(options.mostBlocks, 2));
  const auto blockOf = blocksOf(rows, blocks, options.seed);
  // Sums of deviations from the mean, so that blocks of unequal sizes do no harm.
  std::vector<double> sums(blocks * models, 0);
  for (std::size_t m = 0; m < models; ++m)
    for (std::size_t r = 0; r < rows; ++r) sums[blockOf[r] * models + m] += m_rowMeans[m][r] - m_means[m];
  std::vector<double> sizes(blocks, 0);
  for (const auto block : blockOf) sizes[block] += 1;

  const double larger = enlarged(blocks);
  Random random(options.seed, "rows");
  for (std::size_t b = 0; b < m_resamples; ++b) {
    double* deviations = &m_deviations[b * models];
    double drawn = 0;
    for (std::size_t i = 0; i < blocks; ++i) {
      const auto block = random.below(blocks);
      drawn += sizes[block];
      const double* sum = &sums[block * models];
      for (std::size_t m = 0; m < models; ++m) deviations[m] += sum[m];
    }
    for (std::size_t m = 0; m < models; ++m) deviations[m] *= larger / drawn;
  }
}

void Resampling::resampleSeeds(const BootstrapOptions& options) {
  const auto models = m_means.size();
  Random random(options.seed, "seeds");
  std::vector<std::size_t> drawn;
  for (std::size_t b = 0; b < m_resamples; ++b)
    for (std::size_t m = 0; m < models; ++m) {
      const auto& seeds = m_seedMeans[m];
      if (seeds.size() < 2) continue;
      if (!m_paired || m == 0) {
        drawn.resize(seeds.size());
        for (auto& each : drawn) each = random.below(seeds.size());
      }
      double sum = 0;
      for (const auto each : drawn) sum += seeds[each] - m_means[m];
      m_deviations[b * models + m] += enlarged(seeds.size()) * sum / static_cast<double>(seeds.size());
    }
}

Spread Resampling::spreadOf(std::vector<double> deviations) const {
  Spread spread;
  spread.rowFreedom = m_rowFreedom;
  double square = 0;
  for (const double each : deviations) square += each * each;
  spread.error = std::sqrt(square / static_cast<double>(deviations.size()));
  spread.deviations = std::move(deviations);
  return spread;
}

Spread Resampling::of(std::size_t model) const {
  std::vector<double> deviations(m_resamples);
  for (std::size_t b = 0; b < m_resamples; ++b) deviations[b] = deviation(b, model);
  auto spread = spreadOf(std::move(deviations));
  spread.rowVariance = meanVariance(m_rowMeans[model]);
  spread.seedVariances = {meanVariance(m_seedMeans[model])};
  spread.seedFreedoms = {static_cast<double>(m_seedMeans[model].size() - 1)};
  return spread;
}

Spread Resampling::ofDifference(std::size_t a, std::size_t b) const {
  std::vector<double> deviations(m_resamples);
  for (std::size_t i = 0; i < m_resamples; ++i) deviations[i] = deviation(i, a) - deviation(i, b);
  auto spread = spreadOf(std::move(deviations));
  spread.rowVariance = meanVariance(differences(m_rowMeans[a], m_rowMeans[b]));
  const auto freedom = [&](std::size_t model) { return static_cast<double>(m_seedMeans[model].size() - 1); };
  if (m_paired) {
    spread.seedVariances = {meanVariance(differences(m_seedMeans[a], m_seedMeans[b]))};
    spread.seedFreedoms = {freedom(a)};
  } else {
    spread.seedVariances = {meanVariance(m_seedMeans[a]), meanVariance(m_seedMeans[b])};
    spread.seedFreedoms = {freedom(a), freedom(b)};
  }
  return spread;
}

DeviationQuantiles::DeviationQuantiles(const Spread& spread)
    : m_sorted(spread.deviations), m_freedom(spread.freedom()) {
  std::sort(m_sorted.begin(), m_sorted.end());
}

// Between the order statistics; further out than these tell, as a normal distribution goes on.
double DeviationQuantiles::quantile(double share) const {
  const auto count = static_cast<double>(m_sorted.size());
  const double least = 10 / count;
  if (share < least) return quantile(least) * normalQuantile(share) / normalQuantile(least);
  if (share > 1 - least) return quantile(1 - least) * normalQuantile(1 - share) / normalQuantile(least);
  const double at = share * (count - 1);
  const auto below = static_cast<std::size_t>(at);
  const double part = at - static_cast<double>(below);
  return m_sorted[below] + part * (m_sorted[std::min(below + 1, m_sorted.size() - 1)] - m_sorted[below]);
}

Band DeviationQuantiles::band(double level) const { return bandOf(-studentQuantile(level / 2, m_freedom)); }

Band DeviationQuantiles::bandOf(double t) const {
  const double share = studentCdf(-t, m_freedom), larger = -t / normalQuantile(share);
  return {larger * quantile(share), larger * quantile(1 - share)};
}

double DeviationQuantiles::p(double difference) const {
  const auto outside = [&](double t) {
    const auto reach = bandOf(t);
    return difference + reach.low > 0 || difference + reach.high < 0;
  };
  // By the logarithm of Student's t: with one degree of freedom it gets large.
  const double most = -studentQuantile(leastP / 2, m_freedom);
  if (outside(most)) return leastP;
  double low = std::log(1e-3), high = std::log(most);
  if (!outside(std::exp(low))) return 1;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (outside(std::exp(middle)) ? low : high) = middle;
  }
  return 2 * studentCdf(-std::exp(low), m_freedom);
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/paired_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/search/distributions.h"
#include "core/search/resampling.h"

namespace lathe::search {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// Candidates that the largest difference is taken to, best means first: others could not be the best.
constexpr std::size_t mostRivals = 32;

bool wellFormed(const SeedLosses& losses, std::size_t rows) {
  return !losses.empty() &&
         std::all_of(losses.begin(), losses.end(), [&](const auto& seed) { return seed.size() == rows; });
}

bool finite(const SeedLosses& losses) {
  return std::all_of(losses.begin(), losses.end(), [](const auto& seed) {
    return std::all_of(seed.begin(), seed.end(), [](double loss) { return std::isfinite(loss); });
  });
}

double meanOf(const SeedLosses& losses) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto& seed : losses) {
    sum = std::accumulate(seed.begin(), seed.end(), sum);
    count += seed.size();
  }
  return count > 0 && std::isfinite(sum) ? sum / static_cast<double>(count) : infinity;
}

Comparison comparison(const Resampling& resampling, std::size_t a, std::size_t b, double confidence) {
  Comparison result;
  result.rowsCovered = true;
  result.difference = resampling.mean(a) - resampling.mean(b);
  const DeviationQuantiles quantiles(resampling.ofDifference(a, b));
  const auto band = quantiles.band(1 - confidence);
  result.low = result.difference + band.low;
  result.high = result.difference + band.high;
  result.p = result.difference == 0 ? 1 : quantiles.p(result.difference);
  if (result.low > 0 || result.high < 0) result.verdict = result.difference < 0 ? Verdict::Better : Verdict::Worse;
  return result;
}

// With few seeds some candidate's seeds agree by luck, and it would seem sure. No seed variance counts as less than the
// candidates' typical one: the median, so that one that explodes now and then does not hide the others' differences.
struct PooledSeeds {
  double variance = 0, freedom = 0;  // of one training
  explicit PooledSeeds(const std::vector<Spread>& spreads) {
    std::vector<double> variances;
    for (const auto& spread : spreads)
      for (std::size_t i = 0; i < spread.seedVariances.size(); ++i) {
        const double its = spread.seedFreedoms[i];
        if (its < 1) continue;
        // A variance's median is below its mean (Wilson and Hilferty 1931).
        variances.push_back(spread.seedVariances[i] * (its + 1) / std::pow(1 - 2 / (9 * its), 3));
        freedom += its / 2;  // what the median knows, about
      }
    if (variances.empty()) return;
    std::sort(variances.begin(), variances.end());
    variance = (variances[(variances.size() - 1) / 2] + variances[variances.size() / 2]) / 2;
  }
  void applyTo(Spread& spread) const {
    for (std::size_t i = 0; i < spread.seedVariances.size(); ++i) {
      const double pooled = variance / (spread.seedFreedoms[i] + 1), lacking = pooled - spread.seedVariances[i];
      if (lacking <= 0 || spread.seedFreedoms[i] < 1) continue;
      spread.error = std::sqrt(spread.error * spread.error + lacking);
      spread.seedVariances[i] = pooled;
      spread.seedFreedoms[i] = std::max(freedom, spread.seedFreedoms[i]);
    }
  }
};

// Share of the resamples whose largest studentised difference is beyond each candidate's one.
std::vector<double> byLargest(const Resampling& resampling, std::size_t count) {
  const auto rivals = std::min(count, mostRivals);
  std::vector<double> largest(resampling.resamples(), 0);
  std::vector<double> studentised(count, 0);
  std::vector<Spread> spreads;
  for (std::size_t c = resampling.paired() ? 1 : 0; c < count; ++c)
    spreads.push_back(resampling.paired() ? resampling.ofDifference(c, 0) : resampling.of(c));
  const PooledSeeds pooled(spreads);
  for (std::size_t r = 0; r < rivals; ++r)
    for (std::size_t c = r + 1; c < count; ++c) {
      auto spread = resampling.ofDifference(c, r);
      if (!(spread.error > 0)) continue;
      for (std::size_t b = 0; b < largest.size(); ++b)
        largest[b] = std::max(largest[b], std::abs(spread.deviations[b]) / spread.error);
      if (r > 0) continue;
      pooled.applyTo(spread);
      const double t = (resampling.mean(c) - resampling.mean(r)) / spread.error;
      // On the normal scale, that the resamples have.
      studentised[c] = -normalQuantile(studentCdf(-t, spread.freedom()));
    }
  std::sort(largest.begin(), largest.end());
  std::vector<double> p(count, 1);
  for (std::size_t c = 1; c < count; ++c) {
    const auto beyond = largest.end() - std::lower_bound(largest.begin(), largest.end(), studentised[c]);
    p[c] = (static_cast<double>(beyond) + 1) / (static_cast<double>(largest.size()) + 1);
  }
  return p;
}

}  // namespace

Comparison compareLosses(const SeedLosses& a, const SeedLosses& b, const BootstrapOptions& options) {
  Comparison result;
  result.low = -infinity;
  result.high = infinity;
  const auto rows = a.empty() ? 0 : a.front().size();
  if (rows == 0 || !wellFormed(a, rows) || !wellFormed(b, rows)) return result;
  const bool seedsCovered = a.size() > 1 && b.size() > 1;
  if (const bool fine = finite(a); fine != finite(b)) {
    result.difference = result.low = result.high = fine ? -infinity : infinity;
    result.p = 0;
    result.verdict = fine ? Verdict::Better : Verdict::Worse;
    result.seedsCovered = seedsCovered;
    result.rowsCovered = rows > 1;
    return result;
  } else if (!fine) {
    return result;
  }
  result.difference = meanOf(a) - meanOf(b);
  if (rows > 1) result = comparison(Resampling({&a, &b}, options), 0, 1, options.confidence);
  result.seedsCovered = seedsCovered;
  return result;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size());
  double least = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    least = std::max(least, static_cast<double>(order.size() - i) * p[order[i]]);
    corrected[order[i]] = std::min(1.0, least);
  }
  return corrected;
}

Standings standings(std::span<const SeedLosses> candidates, const BootstrapOptions& options, Correction correction) {
  Standings result;
  if (candidates.empty()) return result;
  const auto rows = candidates.front().empty() ? 0 : candidates.front().front().size();
  std::vector<std::size_t> order;  // what can be compared, best mean first
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    auto& each = result.candidates.emplace_back();
    const bool usable = rows > 0 && wellFormed(candidates[i], rows) && finite(candidates[i]);
    each.mean = usable ? meanOf(candidates[i]) : infinity;
    each.low = -infinity;
    each.high = infinity;
    each.seedsCovered = candidates[i].size() > 1;
    if (usable) order.push_back(i);
  }
  const auto mean = [&](std::size_t i) { return result.candidates[i].mean; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return mean(a) < mean(b); });
  result.rowsCovered = rows > 1;
  if (order.empty()) {
    for (std::size_t i = 0; i < candidates.size(); ++i) result.tied.push_back(i);
    return result;
  }
  result.best = order.front();
  std::vector<double> p(order.size(), 1);
  if (rows > 1) {
    std::vector<const SeedLosses*> models;
    models.reserve(order.size());
    for (const auto i : order) models.push_back(&candidates[i]);
    const Resampling resampling(models, options);
    for (std::size_t k = 0; k < order.size(); ++k) {
      auto& each = result.candidates[order[k]];
      const auto band = DeviationQuantiles(resampling.of(k)).band(1 - options.confidence);
      each.low = each.mean + band.low;
      each.high = each.mean + band.high;
      if (k == 0) continue;
      const auto against = comparison(resampling, k, 0, options.confidence);
      each.behindLow = against.low;
      each.behindHigh = against.high;
      p[k] = against.p;
    }
    if (correction == Correction::Holm) {
      const auto corrected = holm(std::span(p).subspan(1));
      std::copy(corrected.begin(), corrected.end(), p.begin() + 1);
    } else if (correction == Correction::Largest && order.size() > 1) {
      const auto corrected = byLargest(resampling, order.size());
      for (std::size_t k = 1; k < p.size(); ++k) p[k] = std::max(p[k], corrected[k]);
    }
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    auto& each = result.candidates[i];
    each.behind = i == result.best ? 0 : each.mean - mean(result.best);
    const auto at = std::find(order.begin(), order.end(), i);
    each.p = at == order.end() ? 0 : p[static_cast<std::size_t>(at - order.begin())];
    if (i != result.best && each.p < 1 - options.confidence) each.verdict = Verdict::Worse;
  }
  for (const auto i : order)
    if (result.candidates[i].verdict == Verdict::Tie) result.tied.push_back(i);
  return result;
}

}  // namespace lathe::search

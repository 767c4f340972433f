// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/search/importance_tools.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr std::size_t mostBins = 64;
constexpr std::size_t folds = 10;

// Counts of the best trials and of the base in the bins of one parameter, by folds.
struct Histogram {
  bool unordered = false;
  std::vector<double> units;  // middles of the bins
  std::array<std::vector<double>, folds> top, base;
};

// The share of the trials in `values` that are at most as bad as the wanted share of them; ties belong together.
double limitOf(const std::vector<double>& values, double share) {
  auto sorted = values;
  const double wanted = std::ceil(share * static_cast<double>(values.size())) - 1;
  const auto at =
      sorted.begin() + static_cast<std::ptrdiff_t>(std::clamp(wanted, 0.0, static_cast<double>(values.size() - 1)));
  std::nth_element(sorted.begin(), at, sorted.end());
  return *at;
}

// Kernels of a Parzen estimate, binned: smooth[to * bins + from], columns sum to 1.
std::vector<double> kernels(const Histogram& histogram, const std::vector<double>& top, double count) {
  const auto bins = histogram.units.size();
  std::vector<double> smooth(bins * bins, 0);
  if (histogram.unordered) {
    const double spread = 1 / (1 + count / static_cast<double>(bins));
    for (std::size_t b = 0; b < bins; ++b)
      for (std::size_t a = 0; a < bins; ++a)
        smooth[a * bins + b] = spread / static_cast<double>(bins) + (a == b ? 1 - spread : 0);
    return smooth;
  }
  double mean = 0, square = 0;
  for (std::size_t b = 0; b < bins; ++b) mean += top[b] * histogram.units[b] / count;
  for (std::size_t b = 0; b < bins; ++b) square += top[b] * std::pow(histogram.units[b] - mean, 2) / count;
  // Scott's rule, not below what the bins resolve.
  const double width = std::max(1.06 * std::sqrt(square) * std::pow(count, -0.2), 0.5 / static_cast<double>(bins));
  for (std::size_t from = 0; from < bins; ++from) {
    double sum = 0;
    for (std::size_t to = 0; to < bins; ++to) {
      const double z = (histogram.units[to] - histogram.units[from]) / width;
      sum += smooth[to * bins + from] = std::exp(-0.5 * z * z);
    }
    for (std::size_t to = 0; to < bins; ++to) smooth[to * bins + from] /= sum;
  }
  return smooth;
}

// Variance, over the base, of the chance to be among the best as far as this parameter tells it. `without`: a fold that
// is left out.
double divergence(const Histogram& histogram, const std::array<double, 2>& counts, std::size_t without) {
  const auto bins = histogram.units.size();
  std::vector<double> top(bins, 0), base(bins, 0);
  for (std::size_t f = 0; f < folds; ++f)
    for (std::size_t b = 0; f != without && b < bins; ++b) {
      top[b] += histogram.top[f][b];
      base[b] += histogram.base[f][b];
    }
  const double tops = std::accumulate(top.begin(), top.end(), 0.0);
  const double bases = std::accumulate(base.begin(), base.end(), 0.0);
  if (!(tops > 1) || !(bases > tops)) return 0;
  const auto smooth = kernels(histogram, top, tops);
  double found = 0, byChance = 0;
  for (std::size_t to = 0; to < bins; ++to) {
    double p = 0, q = 0, square = 0;
    for (std::size_t from = 0; from < bins; ++from) {
      const double kernel = smooth[to * bins + from];
      p += kernel * top[from] / tops;
      q += kernel * base[from] / bases;
      square += kernel * kernel * base[from] / bases;
    }
    if (!(q > 1e-12)) continue;
    found += (p - q) * (p - q) / q;
    byChance += (square - q * q) / q;
  }
  byChance *= (bases - tops) / (tops * (bases - 1));
  // Where a parameter is inactive it says nothing: its part of the base, and how often the best are in it.
  const double active = bases / counts[1], often = tops / counts[0] / active;
  return active * often * often * std::max(0.0, found - byChance);
}

}  // namespace

std::vector<Importance> pedAnova(const SearchSpace& space, std::span<const Configuration> configurations,
                                 std::span<const double> values, const PedAnovaOptions& options) {
  const auto data = importanceData(space, configurations, values);
  const auto inputs = data.space.size();
  std::vector<double> shares(inputs, 0), deviations(inputs, 0);
  if (data.values.size() < 4) return ranked(data, shares, deviations, space.size());
  const double baseLimit = limitOf(data.values, std::clamp(options.base, 0.0, 1.0));
  const double topLimit = limitOf(data.values, std::clamp(options.top * options.base, 0.0, 1.0));
  const bool strict = topLimit >= baseLimit;  // so many are equal that the best would be everybody

  std::array<std::array<double, 2>, folds> counts{};
  std::vector<std::uint8_t> isTop(data.values.size()), isBase(data.values.size());
  for (std::size_t i = 0; i < data.values.size(); ++i) {
    isBase[i] = data.values[i] <= baseLimit ? 1 : 0;
    isTop[i] = (strict ? data.values[i] < topLimit : data.values[i] <= topLimit) ? 1 : 0;
    counts[i % folds][0] += isTop[i];
    counts[i % folds][1] += isBase[i];
  }
  std::array<double, 2> all{};
  for (const auto& fold : counts) all = {all[0] + fold[0], all[1] + fold[1]};
  if (all[0] < 1) return ranked(data, shares, deviations, space.size());

  for (std::size_t f = 0; f < inputs; ++f) {
    const auto& parameter = data.space.parameters[f];
    Histogram histogram;
    histogram.unordered = parameter.type == spec::ParameterType::Categorical;
    const auto count = parameter.count();
    const bool single = count > 0 && (count <= mostBins || histogram.unordered);  // a bin a value
    const auto bins = single ? count : mostBins;
    for (std::size_t b = 0; b < bins; ++b) {
      const auto index = static_cast<double>(b);
      if (!single)
        histogram.units.push_back((index + 0.5) / static_cast<double>(bins));
      else
        histogram.units.push_back(
            toUnit(parameter, parameter.isChoice() ? index : parameter.low + index * parameter.step));
    }
    for (std::size_t fold = 0; fold < folds; ++fold) {
      histogram.top[fold].assign(bins, 0);
      histogram.base[fold].assign(bins, 0);
    }
    for (std::size_t i = 0; i < data.values.size(); ++i) {
      const double value = (*data.configurations[i])[f];
      if (std::isnan(value) || isBase[i] == 0) continue;
      const double at = !single                ? toUnit(parameter, value) * static_cast<double>(bins)
                        : parameter.isChoice() ? value
                                               : std::round((value - parameter.low) / parameter.step);
      const auto bin = std::min(static_cast<std::size_t>(std::max(at, 0.0)), bins - 1);
      histogram.base[i % folds][bin] += 1;
      histogram.top[i % folds][bin] += isTop[i];
    }
    shares[f] = divergence(histogram, all, folds);
    std::array<double, folds> parts{};
    double mean = 0;
    for (std::size_t fold = 0; fold < folds; ++fold) {
      parts[fold] = divergence(histogram, {all[0] - counts[fold][0], all[1] - counts[fold][1]}, fold);
      mean += parts[fold] / folds;
    }
    for (const double part : parts) deviations[f] += (part - mean) * (part - mean);
    deviations[f] = std::sqrt(deviations[f] * (folds - 1) / folds);
  }
  return ranked(data, shares, deviations, space.size());
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/data/data_source.h"
#include "core/data/parallel.h"
#include "core/data/windows.h"
#include "core/spec/targets.h"

namespace lathe::data {
namespace {

using spec::ColumnKind;
using spec::FittedFeature;

constexpr std::size_t quantileKnots = 101;

struct Spread {
  double mean = 0;
  double deviation = 0;  ///< of the population, as scaling divides by it
};

template <class Values>
Spread spreadOf(const Values& values) {
  double count = 0;
  double mean = 0;
  double squares = 0;
  for (const auto value : values) {
    const auto x = static_cast<double>(value);
    count += 1;
    const double delta = x - mean;
    mean += delta / count;
    squares += delta * (x - mean);
  }
  return {mean, count > 0 ? std::sqrt(squares / count) : 0};
}

// Between neighbours where the share falls between them. Reorders the values.
double quantileOf(std::vector<float>& values, double share) {
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), values.begin() + low, values.end());
  const double below = static_cast<double>(values[static_cast<std::size_t>(low)]);
  const double part = at - static_cast<double>(low);
  if (part == 0) return below;
  const double above = static_cast<double>(*std::min_element(values.begin() + low + 1, values.end()));
  return below * (1 - part) + above * part;
}

double inverse(double spread) { return spread > 0 && std::isfinite(1 / spread) ? 1 / spread : 1; }

void scale(const spec::PreprocessingSpec& preprocessing, std::vector<float>& values, const Spread& spread,
           FittedFeature& fitted) {
  if (preprocessing.scaling == "standard") {
    fitted.shift = spread.mean;
    fitted.scale = inverse(spread.deviation);
  } else if (preprocessing.scaling == "robust") {
    fitted.shift = quantileOf(values, 0.5);
    const double middleHalf = quantileOf(values, 0.75) - quantileOf(values, 0.25);
    // Most values may be equal; the deviation then is the better measure.
    fitted.scale = inverse(middleHalf > 0 ? middleHalf : spread.deviation);
  } else if (preprocessing.scaling == "quantile") {
    std::sort(values.begin(), values.end());
    fitted.quantiles.reserve(quantileKnots);
    for (std::size_t k = 0; k < quantileKnots; ++k) {
      const double share = (static_cast<double>(k) + 0.5) / static_cast<double>(quantileKnots);
      fitted.quantiles.push_back(static_cast<float>(quantileOf(values, share)));
    }
  }
}

// Equal quantiles are one edge (Gorishniy et al. 2022, section 3.2). Sorts the values.
std::vector<float> binsOf(std::vector<float>& values, int count) {
  std::sort(values.begin(), values.end());
  std::vector<float> edges;
  for (int k = 0; k <= count; ++k) {
    const double at = static_cast<double>(k) / count * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const double below = static_cast<double>(values[low]);
    const double above = static_cast<double>(values[std::min(low + 1, values.size() - 1)]);
    edges.push_back(static_cast<float>(below + (at - static_cast<double>(low)) * (above - below)));
  }
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  if (edges.size() < 2) edges.clear();
  return edges;
}

FittedFeature fitFeature(const Dataset& dataset, const spec::FeatureSchema& feature,
                         const spec::PreprocessingSpec& preprocessing, const std::vector<std::uint32_t>& rows) {
  FittedFeature fitted;
  if (feature.text.buckets > 0) return fitted;
  const auto width = rowWidth(dataset.schema);
  std::vector<float> values;
  values.reserve(rows.size());
  for (const auto row : rows) {
    const float x = dataset.table[row * width + static_cast<std::size_t>(feature.offset)];
    if (std::isnan(x))
      fitted.indicator = true;
    else
      values.push_back(x);
  }
  if (feature.kind == ColumnKind::Category || feature.kind == ColumnKind::Boolean || values.empty()) return fitted;
  const auto spread = spreadOf(values);
  if (preprocessing.imputation == "median")
    fitted.fill = quantileOf(values, 0.5);
  else if (preprocessing.imputation == "mean")
    fitted.fill = spread.mean;
  if (preprocessing.numericBins > 0) fitted.bins = binsOf(values, preprocessing.numericBins);
  if (feature.kind == ColumnKind::DateTime && preprocessing.scaling == "quantile") {
    // Date parts are an affine operation of the day count.
    fitted.shift = spread.mean;
    fitted.scale = inverse(spread.deviation);
    return fitted;
  }
  scale(preprocessing, values, spread, fitted);
  return fitted;
}

void fitChannels(const Dataset& dataset, spec::FittedPreprocessing& fitted) {
  const auto& shape = dataset.schema.inputShape;
  const auto channels = static_cast<std::size_t>(shape[0]);
  const auto plane = static_cast<std::size_t>(shape[1] * shape[2]);
  std::vector<std::uint64_t> sums(channels, 0);
  std::vector<std::uint64_t> squares(channels, 0);
  for (const auto row : dataset.split.train)
    for (std::size_t c = 0; c < channels; ++c) {
      const std::uint8_t* pixel = dataset.pixels.data() + (row * channels + c) * plane;
      std::uint64_t sum = 0;
      std::uint64_t square = 0;
      for (std::size_t i = 0; i < plane; ++i) {
        sum += pixel[i];
        square += static_cast<std::uint64_t>(pixel[i]) * pixel[i];
      }
      sums[c] += sum;
      squares[c] += square;
    }
  const double count = static_cast<double>(dataset.split.train.size()) * static_cast<double>(plane);
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = static_cast<double>(sums[c]) / count;
    const double variance = static_cast<double>(squares[c]) / count - mean * mean;
    fitted.channelMean.push_back(static_cast<float>(mean));
    fitted.channelStd.push_back(variance > 1e-6 ? static_cast<float>(std::sqrt(variance)) : 1.0F);
  }
}

void fitTarget(const Dataset& dataset, spec::FittedPreprocessing& fitted) {
  if (dataset.schema.task == spec::Task::Classification) {
    fitted.classFrequencies.assign(dataset.schema.target.classes.size(), 0);
    for (const auto row : dataset.split.train)
      fitted.classFrequencies[static_cast<std::size_t>(dataset.classes[row])] +=
          1.0 / static_cast<double>(dataset.split.train.size());
    return;
  }
  if (dataset.schema.task == spec::Task::Multilabel) {
    const std::size_t labels = dataset.schema.target.classes.size();
    fitted.classFrequencies.assign(labels, 0);
    for (const auto row : dataset.split.train)
      for (std::size_t l = 0; l < labels; ++l)
        if (dataset.labels[row * labels + l] > 0)
          fitted.classFrequencies[l] += 1.0 / static_cast<double>(dataset.split.train.size());
    return;
  }
  if (dataset.schema.task == spec::Task::Anomaly) return;
  const std::size_t targets = spec::targetCount(dataset.schema);
  const std::size_t columns = targets / spec::stepsAhead(dataset.schema);
  // A column has one scale, however many rows ahead.
  for (std::size_t t = 0; t < columns; ++t) {
    std::vector<float> values;
    for (const auto row : dataset.split.train)
      for (std::size_t at = t; at < targets; at += columns) values.push_back(dataset.targets[row * targets + at]);
    const auto spread = spreadOf(values);
    fitted.targetMeans.push_back(spread.mean);
    fitted.targetStds.push_back(spread.deviation > 0 ? spread.deviation : 1);
  }
  for (std::size_t at = columns; at < targets; ++at) {
    fitted.targetMeans.push_back(fitted.targetMeans[at - columns]);
    fitted.targetStds.push_back(fitted.targetStds[at - columns]);
  }
  fitted.targetMean = fitted.targetMeans.front();
  fitted.targetStd = fitted.targetStds.front();
  if (targets > 1) return;
  fitted.targetMeans.clear();
  fitted.targetStds.clear();
}

}  // namespace

Result<spec::FittedPreprocessing> fitPreprocessing(const Dataset& dataset,
                                                   const spec::PreprocessingSpec& preprocessing) {
  return guarded([&]() -> Result<spec::FittedPreprocessing> {
    if (dataset.split.train.empty())
      return fail("data.too_few_rows", LATHE_TEXT("errors", "There is no row to train on."),
                  LATHE_TEXT("errors", "Give train a larger share of the rows."));
    spec::FittedPreprocessing fitted;
    if (dataset.schema.image) {
      fitChannels(dataset, fitted);
    } else {
      const auto rows = coveredRows(dataset, dataset.split.train);
      fitted.features.resize(dataset.schema.features.size());
      parallelFor(fitted.features.size(), readingThreads(), [&](std::size_t i) {
        fitted.features[i] = fitFeature(dataset, dataset.schema.features[i], preprocessing, rows);
      });
    }
    fitTarget(dataset, fitted);
    return fitted;
  });
}

}  // namespace lathe::data

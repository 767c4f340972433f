// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/terminator.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lathe::search {
namespace {

constexpr double delta = 0.1;
constexpr double betaDivisor = 5;
constexpr double toldApart = 1.96 * std::numbers::sqrt2;

struct Spread {
  double squares = 0;  // around the mean
  double count = 0;
};

Spread spreadOf(std::span<const double> values) {
  Spread spread;
  double mean = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    ++spread.count;
    const double difference = value - mean;
    mean += difference / spread.count;
    spread.squares += difference * (value - mean);
  }
  return spread;
}

}  // namespace

Termination judgeTermination(const TerminatorInputs& inputs) {
  const double gap = inputs.bestUpper - inputs.bestLower;
  Termination result{std::isnan(gap) ? gap : std::max(gap, 0.0), inputs.noise, false};
  result.shouldStop =
      std::isfinite(gap) && std::isfinite(inputs.noise) && result.regretBound <= toldApart * inputs.noise;
  return result;
}

double confidenceWidth(std::size_t parameters, std::size_t trials) {
  const auto d = static_cast<double>(std::max<std::size_t>(parameters, 1));
  const auto t = static_cast<double>(std::max<std::size_t>(trials, 1));
  constexpr double pi = std::numbers::pi;
  return std::sqrt(2 * std::log(d * t * t * pi * pi / (6 * delta)) / betaDivisor);
}

std::optional<double> foldNoise(std::span<const double> folds, std::optional<double> testToTrain) {
  const auto spread = spreadOf(folds);
  if (spread.count < 2) return std::nullopt;
  const double ratio = testToTrain.value_or(1 / (spread.count - 1));
  return std::sqrt((1 / spread.count + ratio) * spread.squares / (spread.count - 1));
}

std::optional<double> repeatNoise(const std::vector<std::vector<double>>& repeats) {
  double squares = 0, freedom = 0;
  for (const auto& values : repeats) {
    const auto spread = spreadOf(values);
    if (spread.count < 2) continue;
    squares += spread.squares;
    freedom += spread.count - 1;
  }
  if (freedom == 0) return std::nullopt;
  return std::sqrt(squares / freedom);
}

}  // namespace lathe::search

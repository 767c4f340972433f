// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/temperature.h"

#include <algorithm>
#include <cmath>

namespace lathe::services {
namespace {

constexpr float leastOdds = 1e-12F;
constexpr double priorDeviation = 0.5;
constexpr int rounds = 24;  // the interval shrinks by 0.618 each: to a ten-thousandth

}  // namespace

std::vector<float> tempered(const std::vector<float>& probabilities, std::size_t columns, double temperature,
                            bool labels) {
  auto result = probabilities;
  if (temperature == 1 || columns == 0) return result;
  const auto power = static_cast<float>(1 / temperature);
  if (labels) {
    for (auto& p : result) {
      const float yes = std::pow(std::max(p, leastOdds), power);
      const float no = std::pow(std::max(1 - p, leastOdds), power);
      p = yes / (yes + no);
    }
    return result;
  }
  for (std::size_t first = 0; first + columns <= result.size(); first += columns) {
    double sum = 0;
    for (std::size_t c = 0; c < columns; ++c)
      sum += result[first + c] = std::pow(std::max(result[first + c], leastOdds), power);
    for (std::size_t c = 0; c < columns; ++c)
      result[first + c] = static_cast<float>(static_cast<double>(result[first + c]) / sum);
  }
  return result;
}

// Golden-section search over the logarithm.
double bestTemperature(const std::function<double(double)>& costOf, std::size_t rows, double least, double most) {
  const double strength =
      1 / (2 * priorDeviation * priorDeviation * static_cast<double>(std::max<std::size_t>(rows, 1)));
  const auto cost = [&](double temperature) {
    const double away = std::log(temperature);
    return costOf(temperature) + strength * away * away;
  };
  const double golden = 0.5 * (std::sqrt(5.0) - 1);
  double low = std::log(least), high = std::log(most);
  double left = high - golden * (high - low), right = low + golden * (high - low);
  double atLeft = cost(std::exp(left)), atRight = cost(std::exp(right));
  for (int i = 0; i < rounds; ++i) {
    if (atLeft <= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - golden * (high - low);
      atLeft = cost(std::exp(left));
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + golden * (high - low);
      atRight = cost(std::exp(right));
    }
  }
  const double found = std::exp(0.5 * (low + high));
  return cost(found) < cost(1) ? found : 1;
}

}  // namespace lathe::services

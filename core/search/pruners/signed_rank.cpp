// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/pruners/signed_rank.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace lathe::search {
namespace {

constexpr std::size_t mostExact = 25;

// Ranks times two, so that those of ties are whole.
double exactTail(const std::vector<std::size_t>& doubledRanks, std::size_t doubledSum) {
  std::size_t total = 0;
  for (const auto rank : doubledRanks) total += rank;
  std::vector<double> ways(total + 1, 0.0);  // of choosing signs with this sum; exact, below 2^25
  ways[0] = 1;
  std::size_t reach = 0;
  for (const auto rank : doubledRanks) {
    reach += rank;
    for (std::size_t sum = reach; sum >= rank; --sum) ways[sum] += ways[sum - rank];
  }
  double tail = 0;
  for (std::size_t sum = doubledSum; sum <= total; ++sum) tail += ways[sum];
  return tail / std::exp2(static_cast<double>(doubledRanks.size()));
}

}  // namespace

double signedRankGreater(std::span<const double> differences) {
  std::vector<double> kept;
  for (const double difference : differences)
    if (difference != 0) kept.push_back(difference);
  if (kept.empty()) return 1;
  std::sort(kept.begin(), kept.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  std::vector<std::size_t> doubledRanks(kept.size());
  std::size_t doubledSum = 0;
  double tied = 0;
  for (std::size_t begin = 0; begin < kept.size();) {
    std::size_t end = begin + 1;
    while (end < kept.size() && std::abs(kept[end]) == std::abs(kept[begin])) ++end;
    const auto equal = static_cast<double>(end - begin);
    tied += equal * equal * equal - equal;
    for (std::size_t i = begin; i < end; ++i) {
      doubledRanks[i] = begin + 1 + end;
      if (kept[i] > 0) doubledSum += doubledRanks[i];
    }
    begin = end;
  }
  if (kept.size() <= mostExact) return exactTail(doubledRanks, doubledSum);
  const auto n = static_cast<double>(kept.size());
  const double mean = n * (n + 1) / 4;
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - tied / 48;
  const double z = (0.5 * static_cast<double>(doubledSum) - mean) / std::sqrt(variance);
  return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

}  // namespace lathe::search

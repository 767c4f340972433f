// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/parity_sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/services/parity_rows.h"

namespace lathe::services {
namespace {

constexpr double mostOperations = 4e10;  ///< of all rows of a file
constexpr std::size_t fewestRows = 256;

/// The rows with the smallest and the largest of some numbers, and the first where it is none.
struct Extremes {
  std::int64_t low = -1, high = -1, missing = -1;
  double lowest = 0, highest = 0;
  void see(std::size_t row, double value) {
    const auto at = static_cast<std::int64_t>(row);
    if (std::isnan(value)) {
      if (missing < 0) missing = at;
      return;
    }
    if (low < 0 || value < lowest) low = at, lowest = value;
    if (high < 0 || value > highest) high = at, highest = value;
  }
};

// One a column; of what has no columns one for the strength of the whole.
std::vector<Extremes> extremesOf(const data::Dataset& rows) {
  const bool whole = rows.schema.image || rows.schema.sound();
  const auto width = static_cast<std::size_t>(std::max<std::int64_t>(0, spec::elementCount(rows.schema.inputShape)));
  std::vector<Extremes> all(whole ? 1 : width);
  std::vector<float> input(width);
  for (std::size_t row = 0; row < rows.rows; ++row) {
    if (rows.schema.image) {
      const auto first = rows.pixels.begin() + static_cast<std::ptrdiff_t>(row * width);
      all[0].see(row, std::accumulate(first, first + static_cast<std::ptrdiff_t>(width), 0.0));
      continue;
    }
    input = inputOf(rows, row);
    double strength = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (!whole) all[i].see(row, input[i]);
      strength += std::abs(input[i]);
    }
    if (whole) all[0].see(row, strength);
  }
  return all;
}

std::int64_t operationsOf(const spec::ModelDescription& model) {
  if (model.members.empty())
    return spec::analyse(model.graph, spec::graphContext(model.schema, model.fitted, model.preprocessing)).flops;
  std::int64_t sum = 0;
  for (const auto& member : model.members)
    sum += spec::analyse(member.graph, spec::graphContext(model.schema, member.fitted, member.preprocessing)).flops;
  return sum;
}

}  // namespace

std::size_t parityRowCount(const spec::ModelDescription& model) {
  const double rows = mostOperations / static_cast<double>(std::max<std::int64_t>(1, operationsOf(model)));
  return static_cast<std::size_t>(std::clamp(rows, double(fewestRows), double(mostParityRows)));
}

std::vector<std::uint32_t> paritySample(const data::Dataset& rows, std::size_t most) {
  std::vector<std::uint32_t> all(rows.rows);
  std::iota(all.begin(), all.end(), 0U);
  if (all.size() <= most) return all;
  std::set<std::uint32_t> chosen;
  // Half is left for ordinary rows, however many columns there are.
  for (const auto& each : extremesOf(rows))
    for (const auto row : {each.low, each.high, each.missing})
      if (row >= 0 && chosen.size() < most / 2) chosen.insert(static_cast<std::uint32_t>(row));
  const auto spread = most - chosen.size();
  for (std::size_t i = 0; i < spread; ++i)
    chosen.insert(all[i * (all.size() - 1) / std::max<std::size_t>(1, spread - 1)]);
  return {chosen.begin(), chosen.end()};
}

}  // namespace lathe::services

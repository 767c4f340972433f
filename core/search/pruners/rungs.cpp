// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/pruners/rungs.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lathe::search {

double etaOf(const PrunerSetup& setup) { return std::isfinite(setup.eta) ? std::max(setup.eta, 1.5) : 3.0; }

std::vector<std::int64_t> geometricRungs(const PrunerSetup& setup) {
  const double eta = etaOf(setup);
  const auto most = std::max<std::int64_t>(setup.maxSteps, 1);
  std::vector<std::int64_t> rungs;
  const auto first = std::max<std::int64_t>(setup.minSteps, 1);
  if (first < most) rungs.push_back(first);
  const double end = static_cast<double>(most) / std::cbrt(eta);
  for (double length = static_cast<double>(first) * eta; length < end; length *= eta)
    if (const auto rung = static_cast<std::int64_t>(std::llround(length)); rung > rungs.back() && rung < most)
      rungs.push_back(rung);
  rungs.push_back(most);
  return rungs;
}

std::size_t shareOf(std::size_t count, double eta) {
  return static_cast<std::size_t>(std::floor(static_cast<double>(count) / eta + 1e-9));
}

double NewestValues::of(std::int64_t trial) const {
  const auto found = m_values.find(trial);
  return found == m_values.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

}  // namespace lathe::search

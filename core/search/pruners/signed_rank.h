// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace lathe::search {

/// Wilcoxon's signed-rank test (1945) of paired differences, one-sided: the probability of ranks that speak at least so
/// much for differences above zero if zero were their middle. Differences of zero are left out, equal ones share their
/// mean rank. Up to 25 differences: the exact distribution, given the ties; beyond: the normal one, its variance
/// corrected for ties, without a correction for continuity. Infinite differences count as the largest; NaN is not
/// allowed. 1 when nothing differs.
[[nodiscard]] double signedRankGreater(std::span<const double> differences);

}  // namespace lathe::search

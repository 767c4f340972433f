// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::search {

/// Probability that a standard normal number is below x.
[[nodiscard]] double normalBelow(double x);
/// The number below which a standard normal one is with probability p, 0 < p < 1 (Acklam's rational approximation,
/// then one step of Halley's method).
[[nodiscard]] double normalQuantile(double p);

}  // namespace lathe::search

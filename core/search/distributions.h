// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Distribution functions that statements about studies need.
namespace lathe::search {

[[nodiscard]] double normalCdf(double z);
/// 0 < share < 1; exact to some 1e-12.
[[nodiscard]] double normalQuantile(double share);
/// Student's t with `freedom` > 0 degrees of freedom, which need not be whole; infinite: the normal one.
[[nodiscard]] double studentCdf(double t, double freedom);
[[nodiscard]] double studentQuantile(double share, double freedom);

}  // namespace lathe::search

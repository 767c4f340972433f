// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lathe::engine {

/// The whole number nearest to `value`, halves upwards. `value` lies in 0..255.
inline std::uint8_t nearestByte(float value) {
  // Loops over pixels stay vector code with this, a call of lround in each step would end that. What the check warns of
  // is negative values, which there are none of, and the one float below a half, which then counts as a half.
  // NOLINTNEXTLINE(bugprone-incorrect-roundings)
  return static_cast<std::uint8_t>(static_cast<std::int32_t>(value + 0.5F));
}

}  // namespace lathe::engine

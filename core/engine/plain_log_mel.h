// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lathe::engine {

struct LogMelForm {
  std::int64_t bands = 1;
  std::int64_t hop = 1;  ///< samples
  bool relative = false;
  double floor = 0;
};

/// The primitive LogMel for one clip, in plain C++ and double precision: [1, M, T] from the samples. `basis` [2B, 1,
/// window], `filters` [M, B].
[[nodiscard]] std::vector<float> plainLogMel(std::span<const float> samples, std::span<const float> basis,
                                             std::span<const float> filters, const LogMelForm& form);

}  // namespace lathe::engine

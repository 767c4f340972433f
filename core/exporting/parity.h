// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/engine.h"

namespace lathe::exporting {

/// The measure of the command line's contract: max |a - b| / max(1, |b|), a the export's output, b the engine's;
/// regression divided by the target's standard deviation on the training rows first. Classes must agree where the two
/// best probabilities differ by more than the limit.
struct ParityReport {
  std::string runtime;       ///< "LibTorch 1.13.1"
  bool independent = false;  ///< someone else's runtime checked it
  std::int64_t rows = 0;
  double maxDiff = 0;
  std::int64_t classMismatches = 0;
  bool ok = false;
  std::vector<std::uint32_t> failingRows;  ///< at most 100
};

inline constexpr double parityLimit = 1e-5;

/// Whether a runtime of this name is other people's work.
[[nodiscard]] bool isIndependent(std::string_view runtime);

[[nodiscard]] ParityReport compare(const engine::Predictions& exported, const engine::Predictions& reference,
                                   const spec::ModelDescription& model);

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/base/result.h"

namespace lathe::engine {

/// What can go wrong with the numbers of a step.
enum class TroubleKind { Loss, Gradient, Jump };

/// Where it did. All sentences about it are made here.
struct Trouble {
  TroubleKind kind = TroubleKind::Loss;
  std::int64_t step = 0;
  int epoch = 0;
  double lr = 0;  ///< the spec's
};

/// The end of a training: "engine.diverged".
[[nodiscard]] tl::unexpected<Error> diverged(const Trouble& trouble);
/// It goes on from an earlier state at another rate: the event "rolled_back".
[[nodiscard]] Message wentBack(const Trouble& trouble, std::int64_t goodStep, double newLr);

}  // namespace lathe::engine

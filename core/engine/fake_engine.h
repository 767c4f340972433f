// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "core/engine/engine.h"

namespace lathe::engine {

/// How the fake behaves, so that tests can steer it.
struct FakeEngineOptions {
  double secondsPerStep = 0;  ///< slept each step
  std::int64_t failAtStep = 0;
  std::int64_t divergeAtStep = 0;
  int largestBatchThatFits = std::numeric_limits<int>::max();  ///< what its estimates say
};

/// A real but tiny engine without LibTorch: softmax (or linear) regression on the prepared features, trained with the
/// spec's loss, optimiser and schedule. Learns, checkpoints, resumes bit for bit and predicts, so that
/// everything above an engine can be tested without LibTorch. Ignores the model graph beyond its input and output
/// sizes.
[[nodiscard]] std::unique_ptr<Engine> makeFakeEngine(FakeEngineOptions options = {});

}  // namespace lathe::engine

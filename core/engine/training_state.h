// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/engine/losses.h"
#include "core/engine/schedule.h"
#include "core/engine/spike_guard.h"

namespace lathe::engine {

/// Where a training stands, beside weights and optimiser: what meta["state"] of a checkpoint holds as JSON.
struct TrainingState {
  std::int64_t step = 0;         ///< done since the beginning
  int epochsDone = 0;            ///< whole ones
  std::int64_t stepInEpoch = 0;  ///< done of the epoch after them
  Random::State shuffle{};       ///< of the generator at that epoch's start
  BatchScore epochScore;         ///< sums of the steps of that epoch
  Monitor::State monitor;
  std::map<std::string, double> bestMetrics;
  double trainSeconds = 0;  ///< validation and checkpoints excluded
  std::int64_t samples = 0;
  bool stoppedEarly = false;
  SpikeGuard::State guard;
  // What must not change between a run and its continuation.
  std::uint64_t seed = 0;
  int batchSize = 0;
  std::size_t trainRows = 0;
  std::string optimizer;
  int accumulateSteps = 1;
  std::string average = "none";
};

[[nodiscard]] std::string toJson(const TrainingState& state);
Result<TrainingState> trainingStateFromJson(std::string_view json);

}  // namespace lathe::engine

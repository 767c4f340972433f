// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine.h"

namespace lathe::engine {

Result<ZeroCost> Engine::zeroCost(const TrainingRequest& /*request*/) {
  return fail("engine.zero_cost", LATHE_TEXT("errors", "This build has no engine that scores untrained networks."),
              LATHE_TEXT("errors", "Use a build of Lathe with LibTorch."));
}

}  // namespace lathe::engine

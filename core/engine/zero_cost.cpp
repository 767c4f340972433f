// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine.h"
#include "core/engine/supernet.h"

namespace lathe::engine {

Result<ZeroCost> Engine::zeroCost(const TrainingRequest& /*request*/) {
  return fail("engine.zero_cost", LATHE_TEXT("errors", "This build has no engine that scores untrained networks."),
              LATHE_TEXT("errors", "Use a build of Lathe with LibTorch."));
}

Result<std::unique_ptr<Supernet>> Engine::supernet(const TrainingRequest& /*request*/) {
  return fail("engine.supernet", LATHE_TEXT("errors", "This build has no engine that shares weights among networks."),
              LATHE_TEXT("errors", "Use a build of Lathe with LibTorch, or the method evolution, random or tpe."));
}

}  // namespace lathe::engine

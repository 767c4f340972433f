// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/engine/engine.h"
#include "core/engine/supernet.h"

namespace lathe::engine {

/// Supernet on LibTorch, on the processor. Throws what LibTorch throws; the engine guards.
[[nodiscard]] std::unique_ptr<Supernet> makeTorchSupernet(const TrainingRequest& request);

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "core/spec/program.h"

namespace lathe::engine {

/// ZeroCost on LibTorch. Throws what LibTorch throws; the engine guards.
[[nodiscard]] ZeroCost zeroCostOf(const TrainingRequest& request, const spec::Program& program);

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/engine/engine.h"

namespace lathe::engine {

/// The LibTorch engine: the one public header of this folder. Loading it takes some 0.3 s: off the GUI thread.
[[nodiscard]] std::unique_ptr<Engine> makeTorchEngine();

}  // namespace lathe::engine

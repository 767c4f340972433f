// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/engine/trees.h"

namespace lathe::engine {

/// XGBoost, or null where it is not installed. Opens its library the first time. Thread-safe.
[[nodiscard]] std::shared_ptr<BoostedTrees> makeBoostedTrees();

}  // namespace lathe::engine

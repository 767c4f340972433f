// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"
#include "core/engine/checkpoint.h"

namespace lathe::engine {

/// The state of a training's dropout generator as the tensor "dropout.generator".
void saveGenerator(Checkpoint& checkpoint, const Random& random);
Result<void> restoreGenerator(const Checkpoint& checkpoint, Random& random);

}  // namespace lathe::engine

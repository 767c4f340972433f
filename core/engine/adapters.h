// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/checkpoint.h"
#include "core/spec/schema.h"

namespace lathe::engine {

/// Puts W + scale * B A in the place of each adapted weight W (spec/lora.h), takes A and B away, and switches
/// adaptation off in the model: the same function as an ordinary network, which is what exports write. Does nothing
/// without adapters. The checkpoint must fit the model.
Result<void> mergeAdapters(spec::ModelDescription& model, Checkpoint& checkpoint);

}  // namespace lathe::engine

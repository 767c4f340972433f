// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/spec/program.h"
#include "core/spec/training_spec.h"

namespace lathe::engine {

/// What model and spec say about how one parameter is optimised: fields of Optimizer::Slot.
struct SlotTraits {
  bool decay = true;
  double lrScale = 1;   ///< layerLrDecay to the number of layers between this one and the last
  bool hidden = false;  ///< a matrix that is neither an embedding's nor the last layer's
};

/// One for each of the program's parameters, in its order. A layer with a matrix begins a new depth; normalisations and
/// the like belong to the one before.
[[nodiscard]] std::vector<SlotTraits> slotTraits(const spec::Program& program, const spec::TrainingSpec& training);

}  // namespace lathe::engine

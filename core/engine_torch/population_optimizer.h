// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/engine/step_settings.h"
#include "core/engine_torch/population_store.h"
#include "core/spec/training_spec.h"

/// sgd, adam and adamw of core/engine/optimizers for all members of a population at once: the same formulas, every
/// number of them a column with one row a member.
namespace lathe::engine {

struct MemberUpdate {
  const spec::OptimizerSpec& spec;
  StepSettings settings;
  double gradientScale = 1;
};

/// Names, in checkpoints, of the arrays that a store keeps for it; nothing: populations do not know the optimiser.
[[nodiscard]] std::vector<const char*> populationArrays(const std::string& optimizer);
/// Updates every row of the store, with one entry of `updates` each; `gradient` is laid out as its flat memory.
void updatePopulation(PopulationStore& store, const torch::Tensor& gradient, std::span<const MemberUpdate> updates);
/// What the update went by, for curves; negative: it has no momentum.
[[nodiscard]] double momentumOf(const MemberUpdate& update);

}  // namespace lathe::engine

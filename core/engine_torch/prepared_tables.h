// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "core/data/buffers.h"
#include "core/engine_torch/program_runner.h"

namespace lathe::engine {

/// The prepared inputs of all rows of a dataset, as `prepare` makes them. Trainings of this process that prepare the
/// same dataset in the same way share them while the dataset lives: a search trains hundreds of networks on one. Nobody
/// writes into them. Thread-safe; a second one that asks waits for the first.
[[nodiscard]] TensorList preparedTable(const std::shared_ptr<const data::Dataset>& data, const spec::Program& program,
                                       torch::Device device, const std::function<TensorList()>& prepare);

}  // namespace lathe::engine

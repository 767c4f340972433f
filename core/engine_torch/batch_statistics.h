// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>

#include "core/engine/training.h"
#include "core/engine_torch/program_runner.h"

namespace lathe::engine {

/// The running statistics of a program's batch normalisations, kept aside.
class KeptStatistics {
 public:
  KeptStatistics(const spec::Program& program, const TensorList& parameters);
  void putBack() const;

 private:
  TensorList m_places, m_values;
};

/// Running statistics made anew for the weights as they are: the mean over training batches (at most 200, drawn by the
/// seed) of what each gives, as PyTorch's swa_utils.update_bn has it (Izmailov 2018). Draws from no generator of the
/// training. Does nothing without batch normalisation.
void renewStatistics(const ProgramRunner& runner, const TensorList& parameters, const TrainingRequest& request,
                     const std::function<TensorList(std::span<const std::uint32_t>)>& inputs);

}  // namespace lathe::engine

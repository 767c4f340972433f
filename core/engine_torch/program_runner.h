// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <torch/torch.h>
#include <vector>

#include "core/base/random.h"
#include "core/spec/program.h"

namespace lathe::engine {

using TensorList = std::vector<torch::Tensor>;

/// Operations of the network on tensors, with the parameters in PyTorch's layouts. `parameters` and the generator
/// belong to the caller; `dropout` null means evaluation mode.
struct PrimitiveCall {
  const spec::Operation& operation;
  const TensorList& inputs;
  const TensorList& parameters;  ///< of the operation, in its order
  const TensorList& constants;   ///< of the operation, in its order
  Random* dropout = nullptr;
  bool inPlace = false;      ///< the input may be overwritten
  double dropoutFactor = 1;  ///< of every dropout probability
};
[[nodiscard]] torch::Tensor runNetworkPrimitive(const PrimitiveCall& call);
/// What runNetworkPrimitive() hands on: networks for tables, and ensembles.
[[nodiscard]] torch::Tensor runTablePrimitive(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor runPreprocessingPrimitive(const PrimitiveCall& call);
[[nodiscard]] torch::Tensor runLogMel(const PrimitiveCall& call);

/// A mask of 0 and 1 / (1 - p) with x's shape, from the run's own generator.
[[nodiscard]] torch::Tensor dropoutMask(const torch::Tensor& x, double p, Random& random);
/// Its numbers in the order of memory.
void fillDropoutMask(float* values, std::size_t count, double p, Random& random);

/// Interprets a spec::Program over tensors. Immutable after construction apart from what a call passes in, so that one
/// runner serves several threads.
class ProgramRunner {
 public:
  ProgramRunner(spec::Program program, torch::Device device);

  [[nodiscard]] const spec::Program& program() const { return m_program; }
  [[nodiscard]] torch::Device device() const { return m_device; }

  /// raw [N,F] or [N,C,H,W] -> the prepared inputs, images channels-last. Gradients are the caller's to switch off.
  [[nodiscard]] TensorList preprocess(const torch::Tensor& raw) const;
  /// prepared -> logits. `parameters` are those of the program, in its order; `dropoutFactor` scales every dropout
  /// probability.
  [[nodiscard]] torch::Tensor model(const TensorList& prepared, const TensorList& parameters, Random* dropout,
                                    double dropoutFactor = 1) const;
  /// logits -> probabilities, or values in the target's unit.
  [[nodiscard]] torch::Tensor head(const torch::Tensor& logits) const;

 private:
  /// What the interpreter knows about an operation beforehand.
  struct Plan {
    std::vector<int> lastUses;  ///< values that nobody needs after it
    bool inPlace = false;
  };
  [[nodiscard]] std::vector<Plan> planOf(const std::vector<spec::Operation>& section, int result) const;
  void run(const std::vector<spec::Operation>& section, const std::vector<Plan>& plans, TensorList& values,
           const TensorList& parameters, Random* dropout, double dropoutFactor) const;

  spec::Program m_program;
  torch::Device m_device;
  TensorList m_constants;
  std::vector<Plan> m_modelPlan;
};

}  // namespace lathe::engine

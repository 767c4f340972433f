// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_fused/operation.h"
#include "core/engine_fused/product.h"

namespace lathe::engine::fused {

/// Linear layer with what follows it: y = drop(f(scale * W x + b)). W [out, in], or [tokens, out, in] with a bias
/// [tokens, out] when each token has weights of its own. The weights keep PyTorch's layout and are never copied:
/// products forward read them against feature-major rows, products backward against row-major ones, so that only rows
/// are transposed.
class Dense final : public Operation {
 public:
  struct Plan {
    Input x;
    Value* y = nullptr;
    ParameterPlace weight;
    ParameterPlace bias;  ///< value null: none
    bool perToken = false;
    double scale = 1;
    Activation activation = Activation::Identity;
    double dropout = 0;
    std::uint32_t number = 0;       ///< of the dropout
    int blockRows = 0, blocks = 0;  ///< most blocks of one token
    int threads = 1;
  };
  explicit Dense(const Plan& plan);
  [[nodiscard]] int phases() const override { return 2; }
  [[nodiscard]] bool divisible() const override { return m_out > m_outChunk || m_in > m_inChunk; }
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  struct Range {
    int first, last;
  };
  [[nodiscard]] static Range rangeOf(int total, int chunk, const Share& share);
  [[nodiscard]] const float* weightOf(const Batch& batch, int block) const;
  void clearGradients(const Share& share, Scratch& scratch) const;
  void backwardOutputs(const Batch& batch, const Share& share, Scratch& scratch, int block, float* rowGradient);
  void backwardInputs(const Batch& batch, const Share& share, Scratch& scratch, int block, const float* rowGradient);

  Plan m_plan;
  int m_in, m_out;
  int m_outChunk, m_inChunk;
  bool m_keepsSlope;
  Memory m_slope;
  Memory m_rowGradients;  ///< shared between the parts of a feature split
  std::vector<float> m_scales;
  Product m_forward, m_forwardLast;        ///< a chunk of outputs
  Product m_inputs, m_inputsLast;          ///< a chunk of inputs
  Product m_weights[2], m_weightsLast[2];  ///< a chunk of outputs; written, added
};

}  // namespace lathe::engine::fused

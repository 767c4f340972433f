// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_fused/operation.h"
#include "core/engine_fused/product.h"

/// Operations of networks for tables, and of ensembles.
namespace lathe::engine::fused {

/// y = x * weight or x + bias, each feature its own number, each token its own where the parameter is [tokens,
/// features]. One token of x may feed several of y.
class Scale final : public Operation {
 public:
  Scale(Input x, Value* y, ParameterPlace weight, ParameterPlace bias, bool perToken);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  template <class Each>
  void eachBlock(const Batch& batch, const Share& share, Each&& each) const;
  Input m_x;
  Value* m_y;
  ParameterPlace m_weight, m_bias;  ///< one of them
  bool m_perToken;
  std::vector<float> m_ones;
};

/// y = x + alpha (f(x) - x)
class Blend final : public Operation {
 public:
  Blend(Input x, Value* y, ParameterPlace alpha, Activation activation);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
  ParameterPlace m_alpha;
  Activation m_activation;
};

/// Each feature becomes itself and a few mixtures of waves of it (spec::Primitive::PeriodicEmbedding).
class PeriodicEmbedding final : public Operation {
 public:
  struct Plan {
    Input x;
    Value* y = nullptr;
    ParameterPlace frequency, phase, weight, bias;
    int waves = 0;
    int blockRows = 0;
  };
  explicit PeriodicEmbedding(const Plan& plan);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  void feature(const Batch& batch, Scratch& scratch, int block, int f, bool add);
  Plan m_plan;
  int m_made;  ///< mixtures of a feature
  Product m_mix;
};

}  // namespace lathe::engine::fused

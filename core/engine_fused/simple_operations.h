// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_fused/operation.h"

/// Operations without matrix products.
namespace lathe::engine::fused {

/// y = drop(f(x)): an activation or a dropout that no linear layer could take along.
class Bend final : public Operation {
 public:
  Bend(Input x, Value* y, Activation activation, double dropout, std::uint32_t number, std::size_t mostFloats);
  [[nodiscard]] bool divisible() const override { return tokens > 1; }
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
  Activation m_activation;
  double m_dropout;
  std::uint32_t m_number;
  Memory m_slope;
};

/// Over the features of each token; weight and bias [features].
class LayerNorm final : public Operation {
 public:
  LayerNorm(Input x, Value* y, ParameterPlace weight, ParameterPlace bias, double epsilon, std::size_t mostRows);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
  ParameterPlace m_weight, m_bias;
  float m_epsilon;
  Memory m_mean, m_rstd;
};

/// Over the rows of a batch, each feature for itself, with running statistics as PyTorch keeps them (biased variance to
/// normalise, unbiased to remember). A batch of one row, and any when the layer is
/// frozen, is normalised by the running ones.
class BatchNorm final : public Operation {
 public:
  BatchNorm(Input x, Value* y, ParameterPlace weight, ParameterPlace bias, float* runningMean, float* runningVariance,
            double epsilon, double momentum);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  void measure(const Batch& batch);
  Input m_x;
  Value* m_y;
  ParameterPlace m_weight, m_bias;
  float* m_runningMean;
  float* m_runningVariance;
  double m_epsilon, m_momentum;
  bool m_measured = false;
  std::vector<float> m_mean, m_rstd, m_scale, m_shift, m_slopeOfMean, m_slopeOfDot;
  std::vector<double> m_sums, m_squares;
};

/// y = sum of the inputs
class Add final : public Operation {
 public:
  Add(std::vector<Input> inputs, Value* y);
  [[nodiscard]] bool divisible() const override { return tokens > 1; }
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  std::vector<Input> m_inputs;
  Value* m_y;
};

/// y = the inputs' features one after the other
class Concat final : public Operation {
 public:
  Concat(std::vector<Input> inputs, Value* y);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  std::vector<Input> m_inputs;
  Value* m_y;
};

/// Rows of learnt numbers looked up by the codes of each column; weights [cardinality, size] a column.
class Embedding final : public Operation {
 public:
  struct Column {
    ParameterPlace weight;
    int cardinality = 0, size = 0;
  };
  Embedding(Value* codes, Value* y, std::vector<Column> columns);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Value* m_codes;
  Value* m_y;
  std::vector<Column> m_columns;
};

}  // namespace lathe::engine::fused

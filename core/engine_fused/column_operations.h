// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_fused/operation.h"

/// Numeric embeddings: a table's numbers become tokens, and tokens become one row again.
namespace lathe::engine::fused {

/// spec::Primitive::PiecewiseEncoding: token f of y encodes feature f of x. Constants [tokens of y, features of y].
class PiecewiseEncoding final : public Operation {
 public:
  struct Constants {
    std::vector<float> low, slope, floor, ceiling;
  };
  PiecewiseEncoding(Input x, Value* y, Constants constants);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
  Constants m_constants;
};

/// spec::Primitive::Waves: token f of y holds the sines of feature f of x, then its cosines. Frequencies [tokens of y,
/// half of y's features].
class Waves final : public Operation {
 public:
  Waves(Input x, Value* y, ParameterPlace frequency);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  void feature(const Batch& batch, Scratch& scratch, int block, int f, bool add);
  Input m_x;
  Value* m_y;
  ParameterPlace m_frequency;
  int m_count;
  std::vector<float> m_zeros, m_minusOnes, m_turn, m_minusTurn;  ///< one a wave
};

/// y = some neighbouring features of x, one token.
class Slice final : public Operation {
 public:
  Slice(Input x, Value* y, int first);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
  int m_first;
};

/// The features of all tokens of one side, one after the other, as the one token of the other side; either way.
class Regroup final : public Operation {
 public:
  Regroup(Input x, Value* y);
  void forward(const Batch& batch, const Share& share, Scratch& scratch) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
};

}  // namespace lathe::engine::fused

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/engine_fused/convolution.h"
#include "core/engine_fused/operation.h"

/// Operations over images and sequences, whose pixels or steps are tokens. All threads share each of them.
namespace lathe::engine::fused {

/// Batch normalisation over all pixels and rows (statistics as BatchNorm's) with what usually follows in one go: relu,
/// and the largest of 2 x 2 pixels. What is normalised is never stored where a pool follows.
class ImageNorm final : public SharedOperation {
 public:
  struct Plan {
    Input x;
    Value* y = nullptr;
    ParameterPlace weight, bias;
    float* runningMean = nullptr;
    float* runningVariance = nullptr;
    double epsilon = 0, momentum = 0;
    bool relu = false;
    bool pools = false;
    int height = 1, width = 1;
    int blockRows = 0, blocks = 0, threads = 1;
  };
  explicit ImageNorm(const Plan& plan);
  [[nodiscard]] int sharedPhases() const override { return 2; }
  [[nodiscard]] int phases() const override { return 2; }
  void forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  /// Of each thread, so that none writes what another reads; all find the same numbers from all sums.
  struct Space {
    std::vector<float> sums, squares, pivot;  ///< sums of a few pixels, 16 lanes a feature
    std::vector<double> sum, square;          ///< of the thread's pixels
    std::vector<float> mean, rstd, scale, shift, slopeOfMean, slopeOfDot;
  };
  [[nodiscard]] bool measures(const Batch& batch) const;
  void measure(const Batch& batch, const Share& share, Space& space) const;
  void settle(const Batch& batch, const Share& share, Space& space) const;
  void pool(const Batch& batch, const Share& share, const Space& space);
  void sumBack(const Batch& batch, const Share& share, Space& space);
  void spreadBack(const Batch& batch, const Share& share, Scratch& scratch, Space& space);
  void pixelBack(const Batch& batch, const Space& space, int unit) const;

  Plan m_plan;
  int m_features;
  Memory m_best, m_place;
  std::vector<Space> m_spaces;
};

/// The largest or the mean of what a window sees, as PyTorch pools: padding is never the largest.
class Pool final : public SharedOperation {
 public:
  struct Plan {
    Input x;
    Value* y = nullptr;
    Sliding sliding;
    bool mean = false;
    bool countPadding = true;  ///< of a mean: zeros beyond the edges count
    std::size_t mostFloats = 0;
  };
  explicit Pool(const Plan& plan);
  void forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  [[nodiscard]] float shareOf(int output) const;
  Plan m_plan;
  Memory m_place;
};

/// One row of the mean or the largest over all pixels or steps.
class PoolAll final : public SharedOperation {
 public:
  PoolAll(Input x, Value* y, bool mean, std::size_t mostFloats);
  void forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
  bool m_mean;
  Memory m_place;
};

/// One row of all pixels' channels, channel by channel as PyTorch flattens [C,H,W].
class FlattenChannels final : public SharedOperation {
 public:
  FlattenChannels(Input x, Value* y);
  void forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
};

/// Some neighbouring tokens of x.
class SliceTokens final : public SharedOperation {
 public:
  SliceTokens(Input x, Value* y, int first);
  void forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  Input m_x;
  Value* m_y;
  int m_first;
};

}  // namespace lathe::engine::fused

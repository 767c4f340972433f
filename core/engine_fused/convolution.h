// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_fused/operation.h"
#include "core/engine_fused/product.h"

namespace lathe::engine::fused {

/// How a filter or a pool slides over an image; a sequence is an image of height 1.
struct Sliding {
  int inHeight = 1, inWidth = 1, outHeight = 1, outWidth = 1;
  int kernelHeight = 1, kernelWidth = 1;
  int strideHeight = 1, strideWidth = 1;
  int padHeight = 0, padWidth = 0;
  int dilationHeight = 1, dilationWidth = 1;
  [[nodiscard]] int taps() const { return kernelHeight * kernelWidth; }
  [[nodiscard]] int outputs() const { return outHeight * outWidth; }
  [[nodiscard]] int inputs() const { return inHeight * inWidth; }

  /// Calls each(input pixel, tap) for all that an output pixel sees.
  template <class Each>
  void seenBy(int output, Each&& each) const {
    const int top = output / outWidth * strideHeight - padHeight;
    const int left = output % outWidth * strideWidth - padWidth;
    for (int ky = 0; ky < kernelHeight; ++ky) {
      const int y = top + ky * dilationHeight;
      if (y < 0 || y >= inHeight) continue;
      for (int kx = 0; kx < kernelWidth; ++kx) {
        const int x = left + kx * dilationWidth;
        if (x >= 0 && x < inWidth) each(y * inWidth + x, ky * kernelWidth + kx);
      }
    }
  }
  /// Calls each(output pixel, tap) for all that see an input pixel.
  template <class Each>
  void seeing(int input, Each&& each) const {
    for (int ky = 0; ky < kernelHeight; ++ky) {
      const int top = input / inWidth + padHeight - ky * dilationHeight;
      if (top < 0 || top % strideHeight != 0 || top / strideHeight >= outHeight) continue;
      for (int kx = 0; kx < kernelWidth; ++kx) {
        const int left = input % inWidth + padWidth - kx * dilationWidth;
        if (left < 0 || left % strideWidth != 0 || left / strideWidth >= outWidth) continue;
        each(top / strideHeight * outWidth + left / strideWidth, ky * kernelWidth + kx);
      }
    }
  }
};

/// A convolution over images whose pixels are tokens: each pixel's channels x R rows is a matrix, so that a filter is a
/// sum of small products over what it sees, one a tap, and nothing is copied. Weights of images lie channels-last,
/// [out, taps, in], and are read as they are; those of sequences, [out, in, taps], are packed once a step. With few
/// input channels the taps are gathered into one product instead.
class Convolution final : public SharedOperation {
 public:
  struct Plan {
    Input x;
    Value* y = nullptr;
    ParameterPlace weight;
    ParameterPlace bias;  ///< value null: none
    bool channelsLast = false;
    Sliding sliding;
    int blockRows = 0, blocks = 0, threads = 1;
  };
  explicit Convolution(const Plan& plan);
  void prepare(const Batch& batch, int part, int parts) override;
  void forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  [[nodiscard]] int phases() const override { return 2; }

 private:
  /// What a thread works with, remembered so that a step allocates nothing.
  struct Space {
    std::vector<const float*> a, b;
    Memory patch, patchRows, gradient;
  };
  /// Some outputs of a tap, whose gradient one thread adds up.
  struct Item {
    int tap, first, count;
  };
  void gatherPatch(const Batch& batch, Space& space, int pixel, int block) const;
  void forwardPatches(const Batch& batch, const Share& share, Space& space);
  void backwardPatches(const Batch& batch, const Share& share, Space& space);
  void sumPatches(const Share& share, Scratch& scratch);
  void backwardInputs(const Batch& batch, const Share& share, Space& space);
  void transposeInputs(const Batch& batch, const Share& share);
  void backwardWeights(const Batch& batch, const Share& share, Scratch& scratch, Space& space);
  void addItem(const Batch& batch, const Item& item, int outputRow, Scratch& scratch, Space& space);
  [[nodiscard]] float* gradientAt(const Item& item, Scratch& scratch) const;
  void backwardBias(const Batch& batch, const Share& share, Scratch& scratch);
  void unpack(const Share& share, Scratch& scratch) const;
  [[nodiscard]] const float* weightOf(int output, int tap) const;

  Plan m_plan;
  int m_in, m_out;
  int m_taps;
  bool m_patches;
  int m_patchRows = 0;  ///< taps x channels, rounded up
  int m_outChunk, m_inChunk, m_itemOutputs;
  int m_outStride, m_tapStride;   ///< of the weights as products read them
  Memory m_packed, m_packedBack;  ///< [tap, out, in] unless they lie channels-last, and [tap, in, out]
  Memory m_inputRows;             ///< x row-major
  Memory m_gathered;              ///< gradient of the weights as they are packed
  std::vector<Space> m_spaces;    ///< of each thread
  std::vector<Item> m_items;
  ProductSum m_forward[2], m_inputs[2], m_weights[2];  ///< of a whole chunk, of a rest
  Product m_patchForward[2];
  Product m_patchWeights;
};

}  // namespace lathe::engine::fused

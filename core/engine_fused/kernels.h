// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lathe::engine::fused {

/// A non-linearity that the executor knows. Selu has the constants of Klambauer et al. 2017; Gelu is the exact one.
/// SmoothClip is x / sqrt(1 + (x / 3)^2).
enum class Activation : std::uint8_t { Identity, Relu, Gelu, Silu, Tanh, Sigmoid, Mish, Selu, SmoothClip };

/// Which elements a dropout keeps: a counter-based generator (two rounds of a 32-bit finaliser over element number and
/// key), so that the mask depends on nothing but the step's key.
struct DropPattern {
  std::uint32_t key0 = 0, key1 = 0;
  std::uint32_t first = 0;      ///< number of the first element
  std::uint32_t threshold = 0;  ///< dropped when the bits are below
  float kept = 1;               ///< 1 / (1 - p)
};

/// Loops over blocks of `features` x `rows` floats, feature-major, rows a multiple of 16: one version an instruction
/// set. No pointer is kept, nothing is allocated, any thread. A gradient named d... is that of the loss by the value.
struct Kernels {
  const char* instructionSet;

  /// to[c * toStride + r] = from[r * fromStride + c]
  void (*transpose)(const float* from, int rows, int columns, int fromStride, float* to, int toStride);
  /// The same, added to what is there.
  void (*transposeAdd)(const float* from, int rows, int columns, int fromStride, float* to, int toStride);

  /// y = f(y * scale[f] + bias[f]) in place, scale and bias may be null; slope = f' when wanted (not for Relu).
  void (*activate)(float* y, float* slope, const float* scale, const float* bias, int features, int rows,
                   Activation activation);
  void (*drop)(float* y, float* slope, int count, const DropPattern& pattern);
  /// dy = y > 0 ? dy * kept : 0
  void (*reluBack)(float* dy, const float* y, int count, float kept);
  void (*multiply)(float* to, const float* by, int count);
  void (*add)(float* to, const float* from, int count);

  /// into[f] (+)= sum over rows of x
  void (*rowSums)(const float* x, int features, int rows, float* into, bool add);
  /// into[f] (+)= sum over rows of x * y
  void (*rowDots)(const float* x, const float* y, int features, int rows, float* into, bool add);
  /// to (+)= x * scale[f] + shift[f]; shift may be null
  void (*scaleRows)(float* to, const float* x, const float* scale, const float* shift, int features, int rows,
                    bool add);

  /// y = (x - mean) * rstd * weight[f] + bias[f], moments over the features of each row; mean and rstd are kept, a row
  /// each.
  void (*layerNorm)(float* y, const float* x, const float* weight, const float* bias, int features, int rows,
                    float epsilon, float* mean, float* rstd);
  /// dx (+)=; dWeight[f] and dBias[f] (+)=
  void (*layerNormBack)(float* dx, bool addX, const float* dy, const float* x, const float* weight, int features,
                        int rows, const float* mean, const float* rstd, float* dWeight, float* dBias, bool addWeights);

  /// sums[f] += sum, centred[f] += sum of (x - mean[f])^2 over the first `valid` rows; either may be null.
  void (*moments)(const float* x, int features, int rows, int valid, const float* mean, double* sums, double* centred);
  /// dx (+)= a[f] * (dy - b[f] - (x - mean[f]) * c[f]), 0 for rows from `valid` on
  void (*batchNormBack)(float* dx, bool add, const float* dy, const float* x, const float* mean, const float* a,
                        const float* b, const float* c, int features, int rows, int valid);

  /// y = x + alpha[f] * (f(x) - x), the parametric activation of RealMLP (Holzmueller et al. 2024)
  void (*blend)(float* y, const float* x, const float* alpha, int features, int rows, Activation activation);
  void (*blendBack)(float* dx, bool addX, const float* dy, const float* x, const float* alpha, int features, int rows,
                    Activation activation, float* dAlpha, bool addAlpha);

  /// z[e] = cos(2 pi (x * frequency[e] + phase[e])) and, when wanted, s[e] = -sin of the same, for one feature's rows
  void (*periodic)(float* z, float* s, const float* x, const float* frequency, const float* phase, int count, int rows);

  /// z[e] = (x - low[e]) * slope[e], kept between floor[e] and ceiling[e], for one feature's rows
  void (*piecewise)(float* z, const float* x, const float* low, const float* slope, const float* floor,
                    const float* ceiling, int count, int rows);
  /// dx += sum over e of dz[e] * slope[e] wherever that was not kept back
  void (*piecewiseBack)(float* dx, const float* dz, const float* x, const float* low, const float* slope,
                        const float* floor, const float* ceiling, int count, int rows);

  // Batch normalisation of images. Sums of each feature are gathered in 16 lanes: sums[f][16].
  /// sums += x - pivot[f], squares += its square, over the first `valid` rows
  void (*gatherMoments)(const float* x, const float* pivot, int features, int rows, int valid, float* sums,
                        float* squares);
  /// into[f] += the lanes of a feature, which become zeros
  void (*reduceLanes)(float* sums, int features, double* into);
  /// y = x * scale[f] + shift[f], then perhaps relu
  void (*normalise)(float* y, const float* x, const float* scale, const float* shift, int features, int rows,
                    bool relu);
  /// With relu dy becomes 0 where y is; sums += dy, dots += dy * (x - mean[f]) * rstd[f]; no mean: dy * x
  void (*normaliseSums)(float* dy, const float* y, const float* x, const float* mean, const float* rstd, int features,
                        int rows, bool relu, float* sums, float* dots);
  /// y = the largest of four x * scale + shift, then perhaps relu; best = (x - mean) * rstd of that one; place = which
  void (*normalisePool)(float* y, float* best, float* place, const float* const* x, const float* scale,
                        const float* shift, const float* mean, const float* rstd, int features, int rows, bool relu);
  /// dx (+)= a[f] * ((place == which ? dy : 0) - b[f] - (x - mean[f]) * c[f]), 0 for rows from `valid` on; no dy: 0
  void (*normalisePoolBack)(float* dx, bool add, const float* dy, const float* place, float which, const float* x,
                            const float* mean, const float* a, const float* b, const float* c, int features, int rows,
                            int valid);
  /// Where x is larger it takes y's place, and `number` that of place
  void (*keepLarger)(float* y, float* place, const float* x, float number, int count);
  /// dx += place == number ? dy : 0
  void (*addWhere)(float* dx, const float* dy, const float* place, float number, int count);
  void (*addScaled)(float* to, const float* from, float factor, int count);

  // One step of a recurrent layer over `rows` of `stride` rows, as PyTorch's GRU and LSTM define it. No `before`:
  // zeros.
  /// gates: sums of the inputs' reset, update and new gate, then the hidden ones' new gate; what backward needs
  /// remains.
  void (*gruStep)(float* gates, const float* inputBias, const float* hiddenBias, const float* before, float* h,
                  int features, int stride, int rows);
  /// gates become their gradients; carry, that of the step's h from later steps, becomes the direct part of before's
  void (*gruStepBack)(float* gates, const float* dy, float* carry, const float* before, int features, int stride,
                      int rows);
  /// gates: input, forget, cell, output, of inputs and hidden together
  void (*lstmStep)(float* gates, const float* inputBias, const float* hiddenBias, const float* before, float* cell,
                   float* h, int features, int stride, int rows);
  void (*lstmStepBack)(float* gates, const float* dy, const float* carry, float* cellCarry, const float* before,
                       const float* cell, int features, int stride, int rows);

  /// c (m x n, column-major) (+)= a (m x k) * b (k x n): where there is no libxsmm
  void (*product)(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc, bool add);
};

/// The best version that this processor runs.
[[nodiscard]] const Kernels& kernels();

/// The versions, for tests: null where this processor or compiler lacks it.
[[nodiscard]] const Kernels* baselineKernels();
[[nodiscard]] const Kernels* avx2Kernels();
[[nodiscard]] const Kernels* avx512Kernels();

}  // namespace lathe::engine::fused

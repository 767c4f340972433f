// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The operations that networks are made of. Whoever implements them has implemented every layer.
namespace lathe::spec {

/// Each primitive reads `inputs` (value ids), `parameters` and `constants` and makes one value. N is the batch.
enum class Primitive {
  // preprocessing, on the raw input
  SelectColumns,    ///< x [N,F] -> [N,ints.size()]: the columns in ints
  IsMissing,        ///< x -> 1 where NaN, else 0
  FillMissing,      ///< x [N,D], constant fill [D]: NaN replaced
  Standardize,      ///< x [N,D] or [N,C,H,W], constants centre [D or C], scale: (x - centre) * scale (uint8 input is
                    ///< cast). The difference comes first, because x * scale + shift in float32 loses what a column
                    ///< with a large mean and a small spread says: years, ids, Unix times.
                    ///< [N,D] is clamped to +-standardizedLimit, so that an outlier of prediction time stays finite
  PiecewiseLinear,  ///< x [N,D], constants knots [D,K] ascending, values [D,K]: interpolated, clamped at both ends
  OneHot,     ///< x [N,K] codes, ints = cardinalities: [N, sum]; a NaN, negative or unseen code is the last, unknown,
              ///< place
  Codes,      ///< x [N,K] codes, ints = cardinalities: same shape, NaN, negative or unseen become cardinality - 1
  DateParts,  ///< x [N,2]: days since 2000-01-01 and seconds of the day; reals = shift, scale -> [N,8]: (days - shift)
  ///< times scale, (year - 2000) / 50, sin and cos of 2 pi (month - 1) / 12, of 2 pi weekday / 7 (Monday 0), of
  ///< 2 pi seconds / 86400; a row with a NaN in either becomes zeros
  // networks
  Affine,     ///< x [N,D], constants scale [D], shift [D]: x * scale + shift, the way back to a target's unit
  Linear,     ///< x [N,..,I], parameters weight [O,I], optional bias [O]; reals = scale of the weighted sum, or none
  Conv2d,     ///< x [N,C,H,W], weight [O,C/groups,kh,kw], optional bias; ints = stride h,w, padding h,w, dilation h,w,
              ///< groups
  MaxPool2d,  ///< ints = kernel h,w, stride h,w, padding h,w
  GlobalAvgPool,  ///< [N,C,H,W] -> [N,C]
  BatchNorm,      ///< [N,C] or [N,C,H,W]; weight, bias, running_mean, running_var [C]; reals = epsilon, momentum
  LayerNorm,      ///< over the last ints[0] dimensions; weight, bias; reals = epsilon
  Relu,
  Gelu,  ///< exact, with erf
  Silu,
  Tanh,
  Sigmoid,
  Dropout,    ///< reals = probability; identity when evaluating
  Embedding,  ///< codes [N,K], one weight [cardinality,E] a column; ints = columns' cardinalities: [N, sum of E]
  Flatten,    ///< [N, ...] -> [N, product]
  Reshape,    ///< ints = sizes without the batch (which takes what is left: see takesWindows())
  Add,        ///< equal shapes, two or more inputs
  Concat,     ///< along the first dimension after the batch
  Softmax,    ///< over the last dimension
  // tables and ensembles
  SmoothClip,            ///< x / sqrt(1 + (x / 3)^2) (Holzmueller et al. 2024)
  ScaleFeatures,         ///< x [N,..,D], weight [D]: x * weight
  ParametricActivation,  ///< x [N,..,D], alpha [D]; ints = {BlendedActivation}: x + alpha * (f(x) - x)
  PeriodicEmbedding,  ///< x [N,D], frequency [D,H], phase [D,H], weight [D,E-1,H], bias [D,E-1] -> [N,D*E]: each number
                      ///< itself, then weight cos(2 pi (frequency x + phase)) + bias
  EnsembleScale,      ///< x [N,D] or [N,K,D], weight [K,D] -> [N,K,D]: every member scales its input
  EnsembleShift,      ///< x [N,K,D], bias [K,D]
  EnsembleLinear,     ///< x [N,K,D], weight [K,C,D], bias [K,C] -> [N,K,C]: members have weights of their own
  MeanOverMembers,    ///< [N,K,C] -> [N,C]
  FeatureTokens,      ///< x [N,D], weight [D,E], bias [D,E] -> [N,D,E]: each number times its weights, plus its bias
  ClassToken,         ///< x [N,T,E], weight [E] -> [N,1+T,E]: the weight before the tokens
  PiecewiseEncoding,  ///< x [N,D], constants low, slope, floor, ceiling [n,B], n <= D -> [N,n,B]: of the first n
                      ///< columns (x - low) * slope, kept between floor and ceiling (Gorishniy et al. 2022, equation 1)
  Waves,              ///< x [N,D], frequency [n,H], n <= D -> [N,n,2H]: sin, then cos of 2 pi frequency x
  ReconstructionError,  ///< decoded [N,O], missing [N,F] (1: leave out), then features [N,D] and codes [N,K] where ints
                        ///< say so -> [N,1]: the mean over the columns that are there. ints = numbers, dates, number of
                        ///< one-hot groups, their places, number of codes, their cardinalities. Numbers: squared
                        ///< difference; a date: the mean of its parts'; a category: cross-entropy of the softmax of its
                        ///< places over the logarithm of their number
  MeanSquaredError,     ///< a, b of one shape -> [N,1]
  Exp,
  Sort,  ///< ascending over the last dimension
  // sequences ([N,T,F], time first, unless said otherwise), more on images, and what goes with them
  Conv1d,             ///< x [N,C,T], weight [O,C/groups,k], optional bias; ints = stride, padding, dilation, groups
  ConvTranspose2d,    ///< x [N,C,H,W], weight [C,O/groups,kh,kw], optional bias; ints = stride h,w, padding h,w, output
                      ///< padding h,w, dilation h,w, groups
  AvgPool2d,          ///< ints = kernel h,w, stride h,w, padding h,w, 1 when padding counts as zeros
  AdaptiveAvgPool2d,  ///< ints = height, width
  AdaptiveMaxPool2d,  ///< ints = height, width
  ReduceMean,         ///< over the row's dimensions in ints, which go
  ReduceMax,          ///< the same
  GroupNorm,  ///< [N,C,...] over each of ints[0] groups of channels; weight, bias [C]; reals = epsilon. As many groups
              ///< as channels is instance normalisation
  Lstm,  ///< parameters of each layer and direction: weight_ih [4H,F], weight_hh [4H,H], bias_ih, bias_hh [4H], gates
  ///< in PyTorch's order; ints = H, layers, 1 when both directions; reals = dropout between layers -> [N,T,H or 2H]
  Gru,        ///< the same with 3H
  Attention,  ///< self-attention; in_proj_weight [3D,D], in_proj_bias [3D], out_proj.weight [D,D], out_proj.bias [D];
              ///< ints = heads; reals = dropout of the attention. With adapters (lora.h) four more parameters, A and B
              ///< of in_proj_weight and of out_proj.weight, and their scale: W + scale * B A takes W's place
  Offset,     ///< x plus one parameter or one constant of the row's shape
  Multiply,   ///< two or more inputs of equal rank; a size of 1 stretches
  StochasticDepth,  ///< reals = probability of a whole row becoming 0, the others are scaled by 1 / (1 - p); identity
                    ///< when evaluating
  Mish,
  Elu,  ///< reals = alpha
  Selu,
  LeakyRelu,  ///< reals = slope
  Prelu,      ///< [N,C,...], weight [C] or [1]
  Hardswish,
  Hardsigmoid,
  Softplus,
  Relu6,
  Upsample2d,  ///< ints = height, width, 1 when bilinear (corners not aligned), 0 when nearest
  Pad,         ///< [N,C,T] or [N,C,H,W]; ints = before and after of the last dimension, then (images) of the one before
               ///< it, then 0 constant, 1 reflect, 2 replicate; reals = the constant
  Permute,     ///< ints = which of the row's dimensions come first, second ...: a view
  Slice,       ///< ints = the row's dimension, start, length: a view
  // text
  EmbeddingBag,  ///< codes [N,K,L] of K columns, one weight [buckets,E] a column -> [N,K,E+1]: the mean of the weights
  ///< of a column's codes, then 0; where a column has none, zeros, then 1. A NaN, a negative code and one
  ///< beyond the weight is none. L may be shorter than the program says where all others are none
  // sound
  LogMel,  ///< samples x [N,L], constants basis [2B,1,W] (cosines, then sines), filters [M,B]; ints = hop,
           ///< relative 0 or 1; reals = floor -> [N,1,M,T]: the logarithm of floor + filters (cosines^2 + sines^2)
           ///< of the correlation of x with the basis; relative: these powers are divided by smallestPower + the
           ///< mean of x^2 before, and the picture brought to mean 0 and deviation 1 after (its deviation +
           ///< smallestDeviation)
};

/// The last of them, for those who go through all.
constexpr Primitive lastPrimitive = Primitive::LogMel;

/// What a ParametricActivation blends with its input.
enum class BlendedActivation : std::int64_t { Mish, Selu, Silu, Gelu, Relu, Tanh };

/// What Standardize clamps a table's columns to: far beyond anything learnt, and small enough for float32 products.
constexpr double standardizedLimit = 1e9;

/// LogMel: the power below which a clip is silence (100 dB below full scale), and what keeps its picture flat.
constexpr double smallestPower = 1e-10;
constexpr double smallestDeviation = 1e-2;

/// The names above in snake case: "select_columns".
[[nodiscard]] const char* name(Primitive primitive);

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/layers/layer_support.h"

/// Pieces of shape inference and lowering that several kinds share. For the files of this folder only.
namespace lathe::spec {

/// Errors that say what is needed, when a row is not of that form.
Result<void> needImage(const Shape& given, const char* hint);
Result<void> needSequence(const Shape& given);
Result<void> needImageOrSequence(const Shape& given, const char* hint);
[[nodiscard]] inline bool isImage(const Shape& shape) { return shape.size() == 3; }
[[nodiscard]] inline bool isSequence(const Shape& shape) { return shape.size() == 2; }

/// The row's dimensions in another order: [T, F] to [F, T] with {1, 0}.
LoweredValue permuted(ProgramBuilder& builder, const LoweredValue& x, std::vector<std::int64_t> order);
LoweredValue reshaped(ProgramBuilder& builder, const LoweredValue& x, Shape shape);
/// Sequences [T, F] as the channels-first [F, T] that normalisation wants, anything else as it is; and back.
LoweredValue channelsFirst(ProgramBuilder& builder, const LoweredValue& x);
LoweredValue timeFirst(ProgramBuilder& builder, const LoweredValue& x, bool sequence);

/// Number of channels of an image, features of a sequence or a row.
[[nodiscard]] std::int64_t channelsOf(const Shape& shape);

/// "weight" of a layer's only part, else "PART.weight".
std::string roleOf(const std::string& part, const char* role);
/// Over the last dimension, started as PyTorch's torch.nn.Linear.
LoweredValue lowerLinear(ProgramBuilder& builder, const LoweredValue& x, const std::string& part, std::int64_t out,
                         bool bias = true);
LoweredValue lowerLayerNorm(ProgramBuilder& builder, const LoweredValue& x, const std::string& part);
/// Parameters weight and bias of each channel.
LoweredValue lowerGroupNorm(ProgramBuilder& builder, const LoweredValue& x, std::int64_t groups, double epsilon);
/// Nothing for a probability of 0.
LoweredValue lowerDropout(ProgramBuilder& builder, const LoweredValue& x, double p);

/// A convolution over images; padding -1 is half the kernel.
struct Convolution {
  using Pair = std::pair<std::int64_t, std::int64_t>;
  std::int64_t out = 1;
  Pair kernel{1, 1}, stride{1, 1}, padding{0, 0}, dilation{1, 1};
  std::int64_t groups = 1;
  bool bias = true;
};
/// From the attributes kernel, stride, padding and dilation of a node.
Convolution convolutionOf(const LayerNode& node);
[[nodiscard]] Shape convolvedShape(const Convolution& convolution, const Shape& given);
/// That the kernel fits into the image.
Result<void> checkConvolution(const LayerNode& node, const Shape& given);
/// That the groups divide the channels on both sides.
Result<void> checkGroups(const Shape& given, std::int64_t in, std::int64_t out, std::int64_t groups);
/// A multiply-add counts two; the bias nothing.
[[nodiscard]] std::int64_t convolutionFlops(const Convolution& convolution, const Shape& given);
LoweredValue lowerConvolution(ProgramBuilder& builder, const LoweredValue& x, const std::string& part,
                              const Convolution& convolution);

/// Parameters of multi-head self-attention in PyTorch's layout and with its start (Xavier uniform for the projection
/// in, zero biases), and the operation. x [T, D], heads divides D.
LoweredValue lowerAttention(ProgramBuilder& builder, const LoweredValue& x, const std::string& part, std::int64_t heads,
                            double dropout);
[[nodiscard]] std::int64_t attentionFlops(const Shape& given, std::int64_t heads);
/// That the heads divide the features.
Result<void> checkHeads(const LayerNode& node, const Shape& given);

// Attributes that several kinds have.
AttributeInfo headsAttribute();
AttributeInfo kernelAttribute(std::int64_t value);
AttributeInfo strideAttribute();
AttributeInfo paddingAttribute();
AttributeInfo dilationAttribute();
AttributeInfo epsilonAttribute();
AttributeInfo channelBiasAttribute();

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>

#include "core/spec/attributes.h"
#include "core/spec/layer_kind.h"

/// What the layer kinds share. For the files of this folder only.
namespace lathe::spec {

using Inputs = std::span<const LoweredValue>;

/// Shape errors: {layer} is filled in by the caller, {given} with the given shape.
tl::unexpected<Error> shapeError(const Shape& given, const char* message, const char* hint, TextArgs args = {});

AttributeInfo integerAttribute(std::string name, std::int64_t value, double low, double high, std::string label,
                               std::string help);
AttributeInfo integersAttribute(std::string name, const std::vector<std::int64_t>& value, double low, double high,
                                std::string label, std::string help);
AttributeInfo realAttribute(std::string name, double value, double low, double high, std::string label,
                            std::string help);
AttributeInfo booleanAttribute(std::string name, bool value, std::string label, std::string help);
AttributeInfo choiceAttribute(std::string name, std::string value, std::vector<std::string> choices, std::string label,
                              std::string help);

/// One number for height and width, or both; missing ones repeat the last.
std::pair<std::int64_t, std::int64_t> heightAndWidth(const LayerNode& node, std::string_view name);
/// "kernel" and its kin: one or two numbers.
Result<void> checkPair(const LayerNode& node, std::string_view name);
/// Output length of a sliding window; below 1 when the window does not fit.
std::int64_t windowed(std::int64_t length, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                      std::int64_t dilation);

/// Bound of PyTorch's default for linear and convolution layers: kaiming uniform with a = sqrt(5) is 1 / sqrt(fan in).
Initialiser fanInUniform(std::int64_t fanIn);

/// Element by element, any shape, no parameters.
class ActivationKind : public LayerKind {
 public:
  [[nodiscard]] std::string category() const override;
  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override;
  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override;
  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override;

 protected:
  [[nodiscard]] virtual Primitive primitive() const = 0;
};

/// Batch normalisation of each channel of an image or each feature of a row or sequence; its two kinds differ in the
/// shape they take.
class BatchNormKind : public LayerKind {
 public:
  [[nodiscard]] std::string category() const override;
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override;
  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override;
  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override;
};

const LayerKind& linearKind();
const LayerKind& embeddingKind();
const LayerKind& conv2dKind();
const LayerKind& maxPool2dKind();
const LayerKind& globalAvgPoolKind();
const LayerKind& batchNorm1dKind();
const LayerKind& batchNorm2dKind();
const LayerKind& layerNormKind();
const LayerKind& reluKind();
const LayerKind& geluKind();
const LayerKind& siluKind();
const LayerKind& tanhKind();
const LayerKind& sigmoidKind();
const LayerKind& softmaxKind();
const LayerKind& flattenKind();
const LayerKind& addKind();
const LayerKind& concatKind();
const LayerKind& dropoutKind();
const LayerKind& smoothClipKind();
const LayerKind& scaleKind();
const LayerKind& parametricActivationKind();
const LayerKind& numericEmbeddingKind();
const LayerKind& ensembleScaleKind();
const LayerKind& ensembleLinearKind();
const LayerKind& piecewiseEmbeddingKind();
const LayerKind& periodicEmbeddingKind();
const LayerKind& featureTokenizerKind();
const LayerKind& textEmbeddingKind();
const LayerKind& ftBlockKind();
const LayerKind& reconstructionErrorKind();
// sequences, more convolutions and pools, activations and shapes
const LayerKind& separableConv2dKind();
const LayerKind& convTranspose2dKind();
const LayerKind& conv1dKind();
const LayerKind& avgPool2dKind();
const LayerKind& adaptiveAvgPool2dKind();
const LayerKind& adaptiveMaxPool2dKind();
const LayerKind& maxPool1dKind();
const LayerKind& avgPool1dKind();
const LayerKind& globalMaxPoolKind();
const LayerKind& squeezeExciteKind();
const LayerKind& lstmKind();
const LayerKind& gruKind();
const LayerKind& attentionKind();
const LayerKind& transformerBlockKind();
const LayerKind& positionalEncodingKind();
const LayerKind& poolSequenceKind();
const LayerKind& groupNormKind();
const LayerKind& instanceNormKind();
const LayerKind& leakyReluKind();
const LayerKind& preluKind();
const LayerKind& eluKind();
const LayerKind& seluKind();
const LayerKind& mishKind();
const LayerKind& hardswishKind();
const LayerKind& hardsigmoidKind();
const LayerKind& softplusKind();
const LayerKind& relu6Kind();
const LayerKind& reshapeKind();
const LayerKind& permuteKind();
const LayerKind& multiplyKind();
const LayerKind& upsampleKind();
const LayerKind& padKind();
const LayerKind& stochasticDepthKind();
// sound
const LayerKind& logMelKind();

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/program.h"

#include "core/spec/layer_kind.h"

namespace lathe::spec {

const char* name(Primitive primitive) {
  switch (primitive) {
    case Primitive::SelectColumns:
      return "select_columns";
    case Primitive::IsMissing:
      return "is_missing";
    case Primitive::FillMissing:
      return "fill_missing";
    case Primitive::Standardize:
      return "standardize";
    case Primitive::Affine:
      return "affine";
    case Primitive::PiecewiseLinear:
      return "piecewise_linear";
    case Primitive::OneHot:
      return "one_hot";
    case Primitive::Codes:
      return "codes";
    case Primitive::DateParts:
      return "date_parts";
    case Primitive::Linear:
      return "linear";
    case Primitive::Conv2d:
      return "conv2d";
    case Primitive::MaxPool2d:
      return "max_pool2d";
    case Primitive::GlobalAvgPool:
      return "global_avg_pool";
    case Primitive::BatchNorm:
      return "batch_norm";
    case Primitive::LayerNorm:
      return "layer_norm";
    case Primitive::Relu:
      return "relu";
    case Primitive::Gelu:
      return "gelu";
    case Primitive::Silu:
      return "silu";
    case Primitive::Tanh:
      return "tanh";
    case Primitive::Sigmoid:
      return "sigmoid";
    case Primitive::Dropout:
      return "dropout";
    case Primitive::Embedding:
      return "embedding";
    case Primitive::Flatten:
      return "flatten";
    case Primitive::Reshape:
      return "reshape";
    case Primitive::Add:
      return "add";
    case Primitive::Concat:
      return "concat";
    case Primitive::Softmax:
      return "softmax";
    case Primitive::SmoothClip:
      return "smooth_clip";
    case Primitive::ScaleFeatures:
      return "scale_features";
    case Primitive::ParametricActivation:
      return "parametric_activation";
    case Primitive::PeriodicEmbedding:
      return "periodic_embedding";
    case Primitive::EnsembleScale:
      return "ensemble_scale";
    case Primitive::EnsembleShift:
      return "ensemble_shift";
    case Primitive::EnsembleLinear:
      return "ensemble_linear";
    case Primitive::MeanOverMembers:
      return "mean_over_members";
    case Primitive::FeatureTokens:
      return "feature_tokens";
    case Primitive::ClassToken:
      return "class_token";
    case Primitive::PiecewiseEncoding:
      return "piecewise_encoding";
    case Primitive::Waves:
      return "waves";
    case Primitive::ReconstructionError:
      return "reconstruction_error";
    case Primitive::MeanSquaredError:
      return "mean_squared_error";
    case Primitive::Conv1d:
      return "conv1d";
    case Primitive::ConvTranspose2d:
      return "conv_transpose2d";
    case Primitive::AvgPool2d:
      return "avg_pool2d";
    case Primitive::AdaptiveAvgPool2d:
      return "adaptive_avg_pool2d";
    case Primitive::AdaptiveMaxPool2d:
      return "adaptive_max_pool2d";
    case Primitive::ReduceMean:
      return "reduce_mean";
    case Primitive::ReduceMax:
      return "reduce_max";
    case Primitive::GroupNorm:
      return "group_norm";
    case Primitive::Lstm:
      return "lstm";
    case Primitive::Gru:
      return "gru";
    case Primitive::Attention:
      return "attention";
    case Primitive::Offset:
      return "offset";
    case Primitive::Multiply:
      return "multiply";
    case Primitive::StochasticDepth:
      return "stochastic_depth";
    case Primitive::Mish:
      return "mish";
    case Primitive::Elu:
      return "elu";
    case Primitive::Selu:
      return "selu";
    case Primitive::LeakyRelu:
      return "leaky_relu";
    case Primitive::Prelu:
      return "prelu";
    case Primitive::Hardswish:
      return "hardswish";
    case Primitive::Hardsigmoid:
      return "hardsigmoid";
    case Primitive::Softplus:
      return "softplus";
    case Primitive::Relu6:
      return "relu6";
    case Primitive::Upsample2d:
      return "upsample2d";
    case Primitive::Pad:
      return "pad";
    case Primitive::Permute:
      return "permute";
    case Primitive::Slice:
      return "slice";
    case Primitive::EmbeddingBag:
      return "embedding_bag";
    case Primitive::LogMel:
      return "log_mel";
    case Primitive::Exp:
      return "exp";
    case Primitive::Sort:
      return "sort";
  }
  return "";
}

int ProgramBuilder::parameter(const std::string& role, Shape shape, Initialiser init, bool trainable, bool decay,
                              double lrFactor) {
  m_program.parameters.push_back({m_layer + "." + role, std::move(shape), init, trainable, decay, lrFactor});
  return static_cast<int>(m_program.parameters.size()) - 1;
}

int ProgramBuilder::constant(const std::string& role, Shape shape, std::vector<float> data) {
  m_program.constants.push_back({m_layer + "." + role, std::move(shape), std::move(data)});
  return static_cast<int>(m_program.constants.size()) - 1;
}

LoweredValue ProgramBuilder::add(Primitive primitive, const std::vector<LoweredValue>& inputs, Shape shape,
                                 std::vector<int> parameters, std::vector<int> constants,
                                 std::vector<std::int64_t> ints, std::vector<double> reals) {
  Operation operation;
  operation.primitive = primitive;
  operation.layer = m_layer;
  for (const auto& input : inputs) operation.inputs.push_back(input.id);
  operation.output = static_cast<int>(m_program.values.size());
  operation.parameters = std::move(parameters);
  operation.constants = std::move(constants);
  operation.ints = std::move(ints);
  operation.reals = std::move(reals);
  m_program.values.push_back(shape);
  m_section.push_back(std::move(operation));
  return {static_cast<int>(m_program.values.size()) - 1, std::move(shape), {}};
}

}  // namespace lathe::spec

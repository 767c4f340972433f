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
    case Primitive::MeanOverMembers:
      return "mean_over_members";
    case Primitive::Exp:
      return "exp";
    case Primitive::Sort:
      return "sort";
  }
  return "";
}

int ProgramBuilder::parameter(const std::string& role, Shape shape, Initialiser init, bool trainable, bool decay) {
  m_program.parameters.push_back({m_layer + "." + role, std::move(shape), init, trainable, decay});
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

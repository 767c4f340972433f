// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/attributes.h"
#include "core/spec/prepared.h"

namespace lathe::spec {
namespace {

// The prediction of an ensemble is the mean of its members'.
LoweredValue meanOf(const LoweredValue& value, ProgramBuilder& builder) {
  if (value.shape.size() < 2) return value;
  return builder.add(Primitive::MeanOverMembers, {value}, {value.shape.back()});
}

void lowerHead(const ModelDescription& description, Program& program) {
  ProgramBuilder builder(program, program.head, "head");
  const auto shape = program.values[static_cast<std::size_t>(program.logits)];
  const LoweredValue logits{program.logits, shape, {}};
  if (description.schema.task == Task::Classification) {
    program.output = meanOf(builder.add(Primitive::Softmax, {logits}, shape), builder).id;
    return;
  }
  if (!description.preprocessing.scaleTarget) {
    program.output = meanOf(logits, builder).id;
    return;
  }
  const Shape outputs{shape.back()};
  const auto count = static_cast<std::size_t>(shape.back());
  const auto scale = builder.constant("scale", outputs, std::vector<float>(count, float(description.fitted.targetStd)));
  const auto shift =
      builder.constant("shift", outputs, std::vector<float>(count, float(description.fitted.targetMean)));
  program.output = meanOf(builder.add(Primitive::Affine, {logits}, shape, {}, {scale, shift}), builder).id;
}

}  // namespace

Result<Program> lower(const ModelDescription& description) {
  LATHE_TRY(checkDescription(description));
  Program program;
  program.inputType = description.schema.image ? ElementType::UInt8 : ElementType::Float32;
  program.values.push_back(description.schema.inputShape);
  LATHE_TRY(lowerPreprocessing(description, program));
  const auto context = graphContext(description.schema, description.fitted, description.preprocessing);
  LATHE_TRY(lowerGraph(description.graph, context, program));
  lowerHead(description, program);
  return program;
}

}  // namespace lathe::spec

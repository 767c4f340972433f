// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/attributes.h"
#include "core/spec/prepared.h"

namespace lathe::spec {
namespace {

void lowerHead(const ModelDescription& description, Program& program) {
  ProgramBuilder builder(program, program.head, "head");
  const auto shape = program.values[static_cast<std::size_t>(program.logits)];
  const LoweredValue logits{program.logits, shape, {}};
  if (description.schema.task == Task::Classification) {
    program.output = builder.add(Primitive::Softmax, {logits}, shape).id;
    return;
  }
  if (!description.preprocessing.scaleTarget) return;
  const auto count = static_cast<std::size_t>(shape[0]);
  const auto scale = builder.constant("scale", shape, std::vector<float>(count, float(description.fitted.targetStd)));
  const auto shift = builder.constant("shift", shape, std::vector<float>(count, float(description.fitted.targetMean)));
  program.output = builder.add(Primitive::Affine, {logits}, shape, {}, {scale, shift}).id;
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

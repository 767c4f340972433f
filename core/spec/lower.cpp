// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/attributes.h"
#include "core/spec/ensemble.h"
#include "core/spec/prepared.h"
#include "core/spec/targets.h"

namespace lathe::spec {
namespace {

// The prediction of an ensemble is the mean of its members'.
LoweredValue meanOf(const LoweredValue& value, ProgramBuilder& builder) {
  if (value.shape.size() < 2) return value;
  return builder.add(Primitive::MeanOverMembers, {value}, {value.shape.back()});
}

LoweredValue tempered(const LoweredValue& logits, double temperature, ProgramBuilder& builder) {
  if (temperature == 1) return logits;
  const auto width = static_cast<std::size_t>(logits.shape.back());
  const auto scale =
      builder.constant("heat", {logits.shape.back()}, std::vector<float>(width, static_cast<float>(1 / temperature)));
  const auto shift = builder.constant("zero", {logits.shape.back()}, std::vector<float>(width, 0.0F));
  return builder.add(Primitive::Affine, {logits}, logits.shape, {}, {scale, shift});
}

void lowerHead(const ModelDescription& description, Program& program) {
  ProgramBuilder builder(program, program.head, "head");
  const auto shape = program.values[static_cast<std::size_t>(program.logits)];
  LoweredValue logits{program.logits, shape, {}};
  // The graph ends in the score itself.
  if (description.schema.task == Task::Anomaly) return;
  const bool probabilities =
      description.schema.task == Task::Classification || description.schema.task == Task::Multilabel;
  if (probabilities) logits = tempered(logits, description.temperature, builder);
  if (description.schema.task == Task::Classification) {
    program.output = meanOf(builder.add(Primitive::Softmax, {logits}, shape), builder).id;
    return;
  }
  const auto width = static_cast<std::size_t>(shape.back());
  if (description.schema.task == Task::Multilabel) {
    program.output = meanOf(builder.add(Primitive::Sigmoid, {logits}, shape), builder).id;
    return;
  }
  auto value = logits;
  if (description.schema.target.link == "log") value = builder.add(Primitive::Exp, {value}, shape);
  if (description.preprocessing.scaleTarget) {
    const auto scalings = targetScalings(description);
    const auto perTarget = std::max<std::size_t>(1, width / scalings.size());
    std::vector<float> scales;
    std::vector<float> shifts;
    for (std::size_t i = 0; i < width; ++i) {
      const auto& scaling = scalings[std::min(i / perTarget, scalings.size() - 1)];
      scales.push_back(static_cast<float>(scaling.scale));
      shifts.push_back(static_cast<float>(scaling.shift));
    }
    const Shape outputs{shape.back()};
    const auto scale = builder.constant("scale", outputs, std::move(scales));
    const auto shift = builder.constant("shift", outputs, std::move(shifts));
    value = builder.add(Primitive::Affine, {value}, shape, {}, {scale, shift});
  }
  value = meanOf(value, builder);
  const auto wanted = outputShape(description.schema);
  const bool quantiles = description.schema.task == Task::Quantile;
  if ((quantiles || wanted.size() > 1) && elementCount(wanted) == elementCount(value.shape)) {
    value = builder.add(Primitive::Reshape, {value}, wanted, {}, {}, wanted);
    if (quantiles) value = builder.add(Primitive::Sort, {value}, wanted);
  }
  if (value.id != logits.id) program.output = value.id;
}

// The picture of a clip of sound learns nothing and is the same in every epoch: made once, as preprocessing.
void prepareFrontEnd(Program& program) {
  if (program.prepared.size() != 1 || program.model.size() < 2) return;
  const auto& first = program.model.front();
  const int raw = program.prepared[0];
  if (first.primitive != Primitive::LogMel || first.inputs.at(0) != raw) return;
  for (auto it = program.model.begin() + 1; it != program.model.end(); ++it)
    if (std::find(it->inputs.begin(), it->inputs.end(), raw) != it->inputs.end()) return;
  program.prepared = {first.output};
  program.preprocess.push_back(first);
  program.model.erase(program.model.begin());
}

}  // namespace

Result<Program> lower(const ModelDescription& description) {
  LATHE_TRY(checkDescription(description));
  if (!description.members.empty()) return lowerEnsemble(description);
  Program program;
  program.inputType = description.schema.image ? ElementType::UInt8 : ElementType::Float32;
  program.values.push_back(description.schema.inputShape);
  LATHE_TRY(lowerPreprocessing(description, program));
  const auto context = graphContext(description.schema, description.fitted, description.preprocessing);
  LATHE_TRY(lowerGraph(description.graph, context, program));
  if (description.schema.sound()) prepareFrontEnd(program);
  lowerHead(description, program);
  return program;
}

}  // namespace lathe::spec

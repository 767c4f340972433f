// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/program_runner.h"

#include <algorithm>

#include "core/engine_torch/tensors.h"

namespace lathe::engine {
namespace {

bool isPreprocessing(spec::Primitive primitive) { return primitive <= spec::Primitive::DateParts; }

// Their backward passes do not look at their own output, so a ReLU may overwrite it.
bool outputIsFree(spec::Primitive primitive) {
  return primitive == spec::Primitive::Conv2d || primitive == spec::Primitive::BatchNorm ||
         primitive == spec::Primitive::Linear;
}

}  // namespace

ProgramRunner::ProgramRunner(spec::Program program, torch::Device device)
    : m_program(std::move(program)), m_device(device) {
  for (const auto& constant : m_program.constants)
    m_constants.push_back(torch::from_blob(const_cast<float*>(constant.data.data()), constant.shape, torch::kFloat32)
                              .clone()
                              .to(m_device));
  m_modelPlan = planOf(m_program.model, m_program.logits);
}

std::vector<ProgramRunner::Plan> ProgramRunner::planOf(const std::vector<spec::Operation>& section, int result) const {
  std::vector<Plan> plans(section.size());
  std::vector<int> lastUse(m_program.values.size(), -1);
  std::vector<int> madeBy(m_program.values.size(), -1);
  for (std::size_t i = 0; i < section.size(); ++i) {
    for (const int input : section[i].inputs) lastUse[static_cast<std::size_t>(input)] = static_cast<int>(i);
    madeBy[static_cast<std::size_t>(section[i].output)] = static_cast<int>(i);
  }
  for (std::size_t id = 0; id < lastUse.size(); ++id)
    if (lastUse[id] >= 0 && static_cast<int>(id) != result)
      plans[static_cast<std::size_t>(lastUse[id])].lastUses.push_back(static_cast<int>(id));
  for (std::size_t i = 0; i < section.size(); ++i) {
    if (section[i].primitive != spec::Primitive::Relu) continue;
    const auto input = static_cast<std::size_t>(section[i].inputs.at(0));
    const int maker = madeBy[input];
    plans[i].inPlace = maker >= 0 && lastUse[input] == static_cast<int>(i) && static_cast<int>(input) != result &&
                       outputIsFree(section[static_cast<std::size_t>(maker)].primitive);
  }
  return plans;
}

void ProgramRunner::run(const std::vector<spec::Operation>& section, const std::vector<Plan>& plans, TensorList& values,
                        const TensorList& parameters, Random* dropout, double dropoutFactor) const {
  TensorList inputs;
  TensorList weights;
  TensorList constants;
  for (std::size_t i = 0; i < section.size(); ++i) {
    const auto& operation = section[i];
    inputs.clear();
    weights.clear();
    constants.clear();
    for (const int id : operation.inputs) inputs.push_back(values[static_cast<std::size_t>(id)]);
    for (const int id : operation.parameters) weights.push_back(parameters[static_cast<std::size_t>(id)]);
    for (const int id : operation.constants) constants.push_back(m_constants[static_cast<std::size_t>(id)]);
    const bool inPlace = i < plans.size() && plans[i].inPlace;
    const PrimitiveCall call{operation, inputs, weights, constants, dropout, inPlace, dropoutFactor};
    values[static_cast<std::size_t>(operation.output)] =
        isPreprocessing(operation.primitive) ? runPreprocessingPrimitive(call) : runNetworkPrimitive(call);
    if (i >= plans.size()) continue;
    for (const int id : plans[i].lastUses) values[static_cast<std::size_t>(id)].reset();
  }
}

TensorList ProgramRunner::preprocess(const torch::Tensor& raw) const {
  TensorList values(m_program.values.size());
  values[static_cast<std::size_t>(m_program.input)] = raw;
  run(m_program.preprocess, {}, values, {}, nullptr, 1);
  TensorList prepared;
  for (const int id : m_program.prepared) {
    auto value = values[static_cast<std::size_t>(id)];
    if (value.dim() == 4) value = channelsLast(value);
    prepared.push_back(value);
  }
  return prepared;
}

torch::Tensor ProgramRunner::model(const TensorList& prepared, const TensorList& parameters, Random* dropout,
                                   double dropoutFactor) const {
  TensorList values(m_program.values.size());
  for (std::size_t i = 0; i < prepared.size(); ++i)
    values[static_cast<std::size_t>(m_program.prepared[i])] = prepared[i];
  run(m_program.model, m_modelPlan, values, parameters, dropout, dropoutFactor);
  return values[static_cast<std::size_t>(m_program.logits)];
}

torch::Tensor ProgramRunner::head(const torch::Tensor& logits) const {
  if (m_program.output < 0 || m_program.head.empty()) return logits;
  TensorList values(m_program.values.size());
  values[static_cast<std::size_t>(m_program.logits)] = logits;
  run(m_program.head, {}, values, {}, nullptr, 1);
  return values[static_cast<std::size_t>(m_program.output)];
}

}  // namespace lathe::engine

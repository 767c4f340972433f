// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/engine_fused/column_operations.h"
#include "core/engine_fused/dense.h"
#include "core/engine_fused/planner_implementation.h"
#include "core/engine_fused/simple_operations.h"
#include "core/engine_fused/table_operations.h"
#include "core/engine_fused/text_bag.h"

namespace lathe::engine::fused {
namespace {

std::optional<Activation> activationOf(Primitive primitive) {
  switch (primitive) {
    case Primitive::Relu:
      return Activation::Relu;
    case Primitive::Gelu:
      return Activation::Gelu;
    case Primitive::Silu:
      return Activation::Silu;
    case Primitive::Tanh:
      return Activation::Tanh;
    case Primitive::Sigmoid:
      return Activation::Sigmoid;
    case Primitive::SmoothClip:
      return Activation::SmoothClip;
    case Primitive::Mish:
      return Activation::Mish;
    case Primitive::Selu:
      return Activation::Selu;
    default:
      return std::nullopt;
  }
}

Activation blended(std::int64_t function) {
  switch (static_cast<spec::BlendedActivation>(function)) {
    case spec::BlendedActivation::Mish:
      return Activation::Mish;
    case spec::BlendedActivation::Selu:
      return Activation::Selu;
    case spec::BlendedActivation::Silu:
      return Activation::Silu;
    case spec::BlendedActivation::Gelu:
      return Activation::Gelu;
    case spec::BlendedActivation::Relu:
      return Activation::Relu;
    case spec::BlendedActivation::Tanh:
      return Activation::Tanh;
  }
  return Activation::Relu;
}

}  // namespace

NetworkPlan Planner::run() {
  study();
  for (const int id : m_program.prepared) {
    m_plan.inputs.push_back(make(id, false));
    m_values[at(id)] = m_plan.inputs.back();
  }
  for (std::size_t i = 0; i < m_straight.model.size(); ++i) {
    if (!m_live[i] || m_taken[i]) continue;
    const auto before = m_plan.operations.size();
    place(i);
    if (m_plan.operations.size() > before) m_plan.operations.back()->learns = m_learns[at(operation(i).output)];
  }
  m_plan.logits = m_values[at(m_straight.logits)];
  return std::move(m_plan);
}

void Planner::study() {
  const auto count = m_straight.model.size();
  m_live.assign(count, false);
  m_taken.assign(count, false);
  m_readers.assign(m_program.values.size(), {});
  m_learns.assign(m_program.values.size(), false);
  std::vector<bool> wanted(m_program.values.size(), false);
  wanted[at(m_straight.logits)] = true;
  for (std::size_t i = count; i-- > 0;) {
    m_live[i] = wanted[at(operation(i).output)];
    if (!m_live[i]) continue;
    for (const int id : operation(i).inputs) wanted[at(id)] = true;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!m_live[i]) continue;
    bool learns = false;
    for (const int id : operation(i).parameters)
      learns = learns || (m_parameters[at(id)].offset >= 0 && m_parameters[at(id)].learns);
    for (const int id : operation(i).inputs) {
      m_readers[at(id)].push_back(i);
      learns = learns || m_learns[at(id)];
    }
    m_learns[at(operation(i).output)] = learns;
  }
}

Value* Planner::make(int id, bool gradient) {
  return make(m_straight.values[at(id)].tokens, m_straight.values[at(id)].features, gradient);
}

Value* Planner::make(int tokens, int features, bool gradient) {
  Value value;
  value.tokens = tokens;
  value.features = features;
  const auto floats = mostFloats(value);
  value.data = m_plan.memory.emplace_back(floats).data();
  if (gradient) value.gradient = m_plan.memory.emplace_back(floats).data();
  m_plan.widest = std::max(m_plan.widest, value.features);
  return &m_plan.values.emplace_back(value);
}

std::size_t Planner::mostRows(const Value& value) const {
  return static_cast<std::size_t>(value.tokens) * static_cast<std::size_t>(m_room.blocks) *
         static_cast<std::size_t>(m_room.blockRows);
}

std::size_t Planner::mostFloats(const Value& value) const {
  return mostRows(value) * static_cast<std::size_t>(value.features);
}

Input Planner::input(std::size_t i, std::size_t slot) const {
  const auto& inputs = operation(i).inputs;
  const int id = inputs[slot];
  const auto firstSlot = static_cast<std::size_t>(std::find(inputs.begin(), inputs.end(), id) - inputs.begin());
  const bool writes = i == m_readers[at(id)].back() && slot == firstSlot;
  return {m_values[at(id)], !writes};
}

std::vector<Input> Planner::inputs(std::size_t i) const {
  std::vector<Input> all;
  for (std::size_t slot = 0; slot < operation(i).inputs.size(); ++slot) all.push_back(input(i, slot));
  return all;
}

ParameterPlace Planner::parameter(std::size_t i, std::size_t index) const {
  const auto& parameters = operation(i).parameters;
  if (index >= parameters.size()) return {};
  const auto& place = m_parameters[at(parameters[index])];
  return {place.value, place.offset, place.learns};
}

int Planner::take(std::size_t i) {
  m_taken[i] = true;
  return operation(i).output;
}

int Planner::takeAlong(int id, Activation& activation, double& dropout) {
  const auto bends = [](Primitive p) { return activationOf(p).has_value(); };
  const auto drops = [](Primitive p) { return p == Primitive::Dropout; };
  if (activation == Activation::Identity)
    if (const auto next = follower(id, bends)) {
      activation = *activationOf(operation(*next).primitive);
      id = take(*next);
    }
  if (const auto next = follower(id, drops)) {
    dropout = operation(*next).reals.at(0);
    id = take(*next);
  }
  return id;
}

void Planner::placeLinear(std::size_t i) {
  Dense::Plan plan;
  plan.x = input(i, 0);
  plan.weight = parameter(i, 0);
  plan.bias = parameter(i, 1);
  plan.blockRows = m_room.blockRows;
  plan.blocks = m_room.blocks;
  plan.threads = m_room.threads;
  plan.number = ++m_dropouts;
  plan.perToken = operation(i).primitive == Primitive::EnsembleLinear;
  if (!operation(i).reals.empty()) plan.scale = operation(i).reals[0];
  const int result = takeAlong(operation(i).output, plan.activation, plan.dropout);
  plan.y = output(result);
  add<Dense>(plan);
}

void Planner::placeBend(std::size_t i) {
  auto activation = activationOf(operation(i).primitive).value_or(Activation::Identity);
  double dropout = operation(i).primitive == Primitive::Dropout ? operation(i).reals.at(0) : 0;
  const auto x = input(i, 0);
  int result = operation(i).output;
  if (operation(i).primitive != Primitive::Dropout) result = takeAlong(result, activation, dropout);
  auto* y = output(result);
  add<Bend>(x, y, activation, dropout, ++m_dropouts, mostFloats(*y));
}

void Planner::placeEmbedding(std::size_t i) {
  std::vector<Embedding::Column> columns;
  for (std::size_t k = 0; k < operation(i).parameters.size(); ++k) {
    const auto& shape = m_program.parameters[at(operation(i).parameters[k])].shape;
    columns.push_back({parameter(i, k), static_cast<int>(shape[0]), static_cast<int>(shape[1])});
  }
  add<Embedding>(m_values[at(operation(i).inputs[0])], output(operation(i).output), std::move(columns));
}

void Planner::placeTextBag(std::size_t i) {
  std::vector<TextBag::Column> columns;
  for (std::size_t k = 0; k < operation(i).parameters.size(); ++k)
    columns.push_back(
        {parameter(i, k), static_cast<int>(m_program.parameters[at(operation(i).parameters[k])].shape[0])});
  add<TextBag>(m_values[at(operation(i).inputs[0])], output(operation(i).output), std::move(columns));
}

void Planner::placePeriodic(std::size_t i) {
  PeriodicEmbedding::Plan plan;
  plan.x = input(i, 0);
  plan.frequency = parameter(i, 0);
  plan.phase = parameter(i, 1);
  plan.weight = parameter(i, 2);
  plan.bias = parameter(i, 3);
  plan.waves = static_cast<int>(m_program.parameters[at(operation(i).parameters[0])].shape[1]);
  plan.blockRows = m_room.blockRows;
  plan.y = output(operation(i).output);
  m_plan.widest = std::max(m_plan.widest, plan.waves);
  add<PeriodicEmbedding>(plan);
}

void Planner::placePiecewise(std::size_t i) {
  const auto constant = [&](std::size_t index) { return m_program.constants[at(operation(i).constants[index])].data; };
  const auto x = input(i, 0);
  add<PiecewiseEncoding>(x, output(operation(i).output),
                         PiecewiseEncoding::Constants{constant(0), constant(1), constant(2), constant(3)});
}

void Planner::placeScale(std::size_t i) {
  const auto x = input(i, 0);
  auto* y = output(operation(i).output);
  const bool shift = operation(i).primitive == Primitive::EnsembleShift;
  add<Scale>(x, y, shift ? ParameterPlace{} : parameter(i, 0), shift ? parameter(i, 0) : ParameterPlace{},
             operation(i).primitive != Primitive::ScaleFeatures);
}

void Planner::place(std::size_t i) {
  const auto& op = operation(i);
  switch (op.primitive) {
    case Primitive::Linear:
    case Primitive::EnsembleLinear:
      return placeLinear(i);
    case Primitive::ScaleFeatures:
    case Primitive::EnsembleScale:
    case Primitive::EnsembleShift:
      return placeScale(i);
    case Primitive::PeriodicEmbedding:
      return placePeriodic(i);
    case Primitive::ParametricActivation: {
      const auto x = input(i, 0);
      return add<Blend>(x, output(op.output), parameter(i, 0), blended(op.ints.at(0)));
    }
    case Primitive::LayerNorm: {
      const auto x = input(i, 0);
      auto* y = output(op.output);
      return add<LayerNorm>(x, y, parameter(i, 0), parameter(i, 1), op.reals.at(0), mostRows(*y));
    }
    case Primitive::BatchNorm:
      return placeBatchNorm(i);
    case Primitive::Conv2d:
    case Primitive::Conv1d:
      return placeConvolution(i);
    case Primitive::MaxPool2d:
    case Primitive::AvgPool2d:
      return placePool(i);
    case Primitive::GlobalAvgPool:
    case Primitive::AdaptiveAvgPool2d:
    case Primitive::ReduceMean:
    case Primitive::ReduceMax:
      return placePoolAll(i);
    case Primitive::Gru:
    case Primitive::Lstm:
      return placeRecurrent(i);
    case Primitive::Embedding:
      return placeEmbedding(i);
    case Primitive::EmbeddingBag:
      return placeTextBag(i);
    case Primitive::Add: {
      const auto all = inputs(i);
      return add<Add>(all, output(op.output));
    }
    case Primitive::Concat: {
      const auto all = inputs(i);
      return add<Concat>(all, output(op.output));
    }
    case Primitive::Flatten:
    case Primitive::Reshape:
      return placeReshape(i);
    case Primitive::PiecewiseEncoding:
      return placePiecewise(i);
    case Primitive::Waves: {
      const auto x = input(i, 0);
      return add<Waves>(x, output(op.output), parameter(i, 0));
    }
    case Primitive::Slice:
      return placeSlice(i);
    default:
      return placeBend(i);
  }
}

NetworkPlan planNetwork(const spec::Program& program, const std::vector<FusedParameter>& parameters, const Room& room) {
  return Planner(program, parameters, room).run();
}

}  // namespace lathe::engine::fused

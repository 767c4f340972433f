// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/column_operations.h"
#include "core/engine_fused/image_operations.h"
#include "core/engine_fused/planner_implementation.h"
#include "core/engine_fused/recurrent.h"
#include "core/engine_fused/simple_operations.h"

// Images and sequences.
namespace lathe::engine::fused {

void Planner::placeReshape(std::size_t i) {
  const auto& op = operation(i);
  const auto x = input(i, 0);
  auto* y = output(op.output);
  if (m_straight.given[i].channelsFirst) return add<FlattenChannels>(x, y);
  add<Regroup>(x, y);
}

void Planner::placeSlice(std::size_t i) {
  const auto& op = operation(i);
  const auto x = input(i, 0);
  auto* y = output(op.output);
  const auto start = static_cast<int>(op.ints.at(1));
  if (op.ints.at(0) == 0 && m_straight.given[i].rank == 2) return add<SliceTokens>(x, y, start);
  add<Slice>(x, y, start);
}

void Planner::placeBatchNorm(std::size_t i) {
  const auto& op = operation(i);
  const auto x = input(i, 0);
  const auto& given = m_straight.given[i];
  if (!given.channelsFirst) {
    auto* y = output(op.output);
    return add<BatchNorm>(x, y, parameter(i, 0), parameter(i, 1), parameter(i, 2).value, parameter(i, 3).value,
                          op.reals.at(0), op.reals.at(1));
  }
  ImageNorm::Plan plan;
  plan.x = x;
  plan.weight = parameter(i, 0);
  plan.bias = parameter(i, 1);
  plan.runningMean = parameter(i, 2).value;
  plan.runningVariance = parameter(i, 3).value;
  plan.epsilon = op.reals.at(0);
  plan.momentum = op.reals.at(1);
  plan.height = given.height;
  plan.width = given.width;
  fillRoom(plan);
  int result = op.output;
  if (const auto next = follower(result, [](Primitive p) { return p == Primitive::Relu; })) {
    plan.relu = true;
    result = take(*next);
  }
  if (const auto next = follower(result, [](Primitive p) { return p == Primitive::MaxPool2d; });
      next && operation(*next).ints == std::vector<std::int64_t>{2, 2, 2, 2, 0, 0}) {
    plan.pools = true;
    result = take(*next);
  }
  plan.y = output(result);
  add<ImageNorm>(plan);
}

Sliding Planner::slidingOf(std::size_t i) const {
  const auto& given = m_straight.given[i];
  const auto& made = m_straight.values[at(operation(i).output)];
  Sliding sliding;
  sliding.inHeight = given.height;
  sliding.inWidth = given.width;
  sliding.outHeight = made.height;
  sliding.outWidth = made.width;
  return sliding;
}

void Planner::placeConvolution(std::size_t i) {
  const auto& op = operation(i);
  const auto& shape = m_program.parameters[at(op.parameters[0])].shape;
  const auto number = [&](std::size_t k) { return static_cast<int>(op.ints.at(k)); };
  Convolution::Plan plan;
  plan.x = input(i, 0);
  plan.weight = parameter(i, 0);
  plan.bias = parameter(i, 1);
  auto& s = plan.sliding = slidingOf(i);
  s.kernelWidth = static_cast<int>(shape.back());
  if (op.primitive == Primitive::Conv1d) {
    s.strideWidth = number(0);
    s.padWidth = number(1);
    s.dilationWidth = number(2);
  } else {
    plan.channelsLast = true;
    s.kernelHeight = static_cast<int>(shape[2]);
    s.strideHeight = number(0);
    s.strideWidth = number(1);
    s.padHeight = number(2);
    s.padWidth = number(3);
    s.dilationHeight = number(4);
    s.dilationWidth = number(5);
  }
  fillRoom(plan);
  plan.y = output(op.output);
  add<Convolution>(plan);
}

void Planner::placePool(std::size_t i) {
  const auto& op = operation(i);
  const auto number = [&](std::size_t k) { return static_cast<int>(op.ints.at(k)); };
  Pool::Plan plan;
  plan.x = input(i, 0);
  auto& s = plan.sliding = slidingOf(i);
  s.kernelHeight = number(0);
  s.kernelWidth = number(1);
  s.strideHeight = number(2);
  s.strideWidth = number(3);
  s.padHeight = number(4);
  s.padWidth = number(5);
  plan.mean = op.primitive == Primitive::AvgPool2d;
  plan.countPadding = plan.mean && number(6) != 0;
  plan.y = output(op.output);
  plan.mostFloats = mostFloats(*plan.y);
  add<Pool>(plan);
}

void Planner::placePoolAll(std::size_t i) {
  const auto x = input(i, 0);
  auto* y = output(operation(i).output);
  add<PoolAll>(x, y, operation(i).primitive != Primitive::ReduceMax, mostFloats(*y));
}

void Planner::placeRecurrent(std::size_t i) {
  const auto& op = operation(i);
  const auto hidden = static_cast<int>(op.ints.at(0));
  const auto layers = static_cast<int>(op.ints.at(1));
  const int directions = op.ints.at(2) != 0 ? 2 : 1;
  const double dropout = op.reals.at(0);
  Input x = input(i, 0);
  for (int layer = 0; layer < layers; ++layer) {
    const bool last = layer + 1 == layers;
    Value* y = last ? output(op.output) : make(x.value->tokens, hidden * directions, m_learns[at(op.output)]);
    for (int direction = 0; direction < directions; ++direction) {
      Recurrent::Plan plan;
      // On the way back the second direction comes first, so it writes and the other adds.
      plan.x = {x.value, x.addGradient || direction + 1 < directions};
      plan.y = y;
      plan.offset = direction * hidden;
      plan.lstm = op.primitive == Primitive::Lstm;
      plan.backwards = direction == 1;
      plan.hidden = hidden;
      const auto first = 4 * (static_cast<std::size_t>(layer) * static_cast<std::size_t>(directions) +
                              static_cast<std::size_t>(direction));
      plan.inputWeight = parameter(i, first);
      plan.hiddenWeight = parameter(i, first + 1);
      plan.inputBias = parameter(i, first + 2);
      plan.hiddenBias = parameter(i, first + 3);
      fillRoom(plan);
      add<Recurrent>(plan);
      m_plan.operations.back()->learns = m_learns[at(op.output)];
    }
    if (last) return;
    x = {y, false};
    if (dropout <= 0) continue;
    Value* dropped = make(y->tokens, y->features, y->gradient != nullptr);
    add<Bend>(x, dropped, Activation::Identity, dropout, ++m_dropouts, mostFloats(*dropped));
    m_plan.operations.back()->learns = m_learns[at(op.output)];
    x = {dropped, false};
  }
}

}  // namespace lathe::engine::fused

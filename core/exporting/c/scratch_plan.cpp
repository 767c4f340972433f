// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/scratch_plan.h"

#include <algorithm>
#include <numeric>

#include "core/spec/reconstruction.h"

namespace lathe::exporting {

using spec::Primitive;

namespace {

/// Numbers of one place of a row's dimension.
std::int64_t strideOf(const spec::Shape& shape, std::size_t dimension) {
  return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(dimension) + 1, shape.end(), std::int64_t{1},
                         std::multiplies<>());
}

/// The output's number i needs of the first input only number i, or only the numbers of the same row before any is
/// written.
bool mayWriteOver(Primitive primitive) {
  switch (primitive) {
    case Primitive::IsMissing:
    case Primitive::FillMissing:
    case Primitive::Standardize:
    case Primitive::PiecewiseLinear:
    case Primitive::Codes:
    case Primitive::Affine:
    case Primitive::BatchNorm:
    case Primitive::LayerNorm:
    case Primitive::GroupNorm:
    case Primitive::Relu:
    case Primitive::Gelu:
    case Primitive::Silu:
    case Primitive::Tanh:
    case Primitive::Sigmoid:
    case Primitive::Add:
    case Primitive::Softmax:
    case Primitive::SmoothClip:
    case Primitive::ScaleFeatures:
    case Primitive::ParametricActivation:
    case Primitive::EnsembleShift:
    case Primitive::Exp:
    case Primitive::Sort:
    case Primitive::Offset:
    case Primitive::Multiply:
    case Primitive::Mish:
    case Primitive::Elu:
    case Primitive::Selu:
    case Primitive::LeakyRelu:
    case Primitive::Prelu:
    case Primitive::Hardswish:
    case Primitive::Hardsigmoid:
    case Primitive::Softplus:
    case Primitive::Relu6:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::vector<const spec::Operation*> operationsOf(const spec::Program& program) {
  std::vector<const spec::Operation*> all;
  for (const auto* section : {&program.preprocess, &program.model, &program.head})
    for (const auto& operation : *section) all.push_back(&operation);
  return all;
}

int outputOf(const spec::Program& program) { return program.output >= 0 ? program.output : program.logits; }

std::int64_t workspaceOf(const spec::Program& program, const spec::Operation& operation) {
  const auto shape = [&](int value) -> const spec::Shape& { return program.values[static_cast<std::size_t>(value)]; };
  const auto& n = operation.ints;
  const bool lstm = operation.primitive == Primitive::Lstm;
  switch (operation.primitive) {
    case Primitive::PeriodicEmbedding:
      return program.parameters[static_cast<std::size_t>(operation.parameters.at(0))].shape.at(1);
    case Primitive::Lstm:
    case Primitive::Gru:
      return (lstm ? 5 : 6) * n.at(0) +
             std::min<std::int64_t>(n.at(1) - 1, 2) * spec::elementCount(shape(operation.output));
    case Primitive::Attention:
      return 4 * spec::elementCount(shape(operation.output)) + shape(operation.output).at(0);
    case Primitive::LogMel:
      return program.constants[static_cast<std::size_t>(operation.constants.at(1))].shape.at(1);
    case Primitive::ReconstructionError:
      return spec::reconstructionLayout(n).columns();
    default:
      return 0;
  }
}

ScratchPlan::ScratchPlan(const spec::Program& program)
    : m_program(program),
      m_operations(operationsOf(program)),
      m_rows(program.values.size(), 1),
      m_views(program.values.size()),
      m_work(m_operations.size(), -1) {
  makeBuffers();
  writeOver();
  arrange();
}

ScratchPlan::Place ScratchPlan::place(int value) const {
  const auto& view = m_views[static_cast<std::size_t>(value)];
  const int root = rootOf(view.buffer);
  return {root == 0, m_buffers[static_cast<std::size_t>(root)].offset + view.offset};
}

std::int64_t ScratchPlan::work(std::size_t operation) const {
  const int buffer = m_work[operation];
  return buffer < 0 ? 0 : m_buffers[static_cast<std::size_t>(buffer)].offset;
}

bool ScratchPlan::isView(const spec::Operation& operation) const {
  switch (operation.primitive) {
    case Primitive::Dropout:
    case Primitive::StochasticDepth:
    case Primitive::Flatten:
    case Primitive::Reshape:
      return true;
    case Primitive::Slice: {
      // One piece of memory where every dimension before has a single place.
      const auto& shape = m_program.values[static_cast<std::size_t>(operation.inputs.at(0))];
      const auto before = shape.begin() + operation.ints.at(0);
      return rows(operation.inputs[0]) == 1 && std::all_of(shape.begin(), before, [](auto size) { return size == 1; });
    }
    default:
      return false;
  }
}

int ScratchPlan::add(std::int64_t size, int operation) {
  m_buffers.push_back({size, operation, operation, -1, 0});
  return static_cast<int>(m_buffers.size()) - 1;
}

int ScratchPlan::rootOf(int buffer) const {
  while (m_buffers[static_cast<std::size_t>(buffer)].root >= 0)
    buffer = m_buffers[static_cast<std::size_t>(buffer)].root;
  return buffer;
}

std::int64_t ScratchPlan::sizeOf(int value) const {
  return spec::elementCount(m_program.values[static_cast<std::size_t>(value)]) * rows(value);
}

void ScratchPlan::makeBuffers() {
  const int end = static_cast<int>(m_operations.size());
  add(0, end);
  m_views[static_cast<std::size_t>(m_program.input)] = {0, 0};
  for (int i = 0; i < end; ++i) {
    const auto& operation = *m_operations[static_cast<std::size_t>(i)];
    const auto output = static_cast<std::size_t>(operation.output);
    const int input = operation.inputs.at(0);
    m_rows[output] = rows(input);
    if (operation.primitive == Primitive::Reshape)
      m_rows[output] = sizeOf(input) / spec::elementCount(m_program.values[output]);
    if (isView(operation)) {
      auto view = m_views[static_cast<std::size_t>(input)];
      if (operation.primitive == Primitive::Slice)
        view.offset += operation.ints.at(1) * strideOf(m_program.values[static_cast<std::size_t>(input)],
                                                       static_cast<std::size_t>(operation.ints.at(0)));
      m_views[output] = view;
    } else {
      m_views[output] = {add(sizeOf(operation.output), i), 0};
    }
    if (const auto work = workspaceOf(m_program, operation); work > 0)
      m_work[static_cast<std::size_t>(i)] = add(work, i);
    for (const int each : operation.inputs)
      m_buffers[static_cast<std::size_t>(m_views[static_cast<std::size_t>(each)].buffer)].last = i;
  }
  m_buffers[static_cast<std::size_t>(m_views[static_cast<std::size_t>(outputOf(m_program))].buffer)].last = end;
}

void ScratchPlan::writeOver() {
  for (int i = 0; i < static_cast<int>(m_operations.size()); ++i) {
    const auto& operation = *m_operations[static_cast<std::size_t>(i)];
    if (!mayWriteOver(operation.primitive)) continue;
    const auto& from = m_views[static_cast<std::size_t>(operation.inputs[0])];
    const int root = rootOf(from.buffer);
    auto& old = m_buffers[static_cast<std::size_t>(root)];
    const int made = m_views[static_cast<std::size_t>(operation.output)].buffer;
    const auto& added = m_buffers[static_cast<std::size_t>(made)];
    const auto shares = std::count_if(operation.inputs.begin(), operation.inputs.end(), [&](int each) {
      return rootOf(m_views[static_cast<std::size_t>(each)].buffer) == root;
    });
    if (root == 0 || old.last != i || old.size != added.size || from.offset != 0 || shares > 1) continue;
    old.last = added.last;
    m_buffers[static_cast<std::size_t>(made)].root = root;
  }
}

void ScratchPlan::arrange() {
  std::vector<int> order;
  for (int i = 1; i < static_cast<int>(m_buffers.size()); ++i)
    if (m_buffers[static_cast<std::size_t>(i)].root < 0) order.push_back(i);
  const auto buffer = [&](int i) -> Buffer& { return m_buffers[static_cast<std::size_t>(i)]; };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return buffer(a).size > buffer(b).size; });
  std::vector<int> placed;  // by their offsets
  for (const int i : order) {
    auto& each = buffer(i);
    std::int64_t free = 0;
    for (const int other : placed) {
      if (!bothLive(each, buffer(other))) continue;
      if (buffer(other).offset - free >= each.size) break;
      free = std::max(free, buffer(other).offset + buffer(other).size);
    }
    each.offset = free;
    m_size = std::max(m_size, free + each.size);
    const auto behind = std::upper_bound(placed.begin(), placed.end(), free,
                                         [&](std::int64_t at, int other) { return at < buffer(other).offset; });
    placed.insert(behind, i);
  }
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "core/exporting/dimensions.h"
#include "core/exporting/tensorflow/tensorflow_writer.h"

namespace lathe::exporting {

using spec::Primitive;

// One direction of one layer, step by step: its outputs in the order of time. Without a past the first step needs no
// weights of it.
TfValues TensorflowWriter::direction(const Operation& operation, std::size_t first, const TfValue& x,
                                     std::int64_t inputs, bool back) {
  auto& g = m_graph;
  const bool lstm = operation.primitive == Primitive::Lstm;
  const auto hidden = operation.ints.at(0), gates = std::int64_t{lstm ? 4 : 3}, steps = shapeOut(operation).at(0);
  auto bias = numbersOf(operation, first + 2);
  const auto& past = numbersOf(operation, first + 3);
  // What the new state of a GRU adds for the past is multiplied by a gate, so it stays apart.
  const auto shared = static_cast<std::size_t>((lstm ? 4 : 2) * hidden);
  for (std::size_t i = 0; i < shared; ++i) bias[i] += past[i];
  const auto own = dense(x, {steps, inputs}, parameter(operation, first), gates * hidden,
                         g.tensor(operation.layer + ".bias", {gates * hidden}, bias));
  const auto recurrence = parameter(operation, first + 1);
  const auto pastBias =
      g.tensor(operation.layer + ".past", {hidden},
               std::span(past).subspan(static_cast<std::size_t>(2 * hidden), static_cast<std::size_t>(hidden)));
  const auto each = g.same("Unpack", {own}, {{"num", steps}, {"axis", std::int64_t{1}}});
  const auto split = [&](const TfValue& sums) {
    const auto made = g.node("Split", {g.whole(1), sums}, TfType::Float, {{"num_split", gates}, {"T", TfType::Float}});
    TfValues parts;
    for (std::size_t i = 0; i < static_cast<std::size_t>(gates); ++i)
      parts.push_back(TensorflowGraph::output(made, i, TfType::Float));
    return parts;
  };
  const auto sigmoid = [&](const TfValue& value) { return g.same("Sigmoid", {value}); };
  const auto tangent = [&](const TfValue& value) { return g.same("Tanh", {value}); };
  TfValue state, cell;
  TfValues outputs(static_cast<std::size_t>(steps));
  for (std::int64_t i = 0; i < steps; ++i) {
    const auto step = static_cast<std::size_t>(back ? steps - 1 - i : i);
    auto sums = TensorflowGraph::output(each, step, TfType::Float);
    const auto remembered = state.known() ? g.product(state, recurrence, true) : TfValue();
    if (lstm) {
      const auto gate = split(remembered.known() ? g.add(sums, remembered) : sums);
      const auto fresh = g.multiply(sigmoid(gate[0]), tangent(gate[2]));
      cell = cell.known() ? g.add(g.multiply(sigmoid(gate[1]), cell), fresh) : fresh;
      state = g.multiply(sigmoid(gate[3]), tangent(cell));
    } else {
      const auto gate = split(sums), old = remembered.known() ? split(remembered) : TfValues();
      const auto both = [&](std::size_t k) { return sigmoid(old.empty() ? gate[k] : g.add(gate[k], old[k])); };
      const auto kept = old.empty() ? pastBias : g.add(old[2], pastBias);
      const auto fresh = tangent(g.add(gate[2], g.multiply(both(0), kept)));
      const auto change = state.known() ? g.subtract(state, fresh) : g.same("Neg", {fresh});
      state = g.add(fresh, g.multiply(both(1), change));
    }
    outputs[step] = state;
  }
  return outputs;
}

TfValue TensorflowWriter::recurrent(const Operation& operation) {
  auto& g = m_graph;
  const auto layers = operation.ints.at(1);
  const std::size_t directions = operation.ints.at(2) != 0 ? 2 : 1;
  const auto pack = [&](const TfValues& steps) {
    return g.same("Pack", steps, {{"N", static_cast<std::int64_t>(steps.size())}, {"axis", std::int64_t{1}}});
  };
  TfValue x = in(operation);
  for (std::size_t layer = 0; layer < static_cast<std::size_t>(layers); ++layer) {
    TfValues ways;
    for (std::size_t way = 0; way < directions; ++way) {
      const auto first = 4 * (layer * directions + way);
      ways.push_back(pack(direction(operation, first, x, parameterOf(operation, first).shape.at(1), way == 1)));
    }
    x = g.joined(ways, 2);
  }
  return x;
}

TfValue TensorflowWriter::attention(const Operation& operation) {
  auto& g = m_graph;
  const auto steps = shapeOut(operation).at(0), width = shapeOut(operation).at(1), heads = operation.ints.at(0);
  const auto size = width / heads;
  if (operation.parameters.size() > 4) throw std::invalid_argument("adapters are merged before an export");
  const auto projected =
      dense(in(operation), {steps, width}, parameter(operation, 0), 3 * width, parameter(operation, 1));
  const auto parts = g.transpose(g.reshape(projected, {-1, steps, 3, heads, size}), {2, 0, 3, 1, 4});
  const auto queries = g.multiply(g.select(parts, 0, 0), g.number(1 / std::sqrt(static_cast<double>(size))));
  const auto shares = g.same("Softmax", {g.products(queries, g.select(parts, 0, 1), true)});
  const auto mixed = g.transpose(g.products(shares, g.select(parts, 0, 2), false), {0, 2, 1, 3});
  return dense(g.reshape(mixed, {-1, steps, width}), {steps, width}, parameter(operation, 2), width,
               parameter(operation, 3));
}

// Often what one order of the dimensions is before is the other one after.
void TensorflowWriter::permute(const Operation& operation) {
  const auto& order = operation.ints;
  const auto rank = static_cast<std::int64_t>(order.size());
  const auto& from = kept(operation);
  // Dimensions of the old row where the old value, and the new one, have them.
  Ints plain(order.size()), turned = order;
  std::iota(plain.begin(), plain.end(), std::int64_t{0});
  std::rotate(turned.begin(), turned.begin() + 1, turned.end());
  auto lastFrom = plain;
  std::rotate(lastFrom.begin(), lastFrom.begin() + 1, lastFrom.end());
  Kept to;
  if (from.plain.known() && order == plain) to.plain = from.plain;
  if (from.last.known() && order == lastFrom) to.plain = from.last;
  if (rank > 1 && from.plain.known() && turned == plain) to.last = from.plain;
  if (rank > 1 && from.last.known() && turned == lastFrom) to.last = from.last;
  if (!to.plain.known() && !to.last.known()) {
    auto axes = behindBatch(order);
    axes.insert(axes.begin(), 0);
    to.plain = m_graph.transpose(in(operation), axes);
  }
  m_values[static_cast<std::size_t>(operation.output)] = to;
}

void TensorflowWriter::reduced(const Operation& operation, const char* kind) {
  const auto& dimensions = operation.ints;
  const bool overChannels = std::find(dimensions.begin(), dimensions.end(), 0) != dimensions.end();
  if (overChannels || !prefersLast(operation)) {
    set(operation, m_graph.reduce(kind, in(operation), behindBatch(dimensions), false));
    return;
  }
  // In the other order each dimension but the first stands where it stood in the row.
  setLast(operation, m_graph.reduce(kind, last(operation), dimensions, false));
}

bool TensorflowWriter::writeSequence(const Operation& operation) {
  auto& g = m_graph;
  const auto& n = operation.ints;
  switch (operation.primitive) {
    case Primitive::Lstm:
    case Primitive::Gru:
      set(operation, recurrent(operation));
      return true;
    case Primitive::Attention:
      set(operation, attention(operation));
      return true;
    case Primitive::Offset:
      set(operation,
          g.add(in(operation), operation.parameters.empty() ? constant(operation, 0) : parameter(operation, 0)));
      return true;
    case Primitive::Permute:
      permute(operation);
      return true;
    case Primitive::Slice:
      set(operation, g.slice(in(operation), n.at(0) + 1, n.at(1), n.at(2)));
      return true;
    case Primitive::ReduceMean:
      reduced(operation, "Mean");
      return true;
    case Primitive::ReduceMax:
      reduced(operation, "Max");
      return true;
    case Primitive::Sort: {
      const auto turned = g.same("Neg", {in(operation)});
      const auto sorted = g.same("TopKV2", {turned, g.whole(shapeIn(operation).back())}, {{"sorted", true}});
      set(operation, g.same("Neg", {sorted}));
      return true;
    }
    default:
      return false;
  }
}

}  // namespace lathe::exporting

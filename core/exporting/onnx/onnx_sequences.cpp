// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/exporting/dimensions.h"
#include "core/exporting/onnx/onnx_writer.h"

namespace lathe::exporting {

using spec::Primitive;

namespace {

using Ints = std::vector<std::int64_t>;

// PyTorch's gates are i, f, g, o and r, z, n; ONNX has i, o, f, c and z, r, h.
const std::vector<std::size_t>& gatesOf(bool lstm) {
  static const std::vector<std::size_t> lstmGates{0, 3, 1, 2}, gruGates{1, 0, 2};
  return lstm ? lstmGates : gruGates;
}

void appendGates(std::vector<float>& out, const std::vector<float>& from, bool lstm) {
  const auto& gates = gatesOf(lstm);
  const auto size = static_cast<std::ptrdiff_t>(from.size() / gates.size());
  for (const auto gate : gates) {
    const auto start = from.begin() + static_cast<std::ptrdiff_t>(gate) * size;
    out.insert(out.end(), start, start + size);
  }
}

}  // namespace

OnnxWriter::Name OnnxWriter::recurrent(const Operation& operation) {
  auto& g = m_graph;
  const bool lstm = operation.primitive == Primitive::Lstm;
  const auto hidden = operation.ints.at(0), layers = operation.ints.at(1);
  const std::int64_t directions = operation.ints.at(2) != 0 ? 2 : 1;
  const auto gates = static_cast<std::int64_t>(gatesOf(lstm).size());
  const auto& output = shapeOut(operation);
  Name x = g.transpose(in(operation), {1, 0, 2});
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    Floats biases;
    const auto first = static_cast<std::size_t>(layer * directions * 4);
    for (std::size_t direction = 0; direction < static_cast<std::size_t>(directions); ++direction) {
      appendGates(biases, numbersOf(operation, first + 4 * direction + 2), lstm);
      appendGates(biases, numbersOf(operation, first + 4 * direction + 3), lstm);
    }
    const auto inputs = parameterOf(operation, first).shape.at(1);
    // Of both directions; quantised ones have scales of their own.
    const auto weights = [&](const char* role, std::size_t part, std::int64_t width) {
      Floats all;
      Names each;
      for (std::size_t direction = 0; direction < static_cast<std::size_t>(directions); ++direction) {
        const auto at = first + 4 * direction + part;
        if (isQuantized(operation, at)) all.clear();
        appendGates(all, numbersOf(operation, at), lstm);
        if (isQuantized(operation, at))
          each.push_back(stored(operation.layer + role, {1, gates * hidden, width}, all, 1));
      }
      if (!each.empty()) return g.joined(each, 0);
      return g.tensor(operation.layer + role, {directions, gates * hidden, width}, all);
    };
    const auto weight = weights(".weight_ih", 0, inputs), recurrence = weights(".weight_hh", 1, hidden);
    std::vector<OnnxAttribute> attributes{{"hidden_size", hidden},
                                          {"direction", std::string(directions == 2 ? "bidirectional" : "forward")}};
    if (!lstm) attributes.emplace_back("linear_before_reset", std::int64_t{1});
    const auto y =
        g.node(lstm ? "LSTM" : "GRU",
               {x, weight, recurrence, g.tensor(operation.layer + ".bias", {directions, 2 * gates * hidden}, biases)},
               attributes);
    // [T, directions, N, H] -> [T, N, directions * H]
    x = directions == 1 ? g.squeeze(y, 1)
                        : g.reshape(g.transpose(y, {0, 2, 1, 3}), {output.at(0), -1, directions * hidden});
  }
  return g.transpose(x, {1, 0, 2});
}

OnnxWriter::Name OnnxWriter::attention(const Operation& operation) {
  auto& g = m_graph;
  const auto steps = shapeOut(operation).at(0), width = shapeOut(operation).at(1), heads = operation.ints.at(0);
  const auto size = width / heads;
  if (operation.parameters.size() > 4) throw std::invalid_argument("adapters are merged before an export");
  const auto linear = [&](const Name& x, std::size_t weight) {
    return g.add(product(x, operation, weight, numbersOf(operation, weight), 1), parameter(operation, weight + 1));
  };
  const auto projected = g.reshape(linear(in(operation), 0), {-1, steps, 3, heads, size});
  const auto parts = g.transpose(projected, {2, 0, 3, 1, 4});
  const auto queries = g.multiply(g.select(parts, 0, 0), g.number(1 / std::sqrt(static_cast<double>(size))));
  const auto keys = g.transpose(g.select(parts, 0, 1), {0, 1, 3, 2});
  const auto shares = g.node("Softmax", {g.node("MatMul", {queries, keys})}, {{"axis", std::int64_t{-1}}});
  const auto mixed = g.transpose(g.node("MatMul", {shares, g.select(parts, 0, 2)}), {0, 2, 1, 3});
  return linear(g.reshape(mixed, {-1, steps, width}), 2);
}

bool OnnxWriter::writeSequence(const Operation& operation) {
  auto& g = m_graph;
  const Name x = operation.inputs.empty() ? Name() : in(operation);
  const auto& n = operation.ints;
  const auto keep = std::pair<const char*, std::int64_t>{"keepdims", 0};
  switch (operation.primitive) {
    case Primitive::Lstm:
    case Primitive::Gru:
      set(operation, recurrent(operation));
      return true;
    case Primitive::Attention:
      set(operation, attention(operation));
      return true;
    case Primitive::Offset:
      set(operation, g.add(x, operation.parameters.empty() ? constant(operation, 0) : parameter(operation, 0)));
      return true;
    case Primitive::Multiply: {
      Name product = x;
      for (std::size_t i = 1; i < operation.inputs.size(); ++i) product = g.multiply(product, in(operation, i));
      set(operation, product);
      return true;
    }
    case Primitive::Permute: {
      auto order = behindBatch(n);
      order.insert(order.begin(), 0);
      set(operation, g.transpose(x, order));
      return true;
    }
    case Primitive::Slice:
      set(operation, g.slice(x, n.at(0) + 1, n.at(1), n.at(2)));
      return true;
    case Primitive::ReduceMean:
      set(operation, g.mean(x, behindBatch(n), false));
      return true;
    case Primitive::ReduceMax:
      set(operation, g.node("ReduceMax", {x}, {{"axes", behindBatch(n)}, {keep.first, keep.second}}));
      return true;
    case Primitive::Sort: {
      const auto sorted = g.fresh();
      g.node("TopK", {x, g.list({shapeIn(operation).back()})}, {sorted, g.fresh()},
             {{"axis", std::int64_t{-1}}, {"largest", std::int64_t{0}}, {"sorted", std::int64_t{1}}});
      set(operation, sorted);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace lathe::exporting

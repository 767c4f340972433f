// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine_torch/network_primitives.h"

namespace lathe::engine {
namespace {

struct Recurrence {
  bool lstm;
  std::int64_t hidden, layers, directions;
};

torch::Tensor walk(const Recurrence& r, const torch::Tensor& x, const TensorList& parameters, std::int64_t layers) {
  const auto start = torch::zeros({layers * r.directions, x.size(0), r.hidden}, x.options());
  const bool both = r.directions == 2;
  if (r.lstm) return std::get<0>(torch::lstm(x, {start, start}, parameters, true, layers, 0.0, false, both, true));
  return std::get<0>(torch::gru(x, start, parameters, true, layers, 0.0, false, both, true));
}

}  // namespace

torch::Tensor recurrent(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  const Recurrence r{call.operation.primitive == spec::Primitive::Lstm, n[0], n[1], n[2] + 1};
  const double p = call.operation.reals[0];
  if (call.dropout == nullptr || p <= 0 || r.layers == 1) return walk(r, call.inputs[0], call.parameters, r.layers);
  // Layer by layer, because LibTorch would drop by its own generator.
  const auto each = static_cast<std::ptrdiff_t>(4 * r.directions);
  auto x = call.inputs[0];
  for (std::int64_t layer = 0; layer < r.layers; ++layer) {
    if (layer > 0) x = x * dropoutMask(x, p, *call.dropout);
    const auto first = call.parameters.begin() + each * layer;
    x = walk(r, x, TensorList(first, first + each), 1);
  }
  return x;
}

namespace {

/// W of the attention's parameters, with its adapters where it has any.
torch::Tensor adaptedWeight(const PrimitiveCall& call, std::size_t weight, std::size_t a) {
  if (call.parameters.size() <= a + 1) return call.parameters[weight];
  return call.parameters[weight] + torch::matmul(call.parameters[a + 1], call.parameters[a]) * call.operation.reals[1];
}

}  // namespace

torch::Tensor attend(const PrimitiveCall& call) {
  const auto& x = call.inputs[0];
  const auto rows = x.size(0), steps = x.size(1), width = x.size(2);
  const auto heads = call.operation.ints[0];
  const auto size = width / heads;
  // Queries, keys and values, each [N, heads, T, size].
  const auto all = torch::linear(x, adaptedWeight(call, 0, 4), call.parameters[1])
                       .view({rows, steps, 3, heads, size})
                       .permute({2, 0, 3, 1, 4});
  const auto scaled = all.select(0, 0) * (1 / std::sqrt(static_cast<double>(size)));
  auto shares = torch::softmax(torch::matmul(scaled, all.select(0, 1).transpose(-2, -1)), -1);
  const double p = call.operation.reals[0];
  if (call.dropout != nullptr && p > 0) shares = shares * dropoutMask(shares, p, *call.dropout);
  const auto mixed = torch::matmul(shares, all.select(0, 2)).transpose(1, 2).reshape({rows, steps, width});
  return torch::linear(mixed, adaptedWeight(call, 2, 6), call.parameters[3]);
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/network_primitives.h"

namespace lathe::engine {
namespace {

using Pixels = std::vector<std::int64_t>;

/// [N,C,T] as an image of height 1. What lies in memory time first becomes channels-last without a copy, the layout
/// that convolutions and normalisation are fastest on.
torch::Tensor asRowImage(const torch::Tensor& x) { return x.unsqueeze(2); }

}  // namespace

torch::Tensor optionalParameter(const PrimitiveCall& call, std::size_t index) {
  return index < call.parameters.size() ? call.parameters[index] : torch::Tensor();
}

torch::Tensor convolve1d(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  const auto x = torch::conv2d(asRowImage(call.inputs[0]), asRowImage(call.parameters[0]), optionalParameter(call, 1),
                               Pixels{1, n[0]}, Pixels{0, n[1]}, Pixels{1, n[2]}, n[3]);
  return x.squeeze(2);
}

torch::Tensor convolve2d(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  return torch::conv2d(call.inputs[0], call.parameters[0], optionalParameter(call, 1), Pixels{n[0], n[1]},
                       Pixels{n[2], n[3]}, Pixels{n[4], n[5]}, n[6]);
}

torch::Tensor convolveTransposed2d(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  return torch::conv_transpose2d(call.inputs[0], call.parameters[0], optionalParameter(call, 1), Pixels{n[0], n[1]},
                                 Pixels{n[2], n[3]}, Pixels{n[4], n[5]}, n[8], Pixels{n[6], n[7]});
}

torch::Tensor maxPool2d(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  return torch::max_pool2d(call.inputs[0], Pixels{n[0], n[1]}, Pixels{n[2], n[3]}, Pixels{n[4], n[5]});
}

torch::Tensor averagePool2d(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  return torch::avg_pool2d(call.inputs[0], Pixels{n[0], n[1]}, Pixels{n[2], n[3]}, Pixels{n[4], n[5]}, false,
                           n[6] != 0);
}

torch::Tensor upsample2d(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  if (n[2] == 0) return torch::upsample_nearest2d(call.inputs[0], Pixels{n[0], n[1]});
  return torch::upsample_bilinear2d(call.inputs[0], Pixels{n[0], n[1]}, false);
}

torch::Tensor pad(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  const Pixels edges(n.begin(), n.end() - 1);
  if (n.back() == 0) return torch::constant_pad_nd(call.inputs[0], edges, call.operation.reals[0]);
  return torch::pad(call.inputs[0], edges, n.back() == 1 ? "reflect" : "replicate");
}

torch::Tensor batchNorm(const PrimitiveCall& call) {
  const bool sequence = call.inputs[0].dim() == 3;
  const auto x = sequence ? asRowImage(call.inputs[0]) : call.inputs[0];
  // One value a channel has no variance to learn from, and a frozen layer learns from none.
  const bool training = call.dropout != nullptr && x.numel() > x.size(1) && call.parameters[0].requires_grad();
  const auto y = torch::batch_norm(x, call.parameters[0], call.parameters[1], call.parameters[2], call.parameters[3],
                                   training, call.operation.reals[1], call.operation.reals[0], true);
  return sequence ? y.squeeze(2) : y;
}

}  // namespace lathe::engine

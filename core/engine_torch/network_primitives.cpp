// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine_torch/program_runner.h"

namespace lathe::engine {
namespace {

using spec::Primitive;
using Ints = std::vector<std::int64_t>;

torch::Tensor optionalParameter(const PrimitiveCall& call, std::size_t index) {
  return index < call.parameters.size() ? call.parameters[index] : torch::Tensor();
}

torch::Tensor convolve(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  return torch::conv2d(call.inputs[0], call.parameters[0], optionalParameter(call, 1), Ints{n[0], n[1]},
                       Ints{n[2], n[3]}, Ints{n[4], n[5]}, n[6]);
}

torch::Tensor batchNorm(const PrimitiveCall& call) {
  const auto& x = call.inputs[0];
  // One value a channel has no variance to learn from.
  const bool training = call.dropout != nullptr && x.numel() > x.size(1);
  return torch::batch_norm(x, call.parameters[0], call.parameters[1], call.parameters[2], call.parameters[3], training,
                           call.operation.reals[1], call.operation.reals[0], true);
}

torch::Tensor layerNorm(const PrimitiveCall& call) {
  const auto sizes = call.inputs[0].sizes();
  return torch::layer_norm(call.inputs[0], sizes.slice(sizes.size() - static_cast<std::size_t>(call.operation.ints[0])),
                           call.parameters[0], call.parameters[1], call.operation.reals[0]);
}

torch::Tensor embed(const PrimitiveCall& call) {
  TensorList parts;
  for (std::size_t k = 0; k < call.parameters.size(); ++k)
    parts.push_back(torch::embedding(call.parameters[k], call.inputs[0].select(1, static_cast<std::int64_t>(k))));
  return parts.size() == 1 ? parts[0] : torch::cat(parts, 1);
}

torch::Tensor sum(const TensorList& inputs) {
  auto total = inputs[0] + inputs[1];
  for (std::size_t i = 2; i < inputs.size(); ++i) total = total + inputs[i];
  return total;
}

torch::Tensor reshape(const PrimitiveCall& call) {
  Ints sizes{call.inputs[0].size(0)};
  sizes.insert(sizes.end(), call.operation.ints.begin(), call.operation.ints.end());
  return call.inputs[0].reshape(sizes);
}

torch::Tensor relu(const PrimitiveCall& call) {
  if (!call.inPlace) return torch::relu(call.inputs[0]);
  auto x = call.inputs[0];
  return torch::relu_(x);
}

torch::Tensor maxPool(const PrimitiveCall& call) {
  const auto& n = call.operation.ints;
  return torch::max_pool2d(call.inputs[0], Ints{n[0], n[1]}, Ints{n[2], n[3]}, Ints{n[4], n[5]});
}

torch::Tensor drop(const PrimitiveCall& call) {
  const double p = call.operation.reals[0];
  if (call.dropout == nullptr || p <= 0) return call.inputs[0];
  return call.inputs[0] * dropoutMask(call.inputs[0], p, *call.dropout);
}

}  // namespace

torch::Tensor dropoutMask(const torch::Tensor& x, double p, Random& random) {
  auto mask = torch::empty({x.numel()}, torch::kFloat32);
  auto* values = mask.data_ptr<float>();
  const auto count = static_cast<std::size_t>(x.numel());
  const auto limit = static_cast<std::uint32_t>(std::min(p * 4294967296.0, 4294967295.0));
  const auto kept = static_cast<float>(1 / (1 - p));
  for (std::size_t i = 0; i < count; i += 2) {
    const std::uint64_t bits = random.next();
    values[i] = static_cast<std::uint32_t>(bits) < limit ? 0.0F : kept;
    if (i + 1 < count) values[i + 1] = static_cast<std::uint32_t>(bits >> 32U) < limit ? 0.0F : kept;
  }
  return mask.to(x.device())
      .as_strided(x.sizes(), x.is_non_overlapping_and_dense() ? x.strides() : x.contiguous().strides());
}

torch::Tensor runNetworkPrimitive(const PrimitiveCall& call) {
  const auto& x = call.inputs.at(0);
  switch (call.operation.primitive) {
    case Primitive::Linear:
      return torch::linear(x, call.parameters[0], optionalParameter(call, 1));
    case Primitive::Conv2d:
      return convolve(call);
    case Primitive::MaxPool2d:
      return maxPool(call);
    case Primitive::GlobalAvgPool:
      return x.mean(Ints{2, 3});
    case Primitive::BatchNorm:
      return batchNorm(call);
    case Primitive::LayerNorm:
      return layerNorm(call);
    case Primitive::Relu:
      return relu(call);
    case Primitive::Gelu:
      return torch::gelu(x);
    case Primitive::Silu:
      return torch::silu(x);
    case Primitive::Tanh:
      return torch::tanh(x);
    case Primitive::Sigmoid:
      return torch::sigmoid(x);
    case Primitive::Dropout:
      return drop(call);
    case Primitive::Embedding:
      return embed(call);
    case Primitive::Flatten:
      return x.flatten(1);
    case Primitive::Reshape:
      return reshape(call);
    case Primitive::Add:
      return sum(call.inputs);
    case Primitive::Concat:
      return torch::cat(call.inputs, 1);
    case Primitive::Softmax:
      return torch::softmax(x, -1);
    case Primitive::Exp:
      return torch::exp(x);
    case Primitive::Sort:
      return std::get<0>(torch::sort(x, -1));
    case Primitive::Affine:
      return x * call.constants.at(0) + call.constants.at(1);
    default:
      break;
  }
  TORCH_CHECK(false, "not a network operation: ", spec::name(call.operation.primitive));
}

}  // namespace lathe::engine

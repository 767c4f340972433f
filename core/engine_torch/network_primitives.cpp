// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/network_primitives.h"

#include <cmath>

namespace lathe::engine {
namespace {

using spec::Primitive;
using Ints = std::vector<std::int64_t>;

torch::Tensor linear(const PrimitiveCall& call) {
  const auto& reals = call.operation.reals;
  if (reals.empty()) return torch::linear(call.inputs[0], call.parameters[0], optionalParameter(call, 1));
  const auto sums = torch::linear(call.inputs[0], call.parameters[0]) * reals[0];
  return call.parameters.size() > 1 ? sums + call.parameters[1] : sums;
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

torch::Tensor product(const TensorList& inputs) {
  auto total = inputs[0] * inputs[1];
  for (std::size_t i = 2; i < inputs.size(); ++i) total = total * inputs[i];
  return total;
}

/// Dimensions of a row as those of the batch.
Ints behindBatch(const Ints& dimensions) {
  Ints all;
  for (const auto dimension : dimensions) all.push_back(dimension + 1);
  return all;
}

torch::Tensor permute(const PrimitiveCall& call) {
  auto order = behindBatch(call.operation.ints);
  order.insert(order.begin(), 0);
  return call.inputs[0].permute(order);
}

torch::Tensor dropRows(const PrimitiveCall& call) {
  const double p = call.operation.reals[0];
  if (call.dropout == nullptr || p <= 0) return call.inputs[0];
  const auto& x = call.inputs[0];
  Ints sizes(static_cast<std::size_t>(x.dim()), 1);
  sizes[0] = x.size(0);
  return x * dropoutMask(torch::empty(sizes, x.options()), p, *call.dropout);
}

torch::Tensor reshape(const PrimitiveCall& call) {
  Ints sizes{-1};  // rows of windows count to the batch
  sizes.insert(sizes.end(), call.operation.ints.begin(), call.operation.ints.end());
  return call.inputs[0].reshape(sizes);
}

torch::Tensor relu(const PrimitiveCall& call) {
  if (!call.inPlace) return torch::relu(call.inputs[0]);
  auto x = call.inputs[0];
  return torch::relu_(x);
}

torch::Tensor drop(const PrimitiveCall& call) {
  const double p = call.operation.reals[0] * call.dropoutFactor;
  if (call.dropout == nullptr || p <= 0) return call.inputs[0];
  return call.inputs[0] * dropoutMask(call.inputs[0], p, *call.dropout);
}

}  // namespace

void fillDropoutMask(float* values, std::size_t count, double p, Random& random) {
  const auto limit = static_cast<std::uint32_t>(std::min(p * 4294967296.0, 4294967295.0));
  const auto kept = static_cast<float>(1 / (1 - p));
  for (std::size_t i = 0; i < count; i += 2) {
    const std::uint64_t bits = random.next();
    values[i] = static_cast<std::uint32_t>(bits) < limit ? 0.0F : kept;
    if (i + 1 < count) values[i + 1] = static_cast<std::uint32_t>(bits >> 32U) < limit ? 0.0F : kept;
  }
}

torch::Tensor dropoutMask(const torch::Tensor& x, double p, Random& random) {
  auto mask = torch::empty({x.numel()}, torch::kFloat32);
  fillDropoutMask(mask.data_ptr<float>(), static_cast<std::size_t>(x.numel()), p, random);
  return mask.to(x.device())
      .as_strided(x.sizes(), x.is_non_overlapping_and_dense() ? x.strides() : x.contiguous().strides());
}

namespace {

/// An undefined tensor when the operation is none of sequences, sizes or the rarer activations.
torch::Tensor runFurtherPrimitive(const PrimitiveCall& call) {
  const auto& x = call.inputs[0];
  const auto& n = call.operation.ints;
  const auto& reals = call.operation.reals;
  switch (call.operation.primitive) {
    case Primitive::Conv1d:
      return convolve1d(call);
    case Primitive::ConvTranspose2d:
      return convolveTransposed2d(call);
    case Primitive::AvgPool2d:
      return averagePool2d(call);
    case Primitive::AdaptiveAvgPool2d:
      return torch::adaptive_avg_pool2d(x, Ints{n[0], n[1]});
    case Primitive::AdaptiveMaxPool2d:
      return std::get<0>(torch::adaptive_max_pool2d(x, Ints{n[0], n[1]}));
    case Primitive::ReduceMean:
      return x.mean(behindBatch(n));
    case Primitive::ReduceMax:
      return x.amax(behindBatch(n));
    case Primitive::GroupNorm:
      return torch::group_norm(x, n[0], call.parameters[0], call.parameters[1], reals[0]);
    case Primitive::Lstm:
    case Primitive::Gru:
      return recurrent(call);
    case Primitive::Attention:
      return attend(call);
    case Primitive::Offset:
      return x + (call.parameters.empty() ? call.constants.at(0) : call.parameters[0]);
    case Primitive::Multiply:
      return product(call.inputs);
    case Primitive::StochasticDepth:
      return dropRows(call);
    case Primitive::Mish:
      return torch::mish(x);
    case Primitive::Elu:
      return torch::elu(x, reals[0]);
    case Primitive::Selu:
      return torch::selu(x);
    case Primitive::LeakyRelu:
      return torch::leaky_relu(x, reals[0]);
    case Primitive::Prelu:
      return torch::prelu(x, call.parameters[0]);
    case Primitive::Hardswish:
      return torch::hardswish(x);
    case Primitive::Hardsigmoid:
      return torch::hardsigmoid(x);
    case Primitive::Softplus:
      return torch::softplus(x);
    case Primitive::Relu6:
      return torch::relu6(x);
    case Primitive::Upsample2d:
      return upsample2d(call);
    case Primitive::Pad:
      return pad(call);
    case Primitive::Permute:
      return permute(call);
    case Primitive::Slice:
      return x.narrow(n[0] + 1, n[1], n[2]);
    default:
      return {};
  }
}

}  // namespace

torch::Tensor runNetworkPrimitive(const PrimitiveCall& call) {
  const auto& x = call.inputs.at(0);
  switch (call.operation.primitive) {
    case Primitive::Linear:
      return linear(call);
    case Primitive::Conv2d:
      return convolve2d(call);
    case Primitive::MaxPool2d:
      return maxPool2d(call);
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
    case Primitive::LogMel:
      return runLogMel(call);
    case Primitive::Affine:
      return x * call.constants.at(0) + call.constants.at(1);
    default:
      break;
  }
  if (auto value = runFurtherPrimitive(call); value.defined()) return value;
  return runTablePrimitive(call);
}

}  // namespace lathe::engine

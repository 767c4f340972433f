// SPDX-License-Identifier: GPL-3.0-or-later
// Primitives of networks for tables and of ensembles.
#include <numbers>

#include "core/engine_torch/network_primitives.h"

namespace lathe::engine {
namespace {

torch::Tensor bent(const torch::Tensor& x, spec::BlendedActivation function) {
  switch (function) {
    case spec::BlendedActivation::Mish:
      return torch::mish(x);
    case spec::BlendedActivation::Selu:
      return torch::selu(x);
    case spec::BlendedActivation::Silu:
      return torch::silu(x);
    case spec::BlendedActivation::Gelu:
      return torch::gelu(x);
    case spec::BlendedActivation::Relu:
      return torch::relu(x);
    case spec::BlendedActivation::Tanh:
      return torch::tanh(x);
  }
  return x;
}

torch::Tensor smoothClip(const torch::Tensor& x) {
  const auto third = x / 3;
  return x / torch::sqrt(1 + third * third);
}

torch::Tensor parametric(const PrimitiveCall& call) {
  const auto& x = call.inputs[0];
  return x + call.parameters[0] * (bent(x, static_cast<spec::BlendedActivation>(call.operation.ints.at(0))) - x);
}

torch::Tensor periodic(const PrimitiveCall& call) {
  const auto x = call.inputs[0].unsqueeze(-1);
  const auto waves = torch::cos((x * call.parameters[0] + call.parameters[1]) * (2 * std::numbers::pi));
  const auto mixed = torch::matmul(waves.unsqueeze(2), call.parameters[2].transpose(1, 2)).squeeze(2);
  return torch::cat({x, mixed + call.parameters[3]}, -1).flatten(1);
}

torch::Tensor ensembleScale(const PrimitiveCall& call) {
  const auto& x = call.inputs[0];
  return (x.dim() == 2 ? x.unsqueeze(1) : x) * call.parameters[0];
}

torch::Tensor featureTokens(const PrimitiveCall& call) {
  return call.inputs[0].unsqueeze(-1) * call.parameters[0] + call.parameters[1];
}

torch::Tensor classToken(const PrimitiveCall& call) {
  const auto& x = call.inputs[0];
  return torch::cat({call.parameters[0].expand({x.size(0), 1, x.size(2)}), x}, 1);
}

torch::Tensor piecewiseEncoding(const PrimitiveCall& call) {
  const auto& c = call.constants;
  const auto x = call.inputs[0].narrow(1, 0, c[0].size(0)).unsqueeze(-1);
  return ((x - c[0]) * c[1]).clamp(c[2], c[3]);
}

torch::Tensor waves(const PrimitiveCall& call) {
  const auto x = call.inputs[0].narrow(1, 0, call.parameters[0].size(0)).unsqueeze(-1);
  const auto angles = x * call.parameters[0] * (2 * std::numbers::pi);
  return torch::cat({torch::sin(angles), torch::cos(angles)}, -1);
}

torch::Tensor ensembleLinear(const PrimitiveCall& call) {
  const auto sums = torch::matmul(call.inputs[0].unsqueeze(2), call.parameters[0].transpose(1, 2));
  return sums.squeeze(2) + call.parameters[1];
}

}  // namespace

torch::Tensor runTablePrimitive(const PrimitiveCall& call) {
  using spec::Primitive;
  const auto& x = call.inputs.at(0);
  switch (call.operation.primitive) {
    case Primitive::SmoothClip:
      return smoothClip(x);
    case Primitive::ScaleFeatures:
      return x * call.parameters[0];
    case Primitive::ParametricActivation:
      return parametric(call);
    case Primitive::PeriodicEmbedding:
      return periodic(call);
    case Primitive::EnsembleScale:
      return ensembleScale(call);
    case Primitive::EnsembleShift:
      return x + call.parameters[0];
    case Primitive::EnsembleLinear:
      return ensembleLinear(call);
    case Primitive::MeanOverMembers:
      return x.mean(1);
    case Primitive::FeatureTokens:
      return featureTokens(call);
    case Primitive::ClassToken:
      return classToken(call);
    case Primitive::PiecewiseEncoding:
      return piecewiseEncoding(call);
    case Primitive::Waves:
      return waves(call);
    case Primitive::EmbeddingBag:
      return embeddingBag(call);
    case Primitive::ReconstructionError:
      return reconstructionError(call);
    case Primitive::MeanSquaredError:
      return (x - call.inputs[1]).square().flatten(1).mean(1, true);
    default:
      break;
  }
  TORCH_CHECK(false, "not a network operation: ", spec::name(call.operation.primitive));
}

}  // namespace lathe::engine

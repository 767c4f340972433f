// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/population_network.h"

#include <algorithm>
#include <numbers>

namespace lathe::engine {
namespace {

using spec::Primitive;
using Sizes = std::vector<std::int64_t>;

/// An operation on the values of all members; `parameters` [P, ...].
struct StackedCall {
  const spec::Operation& operation;
  const TensorList& inputs;
  const TensorList& parameters;
  const TensorList& constants;
  std::span<const MemberPass> passes;
  const std::vector<double>& probabilities;
};

/// A parameter [P, ...] against values of so many dimensions, of which it has the last ones.
torch::Tensor against(const torch::Tensor& parameter, std::int64_t dimensions) {
  auto sizes = parameter.sizes().vec();
  sizes.insert(sizes.begin() + 1, static_cast<std::size_t>(dimensions - parameter.dim()), 1);
  return parameter.reshape(sizes);
}

torch::Tensor stackedLinear(const StackedCall& call) {
  const auto& x = call.inputs[0];
  const auto rows = x.dim() == 3 ? x : x.flatten(1, -2);
  const auto weight = call.parameters[0].transpose(1, 2);
  const bool biased = call.parameters.size() > 1;
  torch::Tensor y;
  if (call.operation.reals.empty() && biased) {
    y = torch::baddbmm(call.parameters[1].unsqueeze(1), rows, weight);
  } else {
    y = torch::bmm(rows, weight);
    if (!call.operation.reals.empty()) y = y * call.operation.reals[0];
    if (biased) y = y + call.parameters[1].unsqueeze(1);
  }
  if (x.dim() == 3) return y;
  auto sizes = x.sizes().vec();
  sizes.back() = y.size(-1);
  return y.view(sizes);
}

torch::Tensor stackedLayerNorm(const StackedCall& call) {
  const auto& x = call.inputs[0];
  const auto sizes = x.sizes();
  const auto y = torch::layer_norm(x, sizes.slice(sizes.size() - static_cast<std::size_t>(call.operation.ints[0])), {},
                                   {}, call.operation.reals[0]);
  return y * against(call.parameters[0], x.dim()) + against(call.parameters[1], x.dim());
}

// Members side by side as channels: statistics are those of each channel by itself.
torch::Tensor stackedBatchNorm(const StackedCall& call) {
  const auto& x = call.inputs[0];
  const auto channels = x.size(0) * x.size(2);
  const auto& p = call.parameters;
  // One row has no variance to learn from.
  const bool training = x.size(1) > 1;
  const auto y = torch::batch_norm(x.transpose(0, 1).reshape({x.size(1), channels}), p[0].reshape({-1}),
                                   p[1].reshape({-1}), p[2].view({-1}), p[3].view({-1}), training,
                                   call.operation.reals[1], call.operation.reals[0], true);
  return y.view({x.size(1), x.size(0), x.size(2)}).transpose(0, 1);
}

// The tables of all members one below the other.
torch::Tensor stackedEmbedding(const StackedCall& call) {
  const auto& codes = call.inputs[0];
  const auto members = torch::arange(codes.size(0), codes.options()).unsqueeze(1);
  TensorList parts;
  for (std::size_t k = 0; k < call.parameters.size(); ++k) {
    const auto& weight = call.parameters[k];
    parts.push_back(torch::embedding(weight.reshape({-1, weight.size(2)}),
                                     codes.select(2, static_cast<std::int64_t>(k)) + members * weight.size(1)));
  }
  return parts.size() == 1 ? parts[0] : torch::cat(parts, 2);
}

torch::Tensor stackedPeriodic(const StackedCall& call) {
  const auto& p = call.parameters;
  const auto x = call.inputs[0].unsqueeze(-1);  // [P,N,D,1]
  const auto waves = torch::cos((x * against(p[0], 4) + against(p[1], 4)) * (2 * std::numbers::pi));
  const auto members = x.size(0);
  const auto columns = x.size(2);
  const auto byColumn = waves.transpose(1, 2).reshape({members * columns, x.size(1), waves.size(3)});
  const auto mixed = torch::bmm(byColumn, p[2].reshape({members * columns, p[2].size(2), p[2].size(3)}).transpose(1, 2))
                         .view({members, columns, x.size(1), p[2].size(2)})
                         .transpose(1, 2);
  return torch::cat({x, mixed + against(p[3], 4)}, -1).flatten(2);
}

torch::Tensor stackedEnsembleLinear(const StackedCall& call) {
  const auto& x = call.inputs[0];           // [P,N,K,D]
  const auto& weight = call.parameters[0];  // [P,K,C,D]
  const auto groups = x.size(0) * x.size(2);
  const auto sums = torch::bmm(x.transpose(1, 2).reshape({groups, x.size(1), x.size(3)}),
                               weight.reshape({groups, weight.size(2), weight.size(3)}).transpose(1, 2));
  const auto byRow = sums.view({x.size(0), x.size(2), x.size(1), weight.size(2)}).transpose(1, 2);
  return byRow.contiguous() + call.parameters[1].unsqueeze(1);
}

torch::Tensor stackedDropout(const StackedCall& call) {
  const auto& x = call.inputs[0];
  std::vector<double> dropped(call.passes.size());
  for (std::size_t i = 0; i < dropped.size(); ++i)
    dropped[i] = call.probabilities[call.passes[i].member] * call.passes[i].dropoutFactor;
  if (std::all_of(dropped.begin(), dropped.end(), [](double p) { return p <= 0; })) return x;
  const auto first = x.select(0, 0);
  if (first.is_contiguous() || !first.is_non_overlapping_and_dense()) {
    auto mask = torch::ones(x.sizes(), torch::kFloat32);
    const auto count = static_cast<std::size_t>(first.numel());
    for (std::size_t i = 0; i < dropped.size(); ++i)
      if (dropped[i] > 0)
        fillDropoutMask(mask.data_ptr<float>() + i * count, count, dropped[i], *call.passes[i].dropout);
    return x * mask.to(x.device());
  }
  // In the order of memory, which is that of a training alone.
  TensorList masks;
  for (std::size_t i = 0; i < dropped.size(); ++i) {
    const auto own = x.select(0, static_cast<std::int64_t>(i));
    masks.push_back(dropped[i] > 0 ? dropoutMask(own, dropped[i], *call.passes[i].dropout) : torch::ones_like(own));
  }
  return x * torch::stack(masks);
}

// Without parameters and random numbers a row is a row, whoever's it is.
torch::Tensor folded(const StackedCall& call) {
  TensorList inputs;
  for (const auto& x : call.inputs) inputs.push_back(x.flatten(0, 1));
  const auto y = runNetworkPrimitive({call.operation, inputs, call.parameters, call.constants, nullptr});
  auto sizes = y.sizes().vec();
  const auto members = call.inputs[0].size(0);
  sizes[0] /= members;
  sizes.insert(sizes.begin(), members);
  return y.view(sizes);
}

torch::Tensor memberByMember(const StackedCall& call) {
  TensorList results;
  for (std::size_t i = 0; i < call.passes.size(); ++i) {
    TensorList inputs, parameters;
    for (const auto& x : call.inputs) inputs.push_back(x.select(0, static_cast<std::int64_t>(i)));
    for (const auto& p : call.parameters) parameters.push_back(p.select(0, static_cast<std::int64_t>(i)));
    results.push_back(runNetworkPrimitive({call.operation, inputs, parameters, call.constants, call.passes[i].dropout,
                                           false, call.passes[i].dropoutFactor}));
  }
  // Memory stays as it would be alone, where dropout's masks follow it.
  const auto& first = results[0];
  if (first.dim() != 4 || first.is_contiguous() || !first.is_contiguous(at::MemoryFormat::ChannelsLast))
    return torch::stack(results);
  for (auto& result : results) result = result.permute({0, 2, 3, 1});
  return torch::stack(results).permute({0, 1, 4, 2, 3});
}

torch::Tensor stackedActivation(const StackedCall& call) {
  const TensorList parameters{against(call.parameters[0], call.inputs[0].dim())};
  return runNetworkPrimitive({call.operation, call.inputs, parameters, call.constants, nullptr});
}

torch::Tensor runStacked(const StackedCall& call) {
  const auto& x = call.inputs.at(0);
  switch (call.operation.primitive) {
    case Primitive::Linear:
      return stackedLinear(call);
    case Primitive::LayerNorm:
      return stackedLayerNorm(call);
    case Primitive::BatchNorm:
      return x.dim() == 3 ? stackedBatchNorm(call) : memberByMember(call);
    case Primitive::Embedding:
      return stackedEmbedding(call);
    case Primitive::Dropout:
      return stackedDropout(call);
    case Primitive::ScaleFeatures:
    case Primitive::ParametricActivation:
      return stackedActivation(call);
    case Primitive::PeriodicEmbedding:
      return stackedPeriodic(call);
    case Primitive::EnsembleScale:
      return (x.dim() == 3 ? x.unsqueeze(2) : x) * call.parameters[0].unsqueeze(1);
    case Primitive::EnsembleShift:
      return x + call.parameters[0].unsqueeze(1);
    case Primitive::EnsembleLinear:
      return stackedEnsembleLinear(call);
    case Primitive::FeatureTokens:
      return x.unsqueeze(-1) * call.parameters[0].unsqueeze(1) + call.parameters[1].unsqueeze(1);
    case Primitive::StochasticDepth:
      return memberByMember(call);
    default:
      return call.parameters.empty() ? folded(call) : memberByMember(call);
  }
}

}  // namespace

PopulationNetwork::PopulationNetwork(const std::vector<spec::Program>& programs, torch::Device device)
    : m_program(programs.at(0)), m_probabilities(m_program.model.size()) {
  for (std::size_t i = 0; i < m_program.model.size(); ++i)
    if (m_program.model[i].primitive == Primitive::Dropout)
      for (const auto& program : programs) m_probabilities[i].push_back(program.model[i].reals[0]);
  for (const auto& constant : m_program.constants)
    m_constants.push_back(
        torch::from_blob(const_cast<float*>(constant.data.data()), constant.shape, torch::kFloat32).clone().to(device));
}

torch::Tensor PopulationNetwork::logits(const TensorList& prepared, const PopulationStore& store,
                                        std::span<const MemberPass> passes) const {
  TensorList values(m_program.values.size());
  for (std::size_t i = 0; i < prepared.size(); ++i)
    values[static_cast<std::size_t>(m_program.prepared[i])] = prepared[i];
  TensorList inputs, parameters, constants;
  for (std::size_t i = 0; i < m_program.model.size(); ++i) {
    const auto& operation = m_program.model[i];
    inputs.clear();
    parameters.clear();
    constants.clear();
    for (const int id : operation.inputs) inputs.push_back(values[static_cast<std::size_t>(id)]);
    for (const int id : operation.parameters) parameters.push_back(store.parameters()[static_cast<std::size_t>(id)]);
    for (const int id : operation.constants) constants.push_back(m_constants[static_cast<std::size_t>(id)]);
    values[static_cast<std::size_t>(operation.output)] =
        runStacked({operation, inputs, parameters, constants, passes, m_probabilities[i]});
  }
  return values[static_cast<std::size_t>(m_program.logits)];
}

std::optional<std::string> PopulationNetwork::obstacle(const spec::Program& program) {
  for (const auto& operation : program.model) switch (operation.primitive) {
      case Primitive::Conv1d:
      case Primitive::Conv2d:
      case Primitive::ConvTranspose2d:
      case Primitive::Lstm:
      case Primitive::Gru:
      case Primitive::Attention:
        return "the layer " + operation.layer;
      default:
        break;
    }
  return std::nullopt;
}

}  // namespace lathe::engine

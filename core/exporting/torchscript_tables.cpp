// SPDX-License-Identifier: GPL-3.0-or-later
#include <numbers>

#include "core/exporting/torchscript_writer.h"

namespace lathe::exporting {

using spec::Primitive;

void ScriptWriter::linear(const spec::Operation& operation) {
  const auto x = in(operation);
  if (operation.reals.empty()) {
    set(operation, fmt::format("torch.linear({}, {}, {})", x, parameter(operation, 0), parameter(operation, 1)));
    return;
  }
  const auto sums =
      fmt::format("torch.mul(torch.linear({}, {}, None), {})", x, parameter(operation, 0), real(operation.reals[0]));
  set(operation,
      operation.parameters.size() > 1 ? fmt::format("torch.add({}, {})", sums, parameter(operation, 1)) : sums);
}

void ScriptWriter::periodicEmbedding(const spec::Operation& operation) {
  line(fmt::format("x = torch.unsqueeze({}, -1)", in(operation)));
  line(fmt::format("waves = torch.cos(torch.mul(torch.add(torch.mul(x, {}), {}), {}))", parameter(operation, 0),
                   parameter(operation, 1), real(2 * std::numbers::pi)));
  line(fmt::format("mixed = torch.squeeze(torch.matmul(torch.unsqueeze(waves, 2), torch.transpose({}, 1, 2)), 2)",
                   parameter(operation, 2)));
  set(operation, fmt::format("torch.flatten(torch.cat([x, torch.add(mixed, {})], -1), 1)", parameter(operation, 3)));
}

bool ScriptWriter::writeTable(const spec::Operation& operation) {
  static const std::vector<const char*> functions{"mish", "selu", "silu", "gelu", "relu", "tanh"};
  const auto x = in(operation);
  switch (operation.primitive) {
    case Primitive::SmoothClip:
      line(fmt::format("third = torch.div({}, 3)", x));
      set(operation, fmt::format("torch.div({}, torch.sqrt(torch.add(torch.mul(third, third), 1)))", x));
      break;
    case Primitive::ScaleFeatures:
      set(operation, fmt::format("torch.mul({}, {})", x, parameter(operation, 0)));
      break;
    case Primitive::ParametricActivation:
      set(operation, fmt::format("torch.add({0}, torch.mul({1}, torch.sub(torch.{2}({0}), {0})))", x,
                                 parameter(operation, 0), functions.at(static_cast<std::size_t>(operation.ints[0]))));
      break;
    case Primitive::PeriodicEmbedding:
      periodicEmbedding(operation);
      break;
    case Primitive::EnsembleScale: {
      const bool shared = m_program.values[static_cast<std::size_t>(operation.inputs[0])].size() == 1;
      set(operation, fmt::format("torch.mul({}, {})", shared ? fmt::format("torch.unsqueeze({}, 1)", x) : x,
                                 parameter(operation, 0)));
      break;
    }
    case Primitive::EnsembleShift:
      set(operation, fmt::format("torch.add({}, {})", x, parameter(operation, 0)));
      break;
    case Primitive::EnsembleLinear:
      set(operation, fmt::format("torch.add(torch.squeeze(torch.matmul(torch.unsqueeze({}, 2), torch.transpose({}, 1, "
                                 "2)), 2), {})",
                                 x, parameter(operation, 0), parameter(operation, 1)));
      break;
    case Primitive::MeanOverMembers:
      set(operation, fmt::format("torch.mean({}, [1])", x));
      break;
    default:
      return false;
  }
  return true;
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include <numbers>

#include "core/exporting/torchscript_writer.h"
#include "core/spec/reconstruction.h"

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

void ScriptWriter::piecewiseEncoding(const spec::Operation& operation) {
  const auto& shape = m_program.values[static_cast<std::size_t>(operation.output)];
  line(fmt::format("x = torch.unsqueeze(torch.narrow({}, 1, 0, {}), -1)", in(operation), shape[0]));
  set(operation, fmt::format("torch.clamp(torch.mul(torch.sub(x, {}), {}), {}, {})", constant(operation, 0),
                             constant(operation, 1), constant(operation, 2), constant(operation, 3)));
}

void ScriptWriter::waves(const spec::Operation& operation) {
  const auto& shape = m_program.values[static_cast<std::size_t>(operation.output)];
  line(fmt::format("x = torch.unsqueeze(torch.narrow({}, 1, 0, {}), -1)", in(operation), shape[0]));
  line(fmt::format("angles = torch.mul(torch.mul(x, {}), {})", parameter(operation, 0), real(2 * std::numbers::pi)));
  setJoined(operation, "torch.sin(angles), torch.cos(angles)", -1);
}

void ScriptWriter::embeddingBag(const spec::Operation& operation) {
  std::string parts;
  const auto width = m_program.values[static_cast<std::size_t>(operation.output)].back();
  for (std::size_t k = 0; k < operation.parameters.size(); ++k) {
    const auto buckets = m_program.parameters[static_cast<std::size_t>(operation.parameters[k])].shape.at(0);
    line(fmt::format("column = torch.select({}, 1, {})", in(operation), k));
    line(fmt::format("known = torch.logical_and(torch.ge(column, 0), torch.lt(column, {}))", buckets));
    line(fmt::format("code = torch.to(torch.where(known, column, torch.zeros_like(column)), {})", scriptLong));
    line(fmt::format("there = torch.to(known, {})", scriptFloat));
    line("count = torch.sum(there, [1], True)");
    line(fmt::format("total = torch.squeeze(torch.matmul(torch.unsqueeze(there, 1), {}), 1)",
                     rowsAt(operation, k, "code")));
    line("mean = torch.div(total, torch.clamp(count, 1, None))");
    line(fmt::format("none = torch.to(torch.lt(count, 1), {})", scriptFloat));
    const auto name = fmt::format("v{}_{}", operation.output, k);
    line(fmt::format("{} = torch.reshape(torch.cat([mean, none], 1), [-1, 1, {}])", name, width));
    parts += (k > 0 ? ", " : "") + name;
  }
  setJoined(operation, parts);
}

void ScriptWriter::reconstructionError(const spec::Operation& operation) {
  const auto layout = spec::reconstructionLayout(operation.ints);
  const auto decoded = in(operation);
  const auto features = operation.inputs.size() > 2 ? in(operation, 2) : std::string();
  const auto codes = in(operation, operation.inputs.size() - 1);
  std::string parts;
  std::int64_t place = 0;
  int number = 0;
  const auto error = [&](const std::string& expression) {
    const auto name = fmt::format("e{}_{}", operation.output, number++);
    line(fmt::format("{} = {}", name, expression));
    parts += (parts.empty() ? "" : ", ") + name;
  };
  const auto squares = [&](std::int64_t width) {
    line(fmt::format("apart = torch.sub(torch.narrow({0}, 1, {2}, {3}), torch.narrow({1}, 1, {2}, {3}))", decoded,
                     features, place, width));
    place += width;
    return std::string("torch.mul(apart, apart)");
  };
  if (layout.numbers > 0) error(squares(layout.numbers));
  constexpr std::int64_t partsOfDate = 8;
  if (layout.dates > 0) {
    const auto all = squares(layout.dates * partsOfDate);
    error(fmt::format("torch.mean(torch.reshape({}, {}), [2])", all, list({-1, layout.dates, partsOfDate})));
  }
  const auto shares = [&](std::int64_t places) {
    line(fmt::format("shares = torch.log_softmax(torch.narrow({}, 1, {}, {}), 1)", decoded, place, places));
    return real(-spec::categoryFactor(places));
  };
  for (const auto places : layout.oneHot) {
    const auto factor = shares(places);
    error(fmt::format("torch.mul(torch.sum(torch.mul(shares, torch.narrow({}, 1, {}, {})), [1], True), {})", features,
                      place, places, factor));
    place += places;
  }
  for (std::size_t k = 0; k < layout.codes.size(); ++k) {
    const auto factor = shares(layout.codes[k]);
    error(fmt::format("torch.mul(torch.gather(shares, 1, torch.narrow({}, 1, {}, 1)), {})", codes, k, factor));
    place += layout.codes[k];
  }
  line(fmt::format("known = torch.add(torch.neg({}), 1)", in(operation, 1)));
  line(fmt::format("errors = torch.reshape(torch.cat([{}], 1), [-1, {}])", parts,
                   m_program.values[static_cast<std::size_t>(operation.inputs.at(1))].back()));
  line("total = torch.sum(torch.mul(errors, known), [1], True)");
  set(operation, "torch.div(total, torch.clamp(torch.sum(known, [1], True), 1, None))");
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
    case Primitive::FeatureTokens:
      set(operation, fmt::format("torch.add(torch.mul(torch.unsqueeze({}, -1), {}), {})", x, parameter(operation, 0),
                                 parameter(operation, 1)));
      break;
    case Primitive::ClassToken:
      line(fmt::format("first = torch.expand({}, [torch.size({}, 0), 1, {}])", parameter(operation, 0), x,
                       m_program.values[static_cast<std::size_t>(operation.output)].back()));
      setJoined(operation, fmt::format("first, {}", x));
      break;
    case Primitive::PiecewiseEncoding:
      piecewiseEncoding(operation);
      break;
    case Primitive::Waves:
      waves(operation);
      break;
    case Primitive::EmbeddingBag:
      embeddingBag(operation);
      break;
    case Primitive::ReconstructionError:
      reconstructionError(operation);
      break;
    case Primitive::MeanSquaredError:
      line(fmt::format("apart = torch.flatten(torch.sub({}, {}), 1)", x, in(operation, 1)));
      set(operation, "torch.mean(torch.mul(apart, apart), [1], True)");
      break;
    default:
      return false;
  }
  return true;
}

}  // namespace lathe::exporting

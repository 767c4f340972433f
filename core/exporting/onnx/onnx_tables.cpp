// SPDX-License-Identifier: GPL-3.0-or-later
#include <numbers>

#include "core/exporting/onnx/onnx_writer.h"
#include "core/spec/reconstruction.h"

namespace lathe::exporting {

using spec::BlendedActivation;
using spec::Primitive;

OnnxWriter::Name OnnxWriter::linear(const Operation& operation) {
  const double factor = operation.reals.empty() ? 1 : operation.reals[0];
  auto sums = product(in(operation), operation, 0, numbersOf(operation, 0), factor);
  return hasParameter(operation, 1) ? m_graph.add(sums, biasInSteps(operation)) : sums;
}

OnnxWriter::Name OnnxWriter::embedding(const Operation& operation) {
  Names parts;
  for (std::size_t k = 0; k < operation.parameters.size(); ++k)
    parts.push_back(rowsAt(operation, k, m_graph.select(in(operation), 1, static_cast<std::int64_t>(k))));
  return m_graph.joined(parts);
}

OnnxWriter::Name OnnxWriter::embeddingBag(const Operation& operation) {
  auto& g = m_graph;
  const auto width = shapeOut(operation).back();
  const auto zero = g.number(0), one = g.number(1);
  Names parts;
  for (std::size_t k = 0; k < operation.parameters.size(); ++k) {
    const auto buckets = parameterOf(operation, k).shape.at(0);
    const auto column = g.select(in(operation), 1, static_cast<std::int64_t>(k));
    const auto known = g.node("And", {g.node("GreaterOrEqual", {column, zero}),
                                      g.node("Less", {column, g.number(static_cast<double>(buckets))})});
    const auto code = g.cast(g.node("Where", {known, column, zero}), OnnxType::Int64);
    const auto there = g.cast(known, OnnxType::Float);
    const auto count = g.sum(there, 1, true);
    const auto weights = rowsAt(operation, k, code);
    const auto total = g.squeeze(g.node("MatMul", {g.unsqueeze(there, 1), weights}), 1);
    const auto mean = g.divide(total, g.node("Max", {count, one}));
    const auto none = g.cast(g.node("Less", {count, one}), OnnxType::Float);
    parts.push_back(g.reshape(g.joined({mean, none}), {-1, 1, width}));
  }
  return g.joined(parts);
}

OnnxWriter::Name OnnxWriter::periodicEmbedding(const Operation& operation) {
  auto& g = m_graph;
  const auto x = g.unsqueeze(in(operation), -1);
  const auto phase = g.add(g.multiply(x, parameter(operation, 0)), parameter(operation, 1));
  const auto waves = g.node("Cos", {g.multiply(phase, g.number(2 * std::numbers::pi))});
  const auto mixed = g.squeeze(g.node("MatMul", {g.unsqueeze(waves, 2), transposed(operation, 2)}), 2);
  return g.node("Flatten", {g.joined({x, g.add(mixed, parameter(operation, 3))}, -1)}, {{"axis", std::int64_t{1}}});
}

OnnxWriter::Name OnnxWriter::classToken(const Operation& operation) {
  auto& g = m_graph;
  const auto width = shapeOut(operation).back();
  const auto rows = g.node("Shape", {in(operation)}, {{"start", std::int64_t{0}}, {"end", std::int64_t{1}}});
  const auto first =
      g.node("Expand", {parameter(operation, 0, {1, 1, width}), g.joined({rows, g.list({1, width})}, 0)});
  return g.joined({first, in(operation)});
}

OnnxWriter::Name OnnxWriter::reconstructionError(const Operation& operation) {
  auto& g = m_graph;
  const auto layout = spec::reconstructionLayout(operation.ints);
  const auto& decoded = in(operation);
  Names errors;
  std::int64_t place = 0;
  const auto squares = [&](std::int64_t width) {
    const auto apart = g.subtract(g.slice(decoded, 1, place, width), g.slice(in(operation, 2), 1, place, width));
    place += width;
    return g.multiply(apart, apart);
  };
  if (layout.numbers > 0) errors.push_back(squares(layout.numbers));
  constexpr std::int64_t partsOfDate = 8;
  if (layout.dates > 0)
    errors.push_back(
        g.mean(g.reshape(squares(layout.dates * partsOfDate), {-1, layout.dates, partsOfDate}), {2}, false));
  const auto shares = [&](std::int64_t places) {
    return g.node("LogSoftmax", {g.slice(decoded, 1, place, places)}, {{"axis", std::int64_t{1}}});
  };
  const auto category = [&](const Name& logs, std::int64_t places) {
    errors.push_back(g.multiply(logs, g.number(-spec::categoryFactor(places))));
    place += places;
  };
  for (const auto places : layout.oneHot)
    category(g.sum(g.multiply(shares(places), g.slice(in(operation, 2), 1, place, places)), 1, true), places);
  for (std::size_t k = 0; k < layout.codes.size(); ++k) {
    const auto codes = g.slice(in(operation, operation.inputs.size() - 1), 1, static_cast<std::int64_t>(k), 1);
    category(g.node("GatherElements", {shares(layout.codes[k]), codes}, {{"axis", std::int64_t{1}}}), layout.codes[k]);
  }
  const auto known = g.subtract(g.number(1), in(operation, 1));
  const auto all = g.reshape(g.joined(errors), {-1, shapeIn(operation, 1).back()});
  const auto total = g.sum(g.multiply(all, known), 1, true);
  return g.divide(total, g.node("Max", {g.sum(known, 1, true), g.number(1)}));
}

OnnxWriter::Name OnnxWriter::blended(const Operation& operation) {
  const auto& x = in(operation);
  Name active;
  switch (static_cast<BlendedActivation>(operation.ints.at(0))) {
    case BlendedActivation::Mish:
      active = mish(x);
      break;
    case BlendedActivation::Selu:
      active = m_graph.node("Selu", {x});
      break;
    case BlendedActivation::Silu:
      active = silu(x);
      break;
    case BlendedActivation::Gelu:
      active = gelu(x);
      break;
    case BlendedActivation::Relu:
      active = m_graph.node("Relu", {x});
      break;
    case BlendedActivation::Tanh:
      active = m_graph.node("Tanh", {x});
      break;
  }
  return m_graph.add(x, m_graph.multiply(parameter(operation, 0), m_graph.subtract(active, x)));
}

bool OnnxWriter::writeTable(const Operation& operation) {
  auto& g = m_graph;
  const Name x = operation.inputs.empty() ? Name() : in(operation);
  const auto firstColumns = [&] { return g.unsqueeze(g.slice(x, 1, 0, shapeOut(operation).at(0)), -1); };
  switch (operation.primitive) {
    case Primitive::Affine:
      set(operation, g.add(g.multiply(x, constant(operation, 0)), constant(operation, 1)));
      break;
    case Primitive::Linear:
      set(operation, linear(operation));
      break;
    case Primitive::Embedding:
      set(operation, embedding(operation));
      break;
    case Primitive::EmbeddingBag:
      set(operation, embeddingBag(operation));
      break;
    case Primitive::SmoothClip: {
      const auto third = g.divide(x, g.number(3));
      set(operation, g.divide(x, g.node("Sqrt", {g.add(g.multiply(third, third), g.number(1))})));
      break;
    }
    case Primitive::ScaleFeatures:
      set(operation, g.multiply(x, parameter(operation, 0)));
      break;
    case Primitive::ParametricActivation:
      set(operation, blended(operation));
      break;
    case Primitive::PeriodicEmbedding:
      set(operation, periodicEmbedding(operation));
      break;
    case Primitive::EnsembleScale:
      set(operation, g.multiply(shapeIn(operation).size() == 1 ? g.unsqueeze(x, 1) : x, parameter(operation, 0)));
      break;
    case Primitive::EnsembleShift:
      set(operation, g.add(x, parameter(operation, 0)));
      break;
    case Primitive::EnsembleLinear: {
      const auto products = g.squeeze(g.node("MatMul", {g.unsqueeze(x, 2), transposed(operation, 0)}), 2);
      set(operation, g.add(products, parameter(operation, 1)));
      break;
    }
    case Primitive::MeanOverMembers:
      set(operation, g.mean(x, {1}, false));
      break;
    case Primitive::FeatureTokens:
      set(operation, g.add(g.multiply(g.unsqueeze(x, -1), parameter(operation, 0)), parameter(operation, 1)));
      break;
    case Primitive::ClassToken:
      set(operation, classToken(operation));
      break;
    case Primitive::PiecewiseEncoding: {
      const auto along = g.multiply(g.subtract(firstColumns(), constant(operation, 0)), constant(operation, 1));
      set(operation, g.clip(along, constant(operation, 2), constant(operation, 3)));
      break;
    }
    case Primitive::Waves: {
      const auto angles =
          g.multiply(g.multiply(firstColumns(), parameter(operation, 0)), g.number(2 * std::numbers::pi));
      set(operation, g.joined({g.node("Sin", {angles}), g.node("Cos", {angles})}, -1));
      break;
    }
    case Primitive::ReconstructionError:
      set(operation, reconstructionError(operation));
      break;
    case Primitive::MeanSquaredError: {
      const auto apart = g.node("Flatten", {g.subtract(x, in(operation, 1))}, {{"axis", std::int64_t{1}}});
      set(operation, g.mean(g.multiply(apart, apart), {1}, true));
      break;
    }
    default:
      return false;
  }
  return true;
}

}  // namespace lathe::exporting

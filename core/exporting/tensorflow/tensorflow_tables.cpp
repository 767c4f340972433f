// SPDX-License-Identifier: GPL-3.0-or-later
#include <numbers>

#include "core/exporting/tensorflow/tensorflow_writer.h"
#include "core/spec/reconstruction.h"

namespace lathe::exporting {

using spec::BlendedActivation;
using spec::Primitive;

TfValue TensorflowWriter::embedding(const Operation& operation) {
  TfValues parts;
  for (std::size_t k = 0; k < operation.parameters.size(); ++k)
    parts.push_back(rowsAt(operation, k, m_graph.select(in(operation), 1, static_cast<std::int64_t>(k))));
  return m_graph.joined(parts);
}

TfValue TensorflowWriter::embeddingBag(const Operation& operation) {
  auto& g = m_graph;
  const auto width = shapeOut(operation).back();
  const auto zero = g.number(0), one = g.number(1);
  TfValues parts;
  for (std::size_t k = 0; k < operation.parameters.size(); ++k) {
    const auto buckets = parameterOf(operation, k).shape.at(0);
    const auto column = g.select(in(operation), 1, static_cast<std::int64_t>(k));
    const auto known = g.node(
        "LogicalAnd",
        {g.compare("GreaterEqual", column, zero), g.compare("Less", column, g.number(static_cast<double>(buckets)))},
        TfType::Bool, {});
    const auto code = g.cast(g.choose(known, column, zero), TfType::Int64);
    const auto there = g.cast(known, TfType::Float);
    const auto count = g.sum(there, 1, true);
    const auto weights = rowsAt(operation, k, code);
    const auto total = g.sum(g.multiply(weights, g.expand(there, 2)), 1, false);
    const auto mean = g.divide(total, g.same("Maximum", {count, one}));
    const auto none = g.cast(g.compare("Less", count, one), TfType::Float);
    parts.push_back(g.reshape(g.joined({mean, none}), {-1, 1, width}));
  }
  return g.joined(parts);
}

// [N,D] through D matrices: the columns come first, so that there are D products and not N times as many.
TfValue TensorflowWriter::periodicEmbedding(const Operation& operation) {
  auto& g = m_graph;
  const auto x = g.expand(in(operation), 2);
  const auto phase = g.add(g.multiply(x, parameter(operation, 0)), parameter(operation, 1));
  const auto waves = g.same("Cos", {g.multiply(phase, g.number(2 * std::numbers::pi))});
  const auto mixed = g.transpose(g.products(g.transpose(waves, {1, 0, 2}), parameter(operation, 2), true), {1, 0, 2});
  return g.reshape(g.joined({x, g.add(mixed, parameter(operation, 3))}, 2), {-1, shapeOut(operation).at(0)});
}

TfValue TensorflowWriter::ensembleLinear(const Operation& operation) {
  auto& g = m_graph;
  const auto each = g.products(g.transpose(in(operation), {1, 0, 2}), parameter(operation, 0), true);
  return g.add(g.transpose(each, {1, 0, 2}), parameter(operation, 1));
}

TfValue TensorflowWriter::classToken(const Operation& operation) {
  auto& g = m_graph;
  const auto width = shapeOut(operation).back();
  const auto rows = g.slice(g.sizes(in(operation)), 0, 0, 1);
  const auto first =
      g.same("BroadcastTo", {parameter(operation, 0, {1, 1, width}), g.joined({rows, g.list({1, width})}, 0)},
             {{"Tidx", TfType::Int32}});
  return g.joined({first, in(operation)});
}

TfValue TensorflowWriter::reconstructionError(const Operation& operation) {
  auto& g = m_graph;
  const auto layout = spec::reconstructionLayout(operation.ints);
  const auto decoded = in(operation);
  TfValues errors;
  std::int64_t place = 0;
  const auto squares = [&](std::int64_t width) {
    const auto apart = g.subtract(g.slice(decoded, 1, place, width), g.slice(in(operation, 2), 1, place, width));
    place += width;
    return g.square(apart);
  };
  if (layout.numbers > 0) errors.push_back(squares(layout.numbers));
  constexpr std::int64_t partsOfDate = 8;
  if (layout.dates > 0)
    errors.push_back(
        g.mean(g.reshape(squares(layout.dates * partsOfDate), {-1, layout.dates, partsOfDate}), {2}, false));
  const auto category = [&](std::int64_t places, const TfValue& chosen) {
    const auto shares = g.same("LogSoftmax", {g.slice(decoded, 1, place, places)});
    errors.push_back(g.multiply(g.sum(g.multiply(shares, chosen), 1, true), g.number(-spec::categoryFactor(places))));
    place += places;
  };
  for (const auto places : layout.oneHot) category(places, g.slice(in(operation, 2), 1, place, places));
  for (std::size_t k = 0; k < layout.codes.size(); ++k) {
    const auto codes = g.slice(in(operation, operation.inputs.size() - 1), 1, static_cast<std::int64_t>(k), 1);
    Ints all(static_cast<std::size_t>(layout.codes[k]));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
    category(layout.codes[k], g.cast(g.compare("Equal", codes, g.wideList(all)), TfType::Float));
  }
  const auto known = g.subtract(g.number(1), in(operation, 1));
  const auto total = g.sum(g.multiply(g.joined(errors), known), 1, true);
  return g.divide(total, g.same("Maximum", {g.sum(known, 1, true), g.number(1)}));
}

TfValue TensorflowWriter::blended(const Operation& operation) {
  const auto x = in(operation);
  TfValue active;
  switch (static_cast<BlendedActivation>(operation.ints.at(0))) {
    case BlendedActivation::Mish:
      active = mish(x);
      break;
    case BlendedActivation::Selu:
      active = m_graph.same("Selu", {x});
      break;
    case BlendedActivation::Silu:
      active = silu(x);
      break;
    case BlendedActivation::Gelu:
      active = gelu(x);
      break;
    case BlendedActivation::Relu:
      active = m_graph.same("Relu", {x});
      break;
    case BlendedActivation::Tanh:
      active = m_graph.same("Tanh", {x});
      break;
  }
  return m_graph.add(x, m_graph.multiply(parameter(operation, 0), m_graph.subtract(active, x)));
}

bool TensorflowWriter::writeTable(const Operation& operation) {
  auto& g = m_graph;
  const auto firstColumns = [&] { return g.expand(g.slice(in(operation), 1, 0, shapeOut(operation).at(0)), 2); };
  switch (operation.primitive) {
    case Primitive::Affine:
      set(operation, g.add(g.multiply(in(operation), constant(operation, 0)), constant(operation, 1)));
      break;
    case Primitive::Linear: {
      auto weight = numbersOf(operation, 0);
      const auto& shape = parameterOf(operation, 0).shape;
      const auto bias = hasParameter(operation, 1) ? parameter(operation, 1) : TfValue();
      if (operation.reals.empty()) {
        set(operation,
            dense(in(operation), shapeIn(operation), stored(operation, 0, shape, weight, 0), shape.at(0), bias));
        break;
      }
      // A factor that weights of half precision cannot take in stands behind them.
      const double factor = operation.reals[0];
      const bool behind = isHalf(m_precision) && isQuantized(operation, 0);
      if (!behind)
        for (auto& number : weight) number = static_cast<float>(factor * static_cast<double>(number));
      auto sums = dense(in(operation), shapeIn(operation), stored(operation, 0, shape, weight, 0), shape.at(0), {});
      if (behind) sums = g.multiply(sums, g.number(factor));
      set(operation, bias.known() ? g.add(sums, bias) : sums);
      break;
    }
    case Primitive::Embedding:
      set(operation, embedding(operation));
      break;
    case Primitive::EmbeddingBag:
      set(operation, embeddingBag(operation));
      break;
    case Primitive::ScaleFeatures:
      set(operation, g.multiply(in(operation), parameter(operation, 0)));
      break;
    case Primitive::ParametricActivation:
      set(operation, blended(operation));
      break;
    case Primitive::PeriodicEmbedding:
      set(operation, periodicEmbedding(operation));
      break;
    case Primitive::EnsembleScale: {
      const auto x = shapeIn(operation).size() == 1 ? g.expand(in(operation), 1) : in(operation);
      set(operation, g.multiply(x, parameter(operation, 0)));
      break;
    }
    case Primitive::EnsembleShift:
      set(operation, g.add(in(operation), parameter(operation, 0)));
      break;
    case Primitive::EnsembleLinear:
      set(operation, ensembleLinear(operation));
      break;
    case Primitive::MeanOverMembers:
      set(operation, g.mean(in(operation), {1}, false));
      break;
    case Primitive::FeatureTokens: {
      const auto scaled = g.multiply(g.expand(in(operation), 2), parameter(operation, 0));
      set(operation, g.add(scaled, parameter(operation, 1)));
      break;
    }
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
      set(operation, g.joined({g.same("Sin", {angles}), g.same("Cos", {angles})}, 2));
      break;
    }
    case Primitive::ReconstructionError:
      set(operation, reconstructionError(operation));
      break;
    case Primitive::MeanSquaredError: {
      const auto width = spec::elementCount(shapeIn(operation));
      const auto apart = g.reshape(g.subtract(in(operation), in(operation, 1)), {-1, width});
      set(operation, g.mean(g.square(apart), {1}, true));
      break;
    }
    default:
      return false;
  }
  return true;
}

}  // namespace lathe::exporting

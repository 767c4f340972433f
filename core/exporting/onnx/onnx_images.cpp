// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/exporting/onnx/onnx_writer.h"

namespace lathe::exporting {

using spec::Primitive;

namespace {

using Ints = std::vector<std::int64_t>;

/// Where the cell `i` of `cells` over `size` begins and ends, as adaptive pools cut.
std::pair<std::int64_t, std::int64_t> cellOf(std::int64_t i, std::int64_t cells, std::int64_t size) {
  return {i * size / cells, ((i + 1) * size + cells - 1) / cells};
}

/// Same padding on both sides.
Ints both(const Ints& padding) {
  auto all = padding;
  all.insert(all.end(), padding.begin(), padding.end());
  return all;
}

/// For `channels` numbers beside a value of such a row: one a channel.
spec::Shape ofChannels(std::int64_t channels, const spec::Shape& row) {
  spec::Shape shape(row.size(), 1);
  shape.front() = channels;
  return shape;
}

}  // namespace

void OnnxWriter::batchNorm(const Operation& operation) {
  const auto [scale, shift] = perChannel(operation, m_parameters);
  const auto shape = ofChannels(static_cast<std::int64_t>(scale.size()), shapeOut(operation));
  const auto numbers = [&](const char* role, const std::vector<double>& values) {
    return m_graph.tensor(operation.layer + role, shape, Floats(values.begin(), values.end()));
  };
  set(operation, m_graph.add(m_graph.multiply(in(operation), numbers(".scale", scale)), numbers(".shift", shift)));
}

OnnxWriter::Name OnnxWriter::convolution(const Operation& operation) {
  const auto& n = operation.ints;
  const bool flat = operation.primitive == Primitive::Conv1d;
  Names inputs{in(operation), parameter(operation, 0)};
  if (hasParameter(operation, 1)) inputs.push_back(biasInSteps(operation));
  const auto some = [&](std::size_t from) { return flat ? Ints{n.at(from / 2)} : Ints{n.at(from), n.at(from + 1)}; };
  // Some runtimes do not look at the weights for it.
  const auto& shape = parameterOf(operation, 0).shape;
  return m_graph.node("Conv", inputs,
                      {{"kernel_shape", Ints(shape.begin() + 2, shape.end())},
                       {"strides", some(0)},
                       {"pads", both(some(2))},
                       {"dilations", some(4)},
                       {"group", n.back()}});
}

OnnxWriter::Name OnnxWriter::transposedConvolution(const Operation& operation) {
  const auto& n = operation.ints;
  Names inputs{in(operation), parameter(operation, 0)};
  if (hasParameter(operation, 1)) inputs.push_back(parameter(operation, 1));
  const auto& shape = parameterOf(operation, 0).shape;
  return m_graph.node("ConvTranspose", inputs,
                      {{"kernel_shape", Ints(shape.begin() + 2, shape.end())},
                       {"strides", Ints{n.at(0), n.at(1)}},
                       {"pads", both({n.at(2), n.at(3)})},
                       {"output_padding", Ints{n.at(4), n.at(5)}},
                       {"dilations", Ints{n.at(6), n.at(7)}},
                       {"group", n.at(8)}});
}

OnnxWriter::Name OnnxWriter::groupNorm(const Operation& operation) {
  auto& g = m_graph;
  const auto& row = shapeOut(operation);
  const auto groups = operation.ints.at(0), channels = row.at(0);
  const auto flat = g.reshape(in(operation), {0, groups, -1});
  const Floats ones(static_cast<std::size_t>(groups), 1), zeros(static_cast<std::size_t>(groups), 0);
  const auto normal = g.node("InstanceNormalization",
                             {flat, g.tensor(operation.layer + ".ones", {groups}, ones),
                              g.tensor(operation.layer + ".zeros", {groups}, zeros)},
                             {{"epsilon", static_cast<float>(operation.reals.at(0))}});
  Ints sizes{-1};
  sizes.insert(sizes.end(), row.begin(), row.end());
  const auto shape = ofChannels(channels, row);
  return g.add(g.multiply(g.reshape(normal, sizes), parameter(operation, 0, shape)), parameter(operation, 1, shape));
}

// Cells of one size are an ordinary pool; else rows and columns are averaged by matrices.
OnnxWriter::Name OnnxWriter::adaptiveAverage(const Operation& operation) {
  auto& g = m_graph;
  const auto &from = shapeIn(operation), &to = shapeOut(operation);
  const auto matrix = [&](std::size_t axis, bool left) {
    const auto cells = to.at(axis), size = from.at(axis);
    Floats shares(static_cast<std::size_t>(cells * size), 0);
    for (std::int64_t i = 0; i < cells; ++i) {
      const auto [begin, end] = cellOf(i, cells, size);
      for (auto place = begin; place < end; ++place)
        shares[static_cast<std::size_t>(left ? i * size + place : place * cells + i)] =
            1.0F / static_cast<float>(end - begin);
    }
    return g.tensor(operation.layer + ".cells", left ? spec::Shape{cells, size} : spec::Shape{size, cells}, shares);
  };
  if (from.at(1) % to.at(1) == 0 && from.at(2) % to.at(2) == 0) {
    const Ints size{from.at(1) / to.at(1), from.at(2) / to.at(2)};
    return g.node("AveragePool", {in(operation)}, {{"kernel_shape", size}, {"strides", size}});
  }
  return g.node("MatMul", {matrix(1, true), g.node("MatMul", {in(operation), matrix(2, false)})});
}

OnnxWriter::Name OnnxWriter::adaptiveMax(const Operation& operation) {
  auto& g = m_graph;
  Name x = in(operation);
  for (const std::size_t axis : {std::size_t{1}, std::size_t{2}}) {
    const auto cells = shapeOut(operation).at(axis), size = shapeIn(operation).at(axis);
    const auto dimension = static_cast<std::int64_t>(axis) + 1;
    Names parts;
    for (std::int64_t i = 0; i < cells; ++i) {
      const auto [begin, end] = cellOf(i, cells, size);
      parts.push_back(g.node("ReduceMax", {g.slice(x, dimension, begin, end - begin)},
                             {{"axes", Ints{dimension}}, {"keepdims", std::int64_t{1}}}));
    }
    x = g.joined(parts, dimension);
  }
  return x;
}

OnnxWriter::Name OnnxWriter::upsample(const Operation& operation) {
  auto& g = m_graph;
  const auto& n = operation.ints;
  const bool smooth = n.at(2) != 0;
  const auto rows = g.node("Shape", {in(operation)}, {{"start", std::int64_t{0}}, {"end", std::int64_t{2}}});
  std::vector<OnnxAttribute> attributes{
      {"mode", std::string(smooth ? "linear" : "nearest")},
      {"coordinate_transformation_mode", std::string(smooth ? "half_pixel" : "asymmetric")}};
  if (!smooth) attributes.emplace_back("nearest_mode", std::string("floor"));
  return g.node("Resize", {in(operation), "", "", g.joined({rows, g.list({n.at(0), n.at(1)})}, 0)}, attributes);
}

OnnxWriter::Name OnnxWriter::pad(const Operation& operation) {
  static const std::vector<std::string> modes{"constant", "reflect", "edge"};
  const auto& n = operation.ints;
  const auto pairs = (n.size() - 1) / 2;
  const auto rank = shapeOut(operation).size() + 1;
  Ints edges(2 * rank, 0);
  for (std::size_t i = 0; i < pairs; ++i) {  // the last dimension comes first
    edges[rank - 1 - i] = n[2 * i];
    edges[2 * rank - 1 - i] = n[2 * i + 1];
  }
  Names inputs{in(operation), m_graph.list(edges)};
  if (n.back() == 0) inputs.push_back(m_graph.number(operation.reals.at(0)));
  return m_graph.node("Pad", inputs, {{"mode", modes.at(static_cast<std::size_t>(n.back()))}});
}

bool OnnxWriter::writeImage(const Operation& operation) {
  auto& g = m_graph;
  const auto& n = operation.ints;
  switch (operation.primitive) {
    case Primitive::Conv1d:
    case Primitive::Conv2d:
      set(operation, convolution(operation));
      return true;
    case Primitive::ConvTranspose2d:
      set(operation, transposedConvolution(operation));
      return true;
    case Primitive::MaxPool2d:
      set(operation, g.node("MaxPool", {in(operation)},
                            {{"kernel_shape", Ints{n.at(0), n.at(1)}},
                             {"strides", Ints{n.at(2), n.at(3)}},
                             {"pads", both({n.at(4), n.at(5)})}}));
      return true;
    case Primitive::AvgPool2d:
      set(operation, g.node("AveragePool", {in(operation)},
                            {{"kernel_shape", Ints{n.at(0), n.at(1)}},
                             {"strides", Ints{n.at(2), n.at(3)}},
                             {"pads", both({n.at(4), n.at(5)})},
                             {"count_include_pad", std::int64_t{n.at(6) != 0}}}));
      return true;
    case Primitive::GlobalAvgPool:
      set(operation, g.mean(in(operation), {2, 3}, false));
      return true;
    case Primitive::AdaptiveAvgPool2d:
      set(operation, adaptiveAverage(operation));
      return true;
    case Primitive::AdaptiveMaxPool2d:
      set(operation, adaptiveMax(operation));
      return true;
    case Primitive::BatchNorm:
      batchNorm(operation);
      return true;
    case Primitive::GroupNorm:
      set(operation, groupNorm(operation));
      return true;
    case Primitive::LayerNorm:
      set(operation, g.node("LayerNormalization", {in(operation), parameter(operation, 0), parameter(operation, 1)},
                            {{"axis", -n.at(0)}, {"epsilon", static_cast<float>(operation.reals.at(0))}}));
      return true;
    case Primitive::Upsample2d:
      set(operation, upsample(operation));
      return true;
    case Primitive::Pad:
      set(operation, pad(operation));
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/exporting/tensorflow/tensorflow_writer.h"

namespace lathe::exporting {

using spec::Primitive;

namespace {

using Ints = std::vector<std::int64_t>;

/// Weights [a,b,h,w] with the order of their dimensions changed: `order` says which comes first, second ...
std::vector<float> reordered(const std::vector<float>& from, const spec::Shape& shape,
                             const std::vector<std::size_t>& order) {
  std::vector<float> to;
  to.reserve(from.size());
  const auto extent = [&](std::size_t i) { return static_cast<std::size_t>(shape[order[i]]); };
  std::vector<std::size_t> stride(4, 1);
  for (std::size_t i = 3; i-- > 0;) stride[i] = stride[i + 1] * static_cast<std::size_t>(shape[i + 1]);
  for (std::size_t a = 0; a < extent(0); ++a)
    for (std::size_t b = 0; b < extent(1); ++b)
      for (std::size_t c = 0; c < extent(2); ++c)
        for (std::size_t d = 0; d < extent(3); ++d)
          to.push_back(from[a * stride[order[0]] + b * stride[order[1]] + c * stride[order[2]] + d * stride[order[3]]]);
  return to;
}

spec::Shape reorderedShape(const spec::Shape& shape, const std::vector<std::size_t>& order) {
  return {shape[order[0]], shape[order[1]], shape[order[2]], shape[order[3]]};
}

/// What TensorFlow lists for all four dimensions of an image, of which only height and width matter.
Ints ofImage(std::int64_t height, std::int64_t width) { return {1, height, width, 1}; }

}  // namespace

void TensorflowWriter::batchNorm(const Operation& operation) {
  const bool channelsLast = prefersLast(operation);
  const auto [scale, shift] = perChannel(operation, m_parameters);
  const auto shape = ofChannels(static_cast<std::int64_t>(scale.size()), shapeOut(operation), channelsLast);
  const auto numbers = [&](const char* role, const std::vector<double>& values) {
    return m_graph.tensor(operation.layer + role, shape, Floats(values.begin(), values.end()));
  };
  const auto x = channelsLast ? last(operation) : in(operation);
  set(operation, m_graph.add(m_graph.multiply(x, numbers(".scale", scale)), numbers(".shift", shift)), channelsLast);
}

// [N,H,W,C] through weights [O,C/groups,kh,kw].
TfValue TensorflowWriter::convolved(const Operation& operation, const TfValue& x) {
  auto& g = m_graph;
  const bool flat = operation.primitive == Primitive::Conv1d;
  const auto& n = operation.ints;
  const auto stride = flat ? Ints{1, n.at(0)} : Ints{n.at(0), n.at(1)};
  const auto edges = flat ? Ints{0, n.at(1)} : Ints{n.at(2), n.at(3)};
  const auto dilations = flat ? ofImage(1, n.at(2)) : ofImage(n.at(4), n.at(5));
  const auto groups = n.back();
  auto shape = parameterOf(operation, 0).shape;
  if (flat) shape.insert(shape.begin() + 2, 1);
  const auto& weight = numbersOf(operation, 0);
  // One for each channel, for which TensorFlow has an operation of its own with fewer abilities.
  const bool depthwise = shape.at(1) == 1 && groups > 1 && stride[0] == stride[1] && dilations == ofImage(1, 1);
  TfValue kernel;
  if (depthwise) {
    const spec::Shape apart{groups, shape[0] / groups, shape[2], shape[3]};
    const std::vector<std::size_t> order{2, 3, 0, 1};
    // Output channels lie along two dimensions.
    kernel =
        stored(operation, 0, reorderedShape(apart, order), reordered(weight, apart, order), apart[1] == 1 ? 2 : -1);
  } else {
    const std::vector<std::size_t> order{2, 3, 1, 0};
    kernel = stored(operation, 0, reorderedShape(shape, order), reordered(weight, shape, order), 3);
  }
  TfValue sums;
  // TensorFlow's optimiser forgets the edges of this one when it puts a bias behind it.
  if (depthwise)
    sums = g.onImage("DepthwiseConv2dNative", {g.framed(x, edges[0], edges[0], edges[1], edges[1]), kernel}, stride,
                     {0, 0}, {{"dilations", dilations}});
  else
    sums = g.onImage("Conv2D", {x, kernel}, stride, edges, {{"dilations", dilations}, {"use_cudnn_on_gpu", true}});
  if (!hasParameter(operation, 1)) return sums;
  // It also puts BiasAdd into convolutions of groups, which then do not run without oneDNN.
  const bool grouped = groups > 1 && !depthwise;
  const auto bias = parameter(operation, 1);
  return grouped ? g.add(sums, bias) : g.biased(sums, bias);
}

// As the gradient of a convolution, whose kernel has its gaps written out, for one group after another: TensorFlow has
// neither gaps nor groups here on processors. Edges are cut off and added after.
TfValue TensorflowWriter::transposedConvolution(const Operation& operation) {
  auto& g = m_graph;
  const auto& n = operation.ints;
  const auto &shape = parameterOf(operation, 0).shape, &from = shapeIn(operation), &to = shapeOut(operation);
  const auto& weight = numbersOf(operation, 0);
  const auto groups = n.at(8), inputs = shape.at(0) / groups, outputs = shape.at(1);
  const Ints stride{n.at(0), n.at(1)}, edge{n.at(2), n.at(3)}, gap{n.at(6), n.at(7)};
  const Ints size{(shape.at(2) - 1) * gap[0] + 1, (shape.at(3) - 1) * gap[1] + 1};
  const Ints whole{(from.at(1) - 1) * stride[0] + size[0], (from.at(2) - 1) * stride[1] + size[1]};
  const auto x = last(operation);
  const auto rows = g.slice(g.sizes(x), 0, 0, 1);
  const auto sizes = g.joined({rows, g.list({whole[0], whole[1], outputs})}, 0);
  TfValues parts;
  for (std::int64_t group = 0; group < groups; ++group) {
    Floats kernel(static_cast<std::size_t>(size[0] * size[1] * outputs * inputs), 0);
    for (std::int64_t i = 0; i < inputs; ++i)
      for (std::int64_t o = 0; o < outputs; ++o)
        for (std::int64_t a = 0; a < shape.at(2); ++a)
          for (std::int64_t b = 0; b < shape.at(3); ++b) {
            const auto source = (((group * inputs + i) * outputs + o) * shape.at(2) + a) * shape.at(3) + b;
            const auto target = ((a * gap[0] * size[1] + b * gap[1]) * outputs + o) * inputs + i;
            kernel[static_cast<std::size_t>(target)] = weight[static_cast<std::size_t>(source)];
          }
    // Channels that lie in several groups have one scale for all of them.
    const auto filter = stored(operation, 0, {size[0], size[1], outputs, inputs}, kernel, groups == 1 ? 2 : -1);
    const auto part = groups == 1 ? x : g.slice(x, 3, group * inputs, inputs);
    parts.push_back(g.onImage("Conv2DBackpropInput", {sizes, filter, part}, stride, {0, 0},
                              {{"dilations", ofImage(1, 1)}, {"use_cudnn_on_gpu", true}}));
  }
  auto sums = g.joined(parts, 3);
  Ints missing{0, 0};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const auto wanted = to.at(axis + 1), there = std::min(wanted, whole[axis] - edge[axis]);
    if (there < whole[axis]) sums = g.slice(sums, static_cast<std::int64_t>(axis) + 1, edge[axis], there);
    missing[axis] = wanted - there;
  }
  sums = g.framed(sums, 0, missing[0], 0, missing[1]);
  return hasParameter(operation, 1) ? g.biased(sums, parameter(operation, 1)) : sums;
}

// With edges of zeros, which either count or are taken out of each mean again.
TfValue TensorflowWriter::average(const Operation& operation) {
  auto& g = m_graph;
  const auto& n = operation.ints;
  const auto x = g.framed(last(operation), n.at(4), n.at(4), n.at(5), n.at(5));
  const auto means = g.onImage("AvgPool", {x}, {n.at(2), n.at(3)}, {}, {{"ksize", ofImage(n.at(0), n.at(1))}});
  if (n.at(6) != 0 || n[4] + n[5] == 0) return means;
  const auto &from = shapeIn(operation), &to = shapeOut(operation);
  const auto inside = [&](std::size_t axis, std::int64_t place) {
    const auto begin = place * n[1 + axis] - n[3 + axis];
    return std::min(begin + n[axis - 1], from.at(axis)) - std::max<std::int64_t>(begin, 0);
  };
  Floats factors;
  for (std::int64_t i = 0; i < to.at(1); ++i)
    for (std::int64_t j = 0; j < to.at(2); ++j)
      factors.push_back(static_cast<float>(n[0] * n[1]) / static_cast<float>(inside(1, i) * inside(2, j)));
  return g.multiply(means, g.tensor(operation.layer + ".counts", {1, to.at(1), to.at(2), 1}, factors));
}

bool TensorflowWriter::writeImage(const Operation& operation) {
  auto& g = m_graph;
  const auto& n = operation.ints;
  switch (operation.primitive) {
    case Primitive::Conv1d:
      setLast(operation, g.squeeze(convolved(operation, g.expand(last(operation), 1)), 1));
      return true;
    case Primitive::Conv2d:
      setLast(operation, convolved(operation, last(operation)));
      return true;
    case Primitive::ConvTranspose2d:
      setLast(operation, transposedConvolution(operation));
      return true;
    case Primitive::MaxPool2d:
      setLast(operation, g.onImage("MaxPool", {last(operation)}, {n.at(2), n.at(3)}, {n.at(4), n.at(5)},
                                   {{"ksize", ofImage(n.at(0), n.at(1))}}));
      return true;
    case Primitive::AvgPool2d:
      setLast(operation, average(operation));
      return true;
    case Primitive::GlobalAvgPool:
      set(operation,
          prefersLast(operation) ? g.mean(last(operation), {1, 2}, false) : g.mean(in(operation), {2, 3}, false));
      return true;
    case Primitive::BatchNorm:
      batchNorm(operation);
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

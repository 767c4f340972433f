// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdlib>

#include "core/exporting/dimensions.h"
#include "core/exporting/tensorflow/tensorflow_writer.h"

namespace lathe::exporting {

using spec::Primitive;

namespace {

/// Where the cell `i` of `cells` over `size` begins and ends, as adaptive pools cut.
std::pair<std::int64_t, std::int64_t> cellOf(std::int64_t i, std::int64_t cells, std::int64_t size) {
  return {i * size / cells, ((i + 1) * size + cells - 1) / cells};
}

/// Which place stands for `i`, which may lie outside of `size` places.
std::int64_t mirrored(std::int64_t i, std::int64_t size, bool reflect) {
  if (!reflect) return std::clamp<std::int64_t>(i, 0, size - 1);
  return i < 0 ? -i : i < size ? i : 2 * (size - 1) - i;
}

}  // namespace

// Each group's numbers beside each other: [N,places,groups,channels of a group].
void TensorflowWriter::groupNorm(const Operation& operation) {
  auto& g = m_graph;
  const auto& row = shapeOut(operation);
  const auto groups = operation.ints.at(0), channels = row.at(0);
  const auto places = spec::elementCount(row) / channels;
  const auto apart = g.reshape(last(operation), {-1, places, groups, channels / groups});
  const auto centred = g.subtract(apart, g.mean(apart, {1, 3}, true));
  const auto variance = g.mean(g.square(centred), {1, 3}, true);
  const auto normal = g.multiply(centred, g.same("Rsqrt", {g.add(variance, g.number(operation.reals.at(0)))}));
  Ints sizes{-1};
  sizes.insert(sizes.end(), row.begin() + 1, row.end());
  sizes.push_back(channels);
  setLast(operation, g.add(g.multiply(g.reshape(normal, sizes), parameter(operation, 0)), parameter(operation, 1)));
}

TfValue TensorflowWriter::layerNorm(const Operation& operation) {
  auto& g = m_graph;
  Ints axes;
  const auto rank = static_cast<std::int64_t>(shapeOut(operation).size());
  for (std::int64_t axis = rank - operation.ints.at(0) + 1; axis <= rank; ++axis) axes.push_back(axis);
  const auto x = in(operation);
  const auto centred = g.subtract(x, g.mean(x, axes, true));
  const auto variance = g.mean(g.square(centred), axes, true);
  const auto normal = g.multiply(centred, g.same("Rsqrt", {g.add(variance, g.number(operation.reals.at(0)))}));
  return g.add(g.multiply(normal, parameter(operation, 0)), parameter(operation, 1));
}

// Cells of one size are an ordinary pool; else rows and columns are averaged by matrices.
void TensorflowWriter::adaptiveAverage(const Operation& operation) {
  auto& g = m_graph;
  const auto &from = shapeIn(operation), &to = shapeOut(operation);
  if (from.at(1) % to.at(1) == 0 && from.at(2) % to.at(2) == 0) {
    const Ints size{from.at(1) / to.at(1), from.at(2) / to.at(2)};
    setLast(operation, g.onImage("AvgPool", {last(operation)}, size, {}, {{"ksize", Ints{1, size[0], size[1], 1}}}));
    return;
  }
  const auto matrix = [&](std::size_t axis) {
    const auto cells = to.at(axis), size = from.at(axis);
    Floats shares(static_cast<std::size_t>(cells * size), 0);
    for (std::int64_t i = 0; i < cells; ++i) {
      const auto [begin, end] = cellOf(i, cells, size);
      for (auto place = begin; place < end; ++place)
        shares[static_cast<std::size_t>(i * size + place)] = 1.0F / static_cast<float>(end - begin);
    }
    return g.tensor(operation.layer + ".cells", {cells, size}, shares);
  };
  const auto channels = from.at(0);
  const auto columns = dense(in(operation), from, matrix(2), to.at(2), {});
  const auto turned = g.transpose(columns, {0, 1, 3, 2});
  const auto rows = dense(turned, {channels, to.at(2), from.at(1)}, matrix(1), to.at(1), {});
  set(operation, g.transpose(rows, {0, 1, 3, 2}));
}

TfValue TensorflowWriter::adaptiveMax(const Operation& operation) {
  auto& g = m_graph;
  TfValue x = last(operation);
  for (const std::size_t axis : {std::size_t{1}, std::size_t{2}}) {
    const auto cells = shapeOut(operation).at(axis), size = shapeIn(operation).at(axis);
    const auto dimension = static_cast<std::int64_t>(axis);
    TfValues parts;
    for (std::int64_t i = 0; i < cells; ++i) {
      const auto [begin, end] = cellOf(i, cells, size);
      parts.push_back(g.reduce("Max", g.slice(x, dimension, begin, end - begin), {dimension}, true));
    }
    x = g.joined(parts, dimension);
  }
  return x;
}

TfValue TensorflowWriter::padded(const Operation& operation, TfValue x, bool channelsLast) {
  auto& g = m_graph;
  const auto& n = operation.ints;
  const auto& row = shapeIn(operation);
  const auto rank = row.size();
  Ints edges(2 * (rank + 1), 0);
  for (std::size_t i = 0; i < (n.size() - 1) / 2; ++i) {  // the last dimension comes first
    const auto dimension = rank - 1 - i;                  // of the row
    const auto axis = channelsLast ? (dimension == 0 ? rank : dimension) : dimension + 1;
    if (n.back() == 0) {
      edges[2 * axis] = n[2 * i];
      edges[2 * axis + 1] = n[2 * i + 1];
      continue;
    }
    Ints places;
    const auto size = row[dimension];
    for (auto place = -n[2 * i]; place < size + n[2 * i + 1]; ++place)
      places.push_back(mirrored(place, size, n.back() == 1));
    x = g.gather(x, g.list(places), static_cast<std::int64_t>(axis));
  }
  if (n.back() != 0) return x;
  const auto table = g.reshape(g.list(edges), {static_cast<std::int64_t>(rank) + 1, 2});
  return g.same("PadV2", {x, table, g.number(operation.reals.at(0))}, {{"Tpaddings", TfType::Int32}});
}

bool TensorflowWriter::writeResizing(const Operation& operation) {
  auto& g = m_graph;
  const auto& n = operation.ints;
  switch (operation.primitive) {
    case Primitive::AdaptiveAvgPool2d:
      adaptiveAverage(operation);
      return true;
    case Primitive::AdaptiveMaxPool2d:
      setLast(operation, adaptiveMax(operation));
      return true;
    case Primitive::GroupNorm:
      groupNorm(operation);
      return true;
    case Primitive::LayerNorm:
      set(operation, layerNorm(operation));
      return true;
    case Primitive::Upsample2d: {
      const bool smooth = n.at(2) != 0;
      setLast(operation,
              g.same(smooth ? "ResizeBilinear" : "ResizeNearestNeighbor", {last(operation), g.list({n.at(0), n.at(1)})},
                     {{"align_corners", false}, {"half_pixel_centers", smooth}}));
      return true;
    }
    case Primitive::Pad: {
      const bool channelsLast = prefersLast(operation);
      set(operation, padded(operation, channelsLast ? last(operation) : in(operation), channelsLast), channelsLast);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace lathe::exporting

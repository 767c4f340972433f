// SPDX-License-Identifier: GPL-3.0-or-later
// Sums, products and moves of whole values.
#include <algorithm>

#include "core/exporting/c/c_writer.h"

namespace lathe::exporting {

using spec::Primitive;

namespace {

using Sizes = std::vector<std::int64_t>;

/// Row-major.
Sizes stridesOf(const spec::Shape& shape) {
  Sizes strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

}  // namespace

void CWriter::sum(const Operation& operation) {
  auto total = in(operation);
  for (std::size_t i = 1; i < operation.inputs.size(); ++i) {
    call("add", {total, in(operation, i), out(operation), cWhole(countOut(operation))});
    total = out(operation);
  }
}

void CWriter::product(const Operation& operation) {
  const auto& shape = shapeOut(operation);
  auto total = in(operation);
  auto given = shapeIn(operation);
  const auto order = [&](const spec::Shape& from) {
    auto strides = stridesOf(from);
    for (std::size_t d = 0; d < from.size(); ++d)
      if (from[d] == 1) strides[d] = 0;
    return layout(shape, strides);
  };
  for (std::size_t i = 1; i < operation.inputs.size(); ++i) {
    const auto& other = shapeIn(operation, i);
    if (given == shape && other == shape)
      call("multiply", {total, in(operation, i), out(operation), cWhole(countOut(operation))});
    else
      call("multiply_stretched", {total, order(given), in(operation, i), order(other), out(operation)});
    total = out(operation);
    given = shape;
  }
}

void CWriter::concat(const Operation& operation) {
  std::int64_t place = 0;
  for (std::size_t i = 0; i < operation.inputs.size(); ++i) {
    const auto count = spec::elementCount(shapeIn(operation, i));
    copy(in(operation, i), out(operation, place), count);
    place += count;
  }
}

void CWriter::permute(const Operation& operation) {
  const auto strides = stridesOf(shapeIn(operation));
  Ints turned;
  for (const auto dimension : operation.ints) turned.push_back(strides.at(static_cast<std::size_t>(dimension)));
  call("gather", {in(operation), out(operation), layout(shapeOut(operation), turned)});
}

void CWriter::slice(const Operation& operation) {
  const auto strides = stridesOf(shapeIn(operation));
  const auto start = operation.ints.at(1) * strides.at(static_cast<std::size_t>(operation.ints.at(0)));
  call("gather", {in(operation, 0, start), out(operation), layout(shapeOut(operation), strides)});
}

void CWriter::reduce(const Operation& operation, const char* kernel, const Ints& dimensions) {
  const auto& shape = shapeIn(operation);
  const auto strides = stridesOf(shape);
  Ints sizes[2], steps[2];
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const bool gone = std::find(dimensions.begin(), dimensions.end(), static_cast<std::int64_t>(d)) != dimensions.end();
    sizes[gone ? 1 : 0].push_back(shape[d]);
    steps[gone ? 1 : 0].push_back(strides[d]);
  }
  const auto kept = layout(sizes[0], steps[0]), away = layout(sizes[1], steps[1]);
  call(kernel, {in(operation), out(operation), kept, away});
}

bool CWriter::writeShape(const Operation& operation) {
  switch (operation.primitive) {
    case Primitive::Add:
      sum(operation);
      return true;
    case Primitive::Multiply:
      product(operation);
      return true;
    case Primitive::Offset:
      call("add", {in(operation), operation.parameters.empty() ? constant(operation, 0) : parameter(operation, 0),
                   out(operation), cWhole(countOut(operation))});
      return true;
    case Primitive::Concat:
      concat(operation);
      return true;
    case Primitive::Permute:
      permute(operation);
      return true;
    case Primitive::Slice:
      slice(operation);
      return true;
    case Primitive::ReduceMean:
      reduce(operation, "reduce_mean", operation.ints);
      return true;
    case Primitive::ReduceMax:
      reduce(operation, "reduce_max", operation.ints);
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

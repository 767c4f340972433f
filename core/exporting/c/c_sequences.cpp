// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_writer.h"

namespace lathe::exporting {

using spec::Primitive;

void CWriter::recurrent(const Operation& operation) {
  const bool lstm = operation.primitive == Primitive::Lstm;
  const auto hidden = operation.ints.at(0), layers = operation.ints.at(1);
  const std::int64_t directions = operation.ints.at(2) != 0 ? 2 : 1;
  const auto steps = shapeOut(operation).at(0), width = directions * hidden;
  const auto states = (lstm ? 5 : 6) * hidden;
  std::string from = in(operation);
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    const auto between = states + layer % 2 * steps * width;
    const bool last = layer + 1 == layers;
    for (std::int64_t direction = 0; direction < directions; ++direction) {
      const auto first = static_cast<std::size_t>((layer * directions + direction) * 4);
      const auto shift = direction * hidden;
      call(
          lstm ? "lstm" : "gru",
          {from, parameter(operation, first), parameter(operation, first + 1), parameter(operation, first + 2),
           parameter(operation, first + 3), last ? out(operation, shift) : work(between + shift), work(), cWhole(steps),
           cWhole(parameterShape(operation, first).at(1)), cWhole(hidden), cWhole(width), cWhole(direction)});
    }
    from = work(between);
  }
}

void CWriter::attention(const Operation& operation) {
  const auto steps = shapeOut(operation).at(0), width = shapeOut(operation).at(1);
  if (operation.parameters.size() > 4) {
    m_error = notInC(operation.layer, "its adapters are not merged").value();
    return;
  }
  const auto all = work(), shares = work(3 * steps * width), mixed = work(3 * steps * width + steps);
  call("linear", {in(operation), parameter(operation, 0), parameter(operation, 1), all, cWhole(steps), cWhole(width),
                  cWhole(3 * width), "1"});
  call("attention", {all, shares, mixed, cWhole(steps), cWhole(width), cWhole(operation.ints.at(0))});
  call("linear", {mixed, parameter(operation, 2), parameter(operation, 3), out(operation), cWhole(steps), cWhole(width),
                  cWhole(width), "1"});
}

bool CWriter::writeSequence(const Operation& operation) {
  switch (operation.primitive) {
    case Primitive::Lstm:
    case Primitive::Gru:
      recurrent(operation);
      return true;
    case Primitive::Attention:
      attention(operation);
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

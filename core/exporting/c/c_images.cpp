// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/exporting/c/c_writer.h"

namespace lathe::exporting {

using spec::Primitive;

std::string CWriter::window(const spec::Shape& from, const spec::Shape& to, const Ints& numbers) {
  const auto image = [](const spec::Shape& shape) {
    return fmt::format("{}, {}, {}", shape.at(0), shape.size() > 2 ? shape[1] : 1, shape.back());
  };
  use("window");
  const auto text = fmt::format("{{{}, {}, {}}}", image(from), image(to), fmt::join(numbers, ", "));
  auto& name = m_known["window" + text];
  if (name.empty()) {
    name = fmt::format("t{}", m_known.size() - 1);
    m_tables += fmt::format("static const window {} = {};\n", name, text);
  }
  return "&" + name;
}

void CWriter::convolution(const Operation& operation) {
  const auto& n = operation.ints;
  const auto& weight = parameterShape(operation, 0);
  Ints numbers{weight.at(2), weight.back()};
  if (operation.primitive == Primitive::Conv1d)
    numbers = {1, weight.at(2), 1, n.at(0), 0, n.at(1), 1, n.at(2), n.at(3)};
  else if (operation.primitive == Primitive::Conv2d)
    numbers.insert(numbers.end(), n.begin(), n.begin() + 7);
  else
    numbers.insert(numbers.end(), {n.at(0), n.at(1), n.at(2), n.at(3), n.at(6), n.at(7), n.at(8)});
  call(operation.primitive == Primitive::ConvTranspose2d ? "convolve_transposed" : "convolve",
       {in(operation), parameter(operation, 0), parameter(operation, 1), out(operation),
        window(shapeIn(operation), shapeOut(operation), numbers)});
}

void CWriter::pool(const Operation& operation) {
  const auto& n = operation.ints;
  Ints numbers(n.begin(), n.begin() + (n.size() > 2 ? 6 : 0));
  if (numbers.empty()) numbers.assign(6, 0);
  numbers.insert(numbers.end(), {1, 1, 1});
  Texts arguments{in(operation), out(operation), window(shapeIn(operation), shapeOut(operation), numbers)};
  switch (operation.primitive) {
    case Primitive::MaxPool2d:
      return call("max_pool", arguments);
    case Primitive::AvgPool2d:
      arguments.emplace_back(n.at(6) != 0 ? "1" : "0");
      return call("average_pool", arguments);
    default:
      arguments.emplace_back(operation.primitive == Primitive::AdaptiveMaxPool2d ? "1" : "0");
      return call("adaptive_pool", arguments);
  }
}

void CWriter::norm(const Operation& operation) {
  const auto& shape = shapeOut(operation);
  const auto count = countOut(operation);
  const auto epsilon = "(real)" + cDouble(operation.reals.at(0));
  Texts arguments{in(operation)};
  for (std::size_t i = 0; i < operation.parameters.size(); ++i) arguments.push_back(parameter(operation, i));
  arguments.push_back(out(operation));
  const auto with = [&](const char* kernel, const Ints& sizes) {
    for (const auto size : sizes) arguments.push_back(cWhole(size));
    arguments.push_back(epsilon);
    call(kernel, arguments);
  };
  if (operation.primitive == Primitive::BatchNorm) return with("batch_norm", {shape.at(0), count / shape[0]});
  if (operation.primitive == Primitive::GroupNorm)
    return with("group_norm", {operation.ints.at(0), shape.at(0), count / shape[0]});
  const auto width = spec::elementCount(parameterShape(operation, 0));
  with("layer_norm", {count / width, width});
}

void CWriter::pad(const Operation& operation) {
  const auto& n = operation.ints;
  const auto &from = shapeIn(operation), &to = shapeOut(operation);
  const bool image = from.size() > 2;
  const auto height = [&](const spec::Shape& shape) { return cWhole(image ? shape.at(1) : 1); };
  const auto mode = n.back();
  call("pad_image", {in(operation), out(operation), cWhole(from.at(0)), height(from), cWhole(from.back()),
                     cWhole(image ? n.at(2) : 0), cWhole(n.at(0)), height(to), cWhole(to.back()), cWhole(mode),
                     cFloat(mode == 0 && !operation.reals.empty() ? static_cast<float>(operation.reals[0]) : 0.0F)});
}

bool CWriter::writeImage(const Operation& operation) {
  const auto& shape = shapeOut(operation);
  switch (operation.primitive) {
    case Primitive::Conv1d:
    case Primitive::Conv2d:
    case Primitive::ConvTranspose2d:
      convolution(operation);
      return true;
    case Primitive::MaxPool2d:
    case Primitive::AvgPool2d:
    case Primitive::AdaptiveAvgPool2d:
    case Primitive::AdaptiveMaxPool2d:
      pool(operation);
      return true;
    case Primitive::BatchNorm:
    case Primitive::LayerNorm:
    case Primitive::GroupNorm:
      norm(operation);
      return true;
    case Primitive::GlobalAvgPool:
      reduce(operation, "reduce_mean", {1, 2});
      return true;
    case Primitive::Prelu:
      call("prelu",
           {in(operation), parameter(operation, 0), out(operation), cWhole(shape.at(0)),
            cWhole(countOut(operation) / shape[0]), spec::elementCount(parameterShape(operation, 0)) == 1 ? "1" : "0"});
      return true;
    case Primitive::Upsample2d: {
      const auto& from = shapeIn(operation);
      call(operation.ints.at(2) != 0 ? "upsample_bilinear" : "upsample_nearest",
           {in(operation), out(operation), cWhole(from.at(0)), cWhole(from.at(1)), cWhole(from.at(2)),
            cWhole(shape.at(1)), cWhole(shape.at(2))});
      return true;
    }
    case Primitive::Pad:
      pad(operation);
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

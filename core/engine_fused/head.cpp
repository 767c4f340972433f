// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/head.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lathe::engine {
namespace {

using spec::Primitive;

void softmax(std::vector<float>& values, std::size_t width) {
  for (std::size_t first = 0; first < values.size(); first += width) {
    float* row = values.data() + first;
    const float largest = *std::max_element(row, row + width);
    float sum = 0;
    for (std::size_t c = 0; c < width; ++c) sum += row[c] = std::exp(row[c] - largest);
    for (std::size_t c = 0; c < width; ++c) row[c] /= sum;
  }
}

void affine(std::vector<float>& values, std::size_t width, const std::vector<float>& scale,
            const std::vector<float>& shift) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = values[i] * scale[i % width] + shift[i % width];
}

void meanOverMembers(std::vector<float>& values, std::size_t members) {
  const auto size = values.size() / members;
  for (std::size_t m = 1; m < members; ++m)
    for (std::size_t i = 0; i < size; ++i) values[i] += values[m * size + i];
  values.resize(size);
  for (float& value : values) value /= static_cast<float>(members);
}

}  // namespace

bool knowsHead(const spec::Program& program) {
  constexpr std::array known{Primitive::Softmax, Primitive::Affine, Primitive::MeanOverMembers,
                             Primitive::Sigmoid, Primitive::Exp,    Primitive::Reshape,
                             Primitive::Sort};
  return std::all_of(program.head.begin(), program.head.end(), [&](const auto& operation) {
    return std::find(known.begin(), known.end(), operation.primitive) != known.end();
  });
}

void applyHead(const spec::Program& program, std::span<const float> logits, std::size_t members, std::size_t outputs,
               std::vector<float>& into) {
  std::vector<float> values(logits.begin(), logits.end());
  const auto constant = [&](const spec::Operation& operation, std::size_t i) -> const std::vector<float>& {
    return program.constants[static_cast<std::size_t>(operation.constants.at(i))].data;
  };
  for (const auto& operation : program.head) {
    if (operation.primitive == Primitive::Softmax) softmax(values, outputs);
    if (operation.primitive == Primitive::Sigmoid)
      for (float& value : values) value = 1 / (1 + std::exp(-value));
    if (operation.primitive == Primitive::Exp)
      for (float& value : values) value = std::exp(value);
    if (operation.primitive == Primitive::Sort) {
      // A reshape before it only says how many belong together.
      const auto& shape = program.values[static_cast<std::size_t>(operation.output)];
      const auto width = static_cast<std::ptrdiff_t>(shape.back());
      for (auto row = values.begin(); row != values.end(); row += width) std::sort(row, row + width);
    }
    if (operation.primitive == Primitive::Affine)
      affine(values, outputs, constant(operation, 0), constant(operation, 1));
    if (operation.primitive == Primitive::MeanOverMembers) {
      meanOverMembers(values, members);
      members = 1;
    }
  }
  into.insert(into.end(), values.begin(), values.end());
}

}  // namespace lathe::engine

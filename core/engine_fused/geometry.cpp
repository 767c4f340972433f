// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/geometry.h"

#include <algorithm>
#include <numeric>

namespace lathe::engine::fused {
namespace {

using spec::Operation;
using spec::Primitive;
using spec::Shape;

std::size_t at(int id) { return static_cast<std::size_t>(id); }

Geometry geometryOf(const Shape& shape, bool channelsFirst) {
  Geometry geometry;
  geometry.rank = shape.size();
  geometry.channelsFirst = channelsFirst || shape.size() == 3;
  const auto size = [&](std::size_t i) { return static_cast<int>(shape[i]); };
  if (shape.size() == 3) {
    geometry.features = size(0);
    geometry.height = size(1);
    geometry.width = size(2);
  } else if (shape.size() == 2) {
    geometry.features = size(channelsFirst ? 0 : 1);
    geometry.width = size(channelsFirst ? 1 : 0);
  } else if (!shape.empty()) {
    geometry.features = size(shape.size() - 1);
  }
  geometry.tokens = geometry.height * geometry.width;
  return geometry;
}

bool swapsBoth(const Operation& operation) { return operation.ints == std::vector<std::int64_t>{1, 0}; }

/// What one operation is given.
class Reader {
 public:
  Reader(const spec::Program& program, const std::vector<Geometry>& values, const Operation& operation)
      : m_program(program), m_values(values), m_operation(operation) {}

  [[nodiscard]] const Shape& given(std::size_t slot = 0) const {
    return m_program.values[at(m_operation.inputs.at(slot))];
  }
  [[nodiscard]] const Shape& made() const { return m_program.values[at(m_operation.output)]; }
  [[nodiscard]] bool channelsFirst(std::size_t slot = 0) const {
    return m_values[at(m_operation.inputs.at(slot))].channelsFirst;
  }
  /// A row, or rows of tokens whose features lie together.
  [[nodiscard]] bool isPlain() const { return given().size() <= 2 && !channelsFirst(); }
  [[nodiscard]] bool isRow() const { return given().size() == 1; }
  [[nodiscard]] bool isSequence() const { return given().size() == 2 && !channelsFirst(); }

  /// Whether a rank-2 output has its channels first.
  [[nodiscard]] bool makesChannelsFirst() const {
    switch (m_operation.primitive) {
      case Primitive::Permute:
        return !channelsFirst();
      case Primitive::Conv1d:
        return true;
      case Primitive::Reshape:
        return given().size() == 3 && made().size() == 2 && given()[0] == made()[0];
      case Primitive::Linear:
      case Primitive::Embedding:
      case Primitive::EmbeddingBag:
        return false;
      default:
        return given() == made() && channelsFirst();
    }
  }

  /// Nothing moves.
  [[nodiscard]] bool isView() const {
    if (m_operation.primitive == Primitive::Permute) return given().size() == 2 && swapsBoth(m_operation);
    if (m_operation.primitive != Primitive::Reshape && m_operation.primitive != Primitive::Flatten) return false;
    if (given() == made()) return true;
    const bool widens = given().size() == 2 && channelsFirst() && made().size() == 3;
    const bool narrows = given().size() == 3 && made().size() == 2;
    const auto& image = widens ? made() : given();
    return (widens || narrows) && given()[0] == made()[0] && image[1] == 1;
  }

  [[nodiscard]] bool isKnown() const {
    if (isView()) return true;
    if (std::max(given().size(), made().size()) > 3) return false;
    const auto& n = m_operation.ints;
    switch (m_operation.primitive) {
      case Primitive::Relu:
      case Primitive::Gelu:
      case Primitive::Silu:
      case Primitive::Tanh:
      case Primitive::Sigmoid:
      case Primitive::Mish:
      case Primitive::Selu:
      case Primitive::SmoothClip:
      case Primitive::Dropout:
        return true;
      case Primitive::Add:
        return sameOrientation();
      case Primitive::Linear:
      case Primitive::ScaleFeatures:
      case Primitive::ParametricActivation:
      case Primitive::EnsembleScale:
      case Primitive::EnsembleShift:
      case Primitive::EnsembleLinear:
        return isPlain();
      case Primitive::Embedding:
        return given().size() <= 2;
      case Primitive::EmbeddingBag:
        return true;
      case Primitive::LayerNorm:
        return n.at(0) == 1 && isPlain();
      case Primitive::BatchNorm:
        return isRow() || channelsFirst();
      case Primitive::Concat:
        return (isRow() || channelsFirst()) && sameOrientation();
      case Primitive::Flatten:
      case Primitive::Reshape:
        return made().size() == 1 || (isRow() && made().size() == 2);
      case Primitive::PeriodicEmbedding:
      case Primitive::PiecewiseEncoding:
      case Primitive::Waves:
        return isRow();
      case Primitive::Slice:
        return isRow() || isSequence();
      default:
        return isKnownOfImages();
    }
  }

 private:
  [[nodiscard]] bool sameOrientation() const {
    for (std::size_t slot = 1; slot < m_operation.inputs.size(); ++slot)
      if (channelsFirst(slot) != channelsFirst()) return false;
    return true;
  }

  [[nodiscard]] bool isKnownOfImages() const {
    const auto& n = m_operation.ints;
    switch (m_operation.primitive) {
      case Primitive::Conv2d:
        return n.at(6) == 1;
      case Primitive::Conv1d:
        return n.at(3) == 1 && channelsFirst();
      case Primitive::MaxPool2d:
      case Primitive::AvgPool2d:
      case Primitive::GlobalAvgPool:
        return true;
      case Primitive::AdaptiveAvgPool2d:
        return n.at(0) == 1 && n.at(1) == 1;
      case Primitive::ReduceMean:
      case Primitive::ReduceMax:
        return isSequence() && n == std::vector<std::int64_t>{0};
      case Primitive::Gru:
      case Primitive::Lstm:
        return isSequence();
      default:
        return false;
    }
  }

  const spec::Program& m_program;
  const std::vector<Geometry>& m_values;
  const Operation& m_operation;
};

std::vector<Geometry> geometries(const spec::Program& program) {
  std::vector<Geometry> values;
  for (const auto& shape : program.values) values.push_back(geometryOf(shape, false));
  for (const auto& operation : program.model)
    values[at(operation.output)] =
        geometryOf(program.values[at(operation.output)], Reader(program, values, operation).makesChannelsFirst());
  return values;
}

}  // namespace

Straightened straighten(const spec::Program& program) {
  Straightened result;
  result.values = geometries(program);
  std::vector<int> same(program.values.size());
  std::iota(same.begin(), same.end(), 0);
  for (auto operation : program.model) {
    const bool view = Reader(program, result.values, operation).isView();
    const auto given = result.values[at(operation.inputs.front())];
    for (int& input : operation.inputs) input = same[at(input)];
    if (view) {
      same[at(operation.output)] = operation.inputs.front();
      continue;
    }
    result.given.push_back(given);
    result.model.push_back(std::move(operation));
  }
  result.logits = same[at(program.logits)];
  return result;
}

std::optional<std::string> findObstacle(const spec::Program& program) {
  const auto values = geometries(program);
  for (const auto& operation : program.model)
    if (!Reader(program, values, operation).isKnown())
      return operation.layer + " (" + spec::name(operation.primitive) + ")";
  return std::nullopt;
}

}  // namespace lathe::engine::fused

// SPDX-License-Identifier: GPL-3.0-or-later
#include <numbers>
#include <numeric>

#include "core/exporting/onnx/onnx_writer.h"

namespace lathe::exporting {

using spec::Primitive;

OnnxWriter::Name OnnxWriter::standardized(const Operation& operation) {
  const bool image = shapeOut(operation).size() == 3;
  spec::Shape shape = constantOf(operation, 0).shape;
  if (image) shape = {shape.at(0), 1, 1};
  const auto scaled =
      m_graph.multiply(m_graph.subtract(in(operation), constant(operation, 0, shape)), constant(operation, 1, shape));
  return image ? scaled : m_graph.clip(scaled, -spec::standardizedLimit, spec::standardizedLimit);
}

// ONNX has no binary search: the knots that are not above a number are counted, and those beside it taken from the
// knots of all columns, one after another.
OnnxWriter::Name OnnxWriter::piecewiseLinear(const Operation& operation) {
  const auto& shape = constantOf(operation, 0).shape;
  const auto columns = shape.at(0), width = shape.at(1);
  const auto& x = in(operation);
  const auto notAbove =
      m_graph.node("LessOrEqual", {constant(operation, 0, {1, columns, width}), m_graph.unsqueeze(x, -1)});
  const auto count = m_graph.sum(m_graph.cast(notAbove, OnnxType::Int64), -1, false);
  const auto above = m_graph.node("Min", {m_graph.node("Max", {count, m_graph.whole(1)}), m_graph.whole(width - 1)});
  std::vector<std::int64_t> starts(static_cast<std::size_t>(columns));
  for (std::size_t i = 0; i < starts.size(); ++i) starts[i] = static_cast<std::int64_t>(i) * width;
  const auto right = m_graph.add(above, m_graph.list(starts));
  const auto left = m_graph.subtract(right, m_graph.whole(1));
  const auto knots = constant(operation, 0, {columns * width}), values = constant(operation, 1, {columns * width});
  const auto taken = [&](const Name& from, const Name& places) { return m_graph.node("Gather", {from, places}); };
  const auto low = taken(knots, left), start = taken(values, left);
  const auto share =
      m_graph.clip(m_graph.divide(m_graph.subtract(x, low), m_graph.subtract(taken(knots, right), low)), 0, 1);
  return m_graph.add(start, m_graph.multiply(share, m_graph.subtract(taken(values, right), start)));
}

// [N,K] codes as int64: what is NaN, negative or unseen is the last one of its column.
OnnxWriter::Name OnnxWriter::knownCodes(const Operation& operation) {
  std::vector<float> last;
  for (const auto cardinality : operation.ints) last.push_back(static_cast<float>(cardinality - 1));
  const auto limits = m_graph.tensor("unknown", {static_cast<std::int64_t>(last.size())}, last);
  const auto& x = in(operation);
  const auto known =
      m_graph.node("And", {m_graph.node("GreaterOrEqual", {x, m_graph.number(0)}), m_graph.node("Less", {x, limits})});
  return m_graph.cast(m_graph.node("Where", {known, x, limits}), OnnxType::Int64);
}

OnnxWriter::Name OnnxWriter::oneHot(const Operation& operation) {
  std::vector<std::int64_t> columns, places;
  for (std::size_t k = 0; k < operation.ints.size(); ++k)
    for (std::int64_t place = 0; place < operation.ints[k]; ++place) {
      columns.push_back(static_cast<std::int64_t>(k));
      places.push_back(place);
    }
  const auto repeated =
      m_graph.node("Gather", {knownCodes(operation), m_graph.list(columns)}, {{"axis", std::int64_t{1}}});
  return m_graph.cast(m_graph.node("Equal", {repeated, m_graph.list(places)}), OnnxType::Float);
}

// The civil calendar from days, as in preprocessing on LibTorch, but in float64, where a division that is rounded down
// is exact for whole numbers of this size; int64 divisions of ONNX round towards zero.
OnnxWriter::Name OnnxWriter::dateParts(const Operation& operation) {
  constexpr double turn = 2 * std::numbers::pi;
  auto& g = m_graph;
  const auto wide = [&](double value) { return g.wideNumber(value); };
  const auto floored = [&](const Name& x, double by) { return g.node("Floor", {g.divide(x, wide(by))}); };
  const auto times = [&](const Name& x, double by) { return g.multiply(x, wide(by)); };
  const auto& x = in(operation);
  const auto missing = g.node("Or", {g.node("IsNaN", {x}), g.node("IsInf", {x})});
  // 1 where both numbers of a row are there.
  const auto known = g.node("ReduceMin", {g.cast(g.node("Not", {missing}), OnnxType::Float)},
                            {{"axes", std::vector<std::int64_t>{1}}, {"keepdims", std::int64_t{1}}});
  const auto there = g.cast(known, OnnxType::Bool);
  const auto safe = g.node("Where", {there, x, g.number(0)});
  const auto days = g.select(safe, 1, 0), seconds = g.select(safe, 1, 1);
  const auto day = g.cast(g.node("Floor", {g.clip(days, -1e7, 1e7)}), OnnxType::Double);
  const auto civil = g.add(day, wide(730425));  // 10957 days from 1970 to 2000, 719468 from the calendar's own start
  const auto era = floored(civil, 146097);
  const auto ofEra = g.subtract(civil, times(era, 146097));
  const auto leap = g.subtract(g.subtract(floored(ofEra, 36524), floored(ofEra, 1460)), floored(ofEra, 146096));
  const auto yearOfEra = floored(g.add(ofEra, leap), 365);
  const auto ofYear =
      g.subtract(ofEra, g.subtract(g.add(times(yearOfEra, 365), floored(yearOfEra, 4)), floored(yearOfEra, 100)));
  const auto part = floored(g.add(times(ofYear, 5), wide(2)), 153);
  const auto month =
      g.node("Where", {g.node("Less", {part, wide(10)}), g.add(part, wide(3)), g.subtract(part, wide(9))});
  const auto early = g.cast(g.node("LessOrEqual", {month, wide(2)}), OnnxType::Double);
  const auto year = g.add(g.add(yearOfEra, times(era, 400)), early);
  const auto week = g.add(day, wide(5));
  const auto weekday = g.subtract(week, times(floored(week, 7), 7));
  const auto narrow = [&](const Name& value) { return g.cast(value, OnnxType::Float); };
  const auto ofMonth = g.multiply(narrow(g.subtract(month, wide(1))), g.number(turn / 12));
  const auto ofWeekday = g.multiply(narrow(weekday), g.number(turn / 7));
  const auto ofDay = g.multiply(seconds, g.number(turn / 86400));
  const auto since =
      g.clip(g.multiply(g.subtract(days, g.number(operation.reals.at(0))), g.number(operation.reals.at(1))),
             -spec::standardizedLimit, spec::standardizedLimit);
  Names parts{since, g.divide(narrow(g.subtract(year, wide(2000))), g.number(50))};
  for (const auto& angle : {ofMonth, ofWeekday, ofDay}) {
    parts.push_back(g.node("Sin", {angle}));
    parts.push_back(g.node("Cos", {angle}));
  }
  for (auto& each : parts) each = g.unsqueeze(each, 1);
  return g.multiply(g.joined(parts), known);
}

OnnxWriter::Name OnnxWriter::logMel(const Operation& operation) {
  auto& g = m_graph;
  const auto bins = constantOf(operation, 1).shape.at(1);
  const bool relative = operation.ints.at(1) != 0;
  const auto clip = g.unsqueeze(in(operation), 1);
  const auto spectrum =
      g.node("Conv", {clip, constant(operation, 0)}, {{"strides", std::vector<std::int64_t>{operation.ints.at(0)}}});
  const auto cosines = g.slice(spectrum, 1, 0, bins), sines = g.slice(spectrum, 1, bins, bins);
  const auto power = g.add(g.multiply(cosines, cosines), g.multiply(sines, sines));
  auto mel = g.node("MatMul", {constant(operation, 1), power});
  if (relative) {
    const auto loudness = g.mean(g.multiply(clip, clip), {1, 2}, true);
    mel = g.divide(mel, g.add(loudness, g.number(spec::smallestPower)));
  }
  auto picture = g.unsqueeze(g.node("Log", {g.add(mel, g.number(operation.reals.at(0)))}), 1);
  if (!relative) return picture;
  picture = g.subtract(picture, g.mean(picture, {1, 2, 3}, true));
  const auto deviation = g.node("Sqrt", {g.mean(g.multiply(picture, picture), {1, 2, 3}, true)});
  return g.divide(picture, g.add(deviation, g.number(spec::smallestDeviation)));
}

bool OnnxWriter::writePreprocessing(const Operation& operation) {
  switch (operation.primitive) {
    case Primitive::SelectColumns:
      set(operation,
          m_graph.node("Gather", {in(operation), m_graph.list(operation.ints)}, {{"axis", std::int64_t{1}}}));
      return true;
    case Primitive::IsMissing:
      set(operation, m_graph.cast(m_graph.node("IsNaN", {in(operation)}), OnnxType::Float));
      return true;
    case Primitive::FillMissing:
      set(operation,
          m_graph.node("Where", {m_graph.node("IsNaN", {in(operation)}), constant(operation, 0), in(operation)}));
      return true;
    case Primitive::Standardize:
      set(operation, standardized(operation));
      return true;
    case Primitive::PiecewiseLinear:
      set(operation, piecewiseLinear(operation));
      return true;
    case Primitive::OneHot:
      set(operation, oneHot(operation));
      return true;
    case Primitive::Codes:
      set(operation, knownCodes(operation));
      return true;
    case Primitive::DateParts:
      set(operation, dateParts(operation));
      return true;
    case Primitive::LogMel:
      set(operation, logMel(operation));
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

// SPDX-License-Identifier: GPL-3.0-or-later
#include <numbers>

#include "core/exporting/tensorflow/tensorflow_writer.h"

namespace lathe::exporting {

using spec::Primitive;

void TensorflowWriter::standardize(const Operation& operation) {
  auto& g = m_graph;
  const bool image = shapeOut(operation).size() == 3;
  const bool channelsLast = prefersLast(operation);
  const auto count = constantOf(operation, 0).shape.at(0);
  const spec::Shape shape = image ? ofChannels(count, shapeOut(operation), channelsLast) : spec::Shape{count};
  const auto x = channelsLast ? last(operation) : in(operation);
  const auto scaled = g.multiply(g.subtract(x, constant(operation, 0, shape)), constant(operation, 1, shape));
  set(operation, image ? scaled : g.clip(scaled, -spec::standardizedLimit, spec::standardizedLimit), channelsLast);
}

// The knots that are not above a number are counted, and those beside it taken from the knots of all columns, one after
// another.
TfValue TensorflowWriter::piecewiseLinear(const Operation& operation) {
  auto& g = m_graph;
  const auto& shape = constantOf(operation, 0).shape;
  const auto columns = shape.at(0), width = shape.at(1);
  const auto x = in(operation);
  const auto notAbove = g.compare("LessEqual", constant(operation, 0, {1, columns, width}), g.expand(x, -1));
  const auto count = g.sum(g.cast(notAbove, TfType::Int64), 2, false);
  const auto above = g.clip(count, g.wide(1), g.wide(width - 1));
  Ints starts(static_cast<std::size_t>(columns));
  for (std::size_t i = 0; i < starts.size(); ++i) starts[i] = static_cast<std::int64_t>(i) * width;
  const auto right = g.add(above, g.wideList(starts));
  const auto left = g.subtract(right, g.wide(1));
  const auto knots = constant(operation, 0, {columns * width}), values = constant(operation, 1, {columns * width});
  const auto low = g.gather(knots, left, 0), start = g.gather(values, left, 0);
  const auto share = g.clip(g.divide(g.subtract(x, low), g.subtract(g.gather(knots, right, 0), low)), 0, 1);
  return g.add(start, g.multiply(share, g.subtract(g.gather(values, right, 0), start)));
}

// [N,K] codes as int64: what is NaN, negative or unseen is the last one of its column.
TfValue TensorflowWriter::knownCodes(const Operation& operation) {
  auto& g = m_graph;
  Floats ends;
  for (const auto cardinality : operation.ints) ends.push_back(static_cast<float>(cardinality - 1));
  const auto limits = g.tensor("unknown", {static_cast<std::int64_t>(ends.size())}, ends);
  const auto x = in(operation);
  const auto known =
      g.node("LogicalAnd", {g.compare("GreaterEqual", x, g.number(0)), g.compare("Less", x, limits)}, TfType::Bool, {});
  return g.cast(g.choose(known, x, limits), TfType::Int64);
}

TfValue TensorflowWriter::oneHot(const Operation& operation) {
  auto& g = m_graph;
  Ints columns, places;
  for (std::size_t k = 0; k < operation.ints.size(); ++k)
    for (std::int64_t place = 0; place < operation.ints[k]; ++place) {
      columns.push_back(static_cast<std::int64_t>(k));
      places.push_back(place);
    }
  const auto repeated = g.gather(knownCodes(operation), g.list(columns), 1);
  return g.cast(g.compare("Equal", repeated, g.wideList(places)), TfType::Float);
}

// The civil calendar from days, as in preprocessing on LibTorch.
TfValue TensorflowWriter::dateParts(const Operation& operation) {
  constexpr double turn = 2 * std::numbers::pi;
  auto& g = m_graph;
  const auto wide = [&](std::int64_t value) { return g.wide(value); };
  const auto floored = [&](const TfValue& x, std::int64_t by) { return g.same("FloorDiv", {x, g.wide(by)}); };
  const auto times = [&](const TfValue& x, std::int64_t by) { return g.multiply(x, g.wide(by)); };
  const auto x = in(operation);
  const auto finite = g.node("IsFinite", {x}, TfType::Bool, {{"T", TfType::Float}});
  const auto there = g.reduce("All", finite, {1}, true);  // both numbers of a row
  const auto safe = g.choose(there, x, g.number(0));
  const auto days = g.select(safe, 1, 0), seconds = g.select(safe, 1, 1);
  const auto day = g.cast(g.same("Floor", {g.clip(days, -1e7, 1e7)}), TfType::Int64);
  const auto civil = g.add(day, wide(730425));  // 10957 days from 1970 to 2000, 719468 from the calendar's own start
  const auto era = floored(civil, 146097);
  const auto ofEra = g.subtract(civil, times(era, 146097));
  const auto leap = g.subtract(g.subtract(floored(ofEra, 36524), floored(ofEra, 1460)), floored(ofEra, 146096));
  const auto yearOfEra = floored(g.add(ofEra, leap), 365);
  const auto ofYear =
      g.subtract(ofEra, g.subtract(g.add(times(yearOfEra, 365), floored(yearOfEra, 4)), floored(yearOfEra, 100)));
  const auto part = floored(g.add(times(ofYear, 5), wide(2)), 153);
  const auto month = g.choose(g.compare("Less", part, wide(10)), g.add(part, wide(3)), g.subtract(part, wide(9)));
  const auto early = g.cast(g.compare("LessEqual", month, wide(2)), TfType::Int64);
  const auto year = g.add(g.add(yearOfEra, times(era, 400)), early);
  const auto week = g.add(day, wide(5));
  const auto weekday = g.subtract(week, times(floored(week, 7), 7));
  const auto narrow = [&](const TfValue& value) { return g.cast(value, TfType::Float); };
  const auto ofMonth = g.multiply(narrow(g.subtract(month, wide(1))), g.number(turn / 12));
  const auto ofWeekday = g.multiply(narrow(weekday), g.number(turn / 7));
  const auto ofDay = g.multiply(seconds, g.number(turn / 86400));
  const auto since =
      g.clip(g.multiply(g.subtract(days, g.number(operation.reals.at(0))), g.number(operation.reals.at(1))),
             -spec::standardizedLimit, spec::standardizedLimit);
  TfValues parts{since, g.divide(narrow(g.subtract(year, wide(2000))), g.number(50))};
  for (const auto& angle : {ofMonth, ofWeekday, ofDay}) {
    parts.push_back(g.same("Sin", {angle}));
    parts.push_back(g.same("Cos", {angle}));
  }
  for (auto& each : parts) each = g.expand(each, 1);
  return g.multiply(g.joined(parts), narrow(there));
}

// Samples as an image of one row, its spectrum as [N,T,2B], the picture as [N,M,T,1].
void TensorflowWriter::logMel(const Operation& operation) {
  auto& g = m_graph;
  const auto &basis = constantOf(operation, 0), &filters = constantOf(operation, 1);
  const auto bins = filters.shape.at(1), mels = filters.shape.at(0), width = basis.shape.at(2);
  const auto steps = shapeOut(operation).back();
  const bool relative = operation.ints.at(1) != 0;
  Floats turned(basis.data.size());
  for (std::size_t i = 0, columns = static_cast<std::size_t>(width); i < turned.size(); ++i)
    turned[i % columns * static_cast<std::size_t>(2 * bins) + i / columns] = basis.data[i];
  const auto x = in(operation);
  const auto clip = g.reshape(x, {-1, 1, shapeIn(operation).at(0), 1});
  const auto spectrum =
      g.onImage("Conv2D", {clip, g.tensor(basis.name, {1, width, 1, 2 * bins}, turned)}, {1, operation.ints.at(0)},
                {0, 0}, {{"dilations", Ints{1, 1, 1, 1}}, {"use_cudnn_on_gpu", true}});
  const auto squares = g.reshape(g.square(spectrum), {-1, 2 * bins});
  const auto power = g.add(g.slice(squares, 1, 0, bins), g.slice(squares, 1, bins, bins));
  auto mel = g.reshape(g.product(power, constant(operation, 1), true), {-1, steps, mels});
  if (relative) {
    const auto loudness = g.expand(g.mean(g.square(x), {1}, true), 2);
    mel = g.divide(mel, g.add(loudness, g.number(spec::smallestPower)));
  }
  auto picture = g.same("Log", {g.add(mel, g.number(operation.reals.at(0)))});
  if (relative) {
    picture = g.subtract(picture, g.mean(picture, {1, 2}, true));
    const auto deviation = g.same("Sqrt", {g.mean(g.square(picture), {1, 2}, true)});
    picture = g.divide(picture, g.add(deviation, g.number(spec::smallestDeviation)));
  }
  setLast(operation, g.expand(g.transpose(picture, {0, 2, 1}), 3));
}

bool TensorflowWriter::writePreprocessing(const Operation& operation) {
  auto& g = m_graph;
  const auto missing = [&](const TfValue& x) { return g.node("IsNan", {x}, TfType::Bool, {{"T", x.type}}); };
  switch (operation.primitive) {
    case Primitive::SelectColumns:
      set(operation, g.gather(in(operation), g.list(operation.ints), 1));
      return true;
    case Primitive::IsMissing:
      set(operation, g.cast(missing(in(operation)), TfType::Float));
      return true;
    case Primitive::FillMissing:
      set(operation, g.choose(missing(in(operation)), constant(operation, 0), in(operation)));
      return true;
    case Primitive::Standardize:
      standardize(operation);
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
      logMel(operation);
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting

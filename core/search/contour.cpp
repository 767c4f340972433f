// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/contour.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/search/forest_marginals.h"
#include "core/search/importance_tools.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t mostPoints = 2000;  // more are put together where they are close
constexpr double mergeCells = 40;         // an axis
constexpr std::size_t mostForForest = 1000;
constexpr int trees = 32;

std::vector<double> gridOf(const spec::SearchParameter& parameter, std::size_t most) {
  const auto count = parameter.count();
  std::vector<double> units;
  if (count > 0 && (count <= most || parameter.type == spec::ParameterType::Categorical)) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto index = static_cast<double>(i);
      units.push_back(toUnit(parameter, parameter.isChoice() ? index : parameter.low + index * parameter.step));
    }
    return units;
  }
  most = std::max<std::size_t>(most, 2);
  for (std::size_t i = 0; i < most; ++i) units.push_back(static_cast<double>(i) / static_cast<double>(most - 1));
  return units;
}

struct Point {
  double x = 0, y = 0, value = 0, weight = 1;
};

// Categories are never put together.
std::vector<Point> merged(const std::vector<Point>& points, bool xCategories, bool yCategories) {
  const auto key = [](double unit, bool category) { return category ? unit : std::floor(unit * mergeCells); };
  std::map<std::pair<double, double>, Point> cells;
  for (const auto& point : points) {
    auto& cell = cells[{key(point.x, xCategories), key(point.y, yCategories)}];
    const double part = 1 / cell.weight;  // the first one finds the weight 1
    cell.x += (point.x - cell.x) * part;
    cell.y += (point.y - cell.y) * part;
    cell.value += (point.value - cell.value) * part;
    cell.weight += 1;
  }
  std::vector<Point> result;
  for (auto& [place, cell] : cells) {
    cell.weight -= 1;
    result.push_back(cell);
  }
  return result;
}

void interpolate(Contour& contour, std::vector<Point> points, bool xCategories, bool yCategories) {
  if (points.size() > mostPoints) points = merged(points, xCategories, yCategories);
  if (points.empty()) return;
  contour.values.assign(contour.x.size() * contour.y.size(), nothing);
  constexpr double close = 1e-6;  // square of a distance below which a trial is met
  for (std::size_t row = 0; row < contour.y.size(); ++row)
    for (std::size_t column = 0; column < contour.x.size(); ++column) {
      double sum = 0, weights = 0;
      for (const auto& point : points) {
        const double dx = point.x - contour.x[column], dy = point.y - contour.y[row];
        if ((xCategories && std::abs(dx) > 1e-9) || (yCategories && std::abs(dy) > 1e-9)) continue;
        const double nearness = close / (dx * dx + dy * dy + close);
        const double weight = point.weight * nearness * nearness;
        sum += weight * point.value;
        weights += weight;
      }
      if (weights > 0) contour.values[row * contour.x.size() + column] = sum / weights;
    }
}

std::size_t cellAt(const AxisCells& axis, const spec::SearchParameter& parameter, double unit) {
  if (axis.edges.empty()) return static_cast<std::size_t>(fromUnit(parameter, unit));
  const auto at = std::lower_bound(axis.edges.begin() + 1, axis.edges.end() - 1, unit) - axis.edges.begin();
  return static_cast<std::size_t>(at) - 1;
}

void average(Contour& contour, ImportanceData data, std::size_t first, std::size_t second,
             const ContourOptions& options) {
  const auto placeOf = [&](std::size_t whole) {
    return static_cast<std::size_t>(std::find(data.places.begin(), data.places.end(), whole) - data.places.begin());
  };
  const auto a = placeOf(first), b = placeOf(second);
  if (a == data.space.size() || b == data.space.size() || data.values.empty()) return;
  thinOut(data, mostForForest, options.seed);
  const auto scaling = normalise(data.values);
  const ForestSpace space(data.space);
  std::vector<std::vector<double>> codes(data.space.size());
  for (std::size_t f = 0; f < codes.size(); ++f)
    for (const auto* configuration : data.configurations) codes[f].push_back(space.code(f, (*configuration)[f]));
  const RegressionForest forest(space, codes, data.values, {.trees = trees, .seed = options.seed});
  const auto columns = contour.x.size();
  std::vector<double> sums(columns * contour.y.size(), 0);
  for (const auto& tree : forest.trees()) {
    const auto marginal = marginalOf(leafBoxes(tree, space), space, a, b);
    if (marginal.values.empty()) return;
    const auto& parameters = data.space.parameters;
    for (std::size_t row = 0; row < contour.y.size(); ++row)
      for (std::size_t column = 0; column < columns; ++column)
        sums[row * columns + column] +=
            marginal.values[cellAt(marginal.first, parameters[a], contour.x[column]) * marginal.second.masses.size() +
                            cellAt(marginal.second, parameters[b], contour.y[row])];
  }
  for (const double sum : sums) contour.values.push_back(scaling.offset + scaling.factor * sum / trees);
}

}  // namespace

Contour contour(const SearchSpace& space, std::size_t first, std::size_t second,
                std::span<const Configuration> configurations, std::span<const double> values,
                const ContourOptions& options) {
  const auto& x = space.parameters[first];
  const auto& y = space.parameters[second];
  Contour result;
  result.x = gridOf(x, options.columns);
  result.y = gridOf(y, options.rows);
  if (first == second) return result;
  if (options.kind == ContourKind::Averaged) {
    average(result, importanceData(space, configurations, values), first, second, options);
    return result;
  }
  std::vector<Point> points;
  const auto count = std::min(configurations.size(), values.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& each = configurations[i];
    if (!std::isfinite(values[i]) || each.size() != space.size()) continue;
    if (std::isnan(each[first]) || std::isnan(each[second])) continue;
    points.push_back({toUnit(x, each[first]), toUnit(y, each[second]), values[i], 1});
  }
  const auto unordered = [](const auto& parameter) { return parameter.type == spec::ParameterType::Categorical; };
  interpolate(result, std::move(points), unordered(x), unordered(y));
  return result;
}

}  // namespace lathe::search

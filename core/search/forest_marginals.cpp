// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/forest_marginals.h"

#include <algorithm>
#include <map>

namespace lathe::search {
namespace {

using Given = std::vector<const Restriction*>;  // one a parameter, or null

// What holds where all of these are active. False if that is nowhere.
bool restrictTo(const ForestSpace& space, std::initializer_list<std::size_t> parameters, Given& given,
                std::vector<Restriction>& storage, double& share) {
  std::map<std::size_t, Restriction> all;
  for (const auto parameter : parameters)
    for (const auto& each : space.restrictions(parameter)) {
      const auto [at, fresh] = all.emplace(each.parameter, each);
      if (!fresh) at->second = space.both(at->second, each);
    }
  storage.clear();
  for (auto& [parameter, restriction] : all) storage.push_back(std::move(restriction));
  given.assign(space.size(), nullptr);
  share = 1;
  for (const auto& restriction : storage) {
    given[restriction.parameter] = &restriction;
    share *= space.chance(restriction);
  }
  return share > 0;
}

AxisCells cellsOf(const LeafBoxes& boxes, const ForestSpace& space, std::size_t parameter, const Restriction* given) {
  AxisCells axis;
  if (const int categories = space.categories(parameter); categories > 0) {
    for (int c = 0; c < categories; ++c)
      axis.masses.push_back(space.share(parameter, {0, 1, std::uint64_t{1} << static_cast<unsigned>(c)}, given));
    return axis;
  }
  axis.edges = {0, 1};
  for (std::size_t leaf = 0; leaf < boxes.size(); ++leaf) axis.edges.push_back(boxes.side(leaf, parameter).high);
  std::sort(axis.edges.begin(), axis.edges.end());
  axis.edges.erase(std::unique(axis.edges.begin(), axis.edges.end()), axis.edges.end());
  for (std::size_t i = 0; i + 1 < axis.edges.size(); ++i)
    axis.masses.push_back(space.share(parameter, {axis.edges[i], axis.edges[i + 1]}, given));
  return axis;
}

// Runs [begin, end) of cells that a side covers.
template <class Do>
void forRuns(const AxisCells& axis, const Side& side, const Do& visit) {
  if (!axis.edges.empty()) {
    const auto at = [&](double edge) {
      return static_cast<std::size_t>(std::lower_bound(axis.edges.begin(), axis.edges.end(), edge) -
                                      axis.edges.begin());
    };
    visit(at(side.low), at(side.high));
    return;
  }
  for (std::size_t c = 0; c < axis.masses.size(); ++c)
    if ((side.choices >> c & 1U) != 0) visit(c, c + 1);
}

double weightOf(const LeafBoxes& boxes, const ForestSpace& space, std::size_t leaf, const Given& given,
                std::size_t without, std::size_t andWithout) {
  double weight = 1;
  for (std::size_t k = 0; k < boxes.inputs && weight > 0; ++k)
    if (k != without && k != andWithout) weight *= space.share(k, boxes.side(leaf, k), given[k]);
  return weight;
}

double varianceOf(const std::vector<double>& masses, const std::vector<double>& values) {
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < values.size(); ++i) mean += masses[i] * values[i];
  for (std::size_t i = 0; i < values.size(); ++i) square += masses[i] * (values[i] - mean) * (values[i] - mean);
  return square;
}

}  // namespace

double Marginal::variance() const { return varianceOf(axis.masses, values); }

double PairMarginal::interaction() const {
  const auto rows = first.masses.size(), columns = second.masses.size();
  std::vector<double> byRow(rows, 0), byColumn(columns, 0);
  double mean = 0;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const double value = values[r * columns + c];
      byRow[r] += second.masses[c] * value;
      byColumn[c] += first.masses[r] * value;
      mean += first.masses[r] * second.masses[c] * value;
    }
  double sum = 0;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const double rest = values[r * columns + c] - byRow[r] - byColumn[c] + mean;
      sum += first.masses[r] * second.masses[c] * rest * rest;
    }
  return sum;
}

Marginal marginalOf(const LeafBoxes& boxes, const ForestSpace& space, std::size_t parameter) {
  Marginal marginal;
  Given given;
  std::vector<Restriction> storage;
  if (!restrictTo(space, {parameter}, given, storage, marginal.activeShare)) return marginal;
  marginal.axis = cellsOf(boxes, space, parameter, nullptr);
  std::vector<double> steps(marginal.axis.masses.size() + 1, 0);
  for (std::size_t leaf = 0; leaf < boxes.size(); ++leaf) {
    const double added = boxes.values[leaf] * weightOf(boxes, space, leaf, given, parameter, parameter);
    forRuns(marginal.axis, boxes.side(leaf, parameter), [&](std::size_t begin, std::size_t end) {
      steps[begin] += added;
      steps[end] -= added;
    });
  }
  double sum = 0;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) marginal.values.push_back(sum += steps[i]);
  return marginal;
}

PairMarginal marginalOf(const LeafBoxes& boxes, const ForestSpace& space, std::size_t first, std::size_t second) {
  PairMarginal marginal;
  Given given;
  std::vector<Restriction> storage;
  if (!restrictTo(space, {first, second}, given, storage, marginal.activeShare)) return marginal;
  marginal.first = cellsOf(boxes, space, first, given[first]);
  marginal.second = cellsOf(boxes, space, second, given[second]);
  const auto rows = marginal.first.masses.size(), columns = marginal.second.masses.size();
  // Differences along both axes, summed up afterwards.
  std::vector<double> steps((rows + 1) * (columns + 1), 0);
  const auto step = [&](std::size_t r, std::size_t c) -> double& { return steps[r * (columns + 1) + c]; };
  for (std::size_t leaf = 0; leaf < boxes.size(); ++leaf) {
    const double added = boxes.values[leaf] * weightOf(boxes, space, leaf, given, first, second);
    forRuns(marginal.first, boxes.side(leaf, first), [&](std::size_t top, std::size_t bottom) {
      forRuns(marginal.second, boxes.side(leaf, second), [&](std::size_t left, std::size_t right) {
        step(top, left) += added;
        step(top, right) -= added;
        step(bottom, left) -= added;
        step(bottom, right) += added;
      });
    });
  }
  marginal.values.resize(rows * columns);
  std::vector<double> above(columns, 0);
  for (std::size_t r = 0; r < rows; ++r) {
    double sum = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      sum += step(r, c);
      marginal.values[r * columns + c] = above[c] += sum;
    }
  }
  return marginal;
}

TreeMoments momentsOf(const LeafBoxes& boxes, const ForestSpace& space) {
  TreeMoments moments;
  std::vector<double> masses;
  const Given given(space.size(), nullptr);
  for (std::size_t leaf = 0; leaf < boxes.size(); ++leaf) {
    masses.push_back(weightOf(boxes, space, leaf, given, boxes.inputs, boxes.inputs));
    moments.mean += masses.back() * boxes.values[leaf];
  }
  moments.variance = varianceOf(masses, boxes.values);
  return moments;
}

}  // namespace lathe::search

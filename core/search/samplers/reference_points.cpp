// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/reference_points.h"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>

namespace lathe::search {
namespace {

constexpr int fromTwoLayers = 8;

// binomial(divisions + goals - 1, goals - 1), or a lot.
double latticeSize(int goals, int divisions) {
  double size = 1;
  for (int i = 1; i < goals; ++i) size *= static_cast<double>(divisions + i) / i;
  return std::round(size);
}

void lattice(Goals& point, std::size_t goal, int left, int divisions, std::vector<Goals>& points) {
  if (goal + 1 == point.size()) {
    point[goal] = static_cast<double>(left) / divisions;
    points.push_back(point);
    return;
  }
  for (int i = 0; i <= left; ++i) {
    point[goal] = static_cast<double>(i) / divisions;
    lattice(point, goal + 1, left - i, divisions, points);
  }
}

void addLayer(int goals, int divisions, double size, std::vector<Goals>& points) {
  std::vector<Goals> layer;
  Goals point(static_cast<std::size_t>(goals));
  lattice(point, 0, divisions, divisions, layer);
  for (auto& each : layer) {
    for (auto& value : each) value = size * value + (1 - size) / goals;
    points.push_back(std::move(each));
  }
}

int divisionsFor(int goals, std::size_t most) {
  int divisions = 1;
  while (goals > 1 && latticeSize(goals, divisions + 1) <= static_cast<double>(most)) ++divisions;
  return divisions;
}

// Points less the ideal one, divided by where the plane through the extreme ones meets the axes; by the worst values
// where there is no such plane.
std::vector<Goals> normalised(std::vector<Goals> points) {
  const std::size_t goals = points.front().size();
  Goals ideal = points.front(), worst = points.front();
  for (const auto& point : points)
    for (std::size_t k = 0; k < goals; ++k) {
      ideal[k] = std::min(ideal[k], point[k]);
      worst[k] = std::max(worst[k], point[k]);
    }
  for (auto& point : points)
    for (std::size_t k = 0; k < goals; ++k) point[k] -= ideal[k];
  const auto size = static_cast<Eigen::Index>(goals);
  Eigen::MatrixXd extreme(size, size);
  for (std::size_t axis = 0; axis < goals; ++axis) {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& point : points) {
      double largest = 0;
      for (std::size_t k = 0; k < goals; ++k) largest = std::max(largest, k == axis ? point[k] : point[k] * 1e6);
      if (largest < least) {
        least = largest;
        for (std::size_t k = 0; k < goals; ++k)
          extreme(static_cast<Eigen::Index>(axis), static_cast<Eigen::Index>(k)) = point[k];
      }
    }
  }
  const Eigen::FullPivLU<Eigen::MatrixXd> plane(extreme);
  Eigen::VectorXd inverse = Eigen::VectorXd::Zero(size);
  if (plane.isInvertible()) inverse = plane.solve(Eigen::VectorXd::Ones(size));
  for (std::size_t k = 0; k < goals; ++k) {
    const double range = worst[k] - ideal[k];
    double scale = 1 / inverse(static_cast<Eigen::Index>(k));
    if (!(scale > 1e-6 * range && scale <= range)) scale = range;
    if (!(scale > 0)) scale = 1;
    for (auto& point : points) point[k] /= scale;
  }
  return points;
}

struct Niche {
  std::size_t direction = 0;
  double distance = 0;  ///< squared, to the direction's line
};

Niche nicheOf(const Goals& point, const std::vector<Goals>& directions) {
  Niche niche{0, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < directions.size(); ++i) {
    double along = 0, length = 0, size = 0;
    for (std::size_t k = 0; k < point.size(); ++k) {
      along += point[k] * directions[i][k];
      length += directions[i][k] * directions[i][k];
      size += point[k] * point[k];
    }
    const double distance = std::max(0.0, size - along * along / length);
    if (distance < niche.distance) niche = {i, distance};
  }
  return niche;
}

}  // namespace

std::vector<Goals> referencePoints(int goals, std::size_t most) {
  std::vector<Goals> points;
  if (goals < fromTwoLayers) {
    addLayer(goals, divisionsFor(goals, most), 1, points);
  } else {
    const int divisions = divisionsFor(goals, most / 2);
    addLayer(goals, divisions, 1, points);
    addLayer(goals, divisions, 0.5, points);
  }
  return points;
}

std::vector<std::size_t> nichedSurvivors(const std::vector<const Told*>& all, std::size_t count,
                                         const std::vector<Goals>& directions) {
  const auto fronts = frontsOf(all);
  auto order = bestFirst(all);  // for those that are not complete, and as the order of ties
  if (order.size() <= count) return order;
  const int last = fronts[order[count - 1]];
  std::vector<std::size_t> survivors, candidates;
  for (const auto i : order) {
    if (fronts[i] < last) survivors.push_back(i);
    if (fronts[i] == last) candidates.push_back(i);
  }
  if (all[candidates.front()]->standing != Told::Complete || all[candidates.front()]->values.size() < 2) {
    order.resize(count);
    return order;
  }
  std::vector<Goals> points;
  points.reserve(survivors.size() + candidates.size());
  for (const auto i : survivors) points.push_back(all[i]->values);
  for (const auto i : candidates) points.push_back(all[i]->values);
  points = normalised(std::move(points));
  std::vector<std::size_t> used(directions.size(), 0);
  for (std::size_t i = 0; i < survivors.size(); ++i) ++used[nicheOf(points[i], directions).direction];
  std::vector<std::pair<std::size_t, Niche>> waiting;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    waiting.emplace_back(candidates[i], nicheOf(points[survivors.size() + i], directions));
  while (survivors.size() < count) {
    const auto next = std::min_element(waiting.begin(), waiting.end(), [&](const auto& a, const auto& b) {
      const auto usedA = used[a.second.direction], usedB = used[b.second.direction];
      return usedA != usedB ? usedA < usedB : a.second.distance < b.second.distance;
    });
    survivors.push_back(next->first);
    ++used[next->second.direction];
    waiting.erase(next);
  }
  return survivors;
}

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/pareto.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace lathe::search {
namespace {

std::vector<std::size_t> lexicographic(const std::vector<Goals>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  return order;
}

// Two goals: in lexicographic order a point's front is the first one whose last member does not dominate it, and the
// last members' second goals ascend with the front.
std::vector<int> ranksOfTwo(const std::vector<Goals>& points) {
  std::vector<int> ranks(points.size(), 0);
  std::vector<const Goals*> last;
  for (const auto i : lexicographic(points)) {
    const auto at = std::partition_point(last.begin(), last.end(),
                                         [&](const Goals* member) { return dominates(*member, points[i]); });
    ranks[i] = static_cast<int>(at - last.begin());
    if (at == last.end())
      last.push_back(&points[i]);
    else
      *at = &points[i];
  }
  return ranks;
}

double boxVolume(const Goals& point, const Goals& reference) {
  double volume = 1;
  for (std::size_t k = 0; k < point.size(); ++k) volume *= reference[k] - point[k];
  return volume;
}

double wfg(std::vector<Goals> points, const Goals& reference);

// What points[i] adds to those behind it.
double exclusive(const std::vector<Goals>& points, std::size_t i, const Goals& reference) {
  std::vector<Goals> limited;
  limited.reserve(points.size() - i - 1);
  for (std::size_t j = i + 1; j < points.size(); ++j) {
    Goals each(reference.size());
    for (std::size_t k = 0; k < each.size(); ++k) each[k] = std::max(points[i][k], points[j][k]);
    limited.push_back(std::move(each));
  }
  return boxVolume(points[i], reference) - wfg(std::move(limited), reference);
}

double sweep(std::vector<Goals>& points, const Goals& reference) {
  std::sort(points.begin(), points.end());
  double volume = 0, height = reference[1];
  for (const auto& point : points)
    if (point[1] < height) {
      volume += (reference[0] - point[0]) * (height - point[1]);
      height = point[1];
    }
  return volume;
}

double wfg(std::vector<Goals> points, const Goals& reference) {
  if (points.empty()) return 0;
  if (reference.size() == 1) return reference[0] - (*std::min_element(points.begin(), points.end()))[0];
  if (reference.size() == 2) return sweep(points, reference);
  std::vector<Goals> front;
  for (const auto i : paretoFront(points)) front.push_back(std::move(points[i]));
  // Worst in the last goal first: what is left for the later ones is then small.
  std::sort(front.begin(), front.end(), [](const Goals& a, const Goals& b) { return a.back() > b.back(); });
  front.erase(std::unique(front.begin(), front.end()), front.end());
  double volume = 0;
  for (std::size_t i = 0; i < front.size(); ++i) volume += exclusive(front, i, reference);
  return volume;
}

std::vector<Goals> inside(const std::vector<Goals>& points, const Goals& reference) {
  std::vector<Goals> result;
  for (const auto& point : points)
    if (std::equal(point.begin(), point.end(), reference.begin(), [](double a, double b) { return a < b; }))
      result.push_back(point);
  return result;
}

}  // namespace

bool dominates(const Goals& a, const Goals& b) {
  bool better = false;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (!(a[k] <= b[k])) return false;
    better = better || a[k] < b[k];
  }
  return better;
}

std::vector<std::size_t> paretoFront(const std::vector<Goals>& points) {
  std::vector<std::size_t> front;
  // In this order nobody is dominated by a later one.
  for (const auto i : lexicographic(points))
    if (std::none_of(front.begin(), front.end(), [&](std::size_t j) { return dominates(points[j], points[i]); }))
      front.push_back(i);
  std::sort(front.begin(), front.end());
  return front;
}

std::vector<int> nondominatedRanks(const std::vector<Goals>& points) {
  if (points.empty()) return {};
  if (points.front().size() == 2) return ranksOfTwo(points);
  std::vector<int> ranks(points.size(), 0);
  std::vector<std::vector<std::size_t>> fronts;
  for (const auto i : lexicographic(points)) {
    std::size_t front = 0;
    while (front < fronts.size() && std::any_of(fronts[front].begin(), fronts[front].end(),
                                                [&](std::size_t j) { return dominates(points[j], points[i]); }))
      ++front;
    if (front == fronts.size()) fronts.emplace_back();
    fronts[front].push_back(i);
    ranks[i] = static_cast<int>(front);
  }
  return ranks;
}

std::vector<double> crowdingDistances(const std::vector<Goals>& points) {
  std::vector<double> distances(points.size(), 0);
  if (points.empty()) return distances;
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t k = 0; k < points.front().size(); ++k) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return points[a][k] < points[b][k]; });
    const double range = points[order.back()][k] - points[order.front()][k];
    if (!(range > 0)) continue;
    distances[order.front()] = distances[order.back()] = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i + 1 < order.size(); ++i)
      distances[order[i]] += (points[order[i + 1]][k] - points[order[i - 1]][k]) / range;
  }
  return distances;
}

double hypervolume(const std::vector<Goals>& points, const Goals& reference) {
  return wfg(inside(points, reference), reference);
}

std::vector<double> hypervolumeContributions(const std::vector<Goals>& points, const Goals& reference) {
  std::vector<double> contributions(points.size(), 0);
  const double whole = hypervolume(points, reference);
  for (const auto i : paretoFront(points)) {
    auto others = points;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    contributions[i] = std::max(0.0, whole - hypervolume(others, reference));
  }
  return contributions;
}

}  // namespace lathe::search

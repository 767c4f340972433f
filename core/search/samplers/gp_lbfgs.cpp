// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace lathe::search {
namespace {

using Eigen::VectorXd;

constexpr std::size_t memory = 8;

struct Pair {
  VectorXd step, change;
  double inner = 0;
};

// The two loops of L-BFGS.
VectorXd quasiNewton(const std::deque<Pair>& pairs, VectorXd direction) {
  std::vector<double> alphas(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    alphas[i] = pairs[i].step.dot(direction) / pairs[i].inner;
    direction -= alphas[i] * pairs[i].change;
  }
  if (!pairs.empty()) direction *= pairs.back().inner / pairs.back().change.squaredNorm();
  for (std::size_t i = 0; i < pairs.size(); ++i)
    direction += (alphas[i] - pairs[i].change.dot(direction) / pairs[i].inner) * pairs[i].step;
  return direction;
}

}  // namespace

BoxMinimum minimizeInBox(const Differentiable& function, const VectorXd& start, const VectorXd& lower,
                         const VectorXd& upper, int evaluations, double tolerance, double firstStep) {
  VectorXd x = start.cwiseMax(lower).cwiseMin(upper), gradient(x.size()), nextGradient(x.size());
  double value = function(x, gradient);
  std::deque<Pair> pairs;
  int used = 1;
  while (used < evaluations && std::isfinite(value)) {
    // At a bound and pushed outwards: not free.
    VectorXd free = gradient;
    for (Eigen::Index i = 0; i < x.size(); ++i)
      if ((x[i] <= lower[i] && gradient[i] > 0) || (x[i] >= upper[i] && gradient[i] < 0)) free[i] = 0;
    const double length = free.norm();
    if (!(length > 1e-10)) break;
    VectorXd direction = quasiNewton(pairs, -free);
    for (Eigen::Index i = 0; i < x.size(); ++i)
      if (free[i] == 0) direction[i] = 0;
    if (!(direction.dot(free) < -1e-12 * direction.norm() * length)) {
      pairs.clear();
      direction = -free;
    }
    double scale = pairs.empty() ? std::min(1.0, firstStep / direction.norm()) : 1.0;
    bool moved = false;
    double gained = 0;
    for (int halving = 0; halving < 12 && used < evaluations; ++halving, ++used) {
      const VectorXd next = (x + scale * direction).cwiseMax(lower).cwiseMin(upper);
      const VectorXd step = next - x;
      const double nextValue = function(next, nextGradient);
      if (std::isfinite(nextValue) && nextValue <= value + 1e-4 * gradient.dot(step) && nextValue < value) {
        const VectorXd change = nextGradient - gradient;
        const double inner = step.dot(change);
        if (inner > 1e-10 * step.norm() * change.norm()) {
          pairs.push_back({step, change, inner});
          if (pairs.size() > memory) pairs.pop_front();
        }
        gained = value - nextValue;
        x = next;
        value = nextValue;
        gradient.swap(nextGradient);
        moved = true;
        ++used;
        break;
      }
      scale *= halving < 2 ? 0.35 : 0.2;
    }
    if (!moved) {
      if (pairs.empty()) break;
      pairs.clear();
    } else if (gained < tolerance) {
      break;
    }
  }
  return {x, value};
}

}  // namespace lathe::search

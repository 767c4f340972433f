// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/optimizer_reference.h"

#include <algorithm>
#include <cmath>

namespace lathe::tests {

void Reference::step(std::vector<double>& x, const std::vector<double>& gradients, int t, double lr,
                     const std::vector<bool>& decays) {
  const auto& name = spec.name;
  const std::size_t n = x.size();
  for (auto* array : {&m, &v, &s}) array->resize(n, 0);
  if (t == 1) {
    start = average = x;
    if (name.rfind("schedule_free", 0) == 0) s = x;  // z
  }
  const double b1 = spec.beta1, b2 = spec.beta2, eps = spec.epsilon, mu = spec.momentum;
  const double c1 = 1 - std::pow(b1, t), c2 = 1 - std::pow(b2, t);
  if (spec.hypergradient > 0) {
    moved.resize(n, 0);
    double both = 0, a = 0, b = 0;
    for (std::size_t i = 0; i < n; ++i) {
      both += gradients[i] * moved[i];
      a += gradients[i] * gradients[i];
      b += moved[i] * moved[i];
    }
    if (a > 0 && b > 0) factor *= 1 + spec.hypergradient * both / std::sqrt(a * b);
    moved = x;
    lr *= factor;
  }
  const bool l2 = name == "sgd" || name == "adam" || name == "rmsprop" || name == "adagrad" || name == "adadelta" ||
                  name == "nadam" || name == "radam" || name == "yellowfin";
  std::vector<double> g = gradients;
  for (std::size_t i = 0; i < n; ++i)
    if (l2 && decays[i]) g[i] += spec.weightDecay * x[i];
  const auto keep = [&](std::size_t i, double rateOfDecay) {
    return 1 - (decays[i] ? rateOfDecay * spec.weightDecay : 0);
  };

  if (name == "yellowfin") return yellowfin(x, g, t, lr);
  if (name == "lamb") return lamb(x, g, t, lr, decays);
  if (name == "prodigy" || name == "dadapt_adam") {
    const bool prodigy = name == "prodigy";
    const double root2 = std::sqrt(b2);
    double inner = 0, absolute = 0;
    for (std::size_t i = 0; i < n; ++i) {
      m[i] = b1 * m[i] + (1 - b1) * d * (prodigy ? 1 : lr) * g[i];
      v[i] = b2 * v[i] + (1 - b2) * (prodigy ? d * d : 1) * g[i] * g[i];
      const double divisor = std::sqrt(v[i]) + (prodigy ? d : 1) * eps;
      inner += prodigy ? g[i] * (start[i] - x[i]) : g[i] * s[i] / divisor;
      s[i] = root2 * s[i] + (1 - root2) * lr * d * (prodigy ? d : 1) * g[i];
      absolute += std::abs(s[i]);
      x[i] = x[i] * keep(i, lr * d) - (prodigy ? lr * d : 1) * m[i] / divisor;
    }
    r = root2 * r + (1 - root2) * lr * d * (prodigy ? d : 1) * inner;
    if (absolute > 0) d = std::max(d, r / (absolute * (prodigy ? 1 : 1 - root2)));
    return;
  }
  if (name.rfind("schedule_free", 0) == 0) {
    const bool adaptive = name == "schedule_free_adamw";
    const double beta = adaptive ? b1 : mu;
    const double gamma = adaptive ? lr * std::sqrt(c2) : lr;
    weights += gamma * gamma;
    const double c = gamma * gamma / weights;
    for (std::size_t i = 0; i < n; ++i) {
      v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
      const double direction = adaptive ? g[i] / (std::sqrt(v[i]) + eps) : g[i];
      s[i] -= gamma * (direction + (decays[i] ? spec.weightDecay * x[i] : 0));
      average[i] = (1 - c) * average[i] + c * s[i];
      x[i] = (1 - beta) * s[i] + beta * average[i];
    }
    return;
  }
  const double now = b1 * (1 - 0.5 * std::pow(0.96, t * 0.004)),
               next = b1 * (1 - 0.5 * std::pow(0.96, (t + 1) * 0.004));
  product *= now;
  const double longest = 2 / (1 - b2) - 1, length = longest - 2 * t * std::pow(b2, t) / c2;
  for (std::size_t i = 0; i < n; ++i) {
    if (name == "sgd") {
      m[i] = mu * m[i] + g[i];
      x[i] -= lr * (spec.nesterov ? g[i] + mu * m[i] : m[i]);
    } else if (name == "rmsprop") {
      v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
      m[i] = mu * m[i] + g[i] / (std::sqrt(v[i]) + eps);
      x[i] -= lr * m[i];
    } else if (name == "adagrad") {
      v[i] += g[i] * g[i];
      x[i] -= lr * g[i] / (std::sqrt(v[i]) + eps);
    } else if (name == "adadelta") {
      v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
      const double delta = std::sqrt(m[i] + eps) / std::sqrt(v[i] + eps) * g[i];
      m[i] = b2 * m[i] + (1 - b2) * delta * delta;
      x[i] -= lr * delta;
    } else if (name == "lion") {
      const double c = b1 * m[i] + (1 - b1) * g[i];
      m[i] = b2 * m[i] + (1 - b2) * g[i];
      x[i] = x[i] * keep(i, lr) - lr * ((c > 0) - (c < 0));
    } else {  // Adam's family; muon without matrices is AdamW
      const double own = name == "muon" ? lr * spec.restLr / spec.lr : lr;
      if (name == "adamw" || name == "muon") x[i] *= keep(i, own);
      m[i] = b1 * m[i] + (1 - b1) * g[i];
      v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
      const double divisor = std::sqrt(v[i] / c2) + eps;
      if (name == "nadam")
        x[i] -= lr * ((1 - now) / (1 - product) * g[i] + next / (1 - product * next) * m[i]) / divisor;
      else if (name == "radam" && length <= 5)
        x[i] -= lr * m[i] / c1;
      else if (name == "radam")
        x[i] -= lr * m[i] / c1 * std::sqrt(c2) / (std::sqrt(v[i]) + eps) *
                std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
      else
        x[i] -= own * m[i] / c1 / divisor;
    }
  }
  for (std::size_t i = 0; spec.hypergradient > 0 && i < n; ++i) moved[i] -= x[i];
}

void Reference::lamb(std::vector<double>& x, const std::vector<double>& g, int t, double lr,
                     const std::vector<bool>& decays) {
  double weightNorm = 0, stepNorm = 0;
  std::vector<double> u(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    m[i] = spec.beta1 * m[i] + (1 - spec.beta1) * g[i];
    v[i] = spec.beta2 * v[i] + (1 - spec.beta2) * g[i] * g[i];
    u[i] = m[i] / (1 - std::pow(spec.beta1, t)) / (std::sqrt(v[i] / (1 - std::pow(spec.beta2, t))) + spec.epsilon) +
           (decays[i] ? spec.weightDecay * x[i] : 0);
    if (decays[i]) weightNorm += x[i] * x[i], stepNorm += u[i] * u[i];
  }
  // The tests have one parameter that decays; the others take plain steps.
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= lr * (decays[i] ? std::sqrt(weightNorm / stepNorm) : 1) * u[i];
}

void Reference::yellowfin(std::vector<double>& x, const std::vector<double>& g, int t, double lr) {
  const double beta = spec.beta2;
  double squares = 0, means = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    squares += g[i] * g[i];
    v[i] = beta * v[i] + (1 - beta) * g[i];
    means += v[i] * v[i];
  }
  window.push_back(squares);
  if (window.size() > 20) window.erase(window.begin());
  const double c = 1 - std::pow(beta, t);
  const auto smooth = [&](double& value, double with) { value = beta * value + (1 - beta) * with; };
  smooth(logLargest, std::log(*std::max_element(window.begin(), window.end())));
  smooth(logSmallest, std::log(*std::min_element(window.begin(), window.end())));
  const double most = std::exp(logLargest / c), least = std::exp(logSmallest / c);
  smooth(meanSquare, squares);
  const double variance = std::max(meanSquare / c - means / c / c, 1e-30);
  smooth(meanNorm, std::sqrt(squares));
  smooth(meanCurvature, squares);
  smooth(meanDistance, meanNorm / meanCurvature);
  const double distance = meanDistance / c;
  // The paper's problem itself: least x^2 D^2 + (1 - x)^4 C / h^2, by ternary search.
  double low = 0, high = 1;
  const auto cost = [&](double y) {
    return y * y * distance * distance + std::pow(1 - y, 4) * variance / (least * least);
  };
  for (int i = 0; i < 200; ++i) {
    const double a = low + (high - low) / 3, b = high - (high - low) / 3;
    (cost(a) < cost(b) ? high : low) = cost(a) < cost(b) ? b : a;
  }
  const double root = (low + high) / 2;
  const double condition = std::sqrt(most / least);
  const double mu = std::max(root * root, std::pow((condition - 1) / (condition + 1), 2));
  const double alpha = std::pow(1 - std::sqrt(mu), 2) / least;
  momentum = t == 1 ? mu : beta * momentum + (1 - beta) * mu;
  rate = t == 1 ? alpha : beta * rate + (1 - beta) * alpha;
  for (std::size_t i = 0; i < x.size(); ++i) {
    m[i] = momentum * m[i] - lr * rate * std::min(1.0, t / 200.0) * g[i];
    x[i] += m[i];
  }
}

}  // namespace lathe::tests

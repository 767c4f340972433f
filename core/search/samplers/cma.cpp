// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/cma.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/search/distributions.h"

namespace lathe::search {
namespace {

constexpr Eigen::Index mostFull = 100;
/// Of deviations: nothing that is tuned needs to be known more exactly, and the trials are better spent elsewhere.
constexpr double finest = 3e-6;
constexpr double smallestSigma = 1e-12, largestSigma = 1e3;

}  // namespace

Cma::Cma(const Start& start, Cells cells)
    : m_size(start.mean.size()),
      m_lambda(start.population > 0 ? std::max(start.population, 4)
                                    : 4 + static_cast<int>(3 * std::log(static_cast<double>(m_size)))),
      m_diagonal(m_size > mostFull),
      m_cells(std::move(cells)),
      m_sigma(start.sigma),
      m_mean(start.mean),
      m_stepPath(Eigen::VectorXd::Zero(m_size)),
      m_rankPath(Eigen::VectorXd::Zero(m_size)),
      m_lengths(Eigen::VectorXd::Ones(m_size)),
      m_margin(Eigen::VectorXd::Ones(m_size)) {
  if (m_diagonal)
    m_covariance = start.covariance ? Eigen::MatrixXd(start.covariance->diagonal()) : Eigen::MatrixXd::Ones(m_size, 1);
  else
    m_covariance = start.covariance ? *start.covariance : Eigen::MatrixXd::Identity(m_size, m_size);
  m_axes = m_diagonal ? Eigen::MatrixXd() : Eigen::MatrixXd::Identity(m_size, m_size);
  weigh();
  if (start.covariance) decompose();
  keepMargin();
}

// Weights and rates, table 1 of the tutorial.
void Cma::weigh() {
  const auto n = static_cast<double>(m_size);
  m_weights.resize(m_lambda);
  for (int i = 0; i < m_lambda; ++i) m_weights[i] = std::log((m_lambda + 1) / 2.0) - std::log(i + 1.0);
  double sum = 0, squares = 0, negative = 0, negativeSquares = 0;
  for (const double w : m_weights) {
    (w > 0 ? sum : negative) += std::abs(w);
    (w > 0 ? squares : negativeSquares) += w * w;
  }
  m_effective = sum * sum / squares;
  const double effectiveNegative = negative * negative / negativeSquares;
  m_stepRate = (m_effective + 2) / (n + m_effective + 5);
  m_stepDamping = 1 + 2 * std::max(0.0, std::sqrt((m_effective - 1) / (n + 1)) - 1) + m_stepRate;
  m_rankRate = (4 + m_effective / n) / (n + 4 + 2 * m_effective / n);
  m_oneRate = 2 / ((n + 1.3) * (n + 1.3) + m_effective);
  m_muRate = 2 * (0.25 + m_effective + 1 / m_effective - 2) / ((n + 2) * (n + 2) + m_effective);
  if (m_diagonal) {
    m_oneRate *= (n + 2) / 3;
    m_muRate *= (n + 2) / 3;
  }
  m_oneRate = std::min(m_oneRate, 1.0);
  m_muRate = std::min(m_muRate, 1 - m_oneRate);
  const double least = std::min({1 + m_oneRate / m_muRate, 1 + 2 * effectiveNegative / (m_effective + 2),
                                 (1 - m_oneRate - m_muRate) / (n * m_muRate)});
  for (double& w : m_weights) w *= w > 0 ? 1 / sum : least / negative;
  m_expectedLength = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}

Eigen::VectorXd Cma::point(const Eigen::VectorXd& normal) const {
  Eigen::VectorXd step = m_lengths.cwiseProduct(normal);
  if (!m_diagonal) step = m_axes * step;
  return m_mean + m_sigma * m_margin.cwiseProduct(step);
}

void Cma::update(const std::vector<Ranked>& best) {
  const auto n = static_cast<double>(m_size);
  const double longest = std::sqrt(n) + 2 * n / (n + 2);
  std::vector<Eigen::VectorXd> steps;
  std::vector<double> squares;
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(m_size), white = mean;
  for (std::size_t i = 0; i < best.size(); ++i) {
    Eigen::VectorXd step = (best[i].point - m_mean).cwiseQuotient(m_margin) / m_sigma;
    Eigen::VectorXd whitened =
        (m_diagonal ? step : Eigen::VectorXd(m_axes.transpose() * step)).cwiseQuotient(m_lengths);
    double length = whitened.norm();
    if (best[i].foreign && length > longest) {
      step *= longest / length;
      whitened *= longest / length;
      length = longest;
    }
    if (const double w = m_weights[static_cast<Eigen::Index>(i)]; w > 0) {
      mean += w * step;
      white += w * whitened;
    }
    steps.push_back(std::move(step));
    squares.push_back(length * length);
  }
  if (!m_diagonal) white = m_axes * white;
  m_mean += m_sigma * mean;
  m_stepPath = (1 - m_stepRate) * m_stepPath + std::sqrt(m_stepRate * (2 - m_stepRate) * m_effective) * white;
  ++m_generation;
  const double pathLength = m_stepPath.norm();
  const double settled = std::sqrt(1 - std::pow(1 - m_stepRate, 2.0 * m_generation));
  const bool stalled = pathLength / settled >= (1.4 + 2 / (n + 1)) * m_expectedLength;
  m_rankPath = (1 - m_rankRate) * m_rankPath;
  if (!stalled) m_rankPath += std::sqrt(m_rankRate * (2 - m_rankRate) * m_effective) * mean;
  adaptCovariance(steps, squares, stalled);
  m_sigma *= std::exp(std::min(1.0, m_stepRate / m_stepDamping * (pathLength / m_expectedLength - 1)));
  m_sigma = std::clamp(m_sigma, smallestSigma, largestSigma);
  // So seldom that it costs no more than the rest.
  if (m_generation - m_decomposed > 1 / (10 * n * (m_oneRate + m_muRate))) decompose();
  keepMargin();
}

void Cma::adaptCovariance(const std::vector<Eigen::VectorXd>& steps, const std::vector<double>& squares, bool stalled) {
  const double kept = stalled ? m_oneRate * m_rankRate * (2 - m_rankRate) : 0;
  m_covariance *= 1 + kept - m_oneRate - m_muRate * m_weights.sum();
  const auto add = [&](double weight, const Eigen::VectorXd& step) {
    if (m_diagonal)
      m_covariance += weight * step.cwiseAbs2();
    else
      m_covariance.noalias() += (weight * step) * step.transpose();
  };
  add(m_oneRate, m_rankPath);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double w = m_weights[static_cast<Eigen::Index>(i)];
    if (w > 0)
      add(m_muRate * w, steps[i]);
    else if (squares[i] > 0)
      add(m_muRate * w * static_cast<double>(m_size) / squares[i], steps[i]);
  }
}

void Cma::decompose() {
  m_decomposed = m_generation;
  if (m_diagonal) {
    m_covariance = m_covariance.cwiseMax(1e-30);
    m_lengths = m_covariance.col(0).cwiseSqrt();
    return;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(m_covariance);
  m_axes = solver.eigenvectors();
  const auto& values = solver.eigenvalues();
  const double least = std::max(values.maxCoeff() * 1e-14, 1e-30);
  m_lengths = values.cwiseMax(least).cwiseSqrt();
  if (values.minCoeff() < least) m_covariance = m_axes * m_lengths.cwiseAbs2().asDiagonal() * m_axes.transpose();
}

double Cma::deviation(Eigen::Index i) const {
  return m_sigma * std::sqrt(std::max(1e-30, m_diagonal ? m_covariance(i, 0) : m_covariance(i, i)));
}

// Keeps means inside; moves them and widens deviations so that each neighbour of a mean's cell stays likely enough.
void Cma::keepMargin() {
  const double alpha = 1 / (static_cast<double>(m_size) * m_lambda);
  for (Eigen::Index i = 0; i < m_size; ++i) {
    const auto& cells = m_cells[static_cast<std::size_t>(i)];
    double& mean = m_mean[i];
    mean = std::clamp(mean, 0.0, 1.0);
    if (cells.empty()) continue;
    m_margin[i] = 1;
    const double width = deviation(i);
    const auto above = std::clamp<std::ptrdiff_t>(std::upper_bound(cells.begin(), cells.end(), mean) - cells.begin(), 1,
                                                  static_cast<std::ptrdiff_t>(cells.size()) - 1);
    const double low = cells[static_cast<std::size_t>(above - 1)], high = cells[static_cast<std::size_t>(above)];
    const bool first = above == 1, last = above + 1 == static_cast<std::ptrdiff_t>(cells.size());
    if (first || last) {
      // One neighbour only: its border comes within reach.
      const double reach = normalQuantile(1 - alpha) * width;
      if (first && high - mean > reach) mean = high - reach;
      if (last && !first && mean - low > reach) mean = low + reach;
      continue;
    }
    const double down = normalCdf((low - mean) / width), up = normalCdf((mean - high) / width);
    if (down >= alpha / 2 && up >= alpha / 2) continue;
    const double middle = 1 - down - up;
    double below = std::max(alpha / 2, down), over = std::max(alpha / 2, up);
    const double factor = (1 - below - over - middle) / (below + over + middle - 1.5 * alpha);
    below += factor * (below - alpha / 2);
    over += factor * (over - alpha / 2);
    const double downReach = normalQuantile(1 - std::min(below, 0.45)),
                 upReach = normalQuantile(1 - std::min(over, 0.45));
    mean = (low * upReach + high * downReach) / (downReach + upReach);
    m_margin[i] = (high - low) / (width * (downReach + upReach));
  }
}

bool Cma::exhausted() const {
  const double longest = m_lengths.maxCoeff(), shortest = m_lengths.minCoeff();
  if (longest > 1e7 * shortest || m_sigma <= smallestSigma || m_sigma >= largestSigma) return true;
  bool moves = false;
  for (Eigen::Index i = 0; i < m_size && !moves; ++i) {
    // Cells keep their margin for ever: they are exhausted once nothing else would leave them.
    const auto& cells = m_cells[static_cast<std::size_t>(i)];
    moves = deviation(i) > (cells.empty() ? finest : 0.02 / static_cast<double>(cells.size()));
  }
  return !moves;
}

}  // namespace lathe::search

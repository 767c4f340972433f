// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_fit.h"

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/search/samplers/gp_lbfgs.h"

namespace lathe::search {
namespace {

using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Prior {
  double mean = 0, deviation = 1;
  [[nodiscard]] double value(double x) const { return -0.5 * std::pow((x - mean) / deviation, 2); }
  [[nodiscard]] double slope(double x) const { return -(x - mean) / (deviation * deviation); }
};

Prior weightPrior(const GpSpace& space, Index group) {
  if (space.kind(group) != GpSpace::Kind::Number) return {std::log(0.5), 1.5};
  Index numbers = 0;
  for (Index g = 0; g < space.groups(); ++g) numbers += space.kind(g) == GpSpace::Kind::Number;
  return {-2 * std::log(0.5) - 1.0 * std::log(static_cast<double>(numbers)), 2.0};
}

Prior signalPrior() { return {0, 1.5}; }

VectorXd packed(const GpHyper& hyper) {
  VectorXd theta(hyper.logWeights.size() + 2);
  theta << hyper.logWeights, hyper.logSignal, hyper.logNoise;
  return theta;
}

GpHyper unpacked(const VectorXd& theta) {
  const Index groups = theta.size() - 2;
  return {theta.head(groups), theta[groups], theta[groups + 1]};
}

class Posterior {
 public:
  Posterior(const GpSpace& space, const MatrixXd& z, const VectorXd& y) : m_space(space), m_z(z), m_y(y) {
    for (Index g = 0; g < space.groups(); ++g) m_priors.push_back(weightPrior(space, g));
  }

  // The negative logarithm of the posterior's density.
  double operator()(const VectorXd& theta, VectorXd& gradient) const {
    const auto hyper = unpacked(theta);
    const Index n = m_y.size(), groups = m_space.groups();
    const double signal = std::exp(hyper.logSignal), noise = std::exp(hyper.logNoise);
    const MatrixXd scaled = gpRootWeights(m_space, hyper).asDiagonal() * m_z;
    ArrayXXd kernel = gpSquares(scaled, scaled), slopes;
    gpMatern(kernel, &slopes);
    MatrixXd covariance = (signal * kernel + gpConstant).matrix();
    covariance.diagonal().array() += noise;
    const Eigen::LLT<MatrixXd> factor(covariance);
    if (factor.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
    const VectorXd alpha = factor.solve(m_y);
    const double fit = -0.5 * m_y.dot(alpha) - factor.matrixLLT().diagonal().array().log().sum();
    if (!std::isfinite(fit)) return std::numeric_limits<double>::infinity();

    const MatrixXd root = factor.matrixL().solve(MatrixXd::Identity(n, n));
    MatrixXd inverse = MatrixXd::Zero(n, n);
    inverse.selfadjointView<Eigen::Lower>().rankUpdate(root.transpose());
    inverse.triangularView<Eigen::StrictlyUpper>() = inverse.transpose();
    const MatrixXd pull = alpha * alpha.transpose() - inverse;
    const double pulled = (pull.array() * kernel).sum();
    const MatrixXd weighed = (pull.array() * slopes).matrix();
    const VectorXd sums = weighed.rowwise().sum();
    const MatrixXd moved = m_z * weighed;

    double prior = 0;
    gradient.setZero(theta.size());
    for (Index f = 0; f < m_space.features(); ++f)
      gradient[m_space.groupOf(f)] += signal * std::exp(hyper.logWeights[m_space.groupOf(f)]) *
                                      (m_z.row(f).array().square().matrix().dot(sums) - moved.row(f).dot(m_z.row(f)));
    for (Index g = 0; g < groups; ++g) {
      const auto& each = m_priors[static_cast<std::size_t>(g)];
      prior += each.value(theta[g]);
      gradient[g] += each.slope(theta[g]);
    }
    prior += signalPrior().value(hyper.logSignal) + 0.1 * hyper.logNoise - 30 * noise;
    gradient[groups] = 0.5 * signal * pulled + signalPrior().slope(hyper.logSignal);
    gradient[groups + 1] = 0.5 * noise * pull.trace() + 0.1 - 30 * noise;
    gradient = -gradient;
    return -(fit + prior);
  }

 private:
  const GpSpace& m_space;
  const MatrixXd& m_z;
  const VectorXd& m_y;
  std::vector<Prior> m_priors;
};

}  // namespace

ArrayXXd gpSquares(const MatrixXd& a, const MatrixXd& b) {
  ArrayXXd squares = (-2 * a.transpose() * b).array();
  squares.colwise() += a.colwise().squaredNorm().transpose().array();
  squares.rowwise() += b.colwise().squaredNorm().array();
  return squares.max(0.0);
}

void gpMatern(Eigen::Ref<ArrayXXd> squares, ArrayXXd* slopes) {
  squares = (5 * squares).sqrt();
  const ArrayXXd decay = (-squares).exp();
  if (slopes != nullptr) *slopes = -5.0 / 6 * (1 + squares) * decay;
  squares = (1 + squares + squares.square() / 3) * decay;
}

VectorXd gpRootWeights(const GpSpace& space, const GpHyper& hyper) {
  VectorXd roots(space.features());
  for (Index f = 0; f < roots.size(); ++f) roots[f] = std::exp(0.5 * hyper.logWeights[space.groupOf(f)]);
  return roots;
}

GpHyper gpStart(const GpSpace& space) {
  GpHyper hyper;
  hyper.logWeights.resize(space.groups());
  for (Index g = 0; g < space.groups(); ++g) hyper.logWeights[g] = weightPrior(space, g).mean;
  return hyper;
}

GpFitted gpFit(const GpSpace& space, const MatrixXd& z, const VectorXd& y, const GpHyper& start, int evaluations) {
  const Index groups = space.groups();
  VectorXd lower(groups + 2), upper(groups + 2);
  lower.head(groups).setConstant(std::log(1e-4));
  upper.head(groups).setConstant(std::log(1e4));
  lower[groups] = std::log(1e-2);
  upper[groups] = std::log(1e3);
  lower[groups + 1] = std::log(1e-8);
  upper[groups + 1] = std::log(2.0);
  const Posterior posterior(space, z, y);
  const auto found = minimizeInBox(posterior, packed(start), lower, upper, evaluations, 1e-3, 1.0);
  return {unpacked(found.x), -found.value};
}

VectorXd gpLikelihoods(const GpSpace& space, const MatrixXd& z, const MatrixXd& y, const GpHyper& hyper) {
  const MatrixXd scaled = gpRootWeights(space, hyper).asDiagonal() * z;
  ArrayXXd kernel = gpSquares(scaled, scaled);
  gpMatern(kernel);
  MatrixXd covariance = (std::exp(hyper.logSignal) * kernel + gpConstant).matrix();
  covariance.diagonal().array() += std::exp(hyper.logNoise);
  const Eigen::LLT<MatrixXd> factor(covariance);
  const MatrixXd whitened = factor.matrixL().solve(y);
  return -0.5 * whitened.colwise().squaredNorm().transpose().array() -
         factor.matrixLLT().diagonal().array().log().sum();
}

}  // namespace lathe::search

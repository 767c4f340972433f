// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_fit.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/search/samplers/gp_lbfgs.h"

namespace lathe::search {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Prior {
  double mean = 0, deviation = 1;
  [[nodiscard]] double value(double x) const { return -0.5 * std::pow((x - mean) / deviation, 2); }
  [[nodiscard]] double slope(double x) const { return -(x - mean) / (deviation * deviation); }
};

// Of packed hyperparameters but the noise.
std::vector<Prior> priorsOf(const GpSpace& space) {
  Index numbers = 0;
  for (Index g = 0; g < space.groups(); ++g) numbers += space.kind(g) == GpSpace::Kind::Number;
  const double dimensions = static_cast<double>(std::max<Index>(numbers, 1));
  std::vector<Prior> priors;
  for (Index g = 0; g < space.groups(); ++g)
    if (space.kind(g) == GpSpace::Kind::Number)
      priors.push_back({-2 * std::log(0.5) - std::log(dimensions), 2.0});
    else
      priors.push_back({std::log(0.5), 1.5});
  for (Index g = 0; g < space.groups(); ++g) priors.push_back({0.0, 1.0});
  priors.push_back({0, 1.5});
  priors.push_back({-1.0, 2.0});
  return priors;
}

class Posterior {
 public:
  Posterior(const GpSpace& space, const MatrixXd& z, const VectorXd& y, const GpNoisePrior& noise)
      : m_space(space), m_z(z), m_y(y), m_noise(noise), m_priors(priorsOf(space)) {}

  // The negative logarithm of the posterior's density.
  double operator()(const VectorXd& theta, VectorXd& gradient) const {
    const auto hyper = GpHyper::unpacked(theta);
    const Index n = m_y.size(), last = theta.size() - 1;
    const double noise = std::exp(hyper.logNoise);
    const GpKernel kernel(m_space, hyper);
    auto prepared = kernel.prepare(m_z);
    prepared.covariances.diagonal().array() += noise;
    const Eigen::LLT<MatrixXd> factor(prepared.covariances);
    if (factor.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
    const VectorXd alpha = factor.solve(m_y);
    const double fit = -0.5 * m_y.dot(alpha) - factor.matrixLLT().diagonal().array().log().sum();
    if (!std::isfinite(fit)) return std::numeric_limits<double>::infinity();

    const MatrixXd root = factor.matrixL().solve(MatrixXd::Identity(n, n));
    MatrixXd inverse = MatrixXd::Zero(n, n);
    inverse.selfadjointView<Eigen::Lower>().rankUpdate(root.transpose());
    inverse.triangularView<Eigen::StrictlyUpper>() = inverse.transpose();
    const MatrixXd pull = alpha * alpha.transpose() - inverse;
    gradient.setZero(theta.size());
    kernel.addGradient(m_z, prepared, pull, gradient);
    gradient[last] = 0.5 * noise * pull.trace() + m_noise.shape - m_noise.rate * noise;
    double prior = m_noise.shape * hyper.logNoise - m_noise.rate * noise;
    for (Index i = 0; i < last; ++i) {
      const auto& each = m_priors[static_cast<std::size_t>(i)];
      prior += each.value(theta[i]);
      gradient[i] += each.slope(theta[i]);
    }
    gradient = -gradient;
    return -(fit + prior);
  }

 private:
  const GpSpace& m_space;
  const MatrixXd& m_z;
  const VectorXd& m_y;
  const GpNoisePrior m_noise;
  std::vector<Prior> m_priors;
};

}  // namespace

GpHyper gpStart(const GpSpace& space) {
  const auto priors = priorsOf(space);
  VectorXd theta(static_cast<Index>(priors.size() + 1));
  for (std::size_t i = 0; i < priors.size(); ++i) theta[static_cast<Index>(i)] = priors[i].mean;
  theta[theta.size() - 1] = -7;
  return GpHyper::unpacked(theta);
}

GpFitted gpFit(const GpSpace& space, const MatrixXd& z, const VectorXd& y, const GpHyper& start, int evaluations,
               const GpNoisePrior& noise) {
  const Index groups = space.groups();
  VectorXd lower(2 * groups + 3), upper(2 * groups + 3);
  lower.head(groups).setConstant(std::log(1e-4));
  upper.head(groups).setConstant(std::log(1e4));
  lower.segment(groups, groups).setConstant(std::log(0.05));
  upper.segment(groups, groups).setConstant(std::log(50.0));
  lower.tail(3) << std::log(1e-2), std::log(1e-5), std::log(1e-8);
  upper.tail(3) << std::log(1e3), std::log(1e3), std::log(2.0);
  const Posterior posterior(space, z, y, noise);
  const auto found = minimizeInBox(posterior, start.packed(), lower, upper, evaluations, 1e-3, 1.0);
  return {GpHyper::unpacked(found.x), -found.value};
}

VectorXd gpLikelihoods(const GpSpace& space, const MatrixXd& z, const MatrixXd& y, const GpHyper& hyper) {
  MatrixXd covariance = GpKernel(space, hyper).covariances(z, z);
  covariance.diagonal().array() += std::exp(hyper.logNoise);
  const Eigen::LLT<MatrixXd> factor(covariance);
  const MatrixXd whitened = factor.matrixL().solve(y);
  return -0.5 * whitened.colwise().squaredNorm().transpose().array() -
         factor.matrixLLT().diagonal().array().log().sum();
}

}  // namespace lathe::search

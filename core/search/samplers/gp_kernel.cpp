// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_kernel.h"

#include <algorithm>
#include <cmath>

namespace lathe::search {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Wendland's function of smoothness 4 for one dimension, and its derivative divided by r; both 0 from r = 1 on.
double wendland(double r) {
  const double t = std::max(0.0, 1 - r), square = t * t;
  return square * square * t * (r * (8 * r + 5) + 1);
}
double wendlandSlope(double r) {
  const double t = std::max(0.0, 1 - r), square = t * t;
  return -14 * square * square * (4 * r + 1);
}

VectorXd reachesOf(const GpSpace& space, const GpHyper& hyper) {
  VectorXd reaches(space.features());
  for (Index f = 0; f < reaches.size(); ++f) {
    const Index group = space.groupOf(f);
    reaches[f] = space.kind(group) == GpSpace::Kind::Number ? std::exp(hyper.logReaches[group]) : 0;
  }
  return reaches;
}

// Matern 5/2 of squared distances in place; its derivative by them into `slopes`.
void matern(MatrixXd& squares, MatrixXd* slopes) {
  auto r = squares.array();
  r = (5 * r).sqrt();
  const Eigen::ArrayXXd decay = (-r).exp();
  if (slopes != nullptr) *slopes = (-5.0 / 6 * (1 + r) * decay).matrix();
  r = (1 + r + r.square() / 3) * decay;
}

}  // namespace

VectorXd GpHyper::packed() const {
  VectorXd theta(2 * logWeights.size() + 3);
  theta << logWeights, logReaches, logSignal, logAdditive, logNoise;
  return theta;
}

GpHyper GpHyper::unpacked(const VectorXd& theta) {
  const Index groups = (theta.size() - 3) / 2;
  return {theta.head(groups), theta.segment(groups, groups), theta[2 * groups], theta[2 * groups + 1],
          theta[2 * groups + 2]};
}

VectorXd gpRootWeights(const GpSpace& space, const GpHyper& hyper) {
  VectorXd roots(space.features());
  for (Index f = 0; f < roots.size(); ++f) roots[f] = std::exp(0.5 * hyper.logWeights[space.groupOf(f)]);
  return roots;
}

GpKernel::GpKernel(const GpSpace& space, const GpHyper& hyper)
    : m_space(space),
      m_hyper(hyper),
      m_roots(gpRootWeights(space, hyper)),
      m_reaches(reachesOf(space, hyper)),
      m_signal(std::exp(hyper.logSignal)),
      m_own(std::exp(hyper.logAdditive) / static_cast<double>(space.groups())) {}

MatrixXd GpKernel::squares(const MatrixXd& a, const MatrixXd& b) const {
  const MatrixXd left = m_roots.asDiagonal() * a, right = m_roots.asDiagonal() * b;
  MatrixXd squares = -2 * (left.transpose() * right);
  squares.colwise() += left.colwise().squaredNorm().transpose();
  squares.rowwise() += right.colwise().squaredNorm();
  return squares.cwiseMax(0.0);
}

void GpKernel::addOwn(const MatrixXd& a, const MatrixXd& b, MatrixXd& covariances) const {
  const Index rows = a.cols();
  VectorXd feature(rows);
  for (Index f = 0; f < m_space.features(); ++f) {
    if (m_reaches[f] == 0) {
      covariances.noalias() += (m_own * a.row(f).transpose()) * b.row(f);
      continue;
    }
    feature = m_reaches[f] * a.row(f).transpose();
    const double* values = feature.data();
    for (Index j = 0; j < b.cols(); ++j) {
      const double at = m_reaches[f] * b(f, j);
      double* column = covariances.col(j).data();
      for (Index i = 0; i < rows; ++i) column[i] += m_own * wendland(std::abs(values[i] - at));
    }
  }
}

MatrixXd GpKernel::covariances(const MatrixXd& a, const MatrixXd& b) const {
  MatrixXd result = squares(a, b);
  matern(result, nullptr);
  result = (m_signal * result.array() + gpConstant).matrix();
  addOwn(a, b, result);
  return result;
}

ArrayXd GpKernel::variances(const MatrixXd& z) const {
  ArrayXd result = ArrayXd::Constant(z.cols(), m_signal + gpConstant);
  for (Index f = 0; f < m_space.features(); ++f)
    result += m_reaches[f] == 0 ? (m_own * z.row(f).array().square().transpose()).eval()
                                : ArrayXd::Constant(z.cols(), m_own).eval();
  return result;
}

GpKernel::Slopes::Slopes(const GpKernel& kernel, const MatrixXd& points, const VectorXd& z)
    : m_kernel(kernel), m_points(points), m_z(z) {
  MatrixXd joint = kernel.squares(points, z), slopes;
  matern(joint, &slopes);
  m_joint = 2 * kernel.m_signal * slopes;
  joint = (kernel.m_signal * joint.array() + gpConstant).matrix();
  kernel.addOwn(points, z, joint);
  m_covariances = joint;
  m_own.resize(points.cols(), z.size());
  for (Index f = 0; f < z.size(); ++f) {
    const double reach = kernel.m_reaches[f];
    if (reach == 0) continue;
    for (Index i = 0; i < points.cols(); ++i)
      m_own(i, f) = kernel.m_own * reach * reach * wendlandSlope(reach * std::abs(z[f] - points(f, i)));
  }
}

VectorXd GpKernel::Slopes::slopes(const VectorXd& weights) const {
  const Index count = weights.size();
  const VectorXd joint = weights.cwiseProduct(m_joint.head(count));
  const double sum = joint.sum();
  VectorXd result = VectorXd::Zero(m_z.size());
  for (Index f = 0; f < m_z.size(); ++f) {
    if (m_kernel.m_reaches[f] == 0) continue;
    const auto row = m_points.row(f).head(count).transpose();
    const VectorXd own = weights.cwiseProduct(m_own.col(f).head(count));
    const double root = m_kernel.m_roots[f];
    result[f] = root * root * (m_z[f] * sum - row.dot(joint)) + m_z[f] * own.sum() - row.dot(own);
  }
  return result;
}

GpKernel::Derivatives GpKernel::prepare(const MatrixXd& z) const {
  Derivatives result;
  result.joint = squares(z, z);
  matern(result.joint, &result.jointSlopes);
  result.covariances = (m_signal * result.joint.array() + gpConstant).matrix();
  addOwn(z, z, result.covariances);
  return result;
}

void GpKernel::addGradient(const MatrixXd& z, const Derivatives& prepared, const MatrixXd& pull,
                           VectorXd& gradient) const {
  const Index groups = m_space.groups(), n = z.cols();
  const MatrixXd weighed = pull.cwiseProduct(prepared.jointSlopes);
  const VectorXd sums = weighed.rowwise().sum();
  const MatrixXd moved = z * weighed;
  double additive = 0;
  VectorXd feature(n);
  for (Index f = 0; f < m_space.features(); ++f) {
    const Index group = m_space.groupOf(f);
    gradient[group] += m_signal * m_roots[f] * m_roots[f] *
                       (z.row(f).array().square().matrix().dot(sums) - moved.row(f).dot(z.row(f)));
    feature = z.row(f).transpose();
    if (m_reaches[f] == 0) {
      additive += 0.5 * m_own * feature.dot(pull * feature);
      continue;
    }
    feature *= m_reaches[f];
    double own = 0, reach = 0;
    const double* values = feature.data();
    for (Index j = 0; j < n; ++j) {
      const double* column = pull.col(j).data();
      own += 0.5 * column[j];
      for (Index i = j + 1; i < n; ++i) {
        const double r = std::abs(values[i] - values[j]);
        own += column[i] * wendland(r);
        reach += column[i] * r * r * wendlandSlope(r);
      }
    }
    additive += m_own * own;
    gradient[groups + group] += m_own * reach;
  }
  gradient[2 * groups] += 0.5 * m_signal * pull.cwiseProduct(prepared.joint).sum();
  gradient[2 * groups + 1] += additive;
}

}  // namespace lathe::search

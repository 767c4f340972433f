// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_model.h"

#include <Eigen/Cholesky>
#include <cmath>

namespace lathe::search {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

GpModel::GpModel(const GpSpace& space, GpHyper hyper, const MatrixXd& z, Index room)
    : m_hyper(std::move(hyper)), m_roots(gpRootWeights(space, m_hyper)), m_size(z.cols()) {
  m_points.setZero(z.rows(), m_size + room);
  m_factor.setZero(m_size + room, m_size + room);
  m_points.leftCols(m_size) = m_roots.asDiagonal() * z;
  ArrayXXd kernel = gpSquares(m_points.leftCols(m_size), m_points.leftCols(m_size));
  gpMatern(kernel);
  MatrixXd covariance = (std::exp(m_hyper.logSignal) * kernel + gpConstant).matrix();
  for (double noise = std::exp(m_hyper.logNoise);; noise *= 10) {
    MatrixXd noisy = covariance;
    noisy.diagonal().array() += noise;
    const Eigen::LLT<MatrixXd> factor(noisy);
    if (factor.info() != Eigen::Success && noise < 1e3) continue;
    m_factor.topLeftCorner(m_size, m_size) = factor.matrixL();
    break;
  }
}

ArrayXXd GpModel::covariances(const MatrixXd& scaled) const {
  ArrayXXd kernel = gpSquares(m_points.leftCols(m_size), scaled);
  gpMatern(kernel);
  return std::exp(m_hyper.logSignal) * kernel + gpConstant;
}

void GpModel::append(const VectorXd& z) {
  m_points.col(m_size) = m_roots.cwiseProduct(z);
  VectorXd row = covariances(m_points.col(m_size)).matrix();
  // By columns, so that no sum depends on how memory is aligned.
  double* values = row.data();
  double rest = std::exp(m_hyper.logSignal) + gpConstant + std::exp(m_hyper.logNoise);
  for (Index j = 0; j < m_size; ++j) {
    const double* column = m_factor.col(j).data();
    const double value = values[j] / column[j];
    values[j] = value;
    rest -= value * value;
    for (Index i = j + 1; i < m_size; ++i) values[i] -= value * column[i];
  }
  m_factor.row(m_size).head(m_size) = row;
  m_factor(m_size, m_size) = std::sqrt(std::max(rest, 0.5 * std::exp(m_hyper.logNoise)));
  ++m_size;
}

void GpModel::setOutputs(const VectorXd& y) {
  m_outputs = y;
  const auto factor = m_factor.topLeftCorner(y.size(), y.size());
  m_alpha = factor.triangularView<Eigen::Lower>().solve(y);
  factor.transpose().triangularView<Eigen::Upper>().solveInPlace(m_alpha);
}

void GpModel::predict(const MatrixXd& z, ArrayXd& means, ArrayXd& variances) const {
  MatrixXd covariance = covariances(m_roots.asDiagonal() * z).matrix();
  means = (m_alpha.transpose() * covariance.topRows(m_alpha.size())).transpose().array();
  m_factor.topLeftCorner(m_size, m_size).triangularView<Eigen::Lower>().solveInPlace(covariance);
  const double whole = std::exp(m_hyper.logSignal) + gpConstant;
  variances = (whole - covariance.colwise().squaredNorm().transpose().array()).max(1e-12 * whole);
}

void GpModel::predict(const VectorXd& z, Point& point) const {
  const VectorXd scaled = m_roots.cwiseProduct(z);
  const Index told = m_alpha.size();
  const double signal = std::exp(m_hyper.logSignal);
  ArrayXXd kernel = gpSquares(m_points.leftCols(m_size), scaled), slopes;
  gpMatern(kernel, &slopes);
  const VectorXd covariance = (signal * kernel + gpConstant).matrix();
  const auto factor = m_factor.topLeftCorner(m_size, m_size);
  VectorXd solved = factor.triangularView<Eigen::Lower>().solve(covariance);
  point.mean = m_alpha.dot(covariance.head(told));
  point.variance = std::max(signal + gpConstant - solved.squaredNorm(), 1e-12 * (signal + gpConstant));
  factor.transpose().triangularView<Eigen::Upper>().solveInPlace(solved);
  const VectorXd shares = 2 * signal * slopes.matrix();
  const VectorXd forMean = shares.head(told).cwiseProduct(m_alpha), forVariance = shares.cwiseProduct(solved);
  const auto slope = [&](const VectorXd& weights) -> VectorXd {
    return m_roots.cwiseProduct(weights.sum() * scaled - m_points.leftCols(weights.size()) * weights);
  };
  point.meanSlope = slope(forMean);
  point.varianceSlope = -2 * slope(forVariance);
}

}  // namespace lathe::search

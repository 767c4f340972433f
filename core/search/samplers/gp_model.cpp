// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_model.h"

#include <Eigen/Cholesky>
#include <cmath>

namespace lathe::search {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

GpModel::GpModel(const GpSpace& space, GpHyper hyper, const MatrixXd& z, Index room)
    : m_hyper(std::move(hyper)), m_kernel(space, m_hyper), m_size(z.cols()) {
  m_points.setZero(z.rows(), m_size + room);
  m_factor.setZero(m_size + room, m_size + room);
  m_points.leftCols(m_size) = z;
  const MatrixXd covariance = m_kernel.covariances(z, z);
  for (double noise = std::exp(m_hyper.logNoise);; noise *= 10) {
    MatrixXd noisy = covariance;
    noisy.diagonal().array() += noise;
    const Eigen::LLT<MatrixXd> factor(noisy);
    if (factor.info() != Eigen::Success && noise < 1e3) continue;
    m_factor.topLeftCorner(m_size, m_size) = factor.matrixL();
    break;
  }
}

void GpModel::append(const VectorXd& z) {
  VectorXd row = m_kernel.covariances(m_points.leftCols(m_size), z);
  m_points.col(m_size) = z;
  // By columns, so that no sum depends on how memory is aligned.
  double* values = row.data();
  double rest = m_kernel.variances(z)[0] + std::exp(m_hyper.logNoise);
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
  MatrixXd covariance = m_kernel.covariances(m_points.leftCols(m_size), z);
  means = (m_alpha.transpose() * covariance.topRows(m_alpha.size())).transpose().array();
  m_factor.topLeftCorner(m_size, m_size).triangularView<Eigen::Lower>().solveInPlace(covariance);
  const ArrayXd whole = m_kernel.variances(z);
  variances = (whole - covariance.colwise().squaredNorm().transpose().array()).max(1e-12 * whole);
}

void GpModel::predict(const VectorXd& z, Point& point) const {
  const MatrixXd points = m_points.leftCols(m_size);
  const GpKernel::Slopes kernel(m_kernel, points, z);
  const auto factor = m_factor.topLeftCorner(m_size, m_size);
  VectorXd solved = factor.triangularView<Eigen::Lower>().solve(kernel.covariances());
  const double whole = m_kernel.variances(z)[0];
  point.mean = m_alpha.dot(kernel.covariances().head(m_alpha.size()));
  point.variance = std::max(whole - solved.squaredNorm(), 1e-12 * whole);
  factor.transpose().triangularView<Eigen::Upper>().solveInPlace(solved);
  point.meanSlope = kernel.slopes(m_alpha);
  point.varianceSlope = -2 * kernel.slopes(solved);
}

}  // namespace lathe::search

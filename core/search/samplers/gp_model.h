// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/search/samplers/gp_fit.h"

namespace lathe::search {

/// A Gaussian process with fixed hyperparameters. Points can be added one by one: the Cholesky factor grows by a row
/// each, in the same arithmetic whenever that happens.
class GpModel {
 public:
  /// At the columns of z; `room` points can be added later.
  GpModel(const GpSpace& space, GpHyper hyper, const Eigen::MatrixXd& z, Eigen::Index room);

  [[nodiscard]] Eigen::Index size() const { return m_size; }
  [[nodiscard]] const GpHyper& hyper() const { return m_hyper; }
  void append(const Eigen::VectorXd& z);
  /// Forgets the points from the count-th on.
  void truncate(Eigen::Index count) { m_size = count; }
  /// Outputs of the first y.size() points. Those behind them count as if they had met what was expected of them: they
  /// make the process surer, and change no mean (a kriging believer, Ginsbourger et al. 2010).
  void setOutputs(const Eigen::VectorXd& y);

  /// Means without noise at the points that have outputs.
  [[nodiscard]] Eigen::VectorXd means() const { return m_outputs - std::exp(m_hyper.logNoise) * m_alpha; }
  /// Means and variances, without noise, at the columns of z.
  void predict(const Eigen::MatrixXd& z, Eigen::ArrayXd& means, Eigen::ArrayXd& variances) const;
  struct Point {
    double mean = 0, variance = 0;
    Eigen::VectorXd meanSlope, varianceSlope;  ///< by each number
  };
  void predict(const Eigen::VectorXd& z, Point& point) const;

 private:
  const GpHyper m_hyper;
  const GpKernel m_kernel;
  Eigen::Index m_size = 0;
  Eigen::MatrixXd m_points;  ///< a column each
  Eigen::MatrixXd m_factor;  ///< lower triangle
  Eigen::VectorXd m_outputs, m_alpha;
};

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/search/samplers/gp_space.h"

namespace lathe::search {

/// What a Gaussian process is made of, for outputs with mean 0 and deviation 1.
struct GpHyper {
  Eigen::VectorXd logWeights;  ///< of each group: logarithm of 1 / lengthscale^2
  Eigen::VectorXd logReaches;  ///< of each group: of 1 / where its own part's correlation ends (numbers only)
  double logSignal = 0;        ///< of the variance of what varies with all parameters together
  double logAdditive = -1;     ///< of the variance of the sum of what varies with one parameter each
  double logNoise = -7;        ///< of the noise's variance

  [[nodiscard]] Eigen::VectorXd packed() const;
  [[nodiscard]] static GpHyper unpacked(const Eigen::VectorXd& theta);
};

/// The covariance of two points: a constant, Matern 5/2 of their distance, and a sum of functions of one parameter
/// each (Duvenaud, Nickisch and Rasmussen 2011), which are Wendland's (1995) of the smoothness 4 for numbers, since
/// they need no exponential, and linear in a choice's corners.
class GpKernel {
 public:
  GpKernel(const GpSpace& space, const GpHyper& hyper);

  [[nodiscard]] Eigen::MatrixXd covariances(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) const;
  /// Of each column with itself.
  [[nodiscard]] Eigen::ArrayXd variances(const Eigen::MatrixXd& z) const;
  /// The covariances of z with each column of `points`; then slopes(weights) is the gradient of their weighted sum by
  /// z (of numbers only).
  class Slopes {
   public:
    Slopes(const GpKernel& kernel, const Eigen::MatrixXd& points, const Eigen::VectorXd& z);
    [[nodiscard]] const Eigen::VectorXd& covariances() const { return m_covariances; }
    [[nodiscard]] Eigen::VectorXd slopes(const Eigen::VectorXd& weights) const;

   private:
    const GpKernel& m_kernel;
    const Eigen::MatrixXd& m_points;
    const Eigen::VectorXd& m_z;
    Eigen::VectorXd m_covariances, m_joint;
    Eigen::MatrixXd m_own;
  };
  /// The gradient of sum(pull * covariance) / 2 by packed hyperparameters but the noise, for the points z with
  /// themselves; pull is symmetric. Also gives the covariances.
  struct Derivatives {
    Eigen::MatrixXd joint, jointSlopes;  ///< Matern alone, and its derivative by the squared distance
    Eigen::MatrixXd covariances;
  };
  [[nodiscard]] Derivatives prepare(const Eigen::MatrixXd& z) const;
  void addGradient(const Eigen::MatrixXd& z, const Derivatives& prepared, const Eigen::MatrixXd& pull,
                   Eigen::VectorXd& gradient) const;

 private:
  [[nodiscard]] Eigen::MatrixXd squares(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) const;
  void addOwn(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, Eigen::MatrixXd& covariances) const;

  const GpSpace& m_space;
  const GpHyper m_hyper;
  const Eigen::VectorXd m_roots;    ///< of each feature's weight
  const Eigen::VectorXd m_reaches;  ///< of each feature; 0 where its own part is linear
  const double m_signal, m_own;     ///< m_own: of one parameter
};

/// Variance of the constant that every process has.
inline constexpr double gpConstant = 1;

/// Square roots of the features' weights.
[[nodiscard]] Eigen::VectorXd gpRootWeights(const GpSpace& space, const GpHyper& hyper);

}  // namespace lathe::search

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/search/samplers/gp_space.h"

namespace lathe::search {

/// What a Gaussian process is made of, for outputs with mean 0 and deviation 1.
struct GpHyper {
  Eigen::VectorXd logWeights;  ///< of each group: logarithm of 1 / lengthscale^2
  double logSignal = 0;        ///< of the variance of what varies
  double logNoise = -7;        ///< of the noise's variance
};

/// Variance of the constant that every process has.
inline constexpr double gpConstant = 1;

/// Matern 5/2 of the squared distances `squares` (weighted): replaces them by the kernel. `slopes`, if given, gets the
/// kernel's derivative by the squared distance.
void gpMatern(Eigen::Ref<Eigen::ArrayXXd> squares, Eigen::ArrayXXd* slopes = nullptr);

/// Squared distances between the columns of `a` and of `b`.
[[nodiscard]] Eigen::ArrayXXd gpSquares(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

/// Square roots of the features' weights.
[[nodiscard]] Eigen::VectorXd gpRootWeights(const GpSpace& space, const GpHyper& hyper);

[[nodiscard]] GpHyper gpStart(const GpSpace& space);

struct GpFitted {
  GpHyper hyper;
  double logPosterior = 0;
};
/// The most probable hyperparameters near `start` for outputs y at the columns of z: marginal likelihood and priors,
/// with analytic gradients. Length scales have log-normal priors whose median grows with the root of the number of
/// parameters (Hvarfner, Hellsten and Nardi 2024); the noise's prior favours little, and allows much.
[[nodiscard]] GpFitted gpFit(const GpSpace& space, const Eigen::MatrixXd& z, const Eigen::VectorXd& y,
                             const GpHyper& start, int evaluations);

/// Logarithm of the marginal likelihood of each column of y under fixed hyperparameters.
[[nodiscard]] Eigen::VectorXd gpLikelihoods(const GpSpace& space, const Eigen::MatrixXd& z, const Eigen::MatrixXd& y,
                                            const GpHyper& hyper);

}  // namespace lathe::search

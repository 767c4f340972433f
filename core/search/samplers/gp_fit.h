// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/search/samplers/gp_kernel.h"

namespace lathe::search {

[[nodiscard]] GpHyper gpStart(const GpSpace& space);

/// The noise's variance has a gamma distribution. That of goals favours little, and allows much.
struct GpNoisePrior {
  double shape = 0.1, rate = 30;
};
struct GpFitted {
  GpHyper hyper;
  double logPosterior = 0;
};
/// The most probable hyperparameters near `start` for outputs y at the columns of z: marginal likelihood and priors,
/// with analytic gradients. Length scales have log-normal priors whose median grows with the root of the number of
/// parameters (Hvarfner, Hellsten and Nardi 2024).
[[nodiscard]] GpFitted gpFit(const GpSpace& space, const Eigen::MatrixXd& z, const Eigen::VectorXd& y,
                             const GpHyper& start, int evaluations, const GpNoisePrior& noise = {});

/// Logarithm of the marginal likelihood of each column of y under fixed hyperparameters.
[[nodiscard]] Eigen::VectorXd gpLikelihoods(const GpSpace& space, const Eigen::MatrixXd& z, const Eigen::MatrixXd& y,
                                            const GpHyper& hyper);

}  // namespace lathe::search

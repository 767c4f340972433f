// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::engine {

/// Scores of a network that was not trained, said to go along with how good it gets (Abdelfattah et al. 2021); larger
/// is better. The honest thing to compare them with is the number of parameters.
struct ZeroCost {
  /// Tanaka et al. 2020: the logarithm of the sum of |weight x gradient| of the output summed, for an input of ones and
  /// the absolute values of all weights.
  double synflow = 0;
  /// Mellor et al. 2021: log |det K|, K[i][j] the number of activations whose input has the same sign for rows i and j
  /// of a batch.
  double naswot = 0;
  double gradientNorm = 0;  ///< of the loss of one batch, over all trainable parameters
};

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/data/buffers.h"
#include "core/engine/engine.h"
#include "core/spec/experiment.h"
#include "core/spec/schema.h"
#include "core/spec/targets.h"

namespace lathe::engine {

/// What one batch gave. Means are weighted by the rows' (and, for the loss, the classes') weights.
struct BatchScore {
  double loss = 0;           ///< weighted mean: what is descended
  double weight = 0;         ///< sum of row weight x class weight: what the loss is a mean over
  double rowWeight = 0;      ///< sum of row weights
  double correct = 0;        ///< row weight of the rows whose best class, or every label, is right
  double squaredError = 0;   ///< regression of one target, at any number of rows ahead: row-weighted sum of the
                             ///< mean over these, in its unit squared
  double absoluteError = 0;  ///< regression, and the middle quantile: row-weighted sum of the mean over targets
  double pinball = 0;        ///< quantiles: row-weighted sum of the mean over targets and levels, in the target's unit

  /// Sums of two batches; the loss becomes the mean over both.
  void add(const BatchScore& other);
  /// Adds a share of what a member of an ensemble gave on the same rows: shares of all members sum to 1.
  void addMember(const BatchScore& other, double share);
};

/// Rows whose inputs were blended with other rows (mixup, Zhang 2018; cutmix, Yun 2019): the loss is then
/// share * L(rows) + (1 - share) * L(partner), each a weighted mean of its own, and so are the other sums. Classes and
/// labels only.
struct MixedRows {
  std::span<const std::uint32_t> partner;  ///< one a row, numbers of the dataset; empty: nothing was mixed
  double share = 1;                        ///< of the row's own label, 0..1
};

/// Loss of a batch and its gradient by the network's output, in plain C++ so that every engine descends the same
/// function. Immutable, thread-safe, without allocation in a steady step; keeps the dataset alive.
///
/// cross_entropy of the softmax of logits: -(1 - e) w[y] log p[y] - e mean_c w[c] log p[c], e the label smoothing,
/// class
///   weights w[c] = 1 / (C * frequency) or 1, the mean over rows divided by the sum of w[y] (as PyTorch has it).
/// focal (Lin and others 2017): -w[y] (1 - p[y])^gamma log p[y]; of labels the same of each label's sigmoid, the mean
///   over labels.
/// bce: mean over labels of -t log p - (1 - t) log(1 - p), t = y (1 - e) + e / 2.
/// mse, mae, huber of the scaled target z = (y - shift) / scale, the mean over targets.
/// poisson (log link): e^output - z * output, z = y / scale (PyTorch's poisson_nll_loss).
/// pinball (Koenker and Bassett 1978): max(q (z - output), (q - 1) (z - output)), the mean over targets and levels. The
///   head sorts the levels of a row, so that they never cross.
/// reconstruction: the output, which is the score of a row: the network ends in it (spec's layer reconstruction_error).
class Loss {
 public:
  Loss(const spec::LossSpec& spec, const spec::ModelDescription& model, std::shared_ptr<const data::Dataset> data);

  /// Numbers a row of output has: classes, labels, targets, targets x levels, or one score.
  [[nodiscard]] std::size_t outputs() const { return m_outputs; }
  /// `output` and `gradient` are rows x outputs(); `rows` are row numbers of the dataset. The gradient is that of the
  /// loss (a mean), not written when empty.
  [[nodiscard]] BatchScore evaluate(std::span<const float> output, std::span<const std::uint32_t> rows,
                                    std::span<float> gradient, const MixedRows& mixed = {}) const;
  /// The same loss from finished predictions (probabilities, or values in the target's unit). Rows without a target are
  /// left out; NaN where none is left.
  [[nodiscard]] double ofPredictions(const Predictions& predictions, std::span<const std::uint32_t> rows) const;

 private:
  enum class Kind { Classes, Labels, Values, Poisson, Quantiles, Given };
  enum class Distance { Squared, Absolute, Huber };
  using Rows = std::span<const std::uint32_t>;

  [[nodiscard]] BatchScore classes(std::span<const float> output, Rows rows, std::span<float> gradient,
                                   const MixedRows& mixed) const;
  [[nodiscard]] BatchScore labels(std::span<const float> output, Rows rows, std::span<float> gradient,
                                  const MixedRows& mixed) const;
  [[nodiscard]] BatchScore values(std::span<const float> output, Rows rows, std::span<float> gradient) const;
  [[nodiscard]] BatchScore quantiles(std::span<const float> output, Rows rows, std::span<float> gradient) const;
  [[nodiscard]] BatchScore given(std::span<const float> output, Rows rows, std::span<float> gradient) const;
  [[nodiscard]] double rowWeight(std::uint32_t row) const {
    return m_data->weights.empty() ? 1.0 : static_cast<double>(m_data->weights[row]);
  }
  [[nodiscard]] double weightOf(Rows rows) const;
  [[nodiscard]] std::size_t labelOf(std::uint32_t row) const { return static_cast<std::size_t>(m_data->classes[row]); }
  [[nodiscard]] double scaled(std::uint32_t row, std::size_t target) const;
  [[nodiscard]] double pointLoss(double difference) const;
  [[nodiscard]] double slopeOf(double difference) const;
  /// Of one row of finished predictions; NaN where the row has no target. `divisor` is what it is a mean over.
  [[nodiscard]] double ofRow(const float* predicted, std::uint32_t row, double& divisor) const;

  std::shared_ptr<const data::Dataset> m_data;
  Kind m_kind = Kind::Classes;
  Distance m_distance = Distance::Squared;
  std::size_t m_outputs = 1;
  std::size_t m_targets = 1;
  bool m_oneUnit = true;
  double m_smoothing = 0;
  double m_huberDelta = 1;
  double m_gamma = 0;  ///< focal; 0: cross-entropy
  std::vector<double> m_classWeights;
  std::vector<float> m_smoothingShares;  ///< each class's share of the smoothing, weighted like the class itself
  double m_smoothingTotal = 0;
  std::vector<double> m_levels;
  std::size_t m_middle = 0;  ///< the level that stands for the value
  std::vector<spec::TargetScaling> m_scalings;
};

/// How much of cross-entropy's loss and of its gradient the focal loss leaves to a row whose own class has log p:
/// (1 - p)^gamma, and (1 - p)^gamma - gamma (1 - p)^(gamma - 1) p log p.
struct Focus {
  double ofLoss = 1;
  double ofSlope = 1;
};
[[nodiscard]] Focus focusOf(double logProbability, double gamma);

/// The loss of an ensemble whose members learn by themselves: the mean of theirs. `output` and `gradient` are members x
/// rows x outputs(); accuracies and errors are means over the members as well.
[[nodiscard]] BatchScore evaluateMembers(const Loss& loss, std::size_t members, std::span<const float> output,
                                         std::span<const std::uint32_t> rows, std::span<float> gradient);

}  // namespace lathe::engine

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

namespace lathe::engine {

/// How a network's scaled output becomes a value in the target's unit: value = output * scale + shift.
struct TargetScaling {
  double shift = 0;
  double scale = 1;
};
[[nodiscard]] TargetScaling targetScaling(const spec::ModelDescription& model);

/// What one batch gave. Means are weighted by the rows' (and, for the loss, the classes') weights.
struct BatchScore {
  double loss = 0;           ///< weighted mean: what is descended
  double weight = 0;         ///< sum of row weight x class weight: what the loss is a mean over
  double rowWeight = 0;      ///< sum of row weights
  double correct = 0;        ///< classification: row weight of the rows whose best class is right
  double squaredError = 0;   ///< regression: row-weighted sum, in the target's unit squared
  double absoluteError = 0;  ///< regression: row-weighted sum, in the target's unit

  /// Sums of two batches; the loss becomes the mean over both.
  void add(const BatchScore& other);
  /// Adds a share of what a member of an ensemble gave on the same rows: shares of all members sum to 1.
  void addMember(const BatchScore& other, double share);
};

/// Rows whose inputs were blended with other rows (mixup, Zhang 2018; cutmix, Yun 2019): the loss is then
/// share * L(rows) + (1 - share) * L(partner), each a weighted mean of its own, and so are the other sums. Classes
/// only.
struct MixedRows {
  std::span<const std::uint32_t> partner;  ///< one a row, numbers of the dataset; empty: nothing was mixed
  double share = 1;                        ///< of the row's own label, 0..1
};

/// Loss of a batch and its gradient by the network's output, in plain C++ so that every engine descends the same
/// function. Cross-entropy of the softmax of logits: -(1 - e) w[y] log p[y] - e mean_c w[c] log p[c], e the label
/// smoothing, class weights w[c] = 1 / (C * frequency) or 1, the mean over rows divided by the sum of w[y] (as PyTorch
/// has it); mean squared error and Huber on the scaled target. Immutable, thread-safe; keeps
/// the dataset alive.
class Loss {
 public:
  Loss(const spec::LossSpec& spec, const spec::ModelDescription& model, std::shared_ptr<const data::Dataset> data);

  /// Numbers a row of output has: classes, or 1.
  [[nodiscard]] std::size_t outputs() const { return m_outputs; }
  /// `output` and `gradient` are rows x outputs(); `rows` are row numbers of the dataset. The gradient is that of the
  /// loss (a mean), not written when empty.
  [[nodiscard]] BatchScore evaluate(std::span<const float> output, std::span<const std::uint32_t> rows,
                                    std::span<float> gradient, const MixedRows& mixed = {}) const;
  /// The same loss from finished predictions (probabilities, or values in the target's unit).
  [[nodiscard]] double ofPredictions(const Predictions& predictions, std::span<const std::uint32_t> rows) const;

 private:
  enum class Kind { CrossEntropy, MeanSquared, Huber };
  [[nodiscard]] BatchScore crossEntropy(std::span<const float> output, std::span<const std::uint32_t> rows,
                                        std::span<float> gradient, const MixedRows& mixed) const;
  [[nodiscard]] BatchScore regression(std::span<const float> output, std::span<const std::uint32_t> rows,
                                      std::span<float> gradient) const;
  [[nodiscard]] double rowWeight(std::uint32_t row) const {
    return m_data->weights.empty() ? 1.0 : m_data->weights[row];
  }
  [[nodiscard]] std::size_t labelOf(std::uint32_t row) const { return static_cast<std::size_t>(m_data->classes[row]); }
  [[nodiscard]] double pointLoss(double scaledDifference) const;

  std::shared_ptr<const data::Dataset> m_data;
  Kind m_kind = Kind::CrossEntropy;
  std::size_t m_outputs = 1;
  double m_smoothing = 0;
  double m_huberDelta = 1;
  std::vector<double> m_classWeights;
  std::vector<float> m_smoothingShares;  ///< each class's share of the smoothing, weighted like the class itself
  double m_smoothingTotal = 0;
  TargetScaling m_scaling;
};

}  // namespace lathe::engine

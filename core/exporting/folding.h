// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/spec/program.h"

/// What only training needs leaves a program before it is written, the same for every format.
namespace lathe::exporting {

using Weights = std::vector<std::vector<float>>;

/// What a normalisation by running statistics does to each channel: x * scale + shift.
struct PerChannel {
  std::vector<double> scale, shift;
};
[[nodiscard]] PerChannel perChannel(const spec::Operation& norm, std::span<const std::vector<float>> weights);

/// A program whose normalisations by running statistics are part of the convolution or dense layer that they alone
/// read: its output is theirs, and it has a bias. Values keep their numbers.
class Folding {
 public:
  explicit Folding(const spec::Program& program);

  [[nodiscard]] const spec::Program& program() const { return m_program; }
  /// Its numbers from those of the whole program.
  [[nodiscard]] Weights folded(std::span<const std::vector<float>> whole) const;
  /// Numbers of the whole program that fold to these, bit for bit: the normalisations add the biases and do nothing
  /// else.
  [[nodiscard]] Weights unfolded(Weights folded) const;

 private:
  struct Fold {
    std::size_t weight = 0, bias = 0;  ///< of the folded program
    spec::Operation norm;              ///< of the whole one
  };
  void join(const spec::Operation& norm, spec::Operation& layer);

  spec::Program m_program;
  std::vector<int> m_origin;  ///< of each parameter in the whole program; -1: it is new
  std::vector<Fold> m_folds;
  std::size_t m_count;  ///< parameters of the whole program
};

struct FoldedModel {
  spec::Program program;
  Weights weights;
};
[[nodiscard]] FoldedModel folded(const spec::Program& program, std::span<const std::vector<float>> weights);

}  // namespace lathe::exporting

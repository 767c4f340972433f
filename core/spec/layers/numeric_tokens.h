// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/layers/lowering.h"

/// Numeric embeddings of Gorishniy, Rubachev and Babenko 2022 ("On Embeddings for Numerical Features in Tabular Deep
/// Learning"): every number of a table becomes a token of its own. For the files of this folder only.
namespace lathe::spec {

/// The leading numbers of a table's features; of any other row all of it.
[[nodiscard]] std::int64_t numbersIn(const LoweredValue& x);
/// That it is a row of numbers.
Result<void> needNumbers(const Shape& given);
/// That bins were fitted for its numbers.
Result<void> needBins(const LoweredValue& x);

/// How tokens are made of numbers. Weights start as PyTorch's torch.nn.Linear of each number.
struct NumericTokens {
  std::int64_t size = 16;
  bool bend = true;         ///< a ReLU at the end
  bool decay = true;        ///< whether weight decay may take the weights
  std::int64_t waves = 48;  ///< periodic
  double sigma = 0.01;      ///< periodic: spread of the first frequencies
  double rate = 1;          ///< periodic: factor of the frequencies' learning rate
};
/// Piecewise-linear encoding of the bins, a linear layer for each number, ReLU ("Q-LR"): [n, size]. A number without
/// bins is encoded as itself.
LoweredValue lowerPiecewise(ProgramBuilder& builder, const LoweredValue& x, const NumericTokens& tokens);
/// Sines and cosines of learnt frequencies, a linear layer for each number, ReLU ("PLR"): [n, size].
LoweredValue lowerPeriodic(ProgramBuilder& builder, const LoweredValue& x, const NumericTokens& tokens);
/// What stands behind the numbers, as a row; only where something does.
LoweredValue behindNumbers(ProgramBuilder& builder, const LoweredValue& x);
/// The most bins of any number.
[[nodiscard]] std::int64_t mostBins(const LoweredValue& x);

}  // namespace lathe::spec

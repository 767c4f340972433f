// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

/// Temperature scaling (Guo et al. 2017): logits divided by one number, so that probabilities are as sure as they are
/// right. Pure, any thread.
namespace lathe::services {

/// Probabilities of logits divided by `temperature`, from those of the logits as they are: rows of `columns` classes,
/// or of labels that each stand for themselves.
[[nodiscard]] std::vector<float> tempered(const std::vector<float>& probabilities, std::size_t columns,
                                          double temperature, bool labels);

/// Where `cost`, a mean over `rows` rows, is smallest between `least` and `most`; 1 where nothing is gained. The
/// logarithm has a normal prior around 0 of deviation 0.5: where every one of few rows is right, the cost alone would
/// ask for probabilities of 1.
[[nodiscard]] double bestTemperature(const std::function<double(double)>& cost, std::size_t rows, double least = 0.25,
                                     double most = 4);

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/schema.h"

/// Several models over the same raw input as one: their programs side by side, behind them the weighted mean of what
/// they give, in ordinary primitives. So whatever runs or writes a program runs and writes an ensemble. Pure, any
/// thread.
namespace lathe::spec {

inline constexpr std::size_t mostMembers = 1024;
inline constexpr double leastTemperature = 1e-3;  ///< and its inverse the highest

struct WeightedModel {
  ModelDescription model;  ///< no ensemble itself
  double weight = 1;
};

/// Weights are divided by their sum. `fitted` and `preprocessing`: of the whole, by which the target is scored. Error
/// "ensemble.members": none, members of other schemas, or an ensemble among them.
Result<ModelDescription> ensembleOf(const std::vector<WeightedModel>& members, const FittedPreprocessing& fitted,
                                    const PreprocessingSpec& preprocessing);

/// One of the members as a model of its own.
[[nodiscard]] ModelDescription memberOf(const ModelDescription& ensemble, std::size_t member);

/// What the names of a member's parameters, constants and layers begin with: "m0."
[[nodiscard]] std::string memberPrefix(std::size_t member);

/// Preprocessing that several members share is done once. The model section ends in the mean: there is no head, and
/// `logits` is the output itself, since nobody trains an ensemble as a whole. For lower(), of a checked description.
Result<Program> lowerEnsemble(const ModelDescription& description);

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/spec/program.h"

/// Low-rank adaptation (Hu et al. 2021, LoRA): a weight W [O, I] with ready numbers stays as it is, and what is learnt
/// is W + (alpha / rank) B A with A [rank, I] started small and at random and B [O, rank] started at zero, so that the
/// network begins exactly as it was. Everything else but the output layer is frozen.
namespace lathe::spec {

/// Rewrites a lowered graph: adapters for each linear and attention layer before the output layer (but not for frozen
/// ones), every other parameter before it with lrFactor 0. Linear layers get two small linear operations and a sum
/// beside them, attention takes the matrices itself (primitive.h). `section` is the whole model. The report gets what
/// the adapters add, or the error "spec.lora" when no layer can carry one.
void addAdapters(const ModelGraph& graph, Program& program, std::vector<Operation>& section, GraphReport& report);

/// One adapted weight: indices into Program::parameters, and the factor of B A in W's own place.
struct Adapter {
  int weight = -1, a = -1, b = -1;
  double scale = 1;
};
[[nodiscard]] std::vector<Adapter> adaptersOf(const Program& program);

/// The layer whose parameters make the output: never adapted, never part of a frozen backbone. "" without parameters.
[[nodiscard]] std::string outputLayer(const std::vector<Operation>& model, const std::vector<Parameter>& parameters);

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/search/architectures/architecture.h"
#include "core/search/sampler.h"

namespace lathe::search {

/// Samplers for a study of architectures: "evolution" is regularized evolution with the mutations of mutation.h,
/// "ranked" proposes study.ranked in its order and then nothing, any other name is makeSampler()'s. None proposes what
/// costs more than study.limits allow in parameters or FLOPs; what a sampler proposes beyond them is made smaller step
/// by step. Errors: those of makeSampler(); "nas.impossible" when even the smallest architecture costs too much, with
/// what it costs.
Result<std::unique_ptr<Sampler>> makeArchitectureSampler(const std::string& name, const SamplerSetup& setup,
                                                         const ArchitectureStudy& study);

/// Parameters and FLOPs, counted from the graph. Errors: those of buildArchitecture().
Result<ArchitectureCost> costOfArchitecture(const ArchitectureStudy& study, const SearchSpace& space,
                                            const Configuration& configuration);
[[nodiscard]] bool within(const ArchitectureLimits& limits, const ArchitectureCost& cost);

/// Real et al. 2019: the best of a few drawn from the newest trials has a child by one mutation; the oldest leave. The
/// first trials are drawn at random. Nobody is proposed twice while there is anything else.
std::unique_ptr<Sampler> makeArchitectureEvolution(const SamplerSetup& setup);
/// Asks `inner` again where it proposes a network that was begun, or is known from outside. For one that draws at
/// random.
std::unique_ptr<Sampler> makeDistinctSampler(const SamplerSetup& setup, const ArchitectureStudy& study,
                                             std::unique_ptr<Sampler> inner);
std::unique_ptr<Sampler> makeRankedSampler(std::vector<Configuration> ranked);

}  // namespace lathe::search

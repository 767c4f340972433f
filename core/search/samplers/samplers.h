// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/search/sampler.h"

/// One maker a sampler; makeSampler() chooses by name. Their space has no fixed parameters.
namespace lathe::search {

[[nodiscard]] std::unique_ptr<Sampler> makeRandomSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeGridSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeQmcSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeTpeSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeCmaesSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeNsga2Sampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeNsga3Sampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeGpSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeMotpeSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeEhviSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeDeSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeEvolutionSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeAnnealingSampler(const SamplerSetup& setup);
[[nodiscard]] std::unique_ptr<Sampler> makeAutoSampler(const SamplerSetup& setup);

}  // namespace lathe::search

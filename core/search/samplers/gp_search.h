// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <unordered_set>

#include "core/base/random.h"
#include "core/search/samplers/gp_acquisition.h"
#include "core/search/samplers/gp_model.h"

namespace lathe::search {

/// Where the acquisition is to be maximised.
struct GpSearchTask {
  const SearchSpace& space;
  const GpSpace& features;
  std::vector<const GpModel*> models;  ///< one a goal
  const GpAcquisition& acquisition;
  std::vector<Configuration> centres;            ///< good ones, best first
  std::unordered_set<std::uint64_t> taken = {};  ///< hashes of what is not to be proposed again
};

/// The n-th point of a sequence that fills the space evenly (Roberts 2018), shifted at random; within the conditions,
/// perhaps not within the constraints.
[[nodiscard]] Configuration gpSpread(const SearchSpace& space, std::uint64_t n, Random& shift);

/// A maximum of the acquisition: spread and local candidates in one batch, then ascents from the best of them, by
/// gradients in the floats and step by step in the rest, in turn. Nothing when all that was tried is taken.
[[nodiscard]] std::optional<Configuration> gpSearch(const GpSearchTask& task, Random& random);

}  // namespace lathe::search

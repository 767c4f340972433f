// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/search/sampler.h"
#include "core/search/samplers/cma.h"
#include "core/search/samplers/standing.h"

namespace lathe::search {

/// A probability a choice, for each category.
using Probabilities = std::vector<std::vector<double>>;

/// How CMA-ES sees a space: numbers and ordinals are coordinates, the other parameters categories. What lies outside
/// of 0 .. 1 stands for the nearer end.
struct CmaCoding {
  explicit CmaCoding(const SearchSpace& searched);

  SearchSpace space;
  std::vector<std::size_t> axes, categories;  ///< their parameters
  Cma::Cells cells;

  [[nodiscard]] Configuration decoded(const Eigen::VectorXd& point, const std::vector<std::size_t>& chosen) const;
  /// With the coordinates of `mean` for what is inactive.
  [[nodiscard]] Eigen::VectorXd point(const Configuration& configuration, const Eigen::VectorXd& mean) const;
  /// The index of each category's choice; their number where it is inactive.
  [[nodiscard]] std::vector<std::size_t> choices(const Configuration& configuration) const;
};

struct CmaBeginning {
  Cma::Start numbers;
  Probabilities probabilities;
};
/// Around the best of what is known, as wide as these lie apart (Nomura et al. 2021, WS-CMA-ES); without it around the
/// centre.
[[nodiscard]] CmaBeginning firstStart(const CmaCoding& coding, const SamplerSetup& setup,
                                      const std::vector<Told>& known);
/// The run-th restart: anywhere, in turns with a larger population and with a small one and shorter steps (Hansen 2009,
/// BIPOP).
[[nodiscard]] CmaBeginning laterStart(const CmaCoding& coding, const SamplerSetup& setup, int run, Random& random);

/// Moves probabilities towards the choices of a generation, the best first, and keeps each from vanishing (as Hamano et
/// al. 2024, CatCMA).
void learn(Probabilities& probabilities, const std::vector<const std::vector<std::size_t>*>& best);

}  // namespace lathe::search

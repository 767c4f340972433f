// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/engine_torch/population_store.h"
#include "core/engine_torch/program_runner.h"

namespace lathe::engine {

/// What one member of a pass has of its own beside its row of the store.
struct MemberPass {
  std::size_t member = 0;  ///< its place in PopulationNetwork's programs
  Random* dropout = nullptr;
  double dropoutFactor = 1;
};

/// The model section of a program over values [P, N, ...], training mode: each member's slice is what ProgramRunner
/// gives for that member alone, its random numbers drawn from its own generator in the same order. Linear layers are
/// one batched product. What has no batched form runs member by member.
class PopulationNetwork {
 public:
  /// One program a member, alike but for the probabilities of dropout (populationDifference()).
  PopulationNetwork(const std::vector<spec::Program>& programs, torch::Device device);

  /// `prepared` [P, N, ...] in the program's order; one member of `passes` for each row of the store. -> logits.
  [[nodiscard]] torch::Tensor logits(const TensorList& prepared, const PopulationStore& store,
                                     std::span<const MemberPass> passes) const;

  /// Why a program would gain nothing here: the first layer that is a convolution, recurrent or attention, whose own
  /// work fills a device. "the layer conv1".
  [[nodiscard]] static std::optional<std::string> obstacle(const spec::Program& program);

 private:
  spec::Program m_program;
  std::vector<std::vector<double>> m_probabilities;  ///< of each operation that drops: one a member
  TensorList m_constants;
};

}  // namespace lathe::engine

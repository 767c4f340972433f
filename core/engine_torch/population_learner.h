// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/losses.h"
#include "core/engine/population.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/population_network.h"
#include "core/engine_torch/population_optimizer.h"
#include "core/engine_torch/population_store.h"
#include "core/engine_torch/tensors.h"

namespace lathe::engine {

/// The steps of a population on LibTorch, on any device: parameters stacked, one batched pass forward and backward, one
/// optimiser pass. Losses are Loss's, member by member, as in TorchLearner. Members that asked for batches of another
/// size (the last of an epoch, after a resume in its midst) take a pass of their own, on copies of their rows. Members
/// whose loss or gradient is not finite learn nothing from the step.
class TorchPopulation final : public PopulationLearner {
 public:
  /// `programs` of the members. Throws what LibTorch throws; the engine guards.
  TorchPopulation(std::span<const PopulationMember> members, const std::vector<spec::Program>& programs,
                  torch::Device device, ThreadCount& threads);
  TorchPopulation(const TorchPopulation&) = delete;
  TorchPopulation& operator=(const TorchPopulation&) = delete;
  ~TorchPopulation() override;

  [[nodiscard]] Learner& member(std::size_t index) override;
  std::vector<Result<StepOutcome>> step(std::span<const Asked> asked) override;
  void leave(std::size_t member) override { m_members[member].left = m_anyLeft = true; }

  /// The setting that no population can be trained with ("training.average.name"), or the layer.
  [[nodiscard]] static std::optional<std::string> obstacle(const spec::Program& program,
                                                           const spec::TrainingSpec& training);

 private:
  class MemberLearner;
  struct Member {
    const TrainingRequest* request;
    Loss loss;
    Random dropout;
    std::unique_ptr<MemberLearner> learner;
    ParameterHistograms* countInto;
    std::int64_t row;  ///< of the store
    bool left;
  };

  /// Those of a pass: their places in `asked`.
  using Group = std::vector<std::size_t>;
  void descend(std::span<const Asked> asked, const Group& group, std::vector<Result<StepOutcome>>& outcomes);
  /// Loss and gradient of the logits of each; a zero gradient where the loss is not finite.
  torch::Tensor evaluateLosses(const torch::Tensor& output, std::span<const Asked> asked, const Group& group,
                               std::vector<StepOutcome>& into);
  void applyGradients(PopulationStore& store, std::span<const Asked> asked, const Group& group,
                      std::vector<StepOutcome>& into);
  void countRow(const torch::Tensor& weights, const torch::Tensor& gradient, ParameterHistograms& into) const;
  /// Those that left give their memory back: one copy of the state, about what a step of the optimiser costs.
  void closeRanks();

  ProgramRunner m_runner;  ///< of the first member; for evaluation, where dropout plays no part
  PopulationNetwork m_network;
  BatchSource m_batches;
  std::vector<const char*> m_arrayNames;
  PopulationStore m_store;
  ThreadCount& m_threads;
  std::vector<Member> m_members;
  bool m_anyLeft = false;
};

}  // namespace lathe::engine

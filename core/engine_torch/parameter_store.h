// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <torch/torch.h>
#include <vector>

#include "core/engine/checkpoint.h"
#include "core/engine/optimizer.h"
#include "core/spec/program.h"

namespace lathe::engine {

/// A program's parameters as tensors in one flat piece of memory, each at a multiple of 64 bytes, convolution weights
/// channels-last. Running statistics lie outside of it. Moves, never copies.
class ParameterStore {
 public:
  ParameterStore(const spec::Program& program, torch::Device device, bool trainable);

  /// Starts every parameter as its initialiser says, from the run's own generator.
  void initialise(std::uint64_t seed);
  /// Puts numbers from elsewhere in the place of some of them; names and shapes were matched before.
  void overwrite(const std::vector<NamedTensor>& tensors);

  /// In the program's order.
  [[nodiscard]] const std::vector<torch::Tensor>& all() const { return m_tensors; }
  [[nodiscard]] const torch::Tensor& flat() const { return m_flat; }
  /// Trainable ones: index into all(), and first element in flat().
  struct Place {
    std::size_t index;
    std::int64_t offset;
    std::int64_t count;
  };
  [[nodiscard]] const std::vector<Place>& trainable() const { return m_places; }
  /// Sets what stands still (freezing.h): no gradient is asked for it. One for each parameter.
  void freeze(const std::vector<bool>& frozen);
  /// The trainable ones that are not frozen.
  [[nodiscard]] const std::vector<Place>& learning() const { return m_learning; }
  [[nodiscard]] const spec::Parameter& description(std::size_t index) const { return m_descriptions[index]; }

  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);
  /// That a checkpoint holds every parameter in the right shape: before memory is taken for a model from a file.
  static Result<void> check(const spec::Program& program, const Checkpoint& checkpoint);

 private:
  std::vector<spec::Parameter> m_descriptions;
  torch::Tensor m_flat;
  std::vector<torch::Tensor> m_tensors;
  std::vector<Place> m_places, m_learning;
};

/// The optimiser's view of a store in the processor's memory: of learning(), or of trainable() when `frozenToo`.
/// `paddedGradients`: the gradients lie as flat() does, zeros between them.
[[nodiscard]] std::vector<Optimizer::Slot> slotsOf(const spec::Program& program, const spec::TrainingSpec& training,
                                                   const ParameterStore& parameters, bool paddedGradients,
                                                   bool frozenToo = false);

/// Adds a tensor's values, row-major on the CPU.
void saveTensor(Checkpoint& checkpoint, const std::string& name, const torch::Tensor& tensor);

}  // namespace lathe::engine

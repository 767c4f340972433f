// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/large_pages.h"
#include "core/engine/checkpoint.h"
#include "core/engine/step_settings.h"
#include "core/spec/experiment.h"
#include "core/spec/program.h"

namespace lathe::engine {

class UpdateRule;
struct RuleRange;
struct RulePiece;

/// Runs work(0) ... work(parts - 1) in any order, on as many threads as it likes, and returns when all are done.
using ParallelFor = std::function<void(int parts, const std::function<void(int part)>& work)>;

/// Every optimiser of the spec (core/engine/optimizers has one file a family, with its paper), as fused passes over the
/// memory of the parameters. Decay spares parameters whose `decay` is false (biases, normalisation) unless the spec
/// says decayAll. Neighbouring slots with equal settings are one pass where their memory is contiguous. A step
/// allocates nothing. Deterministic, whatever the number of parts that `parallel` runs at once; not thread-safe.
class Optimizer {
 public:
  /// One trainable parameter's memory; values and gradients share one layout.
  struct Slot {
    std::string name;
    float* values = nullptr;
    std::size_t count = 0;
    bool decay = true;
    spec::Shape shape = {};  ///< of the parameter; matrices are [outputs, ...]. Only muon looks at it
    double lrScale = 1;      ///< of the learning rate: layer-wise decay, discriminative rates
    double decayScale = 1;   ///< of the weight decay
    bool hidden = false;     ///< a matrix that is neither an embedding nor the output's: muon orthogonalises its steps
    /// Floats that belong to the slot in the values' AND the gradients' memory, those beyond `count` zero for good; 0:
    /// only `count`. With it slots one after another in flat memory are updated at once.
    std::size_t room = 0;
  };

  Optimizer(const spec::OptimizerSpec& spec, std::vector<Slot> slots);
  Optimizer(const Optimizer&) = delete;
  Optimizer(Optimizer&&) noexcept;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer& operator=(Optimizer&&) noexcept;
  ~Optimizer();

  /// Norm of all gradients together, one pointer a slot. Not finite when one of them is not.
  [[nodiscard]] double gradientNorm(const std::vector<const float*>& gradients) const;
  /// Updates every slot. Gradients are multiplied by `gradientScale` first.
  void update(const std::vector<const float*>& gradients, const StepSettings& settings, double gradientScale = 1,
              const ParallelFor& parallel = {});
  /// The same with nothing scheduled but the rate. `step` counts from 1.
  void update(const std::vector<const float*>& gradients, std::int64_t step, double lr, double gradientScale = 1,
              const ParallelFor& parallel = {});

  /// What the last update really went by: optimisers that tune themselves differ from what they were given.
  [[nodiscard]] double rate() const { return m_rate; }
  /// Negative when the optimiser has none.
  [[nodiscard]] double momentum() const { return m_momentum; }

  /// The optimiser itself averages (schedule-free): the average is what shall be evaluated and deployed.
  [[nodiscard]] bool averages() const;
  /// Copies the average of each slot into memory of the same layout. Before the first update: the weights themselves.
  void writeAverage(const std::vector<float*>& into) const;

  /// Moments as tensors "optimizer.NAME.first", ".second" ..., an optimiser's own numbers as "optimizer.numbers".
  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);

 private:
  void lay();
  [[nodiscard]] bool fillGradients(const std::vector<const float*>& gradients);

  spec::OptimizerSpec m_spec;
  std::vector<Slot> m_slots;
  std::unique_ptr<UpdateRule> m_rule;
  std::vector<std::size_t> m_offsets;  ///< of each slot in an array of the rule
  std::size_t m_total = 0;             ///< floats of one array
  std::vector<float, LargePageAllocator<float>> m_arrays;
  std::vector<RuleRange> m_bySlot, m_merged;
  std::vector<RulePiece> m_slotPieces, m_mergedPieces;
  std::vector<double> m_sums;
  double m_rate = 0;
  double m_momentum = -1;
};

/// The factor by which gradients shrink so that their norm is at most `limit` (0: no limit).
[[nodiscard]] double clippingScale(double norm, double limit);

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/engine/optimizer.h"

namespace lathe::engine {

/// The average of weights that is evaluated and deployed in their place: exponential (ema; its memory grows with the
/// training, min(decay, (1 + n) / (10 + n)), so that the first weights are soon forgotten), the mean of the last epochs
/// (swa, Izmailov 2018), or the one that a schedule-free optimiser makes by itself. Not thread-safe.
class WeightAverage {
 public:
  /// `optimizer` outlives it.
  WeightAverage(const spec::AverageSpec& spec, std::vector<Optimizer::Slot> slots, const Optimizer& optimizer);

  /// After each update.
  void afterStep(const StepSettings& settings);
  /// Something was averaged by now.
  [[nodiscard]] bool available() const;
  /// Running statistics of the trained weights do not fit the average.
  [[nodiscard]] bool needsStatistics() const { return m_kind != Kind::Exponential; }
  /// Puts the average into the slots' memory, and the weights back.
  void enter();
  void leave();

  /// Tensors "average.NAME" and "average.count"; nothing where there is no average of its own.
  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);

 private:
  enum class Kind { None, Exponential, Mean };

  Kind m_kind = Kind::None;
  double m_decay;
  std::vector<Optimizer::Slot> m_slots;
  const Optimizer& m_optimizer;
  std::vector<std::vector<float>> m_average, m_kept;
  std::vector<float*> m_places;
  std::int64_t m_count = 0;
};

/// The part of an exponential average that stays after `count` earlier updates.
[[nodiscard]] double averageDecay(double decay, std::int64_t count);

}  // namespace lathe::engine

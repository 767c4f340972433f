// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/machine.h"
#include "core/store/run_store.h"

namespace lathe::services {

/// What a training takes of the machine, as curves of its run: system/cpu and system/machine_cpu (per cent of all
/// processors, of this process and of everything), system/memory and system/memory_free (MB: resident, and what the
/// machine could still give). Sampled by whoever has a timer, never by the training's thread. Not thread-safe.
class MachineCurves {
 public:
  explicit MachineCurves(store::RunNumber run);
  /// A point at `step` for what happened since the last call; nothing when the step has one, or before the first.
  void sample(store::RunStore& store, std::int64_t step);
  /// No point so far.
  [[nodiscard]] bool empty() const { return m_lastStep == 0; }

 private:
  void append(store::RunStore& store, std::size_t curve, const char* name, std::int64_t step, double value);

  const store::RunNumber m_run;
  ProcessorTimes m_before;
  std::int64_t m_lastStep = 0;
  std::array<std::optional<std::int64_t>, 4> m_series;
};

}  // namespace lathe::services

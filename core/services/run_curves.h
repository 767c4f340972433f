// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "core/store/run_store.h"

/// What the curves of a run say about it. Blocking reads, any thread.
namespace lathe::services {

/// The metrics of the epoch that ended at `step`: val/ values there, train/loss as the mean of the epoch's steps, other
/// train/ values as they stood at its end. Empty when no epoch ended there.
[[nodiscard]] std::map<std::string, double> metricsAtStep(const store::RunStore& store, store::RunNumber run,
                                                          std::int64_t step);

/// An interrupted run, whose process could not tell how far it came, with epochs, steps and metrics (those of its best
/// checkpoint; none without one) as its curves have them. Any other run as it is.
[[nodiscard]] store::RunRecord asItStands(const store::RunStore& store, store::RunRecord run);

}  // namespace lathe::services

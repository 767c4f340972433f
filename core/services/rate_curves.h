// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/services/training_finders.h"
#include "core/spec/experiment.h"
#include "core/store/run_store.h"

/// Learning-rate curves that were measured: kept with the project for the experiment they belong to, and with each run
/// that was started at a rate found on one.
namespace lathe::services {

struct KeptRateCurve {
  RateCurve curve;
  std::int64_t micros = 0;  ///< when it was measured
  double used = 0;          ///< the rate that a person took from it; 0: none yet
};

/// What a curve depends on: the data's content, preprocessing, model, and of the training all but the rate and what
/// comes after it (schedule, duration, monitor). Experiments with the same key have the same curve.
[[nodiscard]] std::string rateCurveKey(const spec::ExperimentSpec& spec);

/// In the place of the last one of that key; the newest eight of a project are kept. Blocks on the store.
Result<void> keepRateCurve(store::RunStore& store, const std::string& key, const KeptRateCurve& kept);
/// Nothing where none was measured, or where what is there cannot be read.
Result<std::optional<KeptRateCurve>> keptRateCurve(const store::RunStore& store, const std::string& key);

/// Says in an event of a run that begins, "rate_found", that its rate was taken from the kept curve of its experiment,
/// if it was; the curve goes with it. Blocks on the store.
void noteFoundRate(store::RunStore& store, store::RunNumber run, const spec::ExperimentSpec& spec);
/// The curve that goes with a run.
[[nodiscard]] std::optional<KeptRateCurve> foundRateOf(const std::vector<store::Event>& events);

}  // namespace lathe::services

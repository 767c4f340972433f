// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/choosing_told.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "core/engine/batching.h"
#include "core/services/resolve_rules.h"

namespace lathe::services {

double asMetric(const spec::TrainingSpec& training, double score) {
  if (!std::isfinite(score)) return std::numeric_limits<double>::quiet_NaN();
  return training.monitorDirection == "maximize" ? -score : score;
}

std::string shownScore(const spec::TrainingSpec& training, double score) {
  return fmt::format("{:.4g}", training.monitorDirection == "maximize" ? -score : score);
}

double stepFlopsOf(const ResolvedTraining& resolved) {
  return flopsPerStep(resolved.report.flops, resolved.spec.training.batchSize);
}

std::int64_t stepsPerEpochOf(const ResolvedTraining& resolved) {
  const auto& training = resolved.spec.training;
  return engine::BatchPlan(resolved.data->split.train.size(), static_cast<std::size_t>(training.batchSize) *
                                                                  static_cast<std::size_t>(training.accumulateSteps))
      .steps();
}

}  // namespace lathe::services

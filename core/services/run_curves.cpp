// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/run_curves.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace lathe::services {
namespace {

using Points = std::vector<store::Point>;

bool startsWith(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

Points pointsOf(const store::RunStore& store, store::RunNumber run, const std::string& name, std::int64_t from = 0) {
  auto points = store.points(run, name, from);
  return points ? std::move(*points) : Points();
}

std::optional<double> valueAt(const Points& points, std::int64_t step) {
  const auto at = std::find_if(points.begin(), points.end(), [step](const auto& point) { return point.step == step; });
  if (at == points.end() || !std::isfinite(at->value)) return {};
  return at->value;
}

std::optional<double> meanUntil(const Points& points, std::int64_t last) {
  double sum = 0;
  int count = 0;
  for (const auto& point : points)
    if (point.step <= last && std::isfinite(point.value)) {
      sum += point.value;
      ++count;
    }
  if (count == 0) return {};
  return sum / count;
}

// The step of the best value; the first of equals, as the training keeps it.
std::optional<std::int64_t> bestStep(const Points& points, bool larger) {
  std::optional<store::Point> best;
  for (const auto& point : points)
    if (std::isfinite(point.value) && (!best || (larger ? point.value > best->value : point.value < best->value)))
      best = point;
  if (!best) return {};
  return best->step;
}

}  // namespace

std::map<std::string, double> metricsAtStep(const store::RunStore& store, store::RunNumber run, std::int64_t step) {
  std::map<std::string, double> metrics;
  const auto series = store.series(run);
  if (!series) return metrics;
  std::int64_t before = 0;
  for (const auto& curve : *series) {
    if (!startsWith(curve.name, "val/")) continue;
    const auto points = pointsOf(store, run, curve.name);
    if (const auto value = valueAt(points, step)) metrics[curve.name] = *value;
    for (const auto& point : points)
      if (point.step < step) before = std::max(before, point.step);
  }
  if (metrics.empty()) return metrics;
  for (const auto& curve : *series) {
    if (!startsWith(curve.name, "train/")) continue;
    const auto points = pointsOf(store, run, curve.name, before + 1);
    const auto value = curve.name == "train/loss" ? meanUntil(points, step) : valueAt(points, step);
    if (value) metrics[curve.name] = *value;
  }
  return metrics;
}

store::RunRecord asItStands(const store::RunStore& store, store::RunRecord run) {
  if (run.status != spec::RunStatus::Interrupted) return run;
  const auto series = store.series(run.number);
  if (!series) return run;
  for (const auto& curve : *series)
    if (curve.name == "train/loss") run.steps = curve.lastStep;
  if (run.totalSteps > 0 && run.totalEpochs > 0)
    run.epochs = static_cast<int>(run.steps / std::max<std::int64_t>(1, run.totalSteps / run.totalEpochs));
  const auto best =
      run.bestCheckpoint.empty() ? std::nullopt : bestStep(pointsOf(store, run.number, run.monitor), run.monitorLarger);
  run.metrics = best ? metricsAtStep(store, run.number, *best) : std::map<std::string, double>();
  return run;
}

}  // namespace lathe::services

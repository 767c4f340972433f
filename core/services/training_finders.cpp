// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/training_finders.h"

#include <algorithm>
#include <cmath>

#include "core/data/dataset_part.h"
#include "core/engine/batching.h"
#include "core/engine/schedule.h"
#include "core/services/small_training.h"
#include "core/spec/customary.h"

namespace lathe::services {
namespace {

constexpr double largestRate = 10;
constexpr std::int64_t rangeSteps = 300;
constexpr double smoothing = 0.9;
constexpr double tooHigh = 4;
constexpr std::int64_t leastPoints = 30;  // before the test may end
constexpr double window = 3;              // factor of the rate over which the slope is taken
constexpr int smallestBatch = 16;
constexpr int largestBatch = 4096;
constexpr double kneeShare = 0.8;
constexpr double workOfMeasurement = 2e9;  // FLOP, some 20 ms
constexpr std::int64_t leastSteps = 10;

spec::TrainingSpec plain(const spec::TrainingSpec& given) {
  auto training = given;
  if (training.optimizer.name == "auto") training.optimizer = spec::customaryOptimizer("adamw");
  if (training.optimizer.lr == 0) training.optimizer.lr = spec::customaryOptimizer(training.optimizer.name).lr;
  training.spikeGuard = false;
  training.autoEpochs = false;
  training.earlyStopping.patience = 0;
  training.average.name = "none";
  training.monitor = "train/loss";
  training.monitorDirection = "minimize";
  training.checkpointSeconds = 86400;
  training.threads = std::max(1, training.threads);
  return training;
}

}  // namespace

double suggestedRate(const std::vector<RatePoint>& points) {
  if (points.size() < static_cast<std::size_t>(leastPoints)) return 0;
  std::size_t lowest = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].smoothed < points[lowest].smoothed) lowest = i;
  double steepest = 0;
  double at = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i <= lowest; ++i) {
    while (points[first].rate * window < points[i].rate) ++first;
    if (first == 0 || points[i].rate < points[first].rate * window * 0.8) continue;
    const double fall = points[first].smoothed - points[i].smoothed;
    if (fall > steepest) {
      steepest = fall;
      at = std::sqrt(points[first].rate * points[i].rate);
    }
  }
  return at;
}

Result<RateCurve> findLearningRate(const ResolvedTraining& resolved, engine::Engine& engine,
                                   engine::TrainingControl& control,
                                   const std::function<void(const RatePoint&)>& seen) {
  auto training = plain(resolved.spec.training);
  training.schedule = {};
  training.schedule.name = engine::rangeTest;
  training.schedule.warmupFraction = 0;
  training.optimizer.lr = largestRate;
  const auto& split = resolved.data->split;
  const auto batch = static_cast<std::size_t>(std::max(1, training.batchSize));
  // No more rows than its steps can take: a large table is not prepared for nothing.
  auto rows = split.train;
  rows.resize(std::min(rows.size(), batch * static_cast<std::size_t>(rangeSteps)));
  const auto steps = engine::BatchPlan(rows.size(), batch * static_cast<std::size_t>(training.accumulateSteps)).steps();
  training.epochs = static_cast<int>((rangeSteps + steps - 1) / std::max<std::int64_t>(1, steps));
  const auto total = static_cast<double>(steps * training.epochs);

  RateCurve curve;
  double mean = 0;
  double lowest = 0;
  const auto point = [&](double loss) {
    const auto i = static_cast<double>(curve.points.size());
    mean = smoothing * mean + (1 - smoothing) * loss;
    RatePoint p;
    p.rate = largestRate * std::pow(engine::rangeTestSpan, i / std::max(1.0, total) - 1);
    p.loss = loss;
    p.smoothed = mean / (1 - std::pow(smoothing, i + 1));
    if (curve.points.empty() || p.smoothed < lowest) lowest = p.smoothed;
    curve.points.push_back(p);
    if (seen) seen(p);
    const bool far = p.smoothed - lowest > (tooHigh - 1) * std::max(std::fabs(lowest), 1e-3);
    if (far && i >= static_cast<double>(leastPoints)) curve.diverges = p.rate;
    return curve.diverges == 0;
  };
  LATHE_ASSIGN(small,
               trainSmall(engine, resolved, {training, data::partOf(*resolved.data, rows, {})}, control, false, point));
  static_cast<void>(small);
  curve.suggestion = suggestedRate(curve.points);
  return curve;
}

Result<BatchCurve> findBatchSize(const ResolvedTraining& resolved, engine::Engine& engine,
                                 engine::TrainingControl& control, const std::function<void(const BatchSpeed&)>& seen) {
  const auto& rows = resolved.data->split.train;
  BatchCurve curve;
  double fastest = 0;
  for (int size = smallestBatch; size <= largestBatch; size *= 2) {
    if (size > smallestBatch && static_cast<std::size_t>(size) * 2 > rows.size()) break;
    auto training = plain(resolved.spec.training);
    training.batchSize = std::min(size, static_cast<int>(rows.size()));
    engine::TrainingRequest request{resolved.model, training, resolved.data, {}, std::nullopt, ""};
    if (engine.estimate(request).largestBatchThatFits < training.batchSize) break;
    const double work = 3.0 * static_cast<double>(resolved.report.flops) * training.batchSize + 1e6;
    const auto steps = std::max(leastSteps, static_cast<std::int64_t>(workOfMeasurement / work));
    auto part = rows;
    part.resize(std::min(rows.size(), static_cast<std::size_t>(steps) * static_cast<std::size_t>(training.batchSize)));
    const auto perEpoch = engine::BatchPlan(part.size(), static_cast<std::size_t>(training.batchSize)).steps();
    training.epochs = static_cast<int>((steps + perEpoch - 1) / perEpoch);
    LATHE_ASSIGN(small, trainSmall(engine, resolved, {training, data::partOf(*resolved.data, part, {})}, control));
    curve.points.push_back({training.batchSize, small.samplesPerSecond});
    if (seen) seen(curve.points.back());
    fastest = std::max(fastest, small.samplesPerSecond);
  }
  for (const auto& point : curve.points)
    if (curve.suggestion == 0 && point.samplesPerSecond >= kneeShare * fastest) curve.suggestion = point.batchSize;
  return curve;
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/automatic_training.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/machine.h"
#include "core/engine/batching.h"
#include "core/services/automatic_candidates.h"
#include "core/services/automatic_length.h"
#include "core/services/choosing_told.h"
#include "core/services/resolve_rules.h"
#include "core/services/training_finders.h"
#include "core/services/trials.h"
#include "core/spec/customary.h"

namespace lathe::services {
namespace {

/// A candidate and how it did.
struct Judged {
  spec::TrainingSpec training;
  int candidate = 0;
  double score = 0;
};

/// Short trainings of all rounds; a round of more folds goes on from the one before.
int trainingsOf(const SweepPlan& plan) {
  int count = 0;
  const Rung* before = nullptr;
  for (const auto& rung : plan.rungs) {
    const bool goesOn = before != nullptr && before->fidelity == rung.fidelity;
    count += rung.candidates * (rung.folds - (goesOn ? std::min(before->folds, rung.folds) : 0));
    before = &rung;
  }
  return count;
}

/// All rounds; `left` are then those of the last one, the best first.
Result<void> halve(std::vector<Judged>& left, const SweepPlan& plan, Trials& trials, Told& told) {
  int round = 0;
  for (const auto& rung : plan.rungs) {
    ++round;
    left.resize(static_cast<std::size_t>(rung.candidates));
    std::vector<spec::TrainingSpec> trainings;
    trainings.reserve(left.size());
    for (const auto& each : left) trainings.push_back(each.training);
    const auto judged = [&](std::size_t i, double score) {
      const auto& training = trainings[i];
      told.tried({ChoosingStage::Optimizer, left[i].candidate, round, rung.folds, rung.fidelity, training.optimizer,
                  training.optimizer.lr, training.monitor, asMetric(training, score)});
    };
    LATHE_ASSIGN(scores, trials.scores(trainings, {rung.fidelity, rung.folds}, {[&] { told.step(); }, judged}));
    for (std::size_t i = 0; i < left.size(); ++i) left[i].score = scores[i];
    std::stable_sort(left.begin(), left.end(), [](const auto& a, const auto& b) { return a.score < b.score; });
  }
  return {};
}

Result<void> chooseOptimizer(ResolvedTraining& resolved, Trials& trials, ChoosingListener* listener) {
  auto& training = resolved.spec.training;
  const auto plan = planSweep(training, stepsPerEpochOf(resolved), stepFlopsOf(resolved), trials.hasFolds());
  const auto candidates = candidatesFor(training, plan.wide);
  const bool judged = !resolved.data->split.validation.empty() || training.monitor == "train/loss";
  if (plan.rungs.empty() || !judged) {
    training.optimizer = candidates.front();
    resolved.reasons.push_back(
        {LATHE_TEXT("events", "{optimizer} with learning rate {lr}, the usual ones: the training is too short to try."),
         {{"optimizer", training.optimizer.name}, {"lr", fmt::format("{:g}", training.optimizer.lr)}}});
    return {};
  }
  Told told(listener, ChoosingStage::Optimizer, training.optimizer.name);
  const int planned = trainingsOf(plan);
  told.begin(planned);
  const double started = systemClock().steadySeconds();
  const int before = trials.count();
  std::vector<Judged> left;
  for (const auto& optimizer : candidates) {
    left.push_back({training, static_cast<int>(left.size()), 0});
    left.back().training.optimizer = optimizer;
  }
  LATHE_TRY(halve(left, plan, trials, told));
  told.progressed(planned);
  told.chose(left.front().candidate);
  training.optimizer = left.front().training.optimizer;
  training.optimizer.lr = rateForLonger(training.optimizer.lr, plan.rungs.back().fidelity);
  TextArgs args{{"chosen", described(training.optimizer)},
                {"count", std::to_string(candidates.size())},
                {"trainings", std::to_string(trials.count() - before)},
                {"metric", training.monitor},
                {"value", shownScore(training, left.front().score)},
                {"seconds", fmt::format("{:.2g}", systemClock().steadySeconds() - started)}};
  if (left.size() > 1) {
    args.emplace_back("second", described(left[1].training.optimizer));
    args.emplace_back("secondValue", shownScore(training, left[1].score));
    resolved.reasons.push_back(
        {LATHE_TEXT("events",
                    "{chosen} is the best of {count} settings in {trainings} short trainings ({metric} {value}; next "
                    "{second} with {secondValue}); choosing took {seconds} s."),
         std::move(args)});
    return {};
  }
  resolved.reasons.push_back({LATHE_TEXT("events",
                                         "{chosen} is the best of {count} settings in {trainings} short trainings "
                                         "({metric} {value}); choosing took {seconds} s."),
                              std::move(args)});
  return {};
}

Result<void> chooseBatch(ResolvedTraining& resolved, engine::Engine& engine, engine::TrainingControl& control,
                         ChoosingListener* listener) {
  auto& training = resolved.spec.training;
  Told told(listener, ChoosingStage::Batch);
  told.begin(0);
  const auto measured = [&](const BatchSpeed& speed) {
    TriedSetting setting;
    setting.candidate = speed.batchSize;
    setting.number = speed.batchSize;
    setting.value = speed.samplesPerSecond;
    told.tried(std::move(setting));
    told.step();
  };
  LATHE_ASSIGN(curve, findBatchSize(resolved, engine, control, measured));
  training.batchSize = curve.suggestion;
  if (training.batchSize <= 0)
    training.batchSize = batchSizeFor(static_cast<std::int64_t>(resolved.data->split.train.size()));
  double fastest = 0;
  double chosen = 0;
  for (const auto& point : curve.points) {
    fastest = std::max(fastest, point.samplesPerSecond);
    if (point.batchSize == training.batchSize) chosen = point.samplesPerSecond;
  }
  if (chosen > 0) told.chose(training.batchSize);
  resolved.reasons.push_back(
      {LATHE_TEXT("events", "Batches of {size}, as measured: {speed} rows a second; no size does more than {fastest}."),
       {{"size", std::to_string(training.batchSize)},
        {"speed", fmt::format("{:.3g}", chosen)},
        {"fastest", fmt::format("{:.3g}", fastest)}}});
  return {};
}

}  // namespace

bool needsTrying(const spec::TrainingSpec& training) {
  return spec::isAutomatic(training.optimizer) || training.batchSize == spec::findBatchSize || training.autoEpochs;
}

Result<void> tryOut(ResolvedTraining& resolved, engine::Engine& engine, engine::TrainingControl& control,
                    unsigned threads, ChoosingListener* listener) {
  auto& training = resolved.spec.training;
  // A device does one training at a time, and a machine as many as its memory holds.
  if (training.device != "cpu") threads = 1;
  const auto each = engine.estimate({resolved.model, training, resolved.data, {}, std::nullopt, ""}).bytes;
  if (each > 0)
    threads =
        static_cast<unsigned>(std::clamp<std::uint64_t>(availableMemory() * 3 / 4 / each, 1, std::max(1U, threads)));
  if (training.batchSize == spec::findBatchSize) LATHE_TRY(chooseBatch(resolved, engine, control, listener));
  Trials trials(resolved, engine, control, threads);
  if (training.autoEpochs) LATHE_TRY(chooseLength(resolved, trials, listener));
  if (spec::isAutomatic(training.optimizer)) LATHE_TRY(chooseOptimizer(resolved, trials, listener));
  return {};
}

}  // namespace lathe::services

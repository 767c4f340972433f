// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/automatic_length.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "core/services/automatic_candidates.h"
#include "core/services/choosing_told.h"
#include "core/spec/customary.h"

namespace lathe::services {
namespace {

constexpr int firstEpochs = 5;
constexpr int foldsOfEpochs = 3;
constexpr int foldsOfUsual = 4;       // an even number leaves no core idle
constexpr double negligible = 1e-3;   // of the first loss
constexpr double worthwhile = 0.005;  // of the loss: a smaller gain is not worth twice the epochs
constexpr double worse = 0.02;        // of the loss: longer trainings are not tried when one was so much worse
constexpr double usualWork = 6e12;    // FLOP, some half a minute on two cores
constexpr double usualTrainings = 4;  // of full length, that all lengths and rates together cost at most
constexpr double rateFactor = 3;

// What stands in for an optimiser that is still to be chosen.
spec::OptimizerSpec standIn(const spec::TrainingSpec& training) {
  auto optimizer = training.optimizer;
  if (optimizer.name == "auto") optimizer.name = "adamw";
  if (optimizer.lr == 0) optimizer.lr = spec::customaryOptimizer(optimizer.name).lr;
  return optimizer;
}

/// Trainings of several lengths, told as they are judged.
class Lengths {
 public:
  Lengths(const spec::TrainingSpec& training, Trials& trials, int folds, ChoosingListener* listener)
      : m_training(training), m_trials(trials), m_folds(folds), m_told(listener, ChoosingStage::Epochs) {
    m_training.optimizer = standIn(training);
    m_told.begin(0);
  }
  Result<double> score(int epochs) {
    m_training.epochs = epochs;
    const auto judged = [&](std::size_t, double score) {
      TriedSetting setting;
      setting.candidate = epochs;
      setting.trainings = m_folds;
      setting.number = epochs;
      setting.metric = m_training.monitor;
      setting.value = asMetric(m_training, score);
      m_told.tried(std::move(setting));
    };
    LATHE_ASSIGN(scores, m_trials.scores({m_training}, {1, m_folds, true}, {[&] { m_told.step(); }, judged}));
    return scores.front();
  }
  void chose(int epochs) { m_told.chose(epochs); }

 private:
  spec::TrainingSpec m_training;
  Trials& m_trials;
  const int m_folds;
  Told m_told;
};

Result<int> lengthByDoubling(Lengths& lengths, int most) {
  double best = std::numeric_limits<double>::infinity();
  double first = 0;
  int chosen = std::min(firstEpochs, most);
  for (int epochs = chosen;; epochs = std::min(2 * epochs, most)) {
    LATHE_ASSIGN(score, lengths.score(epochs));
    if (std::isfinite(best)) {
      const double gain = worthwhile * std::fabs(best) + negligible * std::fabs(first);
      if (!(score < best - gain)) return chosen;
    } else {
      first = score;
    }
    if (std::isfinite(score)) {
      best = score;
      chosen = epochs;
    }
    if (epochs == most) return chosen;
  }
}

/// The best length and its score.
struct Length {
  int epochs = 0;
  double score = std::numeric_limits<double>::infinity();
};

Result<Length> lengthOfUsual(Lengths& lengths, int most) {
  Length best{most, std::numeric_limits<double>::infinity()};
  for (const int part : {8, 4, 2, 1}) {
    const int epochs = std::max(1, most / part);
    LATHE_ASSIGN(score, lengths.score(epochs));
    if (score < best.score)
      best = {epochs, score};
    else if (score > best.score + worse * std::fabs(best.score))
      break;
  }
  return best;
}

Result<void> chooseRate(ResolvedTraining& resolved, double usualScore, int folds, Trials& trials,
                        ChoosingListener* listener) {
  auto& training = resolved.spec.training;
  const double usual = training.optimizer.lr;
  std::vector<spec::TrainingSpec> tried(3, training);
  tried[1].optimizer.lr = usual / rateFactor;
  tried[2].optimizer.lr = usual * rateFactor;
  Told told(listener, ChoosingStage::Optimizer, training.optimizer.name);
  told.begin(2 * folds);
  const auto tell = [&](std::size_t i, double score) {
    told.tried({ChoosingStage::Optimizer, static_cast<int>(i), 1, folds, 1, tried[i].optimizer, tried[i].optimizer.lr,
                training.monitor, asMetric(training, score)});
  };
  LATHE_ASSIGN(scores, trials.scores(tried, {1, folds, true}, {[&] { told.step(); }, tell}));
  std::size_t best = 0;
  for (std::size_t i = 1; i < scores.size(); ++i)
    if (scores[i] < scores[best]) best = i;
  told.progressed(2 * folds);
  told.chose(static_cast<int>(best));
  training.optimizer.lr = tried[best].optimizer.lr;
  resolved.reasons.push_back(
      {LATHE_TEXT("events",
                  "Learning rate {lr}: the best of a third, one and three times the usual {usual} ({metric} {value}, "
                  "with the usual one {usualValue})."),
       {{"lr", fmt::format("{:g}", training.optimizer.lr)},
        {"usual", fmt::format("{:g}", usual)},
        {"metric", training.monitor},
        {"value", shownScore(training, scores[best])},
        {"usualValue", shownScore(training, usualScore)}}});
  return {};
}

Result<void> chooseUsual(ResolvedTraining& resolved, Trials& trials, ChoosingListener* listener) {
  auto& training = resolved.spec.training;
  const double whole = workOf(stepsPerEpochOf(resolved) * training.epochs, stepFlopsOf(resolved));
  const int folds = trials.hasFolds()
                        ? static_cast<int>(std::clamp(usualWork / (usualTrainings * whole), 1.0, double{foldsOfUsual}))
                        : 1;
  Lengths lengths(training, trials, folds, listener);
  LATHE_ASSIGN(best, lengthOfUsual(lengths, training.epochs));
  lengths.chose(best.epochs);
  training.epochs = best.epochs;
  training.autoEpochs = false;
  resolved.reasons.push_back(
      {LATHE_TEXT("events", "{epochs} epochs: of the lengths that were tried the one with the best {metric}, {value}."),
       {{"epochs", std::to_string(best.epochs)},
        {"metric", training.monitor},
        {"value", shownScore(training, best.score)}}});
  return chooseRate(resolved, best.score, folds, trials, listener);
}

}  // namespace

Result<void> chooseLength(ResolvedTraining& resolved, Trials& trials, ChoosingListener* listener) {
  if (resolved.usualTraining) return chooseUsual(resolved, trials, listener);
  auto& training = resolved.spec.training;
  Lengths lengths(training, trials, trials.hasFolds() ? foldsOfEpochs : 1, listener);
  LATHE_ASSIGN(chosen, lengthByDoubling(lengths, training.epochs));
  lengths.chose(chosen);
  training.epochs = chosen;
  training.autoEpochs = false;
  resolved.reasons.push_back(
      {LATHE_TEXT("events", "{epochs} epochs: twice as many gain less than 0.5 % of {metric}, or are not allowed."),
       {{"epochs", std::to_string(chosen)}, {"metric", training.monitor}}});
  return {};
}

}  // namespace lathe::services

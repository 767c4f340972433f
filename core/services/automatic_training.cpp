// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/automatic_training.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/data/dataset_part.h"
#include "core/engine/batching.h"
#include "core/services/automatic_candidates.h"
#include "core/services/resolve_rules.h"
#include "core/services/small_training.h"
#include "core/services/training_finders.h"
#include "core/spec/customary.h"

namespace lathe::services {
namespace {

using Rows = std::vector<std::uint32_t>;

constexpr std::size_t mostRowsForFolds = 5000;
constexpr std::size_t mostValidationRows = 4000;
constexpr int foldsOfRound = 5;
constexpr int firstEpochs = 5;
constexpr int foldsOfEpochs = 3;
constexpr double negligible = 1e-3;   // of the first loss
constexpr double worthwhile = 0.005;  // of the loss: a smaller gain is not worth twice the epochs

// Evenly spread, so that the same rows come whatever else happens.
Rows thinned(const Rows& rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  Rows out(most);
  for (std::size_t i = 0; i < most; ++i) out[i] = rows[i * rows.size() / most];
  return out;
}

std::string shownScore(const spec::TrainingSpec& training, double score) {
  return fmt::format("{:.4g}", training.monitorDirection == "maximize" ? -score : score);
}

std::string described(const spec::OptimizerSpec& optimizer) {
  auto text = fmt::format("{} {:.3g}", optimizer.name, optimizer.lr);
  if (optimizer.name == "sgd")
    text += fmt::format(" ({:g})", optimizer.momentum);
  else if (optimizer.name != "auto")
    text += fmt::format(" ({:g}, {:g})", optimizer.beta1, optimizer.beta2);
  return text;
}

/// Trainings on parts of one resolved experiment.
class Trials {
 public:
  Trials(const ResolvedTraining& resolved, engine::Engine& engine, engine::TrainingControl& control, unsigned threads)
      : m_resolved(resolved), m_engine(engine), m_control(control), m_threads(threads) {
    const auto& split = resolved.data->split;
    const auto& method = resolved.spec.data.split.method;
    m_folds = (method == "random" || method == "stratified") && !split.validation.empty() &&
              split.train.size() + split.validation.size() <= mostRowsForFolds && split.train.size() >= 50;
  }

  [[nodiscard]] bool hasFolds() const { return m_folds; }

  /// Mean score of each training over as many folds (one: the validation rows), at a part of its steps. What was
  /// trained before is not trained again.
  Result<std::vector<double>> scores(const std::vector<spec::TrainingSpec>& trainings, double fidelity, int folds) {
    struct Place {
      std::size_t training;
      int fold;
    };
    std::vector<SmallTraining> todo;
    std::vector<Place> places;
    for (std::size_t i = 0; i < trainings.size(); ++i)
      for (int fold = 0; fold < folds; ++fold)
        if (!m_known.contains(keyOf(trainings[i], fidelity, fold))) {
          todo.push_back(smallOf(trainings[i], fidelity, fold));
          places.push_back({i, fold});
        }
    LATHE_ASSIGN(results, trainAll(m_engine, m_resolved, todo, m_threads, m_control));
    for (std::size_t i = 0; i < places.size(); ++i)
      m_known[keyOf(trainings[places[i].training], fidelity, places[i].fold)] = results[i].score;
    m_count += static_cast<int>(results.size());
    std::vector<double> out;
    for (const auto& training : trainings) {
      double sum = 0;
      for (int fold = 0; fold < folds; ++fold) sum += m_known[keyOf(training, fidelity, fold)];
      out.push_back(sum / folds);
    }
    return out;
  }

  [[nodiscard]] int count() const { return m_count; }

 private:
  [[nodiscard]] static std::string keyOf(const spec::TrainingSpec& training, double fidelity, int fold) {
    const auto& o = training.optimizer;
    return fmt::format("{} {} {} {} {} {} {} {} {}", o.name, o.lr, o.momentum, o.beta1, o.beta2, o.weightDecay,
                       training.epochs, fidelity, fold);
  }

  // Full rows for fewer epochs, then fewer rows of one epoch.
  SmallTraining smallOf(spec::TrainingSpec training, double fidelity, int fold) {
    training.spikeGuard = false;
    training.checkpointSeconds = 86400;
    training.threads = m_threads > 1 ? 1 : std::max(1, training.threads);
    const double epochs = training.epochs * fidelity;
    training.epochs = std::max(1, static_cast<int>(epochs + 1e-9));
    const double share = std::min(1.0, epochs / training.epochs);
    auto& part = m_parts[fmt::format("{} {}", share, fold)];
    if (!part) part = makePart(share, fold);
    return {training, part};
  }

  [[nodiscard]] std::shared_ptr<const data::Dataset> makePart(double share, int fold) const {
    const auto& data = *m_resolved.data;
    const auto seed = m_resolved.spec.training.seed;
    if (m_folds) {
      const auto f =
          data::foldOf(data, foldsOfRound, fold % foldsOfRound, seed + static_cast<std::uint64_t>(fold / foldsOfRound));
      return data::partOf(data, thinned(f.train, countOf(f.train, share)), f.heldOut);
    }
    auto train = data.split.train;
    if (share < 1) Random(seed, "part").shuffle(train);
    train.resize(countOf(train, share));
    std::sort(train.begin(), train.end());
    return data::partOf(data, train, thinned(data.split.validation, mostValidationRows));
  }

  static std::size_t countOf(const Rows& rows, double share) {
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::llround(share * static_cast<double>(rows.size()))), 2,
                                   std::max<std::size_t>(2, rows.size()));
  }

  const ResolvedTraining& m_resolved;
  engine::Engine& m_engine;
  engine::TrainingControl& m_control;
  const unsigned m_threads;
  bool m_folds = false;
  int m_count = 0;
  std::map<std::string, double> m_known;
  std::map<std::string, std::shared_ptr<const data::Dataset>> m_parts;
};

double stepFlopsOf(const ResolvedTraining& resolved) {
  return flopsPerStep(resolved.report.flops, resolved.spec.training.batchSize);
}

std::int64_t stepsPerEpochOf(const ResolvedTraining& resolved) {
  const auto& training = resolved.spec.training;
  return engine::BatchPlan(resolved.data->split.train.size(), static_cast<std::size_t>(training.batchSize) *
                                                                  static_cast<std::size_t>(training.accumulateSteps))
      .steps();
}

// What stands in for an optimiser that is still to be chosen.
spec::OptimizerSpec standIn(const spec::TrainingSpec& training) {
  auto optimizer = training.optimizer;
  if (optimizer.name == "auto") optimizer.name = "adamw";
  if (optimizer.lr == 0) optimizer.lr = spec::customaryOptimizer(optimizer.name).lr;
  return optimizer;
}

Result<void> chooseEpochs(ResolvedTraining& resolved, Trials& trials) {
  auto& training = resolved.spec.training;
  auto tried = training;
  tried.optimizer = standIn(training);
  const int most = training.epochs;
  const int folds = trials.hasFolds() ? foldsOfEpochs : 1;
  double best = std::numeric_limits<double>::infinity();
  double first = 0;
  int chosen = std::min(firstEpochs, most);
  for (int epochs = chosen;; epochs = std::min(2 * epochs, most)) {
    tried.epochs = epochs;
    LATHE_ASSIGN(scores, trials.scores({tried}, 1, folds));
    if (std::isfinite(best)) {
      const double gain = worthwhile * std::fabs(best) + negligible * std::fabs(first);
      if (!(scores.front() < best - gain)) break;
    } else {
      first = scores.front();
    }
    if (std::isfinite(scores.front())) {
      best = scores.front();
      chosen = epochs;
    }
    if (epochs == most) break;
  }
  training.epochs = chosen;
  training.autoEpochs = false;
  resolved.reasons.push_back(
      {LATHE_TEXT("events", "{epochs} epochs: twice as many gain less than 0.5 % of {metric}, or are not allowed."),
       {{"epochs", std::to_string(chosen)}, {"metric", training.monitor}}});
  return {};
}

/// A candidate and how it did.
struct Judged {
  spec::TrainingSpec training;
  double score = 0;
};

Result<void> chooseOptimizer(ResolvedTraining& resolved, Trials& trials,
                             const std::function<void(const Message&)>& tell) {
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
  if (tell)
    tell({LATHE_TEXT("events", "Trying {count} settings of optimiser, learning rate and momentum in short trainings."),
          {{"count", std::to_string(candidates.size())}}});
  const double started = systemClock().steadySeconds();
  const int before = trials.count();
  std::vector<Judged> left;
  for (const auto& optimizer : candidates) {
    left.push_back({training, 0});
    left.back().training.optimizer = optimizer;
  }
  for (const auto& rung : plan.rungs) {
    left.resize(static_cast<std::size_t>(rung.candidates));
    std::vector<spec::TrainingSpec> trainings;
    for (const auto& each : left) trainings.push_back(each.training);
    LATHE_ASSIGN(scores, trials.scores(trainings, rung.fidelity, rung.folds));
    for (std::size_t i = 0; i < left.size(); ++i) left[i].score = scores[i];
    std::stable_sort(left.begin(), left.end(), [](const auto& a, const auto& b) { return a.score < b.score; });
  }
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

Result<void> chooseBatch(ResolvedTraining& resolved, engine::Engine& engine, engine::TrainingControl& control) {
  auto& training = resolved.spec.training;
  LATHE_ASSIGN(curve, findBatchSize(resolved, engine, control));
  training.batchSize = curve.suggestion;
  if (training.batchSize <= 0)
    training.batchSize = batchSizeFor(static_cast<std::int64_t>(resolved.data->split.train.size()));
  double fastest = 0;
  double chosen = 0;
  for (const auto& point : curve.points) {
    fastest = std::max(fastest, point.samplesPerSecond);
    if (point.batchSize == training.batchSize) chosen = point.samplesPerSecond;
  }
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
                    unsigned threads, const std::function<void(const Message&)>& tell) {
  auto& training = resolved.spec.training;
  // A device does one training at a time.
  if (training.device != "cpu") threads = 1;
  if (training.batchSize == spec::findBatchSize) LATHE_TRY(chooseBatch(resolved, engine, control));
  Trials trials(resolved, engine, control, threads);
  if (training.autoEpochs) LATHE_TRY(chooseEpochs(resolved, trials));
  if (spec::isAutomatic(training.optimizer)) LATHE_TRY(chooseOptimizer(resolved, trials, tell));
  return {};
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_confirm.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>

#include "core/base/clock.h"
#include "core/engine/predictor.h"
#include "core/search/paired_bootstrap.h"
#include "core/search/pareto.h"
#include "core/services/nas_settings.h"
#include "core/services/resume_point.h"
#include "core/services/row_losses.h"
#include "core/services/run_facts.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using Json = nlohmann::ordered_json;
using spec::RunStatus;

/// One of the best: its trial, and its trainings by seed, the trial's own first.
struct Candidate {
  store::TrialRecord trial;
  std::vector<store::RunNumber> runs;
  std::vector<double> values;  ///< of the first goal, one a training
  [[nodiscard]] double mean() const {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }
};

// An architecture that was found is claimed after trainings from scratch only: its trial may have begun with weights of
// its parent, or have been short.
bool startsAnew(const StudySettings& settings) { return settings.architecture.active() && settings.confirmSeeds >= 1; }

std::vector<store::TrialRecord> completed(std::vector<store::TrialRecord> trials) {
  std::erase_if(trials, [](const auto& t) { return t.status != RunStatus::Completed || t.values.empty(); });
  return trials;
}

std::vector<Candidate> bestOf(std::vector<store::TrialRecord> trials, const StudySettings& settings) {
  const bool larger = settings.goals.front().larger;
  std::stable_sort(trials.begin(), trials.end(), [larger](const auto& a, const auto& b) {
    return larger ? a.values.front() > b.values.front() : a.values.front() < b.values.front();
  });
  const bool anew = startsAnew(settings);
  const auto most = settings.confirmSeeds < 2 && !anew ? 1 : std::max(1, settings.confirmTop);
  std::vector<Candidate> best;
  for (auto& trial : trials) {
    if (static_cast<int>(best.size()) >= most) break;
    // A configuration that was tried twice is one candidate.
    if (std::any_of(best.begin(), best.end(),
                    [&](const Candidate& c) { return spec::same(c.trial.configuration, trial.configuration); }))
      continue;
    Candidate candidate;
    if (!anew) candidate.values = {trial.values.front()}, candidate.runs = {trial.run};
    candidate.trial = std::move(trial);
    best.push_back(std::move(candidate));
  }
  return best;
}

struct Again {
  std::size_t candidate = 0;
  int seed = 0;
};

std::string tagOf(int seed) { return "seed " + std::to_string(seed); }

constexpr const char* finalTag = "final";

// Trains a candidate with another seed, unless an earlier sitting has done so.
Result<std::pair<store::RunNumber, double>> trainAgain(const TrialGround& ground, store::StudyNumber study,
                                                       const spec::ExperimentSpec& base, const spec::SearchSpace& space,
                                                       const Candidate& candidate, int seed, const std::string& tag,
                                                       const std::vector<store::RunRecord>& before,
                                                       engine::TrainingControl& control) {
  auto& store = ground.project->store();
  const auto& goal = ground.settings.goals.front().metric;
  store::RunNumber number = 0;
  for (const auto& run : before) {
    if (run.trial != candidate.trial.number || run.tags != std::vector{tag}) continue;
    if (run.status == RunStatus::Completed && run.metrics.contains(goal))
      return std::pair(run.number, run.metrics.at(goal));
    number = run.number;
  }
  LATHE_ASSIGN(spec, trialSpecOf(ground.settings, base, space, candidate.trial.configuration));
  if (startsAnew(ground.settings)) spec.training.epochs = ground.settings.architecture.finalEpochs;
  spec.training.seed = base.training.seed + static_cast<std::uint64_t>(seed);
  store::TrialRunChange change;
  change.trial = candidate.trial.number;
  change.run = number;
  change.status = RunStatus::Running;
  change.fresh.name = runName(base) + " #" + std::to_string(candidate.trial.number) + ", " + tag;
  change.fresh.model = base.model.templateName;
  change.fresh.specJson = spec::toJson(spec, -1);
  change.update.tags = std::vector{tag};
  store::StudyBatch batch;
  batch.runs.push_back(std::move(change));
  LATHE_ASSIGN(begun, store.studies().commit(study, batch));
  number = begun.runs.front();
  TrialStretch stretch;
  stretch.run = number;
  stretch.spec = std::move(spec);
  stretch.target = ground.folds ? ground.folds->count() : std::max<std::int64_t>(1, stretch.spec.training.epochs);
  const auto last = ground.project->runFolder(number) / "last.ckpt";
  std::error_code error;
  if (!ground.folds && std::filesystem::exists(last, error)) stretch.from = last;
  auto result = trainStretch(ground, stretch, control, {});
  store::StudyBatch ended;
  store::TrialRunChange change2;
  change2.trial = candidate.trial.number;
  change2.run = number;
  change2.update = std::move(result.update);
  change2.update.tags = std::vector{tag};
  change2.update.seconds = result.seconds;
  change2.error = result.error;
  change2.status = result.end == StretchEnd::Completed ? RunStatus::Completed
                   : result.end == StretchEnd::Failed  ? RunStatus::Failed
                                                       : RunStatus::Paused;
  ended.runs.push_back(std::move(change2));
  LATHE_TRY(store.studies().commit(study, ended));
  if (result.end == StretchEnd::Failed) return tl::unexpected<Error>(*result.error);
  if (result.end != StretchEnd::Completed) return fail(cancelledCode, "Stopped.", "");
  return std::pair(number, result.values.front());
}

// All of them on the study's worker threads. A training that fails is left out.
Result<void> trainAllAgain(const TrialGround& ground, store::StudyNumber study, const spec::ExperimentSpec& base,
                           const spec::SearchSpace& space, std::vector<Candidate>& candidates,
                           const std::function<bool()>& stopped) {
  std::vector<Again> todo;
  for (int seed = startsAnew(ground.settings) ? 0 : 1; seed < ground.settings.confirmSeeds; ++seed)
    for (std::size_t i = 0; i < candidates.size(); ++i) todo.push_back({i, seed});
  store::RunFilter filter;
  filter.study = study;
  LATHE_ASSIGN(before, ground.project->store().runs(filter));
  const auto workers = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(1, ground.settings.workers)), 1,
                                               std::max<std::size_t>(1, todo.size()));
  std::vector<engine::TrainingControl> controls(todo.size());
  std::vector<std::optional<std::pair<store::RunNumber, double>>> found(todo.size());
  std::atomic<std::size_t> next{0};
  std::atomic<bool> cancelled{false};
  std::mutex failing;
  std::optional<Error> failure;
  const auto work = [&] {
    for (auto i = next.fetch_add(1); i < todo.size() && !cancelled; i = next.fetch_add(1)) {
      auto trained = trainAgain(ground, study, base, space, candidates[todo[i].candidate], todo[i].seed,
                                tagOf(todo[i].seed), before, controls[i]);
      if (trained)
        found[i] = *trained;
      else if (trained.error().code == cancelledCode)
        cancelled = true;
      else {
        const std::lock_guard lock(failing);
        failure = trained.error();
      }
    }
  };
  {
    // Who was asked to stop is told so by this thread.
    const std::jthread watcher([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (stopped()) {
          cancelled = true;
          for (auto& control : controls) control.request(engine::TrainingControl::Request::Pause);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    });
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers; ++i) threads.emplace_back(work);
  }
  if (cancelled || stopped()) return fail(cancelledCode, "Stopped.", "");
  for (std::size_t i = 0; i < todo.size(); ++i)
    if (found[i]) {
      auto& candidate = candidates[todo[i].candidate];
      candidate.runs.push_back(found[i]->first);
      candidate.values.push_back(found[i]->second);
    }
  std::erase_if(candidates, [](const Candidate& candidate) { return candidate.runs.empty(); });
  if (candidates.empty() && failure) return tl::unexpected<Error>(*failure);
  return {};
}

// With folds no training of a candidate is one of the whole data: the winner gets one, which the test rows are asked
// of.
Result<store::RunNumber> trainFinal(const TrialGround& ground, store::StudyNumber study,
                                    const spec::ExperimentSpec& base, const spec::SearchSpace& space,
                                    const Candidate& winner, const std::function<bool()>& stopped) {
  store::RunFilter filter;
  filter.study = study;
  LATHE_ASSIGN(before, ground.project->store().runs(filter));
  TrialGround whole = ground;
  whole.folds = nullptr;
  engine::TrainingControl control;
  const std::jthread watcher([&](const std::stop_token& stop) {
    for (; !stop.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(20)))
      if (stopped()) control.request(engine::TrainingControl::Request::Pause);
  });
  LATHE_ASSIGN(trained, trainAgain(whole, study, base, space, winner, 0, finalTag, before, control));
  return trained.first;
}

// Losses of the validation rows by each of a candidate's trainings; none where they cannot be had.
Result<search::SeedLosses> lossesOf(const TrialGround& ground, const spec::ExperimentSpec& base,
                                    const spec::SearchSpace& space, const Candidate& candidate) {
  search::SeedLosses losses;
  if (ground.folds) {
    for (const auto number : candidate.runs) {
      losses.push_back(lossesOfFolds(ground.project->runFolder(number), ground.folds->count()));
      if (losses.back().empty()) return search::SeedLosses();
    }
    return losses;
  }
  LATHE_ASSIGN(spec, trialSpecOf(ground.settings, base, space, candidate.trial.configuration));
  LATHE_ASSIGN(resolved, resolve(spec, ground.project->folder(), {}, ground.engine.get(), &ground.kept));
  const auto& rows = resolved.data->split.validation;
  if (rows.empty()) return losses;
  for (const auto number : candidate.runs) {
    LATHE_ASSIGN(run, ground.project->store().run(number));
    LATHE_ASSIGN(file, bestCheckpoint(*ground.project, run));
    auto model = ground.engine->load(file);
    if (!model) return passOn(model);
    auto predictions = (*model)->predict(*resolved.data, rows);
    if (!predictions) return passOn(predictions);
    losses.push_back(rowLosses(*predictions, *resolved.data, rows, ground.settings.goals.front().metric));
    if (losses.back().empty()) return search::SeedLosses();
  }
  return losses;
}

// What may be said of the candidates, whose order becomes that of their means.
void judge(std::vector<Candidate>& candidates, const std::vector<search::SeedLosses>& losses,
           const StudySettings& settings, Json& summary) {
  search::BootstrapOptions options;
  options.seed = settings.seed;
  const auto standings = search::standings(losses, options);
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return standings.candidates[a].mean < standings.candidates[b].mean;
  });
  std::vector<Candidate> sorted;
  for (const auto i : order) {
    const auto& standing = standings.candidates[i];
    const bool best = i == standings.best;
    const char* verdict = best ? "best" : standing.verdict == search::Verdict::Worse ? "worse" : "tie";
    summary["confirmed"].push_back({{"trial", candidates[i].trial.number},
                                    {"runs", candidates[i].runs},
                                    {"values", candidates[i].values},
                                    {"mean", candidates[i].mean()},
                                    {"row_loss", standing.mean},
                                    {"low", standing.low},
                                    {"high", standing.high},
                                    {"behind", standing.behind},
                                    {"behind_low", standing.behindLow},
                                    {"behind_high", standing.behindHigh},
                                    {"p", standing.p},
                                    {"verdict", verdict}});
    sorted.push_back(candidates[i]);
  }
  for (const auto i : standings.tied) summary["tied"].push_back(candidates[i].trial.number);
  summary["clear"] = standings.clear();
  summary["seeds_covered"] = standings.candidates[standings.best].seedsCovered;
  candidates = std::move(sorted);
}

// In one sentence, for people.
std::string sentenceOf(const Json& summary, const std::vector<Candidate>& candidates, bool folds) {
  if (candidates.size() < 2) return {};
  std::string names;
  for (const auto& trial : summary["tied"]) names += (names.empty() ? "" : ", ") + trial.dump();
  const auto seeds = candidates.front().runs.size();
  const std::string rows = folds ? "held-out" : "validation";
  if (summary["tied"].size() > 1)
    return "Trials " + names + " are tied: over " + std::to_string(seeds) + " seeds and the " + rows +
           " rows their difference may be chance.";
  return "Trial " + names + " is better than the other " + std::to_string(candidates.size() - 1) +
         " that were trained again: over " + std::to_string(seeds) + " seeds and the " + rows +
         " rows the difference is more than chance (95 %).";
}

Result<void> scoreTest(const TrialGround& ground, const Candidate& winner, const ResolvedTraining& resolved,
                       Json& summary) {
  const auto& rows = resolved.data->split.test;
  auto& store = ground.project->store();
  LATHE_ASSIGN(run, store.run(winner.runs.front()));
  auto metrics = run.metrics;
  if (!rows.empty() && !metrics.contains("test/loss")) {
    LATHE_ASSIGN(file, bestCheckpoint(*ground.project, run));
    auto model = ground.engine->load(file);
    if (!model) return passOn(model);
    auto predictions = (*model)->predict(*resolved.data, rows);
    if (!predictions) return passOn(predictions);
    for (const auto& [name, value] :
         engine::scores(*predictions, *resolved.data, rows, resolved.model, resolved.spec.training.loss,
                        (*model)->scoring() ? (*model)->scoring()->threshold : 0.5))
      metrics["test/" + name] = value;
    LATHE_TRY(store.countTestLook(run.number));
  }
  store::RunUpdate update;
  update.metrics = metrics;
  update.trial = -1;
  LATHE_TRY(store.updateRun(run.number, update));
  for (const auto& [name, value] : metrics)
    if (name.rfind("test/", 0) == 0) summary["test"][name] = value;
  return {};
}

Json frontOf(const std::vector<store::TrialRecord>& trials, const StudySettings& settings) {
  std::vector<search::Goals> goals;
  for (const auto& trial : trials) {
    auto values = trial.values;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (settings.goals[i].larger) values[i] = -values[i];
    goals.push_back(std::move(values));
  }
  Json front = Json::array();
  for (const auto i : search::paretoFront(goals)) front.push_back(trials[i].number);
  return front;
}

}  // namespace

bool isFinalTraining(const store::RunRecord& run) {
  return run.tags == std::vector<std::string>{finalTag} ||
         (run.tags.size() == 1 && run.tags.front().rfind("seed ", 0) == 0);
}

Result<std::string> confirmWinner(const TrialGround& ground, store::StudyNumber study, const spec::ExperimentSpec& base,
                                  const spec::SearchSpace& space, const std::function<bool()>& stopped) {
  LATHE_ASSIGN(all, ground.project->store().studies().trials(study));
  auto trials = completed(std::move(all));
  Json front;
  if (ground.settings.goals.size() > 1) {
    front = frontOf(trials, ground.settings);
    if (!startsAnew(ground.settings)) return Json{{"front", front}}.dump();
    std::erase_if(trials,
                  [&](const auto& t) { return std::find(front.begin(), front.end(), t.number) == front.end(); });
  }
  auto candidates = bestOf(trials, ground.settings);
  if (candidates.empty()) return std::string("{}");
  const bool metric = !isCostGoal(ground.settings.goals.front().metric);
  if (startsAnew(ground.settings) || (metric && ground.settings.confirmSeeds >= 2))
    LATHE_TRY(trainAllAgain(ground, study, base, space, candidates, stopped));
  const double sign = ground.settings.goals.front().larger ? -1 : 1;
  std::stable_sort(candidates.begin(), candidates.end(),
                   [sign](const Candidate& a, const Candidate& b) { return sign * a.mean() < sign * b.mean(); });
  Json summary{{"winner", Json::object()},
               {"seeds", ground.settings.confirmSeeds},
               {"confirmed", Json::array()},
               {"tied", Json::array()}};
  if (!front.is_null()) summary["front"] = front;
  std::vector<search::SeedLosses> losses;
  if (metric && candidates.size() > 1)
    for (const auto& candidate : candidates) {
      LATHE_ASSIGN(each, lossesOf(ground, base, space, candidate));
      if (!each.empty()) losses.push_back(std::move(each));
    }
  if (candidates.size() > 1 && losses.size() == candidates.size()) {
    judge(candidates, losses, ground.settings, summary);
    summary["sentence"] = sentenceOf(summary, candidates, ground.folds != nullptr);
  } else {
    for (const auto& candidate : candidates)
      summary["confirmed"].push_back({{"trial", candidate.trial.number},
                                      {"runs", candidate.runs},
                                      {"values", candidate.values},
                                      {"mean", candidate.mean()}});
  }
  if (ground.folds) {
    summary["folds"] = ground.settings.folds;
    summary["fold_repeats"] = ground.settings.foldRepeats;
    LATHE_ASSIGN(run, trainFinal(ground, study, base, space, candidates.front(), stopped));
    candidates.front().runs.front() = run;
  }
  summary["winner"] = {{"trial", candidates.front().trial.number},
                       {"run", candidates.front().runs.front()},
                       {"value", candidates.front().mean()}};
  LATHE_ASSIGN(spec, trialSpecOf(ground.settings, base, space, candidates.front().trial.configuration));
  LATHE_ASSIGN(resolved, resolve(spec, ground.project->folder(), {}, ground.engine.get(), &ground.kept));
  LATHE_TRY(scoreTest(ground, candidates.front(), resolved, summary));
  if (ground.settings.architecture.active()) {
    summary["final_epochs"] = ground.settings.architecture.finalEpochs;
    LATHE_ASSIGN(run, ground.project->store().run(candidates.front().runs.front()));
    LATHE_ASSIGN(file, bestCheckpoint(*ground.project, run));
    for (const char* cost : {"parameters", "flops", "latency_ms"})
      if (const auto value = costOf(cost, *ground.engine, resolved, file, file.parent_path()))
        summary["costs"][cost] = *value;
  }
  return summary.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lathe::services

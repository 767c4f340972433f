// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_confirm.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/engine/predictor.h"
#include "core/search/paired_bootstrap.h"
#include "core/search/pareto.h"
#include "core/services/nas_settings.h"
#include "core/services/resume_point.h"
#include "core/services/row_losses.h"

namespace lathe::services {
namespace {

using Json = nlohmann::ordered_json;
using spec::RunStatus;

std::vector<store::TrialRecord> completed(std::vector<store::TrialRecord> trials) {
  std::erase_if(trials, [](const auto& t) { return t.status != RunStatus::Completed || t.values.empty(); });
  return trials;
}

// `again`: they are going to be trained with other seeds, and what chose them says nothing more of them: the best of
// many was lucky as well.
std::vector<Candidate> bestOf(std::vector<store::TrialRecord> trials, const StudySettings& settings, bool again) {
  const bool larger = settings.goals.front().larger;
  std::stable_sort(trials.begin(), trials.end(), [larger](const auto& a, const auto& b) {
    return larger ? a.values.front() > b.values.front() : a.values.front() < b.values.front();
  });
  const auto most = again ? std::max(1, settings.confirmTop) : 1;
  std::vector<Candidate> best;
  for (auto& trial : trials) {
    if (static_cast<int>(best.size()) >= most) break;
    // A configuration that was tried twice is one candidate.
    if (std::any_of(best.begin(), best.end(),
                    [&](const Candidate& c) { return spec::same(c.trial.configuration, trial.configuration); }))
      continue;
    Candidate candidate;
    if (!again) candidate.values = {trial.values.front()}, candidate.runs = {trial.run};
    candidate.trial = std::move(trial);
    best.push_back(std::move(candidate));
  }
  return best;
}

// Losses of the validation rows by each of a candidate's trainings; none where they cannot be had.
Result<search::SeedLosses> lossesOf(const TrialGround& ground, const spec::ExperimentSpec& base,
                                    const spec::SearchSpace& space, const Candidate& candidate) {
  search::SeedLosses losses;
  LATHE_ASSIGN(spec, trialSpecOf(ground.settings, base, space, candidate.trial.configuration));
  LATHE_ASSIGN(resolved, resolve(spec, ground.project->folder(), {}, ground.engine.get(), &ground.kept));
  if (ground.folds) {
    for (const auto number : candidate.runs) {
      losses.push_back(lossesOfFolds(ground.project->runFolder(number), *resolved.data, ground.settings));
      if (losses.back().empty()) return search::SeedLosses();
    }
    return losses;
  }
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

// What may be said of the candidates, which come by their means of the goal. Where the losses of rows put another one
// first, the goal's winner is better than none of them.
void judge(const std::vector<Candidate>& candidates, const std::vector<search::SeedLosses>& losses,
           const StudySettings& settings, Json& summary) {
  search::BootstrapOptions options;
  options.seed = settings.seed;
  const auto standings = search::standings(losses, options);
  const bool agrees = standings.best == 0;
  summary["tied"].push_back(candidates.front().trial.number);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& standing = standings.candidates[i];
    const bool worse = agrees && standing.verdict == search::Verdict::Worse;
    const char* verdict = i == 0 ? "best" : worse ? "worse" : "tie";
    if (i > 0 && !worse) summary["tied"].push_back(candidates[i].trial.number);
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
  }
  summary["clear"] = summary["tied"].size() == 1;
  summary["seeds_covered"] = standings.candidates[standings.best].seedsCovered;
}

// In one sentence, for people.
std::string sentenceOf(const Json& summary, const std::vector<Candidate>& candidates, bool folds,
                       const RowMeasure& measure) {
  std::string names;
  for (const auto& trial : summary["tied"]) names += (names.empty() ? "" : ", ") + trial.dump();
  const auto seeds = candidates.front().runs.size();
  std::string words = measure.name;
  std::replace(words.begin(), words.end(), '_', ' ');
  const auto over = "over " + std::to_string(seeds) + " new seeds and the " + (folds ? "held-out" : "validation") +
                    " rows the difference of their " + words;
  const std::string apart = measure.isGoal ? "" : " The goal itself is no mean over rows, so it is not tested.";
  if (summary["tied"].size() > 1) return "Trials " + names + " are tied: " + over + " may be chance." + apart;
  return "Trial " + names + " is better than the other " + std::to_string(candidates.size() - 1) +
         " that were trained again: " + over + " is more than chance (95 %)." + apart;
}

// How often the test rows have been asked in this study, which may have had other winners before.
std::int64_t looksBefore(const TrialGround& ground, store::StudyNumber study) {
  const auto record = ground.project->store().studies().study(study);
  if (!record) return 0;
  const auto before = Json::parse(record->summaryJson, nullptr, false);
  return before.is_object() ? before.value("test_looks", std::int64_t{0}) : 0;
}

Result<void> scoreTest(const TrialGround& ground, store::StudyNumber study, store::RunNumber winner,
                       const ResolvedTraining& resolved, Json& summary) {
  const auto& rows = resolved.data->split.test;
  auto& store = ground.project->store();
  LATHE_ASSIGN(run, store.run(winner));
  auto metrics = run.metrics;
  summary["test_looks"] = looksBefore(ground, study);
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
    summary["test_looks"] = summary["test_looks"].get<std::int64_t>() + 1;
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

Result<std::string> confirmWinner(const TrialGround& ground, store::StudyNumber study, const spec::ExperimentSpec& base,
                                  const spec::SearchSpace& space, const FinalsWatch& watch) {
  LATHE_ASSIGN(all, ground.project->store().studies().trials(study));
  auto trials = completed(std::move(all));
  Json front;
  if (ground.settings.goals.size() > 1) {
    front = frontOf(trials, ground.settings);
    if (!startsAnew(ground.settings)) return Json{{"front", front}}.dump();
    std::erase_if(trials,
                  [&](const auto& t) { return std::find(front.begin(), front.end(), t.number) == front.end(); });
  }
  const bool metric = !isCostGoal(ground.settings.goals.front().metric);
  // A member of a population has had other settings on the way: nobody else can be trained like it.
  const bool population = ground.settings.pruner == "pbt";
  const bool again = startsAnew(ground.settings) || (metric && ground.settings.confirmSeeds >= 2 && !population);
  auto candidates = bestOf(trials, ground.settings, again);
  if (candidates.empty()) return std::string("{}");
  if (again) LATHE_TRY(trainAllAgain({ground, study, base, space}, candidates, watch));
  const double sign = ground.settings.goals.front().larger ? -1 : 1;
  std::stable_sort(candidates.begin(), candidates.end(),
                   [sign](const Candidate& a, const Candidate& b) { return sign * a.mean() < sign * b.mean(); });
  Json summary{{"winner", Json::object()},
               {"seeds", ground.settings.confirmSeeds},
               {"confirmed", Json::array()},
               {"tied", Json::array()}};
  if (!front.is_null()) summary["front"] = front;
  LATHE_ASSIGN(spec, trialSpecOf(ground.settings, base, space, candidates.front().trial.configuration));
  LATHE_ASSIGN(resolved, resolve(spec, ground.project->folder(), {}, ground.engine.get(), &ground.kept));
  std::vector<search::SeedLosses> losses;
  if (metric && candidates.size() > 1)
    for (const auto& candidate : candidates) {
      LATHE_ASSIGN(each, lossesOf(ground, base, space, candidate));
      if (!each.empty()) losses.push_back(std::move(each));
    }
  if (candidates.size() > 1 && losses.size() == candidates.size()) {
    judge(candidates, losses, ground.settings, summary);
    const auto measure =
        rowMeasureOf(*resolved.data, ground.settings.goals.front().metric, resolved.spec.training.loss);
    summary["row_measure"] = measure.name;
    summary["row_measure_is_goal"] = measure.isGoal;
    summary["sentence"] = sentenceOf(summary, candidates, ground.folds != nullptr, measure);
  } else {
    for (const auto& candidate : candidates)
      summary["confirmed"].push_back({{"trial", candidate.trial.number},
                                      {"runs", candidate.runs},
                                      {"values", candidate.values},
                                      {"mean", candidate.mean()}});
  }
  if (population && ground.settings.confirmSeeds >= 2)
    summary["sentence"] =
        "Settings changed while the population trained, so its best is not trained again with other "
        "seeds: how sure its value is remains unknown.";
  const auto& best = candidates.front();
  auto winner = startsAnew(ground.settings) ? best.runs.front() : best.trial.run;
  if (ground.folds) {
    summary["folds"] = ground.settings.folds;
    summary["fold_repeats"] = ground.settings.foldRepeats;
    LATHE_ASSIGN(run, trainFinal({ground, study, base, space}, best, watch));
    winner = run;
  }
  summary["winner"] = {{"trial", best.trial.number}, {"run", winner}, {"value", best.mean()}};
  LATHE_TRY(scoreTest(ground, study, winner, resolved, summary));
  if (ground.settings.architecture.active()) {
    summary["final_epochs"] = ground.settings.architecture.finalEpochs;
    LATHE_ASSIGN(run, ground.project->store().run(winner));
    LATHE_ASSIGN(file, bestCheckpoint(*ground.project, run));
    for (const char* cost : {"parameters", "flops", "latency_ms"})
      if (const auto value = costOf(cost, *ground.engine, resolved, file, file.parent_path()))
        summary["costs"][cost] = *value;
  }
  return summary.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lathe::services

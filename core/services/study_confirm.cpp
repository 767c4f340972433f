// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_confirm.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

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
  auto candidates = bestOf(trials, ground.settings);
  if (candidates.empty()) return std::string("{}");
  const bool metric = !isCostGoal(ground.settings.goals.front().metric);
  if (startsAnew(ground.settings) || (metric && ground.settings.confirmSeeds >= 2))
    LATHE_TRY(trainAllAgain({ground, study, base, space}, candidates, watch));
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
    LATHE_ASSIGN(run, trainFinal({ground, study, base, space}, candidates.front(), watch));
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

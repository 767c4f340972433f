// SPDX-License-Identifier: GPL-3.0-or-later
// What the store and the state file hear of a contest.
#include <algorithm>
#include <cmath>

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/machine.h"
#include "core/engine/checkpoint.h"
#include "core/engine/ensemble_file.h"
#include "core/services/autopilot/baselines.h"
#include "core/services/autopilot/contest.h"
#include "core/services/autopilot/refinement.h"
#include "core/services/autopilot/temperature.h"
#include "core/services/run_facts.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

void warn(const Result<void>& result) {
  if (!result) log(LogLevel::Warn, result.error().sentence());
}

Tried::State stateNamed(const std::string& text) {
  for (const auto state : {Tried::State::Completed, Tried::State::Pruned, Tried::State::Failed})
    if (text == name(state)) return state;
  return Tried::State::Waiting;
}

spec::RunStatus statusOf(Tried::State state) {
  switch (state) {
    case Tried::State::Completed:
      return spec::RunStatus::Completed;
    case Tried::State::Pruned:
      return spec::RunStatus::Pruned;
    case Tried::State::Failed:
      return spec::RunStatus::Failed;
    default:
      return spec::RunStatus::Cancelled;
  }
}

// Logits whose softmax is the probability, so that a temperature can be read off the probabilities.
bool givesItsLogits(const spec::ModelDescription& model) {
  const auto program = spec::lower(model);
  if (!program) return false;
  return program->values[static_cast<std::size_t>(program->logits)].size() == 1;
}

}  // namespace

AutopilotStage stageOf(const Contender& candidate) {
  if (candidate.baseline) return AutopilotStage::Baselines;
  if (candidate.refined) return AutopilotStage::Refinement;
  return candidate.proposal >= 0 || candidate.again > 0 ? AutopilotStage::Search : AutopilotStage::Portfolio;
}

std::vector<AutopilotTry> listOf(const std::vector<Tried>& tried, const std::vector<double>& weights) {
  std::vector<AutopilotTry> list;
  for (std::size_t i = 0; i < tried.size(); ++i) {
    const auto& each = tried[i];
    if (each.run == 0 && (!each.outside || each.state == Tried::State::Waiting)) continue;
    AutopilotTry entry;
    entry.name = each.candidate.title;
    entry.model = each.candidate.spec.model.templateName;
    if (each.candidate.baseline) entry.model = each.candidate.key;
    entry.state = name(each.state);
    entry.run = each.run;
    if (each.state == Tried::State::Completed) entry.value = each.value;
    entry.seconds = each.seconds;
    if (i < weights.size()) entry.weight = weights[i];
    int epochs = 0;
    for (const auto& fold : each.folds) epochs += fold ? fold->epochs : 0;
    entry.epochs = each.done() > 0 ? epochs / each.done() : 0;
    entry.baseline = each.candidate.baseline;
    entry.stage = stageOf(each.candidate);
    entry.from = each.candidate.from;
    list.push_back(std::move(entry));
  }
  return list;
}

fs::path foldPlace(const AutopilotGround& ground, store::RunNumber run, int fold) {
  const auto folder = ground.project->runFolder(run);
  return ground.folds > 1 ? foldFolder(folder, fold + 1) : folder / "fit";
}

Result<void> writeBag(const AutopilotGround& ground, const Tried& tried, const fs::path& file) {
  std::vector<engine::EnsemblePart> parts;
  for (const auto& fold : tried.folds)
    if (fold) parts.push_back({fold->checkpoint, 1, tried.temperature});
  return engine::writeEnsemble(parts, ground.base.model.fitted, ground.base.model.preprocessing, 0.5, file);
}

Result<void> Contest::begin(Tried& tried) {
  store::NewRun fresh;
  fresh.name = "autopilot " + tried.candidate.title;
  fresh.model =
      tried.candidate.spec.model.templateName == "custom" ? "linear" : tried.candidate.spec.model.templateName;
  if (tried.constant) fresh.model = "constant";
  fresh.specJson = spec::toJson(tried.candidate.spec, -1);
  fresh.dataHash = m_ground.base.spec.data.sha256;
  fresh.task = spec::name(m_ground.base.spec.data.task);
  fresh.parameters = flatParameters(tried.candidate.spec);
  fresh.environment = environmentOf(tried.candidate.spec, *m_ground.engine, false);
  LATHE_ASSIGN(run, m_ground.project->store().createRun(fresh, spec::RunStatus::Running, thisProcess()));
  tried.run = run;
  return {};
}

// Bags its folds, with the temperature that they need, and tells the store.
void Contest::complete(Tried& tried) {
  for (int fold = 0; fold < m_ground.folds; ++fold)
    m_ground.put(tried.values, fold, tried.folds[static_cast<std::size_t>(fold)]->values);
  const auto& heldOut = *m_ground.heldOut;
  const auto task = m_ground.base.model.schema.task;
  const bool labels = task == spec::Task::Multilabel;
  if ((labels || task == spec::Task::Classification) && !tried.constant && !tried.outside && !tried.modelJson.empty()) {
    const auto model = spec::modelDescriptionFromJson(tried.modelJson);
    if (model && givesItsLogits(*model)) {
      const auto costAt = [&](double t) { return heldOut.loss(tempered(tried.values, heldOut.columns(), t, labels)); };
      tried.temperature = bestTemperature(costAt, heldOut.rows().size());
      tried.values = tempered(tried.values, heldOut.columns(), tried.temperature, labels);
    }
  }
  if (tried.outside) {
    tried.value = heldOut.value(tried.values);
    return end(tried, Tried::State::Completed);
  }
  tried.cost = heldOut.cost(tried.values);
  tried.value = heldOut.value(tried.values);
  if (!std::isfinite(tried.cost)) return end(tried, Tried::State::Failed);
  const auto file = m_ground.project->runFolder(tried.run) / "best.ckpt";
  if (const auto written = writeBag(m_ground, tried, file); !written)
    return end(tried, Tried::State::Failed, written.error());
  if (const auto checkpoint = engine::readCheckpoint(file)) tried.modelJson = checkpoint->meta.at("model");
  end(tried, Tried::State::Completed);
}

void Contest::end(Tried& tried, Tried::State state, const std::optional<Error>& error) {
  tried.state = state;
  tellSampler(tried);
  if (tried.run == 0) return;
  auto& store = m_ground.project->store();
  store::RunUpdate update;
  if (!tried.specJson.empty()) update.specJson = tried.specJson;
  if (!tried.modelJson.empty()) update.modelJson = tried.modelJson;
  update.monitor = "val/" + m_ground.goal;
  update.monitorLarger = m_ground.heldOut->larger();
  update.seconds = tried.seconds;
  int epochs = 0;
  for (const auto& fold : tried.folds) epochs += fold ? fold->epochs : 0;
  update.epochs = epochs;
  update.totalEpochs = epochs;
  if (state == Tried::State::Completed) {
    std::map<std::string, double> metrics;
    for (const auto& [metric, value] : m_ground.heldOut->metrics(tried.values)) metrics["val/" + metric] = value;
    update.metrics = std::move(metrics);
    update.bestCheckpoint = m_ground.project->relative(m_ground.project->runFolder(tried.run) / "best.ckpt");
  }
  warn(store.updateRun(tried.run, update));
  warn(store.setStatus(tried.run, statusOf(state), error));
}

void Contest::tellSampler(const Tried& tried) {
  if (!m_sampler || tried.candidate.proposal < 0) return;
  search::TrialResult result;
  result.trial = tried.candidate.proposal;
  result.configuration = tried.candidate.configuration;
  result.state = tried.state == Tried::State::Completed ? search::TrialState::Complete
                 : tried.state == Tried::State::Pruned  ? search::TrialState::Pruned
                                                        : search::TrialState::Failed;
  if (tried.state == Tried::State::Completed) result.values = {tried.cost};
  if (tried.done() > 0) result.reports = {{tried.done(), tried.meanLoss()}};
  m_sampler->tell(result);
}

void Contest::addConstant(const Tried& linear) {
  Tried tried;
  tried.candidate.key = "constant";
  tried.candidate.title = "constant";
  tried.candidate.baseline = true;
  tried.candidate.spec = linear.candidate.spec;
  tried.constant = true;
  tried.specJson = linear.specJson;
  tried.folds.resize(linear.folds.size());
  tried.taken.assign(linear.folds.size(), true);
  const auto folds = linear.folds;  // the vector below may move
  if (const auto begun = begin(tried); !begun) return fail(begun.error());
  for (int fold = 0; fold < m_ground.folds; ++fold) {
    auto fit =
        constantFit(m_ground, *folds[static_cast<std::size_t>(fold)], fold, foldPlace(m_ground, tried.run, fold));
    if (!fit || !*fit) {
      if (!fit) log(LogLevel::Warn, fit.error().sentence());
      return end(tried, Tried::State::Cancelled);
    }
    warn(keepValues(foldPlace(m_ground, tried.run, fold), (*fit)->values));
    tried.folds[static_cast<std::size_t>(fold)] = std::move(*fit);
  }
  complete(tried);
  m_tried.push_back(std::move(tried));
}

// After the linear model: they are quick, and say early how well one can do.
void Contest::addTrees() {
  Tried tried;
  tried.candidate.key = "trees";
  tried.candidate.title = "boosted trees (" + m_trees->name() + ")";
  tried.candidate.baseline = true;
  tried.candidate.most = 0.05;
  tried.outside = true;
  tried.folds.resize(static_cast<std::size_t>(m_ground.folds));
  tried.taken.assign(tried.folds.size(), false);
  m_tried.insert(m_tried.begin() + std::min<std::ptrdiff_t>(2, std::ssize(m_tried)), std::move(tried));
}

// The portfolio, as far as an earlier sitting has come with it.
Result<void> Contest::takeUp() {
  const auto folds = static_cast<std::size_t>(m_ground.folds);
  for (auto& candidate : portfolioFor(m_portfolio)) {
    Tried tried;
    tried.candidate = std::move(candidate);
    tried.folds.resize(folds);
    tried.taken.assign(folds, false);
    m_tried.push_back(std::move(tried));
  }
  if (m_trees != nullptr && m_trees->takes(*m_ground.base.data)) addTrees();
  for (const auto& saved : m_state.tried) {
    auto at = std::find_if(m_tried.begin(), m_tried.end(),
                           [&](const auto& tried) { return tried.candidate.key == saved.key; });
    if (at == m_tried.end()) {
      Tried tried;
      tried.candidate.key = saved.key;
      tried.candidate.title = saved.title;
      tried.candidate.baseline = saved.baseline;
      tried.candidate.proposal = saved.proposal;
      tried.candidate.spec = saved.spec;
      tried.candidate.refined = isRefined(saved.key);
      tried.candidate.from = saved.from;
      tried.constant = saved.key == "constant";
      m_tried.push_back(std::move(tried));
      at = m_tried.end() - 1;
    }
    at->run = saved.run;
    at->seconds = saved.seconds;
    at->folds.assign(folds, std::nullopt);
    at->taken.assign(folds, at->constant);
    m_proposed = std::max(m_proposed, saved.proposal + 1);
    if (isRefined(saved.key)) ++m_refined;
    const auto state = stateNamed(saved.state);
    for (const auto& fold : saved.folds) {
      if (fold.fold < 0 || fold.fold >= m_ground.folds) continue;
      const auto place = foldPlace(m_ground, saved.run, fold.fold);
      auto values = keptValues(place);
      const auto expected = m_ground.places[static_cast<std::size_t>(fold.fold)].size() * m_ground.heldOut->columns();
      std::error_code error;
      if (!values || values->size() != expected || !fs::exists(place / "best.ckpt", error)) continue;
      FoldFit fit;
      fit.checkpoint = place / "best.ckpt";
      fit.values = std::move(*values);
      fit.seconds = fold.seconds;
      fit.secondsPerEpoch = fold.secondsPerEpoch;
      fit.epochs = fold.epochs;
      fit.bestEpoch = fold.bestEpoch;
      fit.loss = m_ground.heldOut->lossOf(fit.values, m_ground.places[static_cast<std::size_t>(fold.fold)]);
      at->folds[static_cast<std::size_t>(fold.fold)] = std::move(fit);
      at->taken[static_cast<std::size_t>(fold.fold)] = true;
    }
    if (state != Tried::State::Waiting) at->taken.assign(folds, true);
    auto& store = m_ground.project->store();
    if (at->run > 0) {
      if (const auto json = store.runSpec(at->run)) at->specJson = *json;
      if (const auto json = store.runModel(at->run)) at->modelJson = *json;
    }
    const bool whole = at->done() == m_ground.folds;
    if (state == Tried::State::Completed || whole) {
      // Made again from the folds, in case the process ended between them and the whole.
      const bool known = at->run > 0 && store.takeOver(at->run, thisProcess()).has_value();
      if (const auto& first = at->folds.front(); first && known && whole) {
        if (const auto checkpoint = engine::readCheckpoint(first->checkpoint))
          at->modelJson = checkpoint->meta.at("model");
        complete(*at);
      } else {
        at->taken.assign(folds, false);
        at->run = 0;
        at->state = Tried::State::Waiting;
        if (at->constant) at->state = Tried::State::Failed;
      }
    } else if (state != Tried::State::Waiting) {
      at->state = state;
    } else if (at->run > 0) {
      if (!store.takeOver(at->run, thisProcess())) at->run = 0;
      if (at->run == 0) at->folds.assign(folds, std::nullopt), at->taken.assign(folds, false);
    }
  }
  return {};
}

void Contest::save() {
  m_state.used = m_budget.used();
  m_state.tried.clear();
  for (const auto& tried : m_tried) {
    if (tried.run == 0) continue;
    SavedTry saved{tried.candidate.key,
                   tried.candidate.title,
                   name(tried.state),
                   tried.candidate.baseline,
                   tried.candidate.proposal,
                   tried.candidate.spec,
                   tried.run,
                   tried.seconds,
                   {},
                   tried.candidate.from};
    for (std::size_t fold = 0; fold < tried.folds.size(); ++fold)
      if (const auto& fit = tried.folds[fold])
        saved.folds.push_back(
            {static_cast<int>(fold), fit->epochs, fit->bestEpoch, fit->seconds, fit->secondsPerEpoch});
    m_state.tried.push_back(std::move(saved));
  }
  warn(writeState(m_ground.request.folder, m_state));
}

}  // namespace lathe::services

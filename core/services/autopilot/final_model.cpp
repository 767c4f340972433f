// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/final_model.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/base/random.h"
#include "core/engine/checkpoint.h"
#include "core/engine/ensemble_file.h"
#include "core/services/autopilot/format_costs.h"
#include "core/services/autopilot/greedy_ensemble.h"
#include "core/services/autopilot/temperature.h"
#include "core/services/run_facts.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr double leastGainOfHeat = 1e-3;  ///< of the loss, for a temperature beside the members' own

struct Chosen {
  std::vector<std::size_t> candidates;  ///< that may be joined
  GreedyEnsemble greedy;
};

double bytesOf(const fs::path& file) {
  std::error_code error;
  const auto bytes = fs::file_size(file, error);
  return error ? 0 : static_cast<double>(bytes);
}

fs::path runFile(const AutopilotGround& ground, store::RunNumber run) {
  return ground.project->runFolder(run) / "best.ckpt";
}

Chosen choose(const AutopilotGround& ground, const std::vector<Tried>& tried, std::size_t most) {
  Chosen chosen;
  GreedyOptions options;
  options.mostMembers = most;
  std::vector<const std::vector<float>*> values;
  const bool limited = ground.request.mostBytes.has_value();
  for (std::size_t i = 0; i < tried.size(); ++i) {
    if (tried[i].state != Tried::State::Completed || tried[i].outside) continue;
    chosen.candidates.push_back(i);
    values.push_back(&tried[i].values);
    if (limited) options.sizes.push_back(bytesOf(runFile(ground, tried[i].run)));
  }
  if (limited) options.mostSize = *ground.request.mostBytes;
  chosen.greedy = greedyEnsemble(
      values, [&](const std::vector<float>& mean) { return ground.heldOut->cost(mean); }, options);
  return chosen;
}

fs::path refitted(const FinalModel& model, std::size_t candidate) {
  for (const auto& refit : model.refits)
    if (refit.candidate == candidate) return refit.checkpoint;
  return {};
}

std::vector<engine::EnsemblePart> partsOf(const std::vector<Tried>& tried, const FinalModel& model) {
  std::vector<engine::EnsemblePart> parts;
  for (std::size_t i = 0; i < tried.size(); ++i) {
    if (model.weights[i] <= 0) continue;
    const auto again = refitted(model, i);
    for (const auto& fold : tried[i].folds)
      parts.push_back({again.empty() ? fold->checkpoint : again,
                       model.weights[i] / static_cast<double>(tried[i].folds.size()),
                       std::clamp(tried[i].temperature * model.temperature, 2 * spec::leastTemperature, 100.0)});
  }
  return parts;
}

// What the members predict with this temperature. Those whose logits are several each are asked again.
Result<std::vector<float>> heated(const AutopilotGround& ground, const std::vector<Tried>& tried,
                                  const std::vector<double>& weights, double temperature) {
  std::vector<float> sum;
  const auto scratch = ground.request.folder / "calibration.ckpt";
  for (std::size_t i = 0; i < tried.size(); ++i) {
    if (weights[i] <= 0) continue;
    std::vector<float> values;
    for (int fold = 0; fold < ground.folds; ++fold) {
      const auto& fit = *tried[i].folds[static_cast<std::size_t>(fold)];
      LATHE_TRY(engine::writeEnsemble({{fit.checkpoint, 1, tried[i].temperature * temperature}},
                                      ground.base.model.fitted, ground.base.model.preprocessing, 0.5, scratch));
      LATHE_ASSIGN(model, ground.engine->load(scratch));
      std::vector<std::uint32_t> rows;
      for (const auto place : ground.places[static_cast<std::size_t>(fold)])
        rows.push_back(ground.heldOut->rows()[place]);
      LATHE_ASSIGN(predictions, model->predict(*ground.base.data, rows));
      ground.put(values, fold, predictions.values);
    }
    sum.resize(values.size(), 0.0F);
    for (std::size_t k = 0; k < values.size(); ++k) sum[k] += static_cast<float>(weights[i]) * values[k];
  }
  std::error_code error;
  fs::remove(scratch, error);
  return sum;
}

// One temperature for all members. It is looked for on the mean, which is nearly the same, and taken when it helps the
// members themselves.
Result<void> calibrate(const AutopilotGround& ground, const std::vector<Tried>& tried, FinalModel& model) {
  const auto task = ground.base.model.schema.task;
  const bool labels = task == spec::Task::Multilabel;
  if (task != spec::Task::Classification && !labels) return {};
  const auto& heldOut = *ground.heldOut;
  const double before = heldOut.loss(model.values);
  const auto found = bestTemperature(
      [&](double temperature) { return heldOut.loss(tempered(model.values, heldOut.columns(), temperature, labels)); },
      heldOut.rows().size());
  const double hoped = heldOut.loss(tempered(model.values, heldOut.columns(), found, labels));
  if (hoped > before * (1 - leastGainOfHeat)) return {};
  LATHE_ASSIGN(values, heated(ground, tried, model.weights, found));
  if (heldOut.loss(values) >= before || heldOut.cost(values) > heldOut.cost(model.values)) return {};
  model.temperature = found;
  model.values = std::move(values);
  return {};
}

void tuneThreshold(const AutopilotGround& ground, FinalModel& model) {
  const auto& schema = ground.base.model.schema;
  if (schema.task != spec::Task::Classification || schema.target.classes.size() != 2) return;
  const char* criterion = ground.goal == "balanced_accuracy" ? "tuned" : ground.goal == "f1_macro" ? "tuned_f1" : "";
  if (*criterion == '\0') return;
  model.threshold = engine::tunedThreshold({ground.heldOut->rows().size(), 2, model.values}, *ground.base.data,
                                           ground.heldOut->rows(), criterion);
}

Result<void> createRun(const AutopilotGround& ground, FinalModel& model, std::size_t members) {
  auto& store = ground.project->store();
  store::NewRun fresh;
  fresh.name = "autopilot ensemble";
  fresh.model = "ensemble";
  auto spec = ground.base.spec;
  spec.name = fresh.name;
  fresh.specJson = spec::toJson(spec, -1);
  fresh.dataHash = spec.data.sha256;
  fresh.task = spec::name(spec.data.task);
  fresh.parameters = {{"model.template", "ensemble"}, {"ensemble.members", std::to_string(members)}};
  fresh.environment = environmentOf(spec, *ground.engine, false);
  LATHE_ASSIGN(run, store.createRun(fresh, spec::RunStatus::Running, thisProcess()));
  model.run = run;
  return {};
}

}  // namespace

Result<void> finishFinalModel(const AutopilotGround& ground, const FinalModel& model, double seconds) {
  auto& store = ground.project->store();
  LATHE_ASSIGN(checkpoint, engine::readCheckpoint(model.checkpoint));
  store::RunUpdate update;
  update.modelJson = checkpoint.meta.at("model");
  update.bestCheckpoint = ground.project->relative(model.checkpoint);
  update.monitor = "val/" + ground.goal;
  update.monitorLarger = ground.heldOut->larger();
  update.seconds = seconds;
  std::map<std::string, double> metrics;
  for (const auto& [name, value] : ground.heldOut->metrics(model.values, model.threshold))
    metrics["val/" + name] = value;
  update.metrics = std::move(metrics);
  LATHE_TRY(store.updateRun(model.run, update));
  LATHE_ASSIGN(hash, sha256Of(model.checkpoint));
  LATHE_ASSIGN(added, store.addArtefact({0, model.run, "checkpoint", ground.project->relative(model.checkpoint), hash,
                                         static_cast<std::int64_t>(bytesOf(model.checkpoint)),
                                         systemClock().nowMicros(), "{}"}));
  static_cast<void>(added);
  return store.setStatus(model.run, spec::RunStatus::Completed);
}

Result<void> writeFinalModel(const AutopilotGround& ground, const std::vector<Tried>& tried, const FinalModel& model) {
  return engine::writeEnsemble(partsOf(tried, model), ground.base.model.fitted, ground.base.model.preprocessing,
                               model.threshold, model.checkpoint);
}

namespace {

// What it costs as a file of its own; fewer members while that is more than was asked for.
Result<bool> withinLimits(const AutopilotGround& ground, FinalModel& model) {
  if (!ground.request.mostMilliseconds && !ground.request.mostBytes) return true;
  LATHE_ASSIGN(costs, costsOf(ground, model.checkpoint));
  model.costs = std::move(costs);
  model.bytes.reset();
  model.milliseconds.reset();
  for (const auto& cost : model.costs) {
    model.bytes = std::max(model.bytes.value_or(0), cost.bytes);
    if (cost.milliseconds) model.milliseconds = std::max(model.milliseconds.value_or(0), *cost.milliseconds);
  }
  return std::all_of(model.costs.begin(), model.costs.end(), [](const auto& cost) { return cost.within; });
}

// Which file of the smallest model is still too much.
Warning limitWarning(const FinalModel& model) {
  std::string files;
  for (const auto& cost : model.costs) {
    if (cost.within) continue;
    files += fmt::format("{}{} ({:.0f} bytes", files.empty() ? "" : ", ", cost.format, cost.bytes);
    if (cost.milliseconds) files += fmt::format(", {:.3g} ms", *cost.milliseconds);
    files += ")";
  }
  return fail("autopilot.limit", LATHE_TEXT("errors", "No model that was tried is within the limit as {files}."),
              LATHE_TEXT("errors", "Allow more time or size for a prediction, or leave this format out."),
              {{"files", files}})
      .value();
}

Result<void> writeFor(const AutopilotGround& ground, const std::vector<Tried>& tried, const Chosen& chosen,
                      FinalModel& model) {
  model.weights.assign(tried.size(), 0);
  model.values.assign(ground.heldOut->rows().size() * ground.heldOut->columns(), 0.0F);
  for (std::size_t i = 0; i < chosen.candidates.size(); ++i) {
    const auto candidate = chosen.candidates[i];
    const double weight = chosen.greedy.weights[i];
    model.weights[candidate] = weight;
    for (std::size_t k = 0; weight > 0 && k < model.values.size(); ++k)
      model.values[k] += static_cast<float>(weight) * tried[candidate].values[k];
  }
  model.temperature = 1;
  LATHE_TRY(calibrate(ground, tried, model));
  tuneThreshold(ground, model);
  model.cost = ground.heldOut->cost(model.values);
  return writeFinalModel(ground, tried, model);
}

}  // namespace

Result<FinalModel> makeFinalModel(const AutopilotGround& ground, const std::vector<Tried>& tried) {
  FinalModel model;
  std::size_t most = 12;
  bool found = false;
  for (std::size_t i = 0; i < tried.size(); ++i)
    if (tried[i].state == Tried::State::Completed && !tried[i].outside &&
        (!found || tried[i].cost < tried[model.bestSingle].cost)) {
      model.bestSingle = i;
      found = true;
    }
  if (!found)
    return fail("autopilot.nothing", LATHE_TEXT("errors", "No model could be trained in this time."),
                LATHE_TEXT("errors", "Give a larger --budget, or go on with --resume."));
  LATHE_TRY(createRun(ground, model, 0));
  std::error_code error;
  const auto folder = ground.project->runFolder(model.run);
  fs::create_directories(folder, error);
  model.checkpoint = folder / "best.ckpt";
  for (;;) {
    auto chosen = choose(ground, tried, most);
    if (chosen.greedy.weights.empty()) {
      // Not even one fits: the smallest, and said so.
      chosen.greedy.weights.assign(chosen.candidates.size(), 0);
      std::size_t smallest = 0;
      for (std::size_t i = 0; i < chosen.candidates.size(); ++i)
        if (bytesOf(runFile(ground, tried[chosen.candidates[i]].run)) <
            bytesOf(runFile(ground, tried[chosen.candidates[smallest]].run)))
          smallest = i;
      chosen.greedy.weights[smallest] = 1;
      most = 1;
    }
    LATHE_TRY(writeFor(ground, tried, chosen, model));
    LATHE_ASSIGN(fits, withinLimits(ground, model));
    if (fits) break;
    const auto members = static_cast<std::size_t>(
        std::count_if(model.weights.begin(), model.weights.end(), [](double weight) { return weight > 0; }));
    if (members <= 1) {
      model.warnings.push_back(limitWarning(model));
      break;
    }
    most = members - 1;
  }
  return model;
}

}  // namespace lathe::services

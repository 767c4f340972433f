// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <functional>

#include "core/spec/customary.h"
#include "core/spec/field_binding.h"
#include "core/spec/losses.h"
#include "core/spec/metrics.h"
#include "core/spec/spec_json.h"
#include "core/spec/targets.h"
#include "core/spec/template_builders.h"

namespace lathe::spec {
namespace {

using Errors = std::vector<Error>;

void add(Errors& errors, tl::unexpected<Error> error) { errors.push_back(std::move(error).value()); }

// A field that would not be accepted from JSON is not right in memory either.
void checkFields(Errors& errors, const ExperimentSpec& spec) {
  ExperimentSpec scratch;
  for (const auto& binding : bindings()) {
    if (binding.info.path == "model.layers") continue;
    if (auto set = binding.set(scratch, binding.get(spec)); !set) errors.push_back(set.error());
  }
}

void checkSplit(Errors& errors, const DataSpec& data) {
  const auto& split = data.split;
  const double sum = split.train + split.validation + split.test;
  if (std::abs(sum - 1) > 1e-6)
    add(errors, fail("spec.split_sum", LATHE_TEXT("errors", "The parts for train, validation and test sum to {sum}."),
                     LATHE_TEXT("errors", "Make data.split.train, data.split.validation and data.split.test sum to 1."),
                     {{"sum", numberText(std::round(sum * 1e6) / 1e6)}}));
  if (!(split.train > 0))
    add(errors, fail("spec.split_empty", LATHE_TEXT("errors", "No rows are left to train on."),
                     LATHE_TEXT("errors", "Raise data.split.train.")));
  if (!(split.validation > 0))
    add(errors, fail("spec.split_empty", LATHE_TEXT("errors", "No rows are left to choose the best epoch by."),
                     LATHE_TEXT("errors", "Raise data.split.validation.")));
  const auto has = [&](ColumnRole role) {
    return std::any_of(data.roles.begin(), data.roles.end(), [&](const auto& entry) { return entry.second == role; });
  };
  if (split.method == "group" && !has(ColumnRole::Group))
    add(errors,
        fail("spec.split_group", LATHE_TEXT("errors", "The split is by group, but no column has the role group."),
             LATHE_TEXT("errors", "Give a column this role (data.roles.COLUMN=group).")));
  if (split.method == "time" && data.sequence.window == 0 && !has(ColumnRole::Time))
    add(errors, fail("spec.split_time", LATHE_TEXT("errors", "The split is by time, but no column has the role time."),
                     LATHE_TEXT("errors", "Give a column this role (data.roles.COLUMN=time).")));
}

void checkSequence(Errors& errors, const DataSpec& data) {
  const auto& sequence = data.sequence;
  const bool forecast = data.task == Task::Forecast;
  if (sequence.window == 0 && (forecast || sequence.horizon > 0))
    add(errors, fail("spec.forecast_window", LATHE_TEXT("errors", "A forecast needs a window, but data.window is 0."),
                     LATHE_TEXT("errors", "Set data.window (--window) to the rows that the model sees, such as 24.")));
  if (sequence.horizon > 0 && !forecast && data.task != Task::Auto && data.task != Task::Quantile)
    add(errors, fail("spec.horizon_task",
                     LATHE_TEXT("errors", "A horizon of {horizon} rows belongs to a forecast, not to {task}."),
                     LATHE_TEXT("errors", "Set data.task to forecast or quantile, or data.horizon to 0."),
                     {{"horizon", std::to_string(sequence.horizon)}, {"task", name(data.task)}}));
  if (sequence.window > 0 && data.task == Task::Anomaly)
    add(errors, fail("spec.window_anomaly",
                     LATHE_TEXT("errors", "Anomalies are looked for in single rows, not in windows of them."),
                     LATHE_TEXT("errors", "Set data.window to 0.")));
  const auto& method = data.split.method;
  if (sequence.window > 0 && method != "auto" && method != "time")
    add(errors, fail("spec.window_split",
                     LATHE_TEXT("errors",
                                "Windows cannot be split by the method {method}: those of training would overlap those "
                                "of validation in time."),
                     LATHE_TEXT("errors", "Set data.split.method to auto: windows are split in time, with a gap."),
                     {{"method", method}}));
}

void checkTarget(Errors& errors, const DataSpec& data) {
  const auto names = targetNames(data);
  const auto isNamed = [&](const std::string& column) {
    return std::find(names.begin(), names.end(), column) != names.end();
  };
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].empty() ||
        std::find(names.begin() + static_cast<std::ptrdiff_t>(i) + 1, names.end(), names[i]) != names.end())
      add(errors, fail("spec.target_twice", LATHE_TEXT("errors", "The target {column} is named twice."),
                       LATHE_TEXT("errors", "Name each column once in data.targets."), {{"column", names[i]}}));
  if (!data.target.empty() && !isNamed(data.target))
    add(errors, fail("spec.two_targets", LATHE_TEXT("errors", "Both {first} and {second} are set as the target."),
                     LATHE_TEXT("errors", "Set data.target for one column, or data.targets for several."),
                     {{"first", data.target}, {"second", names.front()}}));
  for (const auto& [column, role] : data.roles) {
    if (role == ColumnRole::Target && !names.empty() && !isNamed(column))
      add(errors, fail("spec.two_targets", LATHE_TEXT("errors", "Both {first} and {second} are set as the target."),
                       LATHE_TEXT("errors", "Keep one of them."), {{"first", names.front()}, {"second", column}}));
    if (isNamed(column) && role != ColumnRole::Target)
      add(errors, fail("spec.target_role", LATHE_TEXT("errors", "The target {column} has the role {role}."),
                       LATHE_TEXT("errors", "Choose another target, or remove the role."),
                       {{"column", column}, {"role", name(role)}}));
  }
}

void checkLoss(Errors& errors, const ExperimentSpec& spec) {
  const auto& loss = spec.training.loss;
  const auto task = spec.data.task;
  const auto fitting = lossesFor(task);
  const auto fits = [&](const std::string& name) {
    return std::find(fitting.begin(), fitting.end(), name) != fitting.end();
  };
  if (task != Task::Auto && loss.name != "auto" && !fits(loss.name))
    add(errors, fail("spec.loss_task", LATHE_TEXT("errors", "The loss {loss} does not fit {task}."),
                     LATHE_TEXT("errors", "Use {known} or auto."),
                     {{"loss", loss.name}, {"task", name(task)}, {"known", join(fitting)}}));
  const bool numbers = predictsNumbers(task) || task == Task::Anomaly || isForNumbers(loss.name);
  if ((numbers || loss.name == "focal") && loss.labelSmoothing > 0)
    add(errors, fail("spec.loss_setting",
                     numbers ? LATHE_TEXT("errors", "Label smoothing needs classes, not numbers.")
                             : LATHE_TEXT("errors", "The focal loss knows no label smoothing."),
                     LATHE_TEXT("errors", "Set training.loss.label_smoothing to 0.")));
  const bool labels = task == Task::Multilabel || loss.name == "bce";
  if ((numbers || labels) && loss.classWeights)
    add(errors, fail("spec.loss_setting",
                     numbers ? LATHE_TEXT("errors", "Class weights need classes, not numbers.")
                             : LATHE_TEXT("errors", "Class weights need one class a row, not several labels."),
                     LATHE_TEXT("errors", "Set training.loss.class_weights to false.")));
  const auto& levels = loss.quantiles;
  const bool ascending = std::adjacent_find(levels.begin(), levels.end(), std::greater_equal<>()) == levels.end();
  constexpr std::size_t mostLevels = 99;
  if (levels.empty() || levels.size() > mostLevels || !ascending)
    add(errors, fail("spec.quantiles", LATHE_TEXT("errors", "training.loss.quantiles must rise from level to level."),
                     LATHE_TEXT("errors", "For example 0.1, 0.5, 0.9: at least one level, at most 99.")));
}

void checkAugment(Errors& errors, const ExperimentSpec& spec) {
  const bool noClasses = predictsValues(spec.data.task) || spec.data.task == Task::Anomaly ||
                         spec.training.loss.name == "mse" || spec.training.loss.name == "huber";
  if (noClasses && mixesLabels(spec.training.augment))
    add(errors, fail("spec.augment_task", LATHE_TEXT("errors", "Mixup and CutMix mix classes, not numbers."),
                     LATHE_TEXT("errors", "Set training.augment.mixup and training.augment.cutmix to 0.")));
}

void checkTraining(Errors& errors, const ExperimentSpec& spec) {
  const auto& training = spec.training;
  if (training.optimizer.name == "sgd" && training.optimizer.nesterov && training.optimizer.momentum == 0)
    add(errors, fail("spec.nesterov", LATHE_TEXT("errors", "Nesterov looks ahead along the momentum, which is 0."),
                     LATHE_TEXT("errors", "Set training.optimizer.momentum to 0.9, or switch Nesterov off.")));
  if (isScheduleFree(training.optimizer) && training.average.name != "none")
    add(errors, fail("spec.two_averages",
                     LATHE_TEXT("errors", "{optimizer} averages the weights by itself, so {average} cannot do it too."),
                     LATHE_TEXT("errors", "Set training.average.name to none, or choose another optimiser."),
                     {{"optimizer", training.optimizer.name}, {"average", training.average.name}}));
  const auto metric = training.monitor.substr(training.monitor.find('/') + 1);
  const auto fitting = metricsFor(spec.data.task);
  const bool fits = std::any_of(fitting.begin(), fitting.end(), [&](const auto& info) { return info.name == metric; });
  if (findMetric(metric) && !fits)
    add(errors, fail("spec.monitor_task", LATHE_TEXT("errors", "The monitor {monitor} does not fit {task}."),
                     LATHE_TEXT("errors", "Use val/loss, or another metric of this task."),
                     {{"monitor", training.monitor}, {"task", name(spec.data.task)}}));
  if (!findMetric(metric)) return;
  if (largerIsBetter(training.monitor) && training.monitorDirection != "maximize")
    add(errors,
        fail("spec.monitor_direction", LATHE_TEXT("errors", "For {monitor} larger is better, not smaller."),
             LATHE_TEXT("errors", "Set training.monitor_direction to maximize."), {{"monitor", training.monitor}}));
  if (!largerIsBetter(training.monitor) && training.monitorDirection != "minimize")
    add(errors,
        fail("spec.monitor_direction", LATHE_TEXT("errors", "For {monitor} smaller is better, not larger."),
             LATHE_TEXT("errors", "Set training.monitor_direction to minimize."), {{"monitor", training.monitor}}));
}

void checkModel(Errors& errors, const ModelSpec& model) {
  for (auto& problem : checkLayers(model.graph)) errors.push_back(std::move(problem));
  if (model.templateName == "custom" && model.graph.layers.empty())
    add(errors, fail("spec.no_layers", LATHE_TEXT("errors", "The model has no layers."),
                     LATHE_TEXT("errors", "Choose a template, or add a Linear layer.")));
  const auto* info = findTemplate(model.templateName);
  if (!info) return;
  for (const auto& [key, value] : model.settings)
    if (auto checked = checkSetting(*info, key, value); !checked) errors.push_back(checked.error());
}

}  // namespace

std::vector<Error> validate(const ExperimentSpec& spec) {
  Errors errors;
  checkFields(errors, spec);
  checkSplit(errors, spec.data);
  checkSequence(errors, spec.data);
  checkTarget(errors, spec.data);
  checkModel(errors, spec.model);
  checkLoss(errors, spec);
  checkAugment(errors, spec);
  checkTraining(errors, spec);
  return errors;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/resolve_rules.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "core/base/machine.h"
#include "core/spec/customary.h"
#include "core/spec/losses.h"
#include "core/spec/metrics.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

// A step of 20 MFLOP takes about 0.4 ms on one core; below it a second thread only costs.
constexpr double flopsForThreads = 2e7;
// Starting a step's kernels on a GPU costs about as much as 200 MFLOP on a few cores.
constexpr double flopsForCuda = 2e8;

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

bool hasRole(const spec::DataProfile& profile, spec::ColumnRole role) {
  return std::any_of(profile.columns.begin(), profile.columns.end(),
                     [role](const auto& column) { return column.role == role; });
}

void resolveSplit(spec::DataSpec& data, const spec::DataProfile& profile, std::vector<Message>& reasons) {
  auto& split = data.split;
  if (split.method != "auto") return;
  if (data.sequence.window > 0) {
    split.method = "time";
    reasons.push_back({LATHE_TEXT("events",
                                  "Windows are split in time: validation and test come after training, and no window "
                                  "reaches into another part. A random split would look ahead."),
                       {}});
    return;
  }
  if (hasRole(profile, spec::ColumnRole::Group)) {
    split.method = "group";
    reasons.push_back({LATHE_TEXT("events", "Rows of one group stay together in the split."), {}});
  } else if (hasRole(profile, spec::ColumnRole::Time)) {
    split.method = "time";
    reasons.push_back({LATHE_TEXT("events", "The split follows time: later rows validate and test."), {}});
  } else if (profile.task == spec::Task::Classification) {
    split.method = "stratified";
    reasons.push_back({LATHE_TEXT("events", "The split keeps the share of each class."), {}});
  } else {
    split.method = "random";
    reasons.push_back({LATHE_TEXT("events", "The split is random."), {}});
  }
}

Result<void> resolveLoss(spec::LossSpec& loss, spec::Task task, std::vector<Message>& reasons) {
  const auto fitting = spec::lossesFor(task);
  if (loss.name == "auto") {
    loss.name = fitting.front();
    reasons.push_back({LATHE_TEXT("events", "The loss is {loss}, the usual one for {task}."),
                       {{"loss", loss.name}, {"task", spec::name(task)}}});
    return {};
  }
  if (std::find(fitting.begin(), fitting.end(), loss.name) != fitting.end()) return {};
  return fail("spec.loss_task", LATHE_TEXT("errors", "The loss {loss} does not fit {task}."),
              LATHE_TEXT("errors", "Use {better}, or leave the loss automatic."),
              {{"loss", loss.name}, {"task", spec::name(task)}, {"better", joined(fitting)}});
}

Result<void> resolveMonitor(spec::TrainingSpec& training, const spec::DataProfile& profile,
                            std::vector<Message>& reasons) {
  const auto slash = training.monitor.find('/');
  const auto split = training.monitor.substr(0, slash);
  const auto metric = slash == std::string::npos ? std::string() : training.monitor.substr(slash + 1);
  std::vector<std::string> known;
  for (const auto& info : spec::metricsFor(profile.task))
    if ((info.name != "top5_accuracy" || profile.classes.size() > 5) &&
        (profile.task != spec::Task::Anomaly || profile.classes.size() == 2 || info.name == "loss"))
      known.push_back("val/" + info.name);
  known.emplace_back("train/loss");
  const bool fits = std::find(known.begin(), known.end(), training.monitor) != known.end() ||
                    (split == "train" && std::find(known.begin(), known.end(), "val/" + metric) != known.end());
  if (!fits)
    return fail("spec.monitor_task", LATHE_TEXT("errors", "There is no {monitor} to watch for {task}."),
                LATHE_TEXT("errors", "Watch one of: {known}."),
                {{"monitor", training.monitor}, {"task", spec::name(profile.task)}, {"known", joined(known)}});
  if (split == "val" && profile.validationRows == 0) {
    training.monitor = "train/loss";
    reasons.push_back(
        {LATHE_TEXT("events", "There are no validation rows, so the training loss picks the best epoch."), {}});
  }
  followMonitor(training);
  return {};
}

Result<void> resolveDevice(std::string& device, double stepFlops, const engine::Engine* engine,
                           std::vector<Message>& reasons) {
  const auto devices = engine != nullptr ? engine->info().devices : std::vector<std::string>{"cpu"};
  if (device == "auto") {
    device = deviceFor(stepFlops, devices);
    if (devices.size() > 1)
      reasons.push_back(
          {device == "cpu"
               ? LATHE_TEXT("events", "It trains on the processor: so small a model gains nothing on {gpu}.")
               : LATHE_TEXT("events", "It trains on {gpu}."),
           {{"gpu", device == "cpu" ? devices.back() : device}}});
    return {};
  }
  if (device == "cuda") device = "cuda:0";
  if (engine == nullptr || std::find(devices.begin(), devices.end(), device) != devices.end()) return {};
  return fail("engine.no_device", LATHE_TEXT("errors", "There is no device {device} on this machine."),
              LATHE_TEXT("errors", "Choose one of: auto, {devices}."),
              {{"device", device}, {"devices", joined(devices)}});
}

// Where the engine says that the device has it; a processor's bfloat16 is no match for the fused executor.
void resolvePrecision(spec::TrainingSpec& training, const engine::Engine* engine, std::vector<Message>& reasons) {
  if (training.precision != "auto") return;
  const bool fast = training.device != "cpu" && engine != nullptr && engine->info().bfloat16;
  training.precision = fast ? "bfloat16" : "float32";
  if (fast)
    reasons.push_back({LATHE_TEXT("events", "Products are computed in bfloat16, which this card is fast at."), {}});
}

}  // namespace

void followMonitor(spec::TrainingSpec& training) {
  const auto slash = training.monitor.find('/');
  if (slash == std::string::npos || spec::findMetric(training.monitor.substr(slash + 1)) == nullptr) return;
  training.monitorDirection = spec::largerIsBetter(training.monitor) ? "maximize" : "minimize";
}

int batchSizeFor(std::int64_t trainRows) {
  int size = 256;
  if (trainRows < 2'000)
    size = 32;
  else if (trainRows < 10'000)
    size = 64;
  else if (trainRows < 100'000)
    size = 128;
  return static_cast<int>(std::clamp<std::int64_t>(trainRows, 1, size));
}

std::int64_t stepsFor(std::int64_t trainRows, int batchSize, const spec::TrainingSpec& training) {
  return std::max<std::int64_t>(1, trainRows / (std::int64_t{batchSize} * training.accumulateSteps));
}

bool findsItsLength(const std::string& templateName) { return templateName == "realmlp" || templateName == "tabm"; }

int epochsFor(const std::string& templateName, std::int64_t stepsPerEpoch) {
  const bool patient = findsItsLength(templateName);
  const double wanted = patient ? 20'000 : 1000;
  const double most = patient ? 256 : 100;
  return static_cast<int>(std::clamp(std::ceil(wanted / static_cast<double>(stepsPerEpoch)), 20.0, most));
}

double flopsPerStep(std::int64_t forwardFlopsOfOneRow, int batchSize) {
  return 3.0 * static_cast<double>(forwardFlopsOfOneRow) * batchSize;
}

int threadsFor(double stepFlops, unsigned machineThreads) {
  return stepFlops < flopsForThreads ? 1 : static_cast<int>(std::max(1U, machineThreads));
}

std::string deviceFor(double stepFlops, const std::vector<std::string>& devices) {
  if (stepFlops >= flopsForCuda)
    for (const auto& device : devices)
      if (device.rfind("cuda", 0) == 0) return device;
  return "cpu";
}

std::vector<Error> unknownColumns(const spec::DataSpec& spec, const std::vector<std::string>& columns) {
  std::vector<std::string> named;
  const auto targets = spec::targetNames(spec);
  named = targets;
  for (const auto& [column, role] : spec.roles) named.push_back(column);
  for (const auto& [column, kind] : spec.kinds) named.push_back(column);
  std::vector<Error> problems;
  std::set<std::string> said;
  for (const auto& column : named) {
    if (std::find(columns.begin(), columns.end(), column) != columns.end() || !said.insert(column).second) continue;
    const auto near = spec::nearest(column, columns);
    const bool target = std::find(targets.begin(), targets.end(), column) != targets.end();
    constexpr std::size_t shown = 20;
    std::vector<std::string> some(columns.begin(),
                                  columns.begin() + static_cast<std::ptrdiff_t>(std::min(columns.size(), shown)));
    if (columns.size() > shown) some.emplace_back("...");
    problems.push_back(fail(target ? "data.no_target" : "data.missing_column",
                            target ? LATHE_TEXT("errors", "There is no column {column} to be the target.")
                                   : LATHE_TEXT("errors", "The data has no column {column}, which is needed."),
                            near.empty() ? LATHE_TEXT("errors", "The columns are: {columns}.")
                                         : LATHE_TEXT("errors", "Did you mean {nearest}?"),
                            {{"column", column}, {"nearest", near}, {"columns", joined(some)}})
                           .value());
  }
  return problems;
}

void resolveTask(spec::ExperimentSpec& spec, const spec::DataProfile& profile, std::vector<Message>& reasons,
                 std::vector<Error>& problems) {
  const bool roled = std::any_of(spec.data.roles.begin(), spec.data.roles.end(),
                                 [](const auto& entry) { return entry.second == spec::ColumnRole::Target; });
  const bool anomaly = profile.task == spec::Task::Anomaly;
  if (!profile.image && !profile.audio && !roled && !anomaly && spec::targetNames(spec.data).empty())
    reasons.push_back(
        {LATHE_TEXT("events", "The last column, {column}, is taken as the target."), {{"column", profile.target}}});
  spec::setTargets(spec.data, profile.targets);
  if (spec.data.task == spec::Task::Auto) {
    const bool several = profile.targets.size() > 1;
    const char* reason = LATHE_TEXT("events", "{target} holds numbers, so this is a regression.");
    if (several) reason = LATHE_TEXT("events", "{target} hold numbers, so this is a regression of all of them.");
    if (profile.task == spec::Task::Classification)
      reason = LATHE_TEXT("events", "{target} holds {count} classes, so this is a classification.");
    if (profile.task == spec::Task::Multilabel)
      reason = LATHE_TEXT("events", "{target} hold yes and no, so this is a multilabel task.");
    if (profile.task == spec::Task::Forecast)
      reason = LATHE_TEXT("events", "There is a horizon, so this is a forecast of {target}.");
    reasons.push_back({reason, {{"target", profile.target}, {"count", std::to_string(profile.classes.size())}}});
    spec.data.task = profile.task;
  }
  if (anomaly && profile.classes.size() == 2)
    reasons.push_back({LATHE_TEXT("events",
                                  "{target} only scores the result; {rare} is taken as the anomaly, since it is rarer "
                                  "than {usual}."),
                       {{"target", profile.target}, {"rare", profile.classes[1]}, {"usual", profile.classes[0]}}});
  const bool two = profile.task == spec::Task::Classification && profile.classes.size() == 2;
  if (spec.training.decisionThreshold != "argmax" && !two)
    problems.push_back(fail("spec.decision_threshold",
                            LATHE_TEXT("errors", "A tuned decision threshold needs two classes, not {count}."),
                            LATHE_TEXT("errors", "Set training.decision_threshold to argmax."),
                            {{"count", std::to_string(profile.classes.size())}})
                           .value());
  resolveSplit(spec.data, profile, reasons);
  if (const auto loss = resolveLoss(spec.training.loss, profile.task, reasons); !loss) problems.push_back(loss.error());
  if (const auto monitor = resolveMonitor(spec.training, profile, reasons); !monitor)
    problems.push_back(monitor.error());
}

// A rate that somebody gave was meant for the usual optimiser; some optimisers find the rate themselves.
static void resolveOptimizer(spec::TrainingSpec& training, std::vector<Message>& reasons) {
  auto& optimizer = training.optimizer;
  if (optimizer.name == "auto" && optimizer.lr != 0) {
    optimizer.name = "adamw";
    reasons.push_back({LATHE_TEXT("events", "The optimiser is adamw, since the learning rate is given."), {}});
  }
  if (optimizer.lr == 0 && spec::findsItsRate(optimizer.name))
    optimizer.lr = spec::customaryOptimizer(optimizer.name).lr;
}

void resolveSequence(spec::DataSpec& spec, const spec::SequenceSchema& sequence, std::vector<Message>& reasons) {
  if (sequence.window == 0) return;
  if (spec.sequence.horizon != sequence.horizon) {
    spec.sequence.horizon = static_cast<int>(sequence.horizon);
    reasons.push_back({LATHE_TEXT("events", "The forecast goes one row ahead, since no horizon is set."), {}});
  }
  if (sequence.time.empty()) {
    reasons.push_back({LATHE_TEXT("events", "Rows follow each other as in the file: no column tells their time."), {}});
    return;
  }
  if (spec.roles.count(sequence.time) == 0) spec.roles[sequence.time] = spec::ColumnRole::Time;
  reasons.push_back({LATHE_TEXT("events", "Rows are in the order of {column}."), {{"column", sequence.time}}});
}

bool resolveTemplateTraining(spec::ExperimentSpec& spec, std::vector<Message>& reasons) {
  auto& training = spec.training;
  const auto custom = spec::customaryTraining(spec.model.templateName);
  if (!custom || !spec::isUnchanged(training)) {
    resolveOptimizer(training, reasons);
    return false;
  }
  training.optimizer = custom->optimizer;
  training.schedule = custom->schedule;
  training.dropoutSchedule = custom->dropoutSchedule;
  if (training.batchSize == 0) training.batchSize = custom->batchSize;
  reasons.push_back(
      {LATHE_TEXT("events", "The usual training of {template}: {optimizer} at {lr}, schedule {schedule}."),
       {{"template", spec.model.templateName},
        {"optimizer", training.optimizer.name},
        {"lr", fmt::format("{:g}", training.optimizer.lr)},
        {"schedule", training.schedule.name}}});
  return true;
}

void resolveLength(spec::TrainingSpec& training, const std::string& templateName, std::int64_t trainRows) {
  if (training.epochs != 0 || training.autoEpochs) return;
  const int batch = training.batchSize > 0 ? training.batchSize : batchSizeFor(trainRows);
  training.epochs = epochsFor(templateName, stepsFor(trainRows, batch, training));
  training.autoEpochs = true;
}

Result<void> resolveMachine(spec::TrainingSpec& training, const std::string& templateName, std::int64_t trainRows,
                            std::int64_t forwardFlopsOfOneRow, const engine::Engine* engine,
                            std::vector<Message>& reasons) {
  if (training.batchSize == 0) {
    training.batchSize = batchSizeFor(trainRows);
    reasons.push_back({LATHE_TEXT("events", "Batches of {size}, for {rows} training rows."),
                       {{"size", std::to_string(training.batchSize)}, {"rows", std::to_string(trainRows)}}});
  }
  if (training.epochs == 0) {
    const int batch = training.batchSize > 0 ? training.batchSize : batchSizeFor(trainRows);
    training.epochs =
        training.autoEpochs ? mostEpochsToFind : epochsFor(templateName, stepsFor(trainRows, batch, training));
    if (!training.autoEpochs)
      reasons.push_back({LATHE_TEXT("events", "{epochs} epochs, as is usual for {template} on {rows} training rows."),
                         {{"epochs", std::to_string(training.epochs)},
                          {"template", templateName},
                          {"rows", std::to_string(trainRows)}}});
  }
  if (training.accumulateSteps > 1) {
    const std::int64_t all = static_cast<std::int64_t>(training.batchSize) * training.accumulateSteps;
    reasons.push_back(
        {LATHE_TEXT("events",
                    "A step averages the gradients of {count} batches of {size}, as if the batch had {rows} "
                    "rows."),
         {{"count", std::to_string(training.accumulateSteps)},
          {"size", std::to_string(training.batchSize)},
          {"rows", std::to_string(all)}}});
  }
  const double flops =
      flopsPerStep(forwardFlopsOfOneRow, training.batchSize > 0 ? training.batchSize : batchSizeFor(trainRows));
  LATHE_TRY(resolveDevice(training.device, flops, engine, reasons));
  resolvePrecision(training, engine, reasons);
  if (training.threads != 0) return {};
  training.threads = training.device == "cpu" ? threadsFor(flops, machineInfo().threads) : 1;
  reasons.push_back(
      {training.threads == 1
           ? LATHE_TEXT("events", "One thread: a step costs {megaflops} MFLOP, too little to share.")
           : LATHE_TEXT("events", "{threads} threads: a step costs {megaflops} MFLOP, which is worth sharing."),
       {{"threads", std::to_string(training.threads)}, {"megaflops", fmt::format("{:.3g}", flops * 1e-6)}}});
  return {};
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
// What the curves of a training show, and how it is named.
#include <algorithm>
#include <set>

#include "core/spec/metrics.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/runs_model.h"
#include "ui/pages/train_curves.h"
#include "ui/pages/train_tabs.h"
#include "ui/plots/curve_plot.h"

namespace lathe::ui {

namespace {

/// What the training writes down for a task; the loss has a plot of its own.
std::vector<std::string> seriesOf(const std::string& task) {
  const auto read = spec::task(task);
  const auto chosen = read && *read != spec::Task::Auto ? *read : spec::Task::Classification;
  std::vector<std::string> result;
  // What few ask for comes last.
  for (const bool shown : {true, false})
    for (const auto& metric : spec::metricsFor(chosen))
      if (metric.name != "loss" && metric.shown == shown) result.push_back("val/" + metric.name);
  if (chosen == spec::Task::Regression || chosen == spec::Task::Forecast)
    result.insert(result.end(), {"train/rmse", "train/mae"});
  else if (chosen == spec::Task::Quantile)
    result.insert(result.end(), {"train/pinball", "train/mae"});
  else if (chosen != spec::Task::Anomaly)
    result.push_back("train/accuracy");
  return result;
}

}  // namespace

/// Of the task's metrics those that the shown runs have: not all exist for every target. All of them before the first.
std::vector<std::string> TrainCurves::offered() const {
  std::set<std::string> measured;
  for (const auto run : m_workbench.runs().shown())
    if (const auto* record = m_workbench.runs().run(run))
      for (const auto& [name, value] : record->metrics) measured.insert(name);
  auto series = seriesOf(task());
  if (!measured.empty())
    std::erase_if(series, [&](const auto& name) { return name != metric() && measured.count(name) == 0; });
  return series;
}

void TrainCurves::nameThePlots() {
  m_plots[Loss]->setTitle(tr("Loss"));
  m_plots[Loss]->setValueAxis(tr("loss"), {});
  m_plots[LearningRate]->setTitle(tr("Learning rate"));
  m_plots[LearningRate]->setValueAxis(tr("learning rate"), {});
  m_plots[Throughput]->setTitle(tr("Throughput"));
  m_plots[Throughput]->setValueAxis(tr("throughput"), throughputUnit());
  m_plots[LearningRate]->setEmptyText(tr("What the schedule made of the learning rate."));
  m_plots[Throughput]->setEmptyText(
      tr("How many rows a second went through the network. A run that is over in a moment has one point, its mean."));
  m_plots[Momentum]->setTitle(tr("Momentum"));
  m_plots[Momentum]->setValueAxis(tr("momentum"), {});
  m_plots[Momentum]->setEmptyText(tr("What the schedule made of the momentum, or of Adam's beta 1."));
  m_plots[GradientNorm]->setTitle(tr("Length of the gradient"));
  m_plots[GradientNorm]->setValueAxis(tr("length of the gradient"), {});
  m_plots[GradientNorm]->setEmptyText(
      tr("Before clipping. It should fall or stay; where it jumps, a smaller learning rate or Clip gradients helps."));
  m_plots[Processor]->setTitle(tr("Processor"));
  m_plots[Processor]->setValueAxis(tr("processor"), tr("% of all cores"));
  m_plots[Processor]->setToolTip(tr("Thick: this program. Thin: the whole machine."));
  m_plots[Processor]->setEmptyText(tr("How busy this program and the machine are, once a second."));
  m_plots[Memory]->setTitle(tr("Memory"));
  m_plots[Memory]->setValueAxis(tr("memory"), tr("MB"));
  m_plots[Memory]->setEmptyText(tr("What this program holds, once a second."));
  m_plots[FreeMemory]->setTitle(tr("Free memory"));
  m_plots[FreeMemory]->setValueAxis(tr("free memory"), tr("MB"));
  m_plots[FreeMemory]->setEmptyText(tr("What the machine could still give, once a second."));
}

QString TrainCurves::throughputUnit() const {
  const auto* inspected = m_workbench.experiment().data();
  if (inspected != nullptr && inspected->profile.audio) return tr("clips/s");
  return inspected != nullptr && inspected->profile.image ? tr("images/s") : tr("rows/s");
}

/// Of the runs that are shown; without one, of the newest; without any, of the data.
std::string TrainCurves::task() const {
  const auto& runs = m_workbench.runs();
  for (const auto number : runs.shown())
    if (const auto* record = runs.run(number); record != nullptr && !record->task.empty()) return record->task;
  if (!runs.runs().empty() && !runs.runs().front().task.empty()) return runs.runs().front().task;
  const auto* inspected = m_workbench.experiment().data();
  return inspected != nullptr ? spec::name(inspected->profile.task) : std::string();
}

std::string TrainCurves::metric() const {
  const auto known = seriesOf(task());
  return std::find(known.begin(), known.end(), m_metric) != known.end() ? m_metric : mainMetric(task());
}

CurveItem TrainCurves::item(qint64 run, const std::string& series) const {
  CurveItem result;
  result.run = run;
  result.series = series;
  result.label = tr("run %1").arg(run);
  result.colourIndex = m_workbench.runs().colourIndex(run);
  const auto* record = m_workbench.runs().run(run);
  if (record == nullptr) return result;
  if (record->totalEpochs > 0 && record->totalSteps > 0)
    result.stepsPerEpoch = static_cast<double>(record->totalSteps) / record->totalEpochs;
  // Grows with every step: asked for only where it is shown.
  if (m_axis == XAxis::Time && record->steps > 0)
    result.secondsPerStep = record->seconds / static_cast<double>(record->steps);
  return result;
}

QString TrainCurves::emptyLoss() const {
  for (const auto run : m_workbench.runs().shown())
    if (m_workbench.runs().choosing(run) != nullptr)
      return tr("Run %1 chooses its settings first; the curve begins with its first step.").arg(run);
  return tr("The loss of the runs you choose appears here while they train.");
}

/// What the tabs beside the overview show.
void TrainCurves::addMore(Items& items, qint64 run) const {
  const auto add = [&](Which which, const char* series, bool thin, const QString& label = {}) {
    auto curve = item(run, series);
    curve.thin = thin;
    curve.inLegend = false;
    if (!label.isEmpty()) curve.label = label;
    items[which].push_back(curve);
  };
  add(Momentum, "optim/momentum", false);
  add(GradientNorm, "optim/grad_norm", true);
  add(Processor, "system/machine_cpu", true, tr("whole machine"));
  add(Processor, "system/cpu", false, tr("run %1").arg(run));
  add(Memory, "system/memory", false);
  add(FreeMemory, "system/memory_free", false);
}

void TrainCurves::follow() {
  Items items;
  const auto name = metric();
  for (const auto run : m_workbench.runs().shown()) {
    auto train = item(run, "train/loss");
    train.thin = true;
    train.inLegend = false;
    items[Loss].push_back(train);
    auto validation = item(run, "val/loss");
    validation.markBest = true;
    items[Loss].push_back(validation);
    auto main = item(run, name);
    main.thin = name.rfind("train/", 0) == 0;
    main.markBest = !main.thin;
    main.larger = spec::largerIsBetter(name);
    main.inLegend = false;
    items[Metric].push_back(main);
    auto rate = item(run, "optim/lr");
    rate.inLegend = false;
    items[LearningRate].push_back(rate);
    auto speed = item(run, "system/samples_per_second");
    speed.thin = true;
    speed.inLegend = false;
    items[Throughput].push_back(speed);
    addMore(items, run);
  }
  m_plots[Metric]->setEmptyText(name.rfind("train/", 0) == 0
                                    ? tr("One point a step, on the rows the model learns from.")
                                    : tr("One point an epoch, on rows the model does not learn from."));
  m_plots[Loss]->setEmptyText(emptyLoss());
  fillMetrics();
  m_plots[Metric]->setTitle(format::metricWord(name));
  m_plots[Metric]->setValueAxis(format::metricWord(name), {});
  for (std::size_t i = 0; i < m_plots.size(); ++i) m_plots[i]->setItems(std::move(items[i]));
  m_tabs->follow([this](store::RunNumber run) { return item(run, {}); }, m_axis);
}

}  // namespace lathe::ui

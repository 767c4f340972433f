// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a study's values.
#include "ui/pages/study_scenes.h"

#include <algorithm>
#include <cmath>

#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/pages/study_scenes_impl.h"

namespace lathe::ui {

using services::StudyTable;
using spec::RunStatus;
using Tone = StudyScene::Tone;

namespace scenes {

QString nothingCompleted() { return Words::tr("Appears when the first trial has completed."); }

StudyScene::Axis goalAxis(const StudyTable& table, std::size_t goal) {
  StudyScene::Axis axis;
  axis.name = goalAxisName(table, goal);
  axis.good = table.settings.goals[goal].larger ? 1 : -1;
  return axis;
}

StudyScene::Axis parameterAxis(const StudyTable& table, std::size_t place) {
  const auto& parameter = table.space.parameters[place];
  StudyScene::Axis axis;
  axis.name = parameterWord(parameter.name);
  if (parameter.isChoice())
    for (std::size_t i = 0; i < parameter.choices.size(); ++i)
      axis.words.push_back(parameterText(parameter, static_cast<double>(i)));
  axis.log = parameter.log;
  axis.whole = parameter.type == spec::ParameterType::Int;
  return axis;
}

double coordinateOf(const spec::SearchParameter& parameter, double unit) {
  if (parameter.isChoice()) return unit * static_cast<double>(parameter.choices.size()) - 0.5;
  const double half = 0.5 * parameter.step;
  const double low = parameter.low - half;
  const double high = parameter.high + half;
  if (parameter.log && low > 0) return std::exp(std::log(low) + unit * (std::log(high) - std::log(low)));
  return low + unit * (high - low);
}

std::vector<bool> bestTenth(const StudyTable& table, std::size_t goal) {
  const auto values = services::minimisedValues(table, goal);
  std::vector<double> known;
  for (const double value : values)
    if (std::isfinite(value)) known.push_back(value);
  std::vector<bool> best(table.size());
  if (known.empty()) return best;
  const auto place = known.begin() + static_cast<std::ptrdiff_t>((known.size() - 1) / 10);
  std::nth_element(known.begin(), place, known.end());
  for (std::size_t i = 0; i < values.size(); ++i) best[i] = std::isfinite(values[i]) && values[i] <= *place;
  return best;
}

}  // namespace scenes

using scenes::Words;

QString goalAxisName(const StudyTable& table, std::size_t goal) {
  const auto& metric = table.settings.goals[goal].metric;
  const auto unit = goalUnit(metric);
  return unit.isEmpty() ? goalWord(metric) : QStringLiteral("%1 (%2)").arg(goalWord(metric), unit);
}

StudyScene historyScene(const StudyTable& table, std::size_t goal) {
  StudyScene scene;
  scene.emptyText = scenes::nothingCompleted();
  scene.x.name = Words::tr("trial");
  scene.x.whole = true;
  scene.y = scenes::goalAxis(table, goal);
  const auto last = goal == 0 ? table.lastReports() : std::vector<double>();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value = table.value(i, goal);
    if (std::isfinite(value))
      scene.points.push_back({static_cast<double>(i), value, static_cast<std::uint32_t>(i), -1, Tone::Trial});
    else if (!last.empty() && std::isfinite(last[i]) && table.status[i] == RunStatus::Pruned)
      scene.points.push_back({static_cast<double>(i), last[i], static_cast<std::uint32_t>(i), -1, Tone::Faint});
  }
  const auto best = services::bestOver(table, goal);
  StudyScene::Line line;
  line.steps = true;
  line.name = Words::tr("best so far");
  for (const auto trial : best.improvements) {
    line.x.push_back(static_cast<double>(trial));
    line.y.push_back(best.best[trial]);
  }
  if (!line.x.empty()) {
    line.x.push_back(static_cast<double>(table.size() - 1));
    line.y.push_back(best.best.back());
    scene.lines.push_back(std::move(line));
    const auto at = best.improvements.back();
    scene.summary = Words::tr("Best: trial %1 with %2, of %n trial(s).", nullptr,
                              format::plural(static_cast<std::int64_t>(table.size())))
                        .arg(at)
                        .arg(goalText(table.settings.goals[goal].metric, best.best[at]));
  }
  return scene;
}

StudyScene reportsScene(const StudyTable& table) {
  StudyScene scene;
  scene.emptyText = Words::tr("Appears with the first epochs of the trials.");
  scene.x.name = table.settings.hasFolds() ? Words::tr("fold") : Words::tr("epoch");
  scene.x.whole = true;
  scene.y = scenes::goalAxis(table, 0);
  std::vector<std::uint32_t> counts(table.size());
  std::size_t all = 0;
  for (const auto& chunk : table.reports)
    for (const auto& report : *chunk)
      if (static_cast<std::size_t>(report.trial) < table.size() && std::isfinite(report.value)) {
        ++counts[static_cast<std::size_t>(report.trial)];
        ++all;
      }
  if (all == 0) return scene;
  const auto best = scenes::bestTenth(table, 0);
  std::vector<std::uint32_t> next(table.size());
  std::uint32_t first = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    next[i] = first;
    if (counts[i] > 0) {
      const bool ended = table.status[i] == RunStatus::Completed;
      scene.curves.push_back({static_cast<std::uint32_t>(i), first, counts[i],
                              best[i] ? Tone::Good
                              : ended ? Tone::Trial
                                      : Tone::Faint});
    }
    first += counts[i];
  }
  scene.curveX.resize(all);
  scene.curveY.resize(all);
  for (const auto& chunk : table.reports)
    for (const auto& report : *chunk) {
      const auto trial = static_cast<std::size_t>(report.trial);
      if (trial >= table.size() || !std::isfinite(report.value)) continue;
      scene.curveX[next[trial]] = static_cast<float>(report.step);
      scene.curveY[next[trial]++] = static_cast<float>(report.value);
    }
  // A curve of one value is a point.
  for (const auto& curve : scene.curves)
    if (curve.count == 1)
      scene.points.push_back({static_cast<double>(scene.curveX[curve.first]),
                              static_cast<double>(scene.curveY[curve.first]), curve.trial, -1, curve.tone});
  scene.caption = Words::tr("best 10 % green, stopped ones grey");
  scene.summary = Words::tr("Values of %n trial(s) after each epoch.", nullptr,
                            format::plural(static_cast<std::int64_t>(scene.curves.size())));
  return scene;
}

StudyScene importanceScene(const StudyTable& table, std::size_t goal, services::ImportanceMethod method) {
  StudyScene scene;
  constexpr int least = 4;
  scene.emptyText = Words::tr("Appears when some trials have completed.");
  scene.x.name = Words::tr("share of the importance");
  const auto values = services::minimisedValues(table, goal);
  if (std::count_if(values.begin(), values.end(), [](double v) { return std::isfinite(v); }) < least) return scene;
  const auto report = services::importanceOf(table, goal, method);
  constexpr std::size_t mostBars = 14;  // more are not read
  for (const auto& each : report.parameters) {
    if (scene.bars.size() == mostBars) break;
    scene.bars.push_back({parameterWord(table.space.parameters[each.parameter].name), each.importance, each.deviation});
  }
  for (auto bar = scene.bars.rbegin(); bar != scene.bars.rend(); ++bar) scene.y.words.push_back(bar->name);
  double most = 0;
  for (const auto& bar : scene.bars) most = std::max(most, bar.length + bar.deviation);
  scene.x.high = std::max(0.05, 1.35 * most);  // room for the numbers at the ends of the bars
  if (std::isfinite(report.explained)) {
    constexpr double trusted = 0.3;
    scene.caption = report.explained < trusted
                        ? Words::tr("explains only %1: not to be trusted yet").arg(format::percent(report.explained, 2))
                        : Words::tr("explains %1").arg(format::percent(report.explained, 2));
  }
  if (!scene.bars.empty())
    scene.summary =
        Words::tr("%1 matters most: %2.").arg(scene.bars.front().name, format::percent(scene.bars.front().length));
  return scene;
}

StudyScene distributionScene(const StudyTable& table, std::size_t goal) {
  StudyScene scene;
  scene.emptyText = scenes::nothingCompleted();
  scene.x = scenes::goalAxis(table, goal);
  scene.y.name = Words::tr("share of the trials");
  scene.y.low = 0;
  scene.y.high = 1.02;
  std::vector<double> values;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (const double value = table.value(i, goal); std::isfinite(value)) values.push_back(value);
  if (values.empty()) return scene;
  const auto distribution = search::distributionOf(values);
  StudyScene::Line line;
  line.tone = Tone::Trial;
  line.steps = true;
  constexpr std::size_t most = 4000;  // more steps than pixels are not seen
  const auto every = std::max<std::size_t>(1, distribution.values.size() / most);
  line.x.push_back(distribution.values.front());
  line.y.push_back(0);
  for (std::size_t i = 0; i < distribution.values.size(); ++i) {
    if (i % every != 0 && i + 1 != distribution.values.size()) continue;
    line.x.push_back(distribution.values[i]);
    line.y.push_back(distribution.shares[i]);
  }
  scene.summary = Words::tr("Values of %n completed trial(s), from %1 to %2.", nullptr,
                            format::plural(static_cast<std::int64_t>(values.size())))
                      .arg(format::number(distribution.values.front()), format::number(distribution.values.back()));
  scene.lines.push_back(std::move(line));
  return scene;
}

StudyScene timelineScene(const StudyTable& table, std::int64_t nowMicros) {
  StudyScene scene;
  scene.emptyText = Words::tr("Appears when the first trial runs.");
  scene.x.name = Words::tr("seconds since the study began");
  scene.y.name = Words::tr("worker");
  scene.y.whole = true;
  const auto spans = services::timelineOf(table, nowMicros);
  int lanes = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (spans[i].lane < 0) continue;
    lanes = std::max(lanes, spans[i].lane + 1);
    const auto status = table.status[i];
    const auto tone = status == RunStatus::Completed                                 ? Tone::Good
                      : status == RunStatus::Failed                                  ? Tone::Bad
                      : status == RunStatus::Running || status == RunStatus::Pausing ? Tone::Trial
                                                                                     : Tone::Faint;
    scene.spans.push_back({spans[i].start, spans[i].end, spans[i].lane + 1, static_cast<std::uint32_t>(i), tone});
  }
  scene.y.low = 0.4;
  scene.y.high = lanes + 0.6;
  scene.caption = Words::tr("completed green, stopped grey, failed red, running blue");
  scene.summary = Words::tr("%n trial(s) at a time at most.", nullptr, lanes);
  return scene;
}

}  // namespace lathe::ui

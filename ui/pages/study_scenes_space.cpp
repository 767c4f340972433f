// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a study's space and of several goals.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/pages/study_scenes_impl.h"

namespace lathe::ui {

using scenes::Words;
using services::StudyTable;
using Tone = StudyScene::Tone;

namespace {

std::uint32_t asTrial(std::size_t trial) { return static_cast<std::uint32_t>(trial); }

QString completedText(std::size_t count) {
  return Words::tr("%n completed trial(s).", nullptr, format::plural(static_cast<std::int64_t>(count)));
}

/// The least and the most of some values; both 0 without any.
std::pair<double, double> rangeAmong(const std::vector<double>& values, const std::vector<std::size_t>& among) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const auto i : among) {
    if (i >= values.size() || !std::isfinite(values[i])) continue;
    least = std::min(least, values[i]);
    most = std::max(most, values[i]);
  }
  return least <= most ? std::pair(least, most) : std::pair(0.0, 0.0);
}

/// Cells of equal width on the unit scale: what has fewer values has wider ones.
std::vector<std::size_t> evenly(const std::vector<double>& units, std::size_t count) {
  std::vector<std::size_t> nearest(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double wanted = units.front() + (units.back() - units.front()) * static_cast<double>(i) /
                                              static_cast<double>(std::max<std::size_t>(1, count - 1));
    const auto after = std::lower_bound(units.begin(), units.end(), wanted) - units.begin();
    auto at = std::min<std::size_t>(static_cast<std::size_t>(after), units.size() - 1);
    if (at > 0 && std::fabs(units[at - 1] - wanted) < std::fabs(units[at] - wanted)) --at;
    nearest[i] = at;
  }
  return nearest;
}

void addGrid(StudyScene& scene, const StudyTable& table, const search::Contour& contour, std::size_t goal,
             const spec::SearchParameter& first, const spec::SearchParameter& second) {
  if (contour.values.empty() || contour.x.empty() || contour.y.empty()) return;
  const auto count = [](const std::vector<double>& units) {
    return units.size() < 2 ? units.size() : std::max<std::size_t>(units.size(), 48);
  };
  const auto columns = evenly(contour.x, count(contour.x));
  const auto rows = evenly(contour.y, count(contour.y));
  auto& grid = scene.grid;
  grid.columns = columns.size();
  grid.rows = rows.size();
  grid.low = std::numeric_limits<double>::infinity();
  grid.high = -grid.low;
  for (const auto row : rows)
    for (const auto column : columns) {
      const double value = contour.at(column, row);
      grid.values.push_back(value);
      if (!std::isfinite(value)) continue;
      grid.low = std::min(grid.low, value);
      grid.high = std::max(grid.high, value);
    }
  grid.xLow = scenes::coordinateOf(first, contour.x.front());
  grid.xHigh = scenes::coordinateOf(first, contour.x.back());
  grid.yLow = scenes::coordinateOf(second, contour.y.front());
  grid.yHigh = scenes::coordinateOf(second, contour.y.back());
  grid.largerIsBetter = table.settings.goals[goal].larger;
  grid.valueName = goalAxisName(table, goal);
}

}  // namespace

StudyScene sliceScene(const StudyTable& table, std::size_t goal, std::size_t parameter) {
  StudyScene scene;
  scene.emptyText = scenes::nothingCompleted();
  if (parameter >= table.space.size()) return scene;
  scene.x = scenes::parameterAxis(table, parameter);
  scene.y = scenes::goalAxis(table, goal);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value = table.value(i, goal);
    const double place = table.parameter(i, parameter);
    if (!std::isfinite(value) || std::isnan(place)) continue;
    scene.points.push_back({place, value, asTrial(i), -1, Tone::Trial});
  }
  scene.summary = completedText(scene.points.size());
  return scene;
}

StudyScene contourScene(const StudyTable& table, std::size_t goal, std::size_t first, std::size_t second,
                        search::ContourKind kind) {
  StudyScene scene;
  scene.emptyText =
      table.space.size() < 2 ? Words::tr("Needs two settings that are open.") : scenes::nothingCompleted();
  if (first >= table.space.size() || second >= table.space.size() || first == second) return scene;
  const auto& a = table.space.parameters[first];
  const auto& b = table.space.parameters[second];
  scene.x = scenes::parameterAxis(table, first);
  scene.y = scenes::parameterAxis(table, second);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double x = table.parameter(i, first);
    const double y = table.parameter(i, second);
    if (std::isfinite(table.value(i, goal)) && !std::isnan(x) && !std::isnan(y))
      scene.points.push_back({x, y, asTrial(i), -1, Tone::Faint});
  }
  if (scene.points.empty()) return scene;
  addGrid(scene, table, services::contourOf(table, goal, first, second, kind), goal, a, b);
  scene.caption = goalAxisName(table, goal);
  scene.summary = completedText(scene.points.size());
  return scene;
}

StudyScene rankScene(const StudyTable& table, std::size_t goal, std::size_t first, std::size_t second) {
  StudyScene scene;
  scene.emptyText =
      table.space.size() < 2 ? Words::tr("Needs two settings that are open.") : scenes::nothingCompleted();
  if (first >= table.space.size() || second >= table.space.size() || first == second) return scene;
  scene.x = scenes::parameterAxis(table, first);
  scene.y = scenes::parameterAxis(table, second);
  const auto shares = services::rankSharesOf(table, goal);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double x = table.parameter(i, first);
    const double y = table.parameter(i, second);
    if (std::isnan(shares[i]) || std::isnan(x) || std::isnan(y)) continue;
    scene.points.push_back({x, y, asTrial(i), static_cast<float>(shares[i]), Tone::Trial});
  }
  scene.summary = completedText(scene.points.size());
  return scene;
}

StudyScene frontScene(const StudyTable& table, std::size_t first, std::size_t second) {
  StudyScene scene;
  scene.emptyText = scenes::nothingCompleted();
  if (table.goals() < 2) return scene;
  scene.x = scenes::goalAxis(table, first);
  scene.y = scenes::goalAxis(table, second);
  const auto front = services::frontOf(table);
  std::vector<bool> best(table.size());
  for (const auto trial : front) best[trial] = true;
  // Of three goals the third one is the colour of the front.
  std::optional<std::size_t> third;
  std::vector<double> shades;
  if (table.goals() == 3 && first != second) {
    third = 3 - first - second;
    shades = services::minimisedValues(table, *third);
    scene.caption = Words::tr("colour: %1").arg(goalAxisName(table, *third));
  }
  const auto [least, most] = rangeAmong(shades, front);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double x = table.value(i, first);
    const double y = table.value(i, second);
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    const bool shaded = third && best[i] && std::isfinite(shades[i]);
    const double share = shaded && most > least ? (shades[i] - least) / (most - least) : 0;
    scene.points.push_back(
        {x, y, asTrial(i), shaded ? static_cast<float>(share) : -1, best[i] ? Tone::Good : Tone::Faint});
  }
  if (table.goals() == 2 && front.size() > 1) {
    StudyScene::Line line;
    line.tone = Tone::Good;
    line.steps = true;
    line.name = Words::tr("Pareto front");
    for (const auto trial : front) {
      line.x.push_back(table.value(trial, first));
      line.y.push_back(table.value(trial, second));
    }
    scene.lines.push_back(std::move(line));
  }
  scene.summary = Words::tr("%n trial(s) on the Pareto front.", nullptr, static_cast<int>(front.size()));
  return scene;
}

StudyScene hypervolumeScene(const StudyTable& table) {
  StudyScene scene;
  scene.emptyText = scenes::nothingCompleted();
  scene.x.name = Words::tr("trial");
  scene.x.whole = true;
  scene.y.name = Words::tr("hypervolume");
  const auto volumes = services::hypervolumeOf(table);
  StudyScene::Line line;
  line.tone = Tone::Good;
  line.steps = true;
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    if (i > 0 && i + 1 < volumes.size() && volumes[i] == volumes[i - 1]) continue;
    line.x.push_back(static_cast<double>(i));
    line.y.push_back(volumes[i]);
  }
  if (line.x.empty()) return scene;
  scene.summary = Words::tr("Hypervolume after %n trial(s): %1.", nullptr,
                            format::plural(static_cast<std::int64_t>(volumes.size())))
                      .arg(format::number(volumes.back()));
  scene.lines.push_back(std::move(line));
  return scene;
}

std::vector<std::size_t> parallelAxes(const StudyTable& table, std::size_t goal) {
  constexpr std::size_t most = 6;
  constexpr std::size_t few = 12;  // of settings that a person has opened one by one
  const auto count = table.space.size();
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (count <= most || (count <= few && !table.settings.architecture.active())) return all;
  std::vector<double> weights(count, 0);
  double completed = 0;
  for (std::size_t trial = 0; trial < table.size(); ++trial) {
    if (!std::isfinite(table.value(trial, goal))) continue;
    ++completed;
    for (std::size_t p = 0; p < count; ++p)
      if (!std::isnan(table.parameter(trial, p))) ++weights[p];
  }
  constexpr double least = 8;  // trials, for an importance that says anything
  if (completed >= least) {
    const auto report = services::importanceOf(table, goal, services::ImportanceMethod::PedAnova);
    std::vector<double> importance(count, 0);
    for (const auto& each : report.parameters) importance[each.parameter] = each.importance;
    // What is hardly ever active draws hardly a line; of equal ones the more active.
    for (std::size_t p = 0; p < count; ++p) weights[p] *= importance[p] + 1e-6;
  }
  std::stable_sort(all.begin(), all.end(), [&](auto a, auto b) { return weights[a] > weights[b]; });
  all.resize(most);
  std::sort(all.begin(), all.end());
  return all;
}

ParallelScene parallelScene(const StudyTable& table, std::size_t goal) {
  return parallelScene(table, goal, parallelAxes(table, goal));
}

ParallelScene parallelScene(const StudyTable& table, std::size_t goal, const std::vector<std::size_t>& parameters) {
  ParallelScene scene;
  scene.emptyText =
      Words::tr("Appears when the first trial has completed. Dragging along an axis then filters the trials.");
  std::vector<double> values(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) values[i] = table.value(i, goal);
  spec::SearchSpace space;
  for (const auto p : parameters) {
    space.parameters.push_back(table.space.parameters[p]);
    space.parameters.back().conditions.clear();  // they name places in the whole space
  }
  std::vector<spec::Configuration> configurations(table.size());
  for (std::size_t i = 0; i < table.size(); ++i)
    for (const auto p : parameters) configurations[i].push_back(table.parameter(i, p));
  const auto parallel = search::parallelCoordinates(space, configurations, values);
  const auto count = parallel.axes.size();
  for (std::size_t axis = 0; axis < count; ++axis) {
    ParallelScene::Axis shown;
    const bool last = axis + 1 == count;
    shown.name =
        last ? goalWord(table.settings.goals[goal].metric, true) : parameterWord(space.parameters[axis].name, true);
    shown.larger = last && table.settings.goals[goal].larger;
    for (const auto& tick : parallel.axes[axis].ticks)
      shown.ticks.push_back(
          {tick.position, last ? format::number(tick.value) : parameterText(space.parameters[axis], tick.value)});
    scene.axes.push_back(std::move(shown));
  }
  const auto best = scenes::bestTenth(table, goal);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    scene.trials.push_back(asTrial(i));
    scene.good.push_back(best[i]);
    const auto* from = parallel.positions.data() + i * count;
    scene.positions.insert(scene.positions.end(), from, from + count);
  }
  if (parameters.size() < table.space.size())
    scene.caption = Words::tr("top %1 of %2 settings").arg(parameters.size()).arg(table.space.size());
  scene.summary = completedText(scene.trials.size());
  return scene;
}

}  // namespace lathe::ui

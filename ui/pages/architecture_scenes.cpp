// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/architecture_scenes.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "ui/models/architecture_words.h"
#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/pages/study_scenes_impl.h"

namespace lathe::ui {

using services::StudyTable;
using Tone = StudyScene::Tone;

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(ArchitectureScenes)
};

}  // namespace

StudyScene familyScene(const StudyTable& table, std::size_t goal, std::optional<std::size_t> trial) {
  StudyScene scene;
  scene.emptyText = scenes::nothingCompleted();
  scene.x.name = Words::tr("trial");
  scene.x.whole = true;
  scene.y = scenes::goalAxis(table, goal);
  std::vector<std::int64_t> pointOf(table.size(), -1);
  std::int64_t children = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value = table.value(i, goal);
    if (!std::isfinite(value)) continue;
    const auto parent = table.parent(i);
    pointOf[i] = static_cast<std::int64_t>(scene.points.size());
    scene.points.push_back({static_cast<double>(i), value, static_cast<std::uint32_t>(i), -1,
                            parent || !hasParents(table.settings.architecture.method) ? Tone::Trial : Tone::Good});
    if (!parent) continue;
    ++children;
    if (pointOf[*parent] >= 0)
      scene.links.push_back({static_cast<std::uint32_t>(pointOf[*parent]), static_cast<std::uint32_t>(pointOf[i])});
  }
  if (scene.points.empty()) return scene;
  const int completed = format::plural(static_cast<std::int64_t>(scene.points.size()));
  if (!hasParents(table.settings.architecture.method)) {
    scene.caption =
        Words::tr("%1: trials have no parents").arg(architectureMethodWord(table.settings.architecture.method));
    scene.summary = Words::tr("%n completed trial(s) without parents.", nullptr, completed);
    return scene;
  }
  scene.caption = Words::tr("random green, children blue");
  scene.summary = Words::tr("%n completed trial(s)", nullptr, completed) + QStringLiteral(", ") +
                  Words::tr("%n of them children of others.", nullptr, format::plural(children));
  if (!trial) return scene;
  StudyScene::Line line;
  const auto ancestors = services::ancestorsOf(table, *trial);
  for (auto each = ancestors.rbegin(); each != ancestors.rend(); ++each)
    if (*each < pointOf.size() && pointOf[*each] >= 0) {
      line.x.push_back(static_cast<double>(*each));
      line.y.push_back(table.value(*each, goal));
    }
  if (line.x.size() > 1) {
    line.name = Words::tr("ancestors of trial %1").arg(*trial);
    scene.lines.push_back(std::move(line));
    scene.summary += QLatin1Char(' ') + Words::tr("Trial %1 has %n ancestor(s).", nullptr,
                                                  format::plural(static_cast<std::int64_t>(ancestors.size()) - 1))
                                            .arg(*trial);
  }
  return scene;
}

namespace {

QString endOf(const services::SharedNetwork& told) {
  if (told.stopped == "shortcuts") return Words::tr("ended as shortcuts won");
  if (told.stopped == "steady") return Words::tr("ended as the order stayed");
  if (told.stopped == "curvature") return Words::tr("ended as the loss bent more");
  if (told.stopped == "time") return Words::tr("ended by the time limit");
  return Words::tr("trained to its end");
}

// Operations upwards, edges to the right.
void addShares(StudyScene& scene, const services::SharedNetwork& told) {
  scene.x.name = Words::tr("nodes of the cell");
  scene.y.name = Words::tr("operation");
  auto& grid = scene.grid;
  grid.columns = told.edges.size();
  grid.rows = told.operations.size();
  grid.values.resize(grid.columns * grid.rows);
  grid.low = grid.high = 0;
  for (std::size_t row = 0; row < grid.rows; ++row) {
    const auto operation = grid.rows - 1 - row;
    scene.y.words.push_back(geneValueWord(told.operations[operation]));
    for (std::size_t column = 0; column < grid.columns; ++column) {
      const double share = told.edges[column].shares[operation];
      grid.values[row * grid.columns + column] = share;
      grid.high = std::max(grid.high, share);
    }
  }
  for (const auto& edge : told.edges)
    scene.x.words.push_back(QStringLiteral("%1 \u2192 %2").arg(QString::number(edge.from), QString::number(edge.to)));
  grid.xHigh = static_cast<double>(grid.columns) - 1;
  grid.yHigh = static_cast<double>(grid.rows) - 1;
  grid.largerIsBetter = grid.shares = true;
  grid.valueName = Words::tr("weight");
}

}  // namespace

StudyScene sharedScene(const StudyTable& table) {
  StudyScene scene;
  scene.emptyText = Words::tr("What the shared network learns is shown when it has been trained.");
  const auto told = services::sharedNetwork(table.settings.architecture);
  if (!told) return scene;
  scene.caption = Words::tr("%n epoch(s)", nullptr, format::plural(told->epochs)) + QStringLiteral(", ") + endOf(*told);
  scene.summary = scene.caption;
  if (!told->edges.empty()) {
    addShares(scene, *told);
    return scene;
  }
  StudyScene::Line line;
  for (std::size_t i = 0; i < told->losses.size(); ++i) {
    const auto epoch = static_cast<std::int64_t>(i + 1) * told->lossesEvery;
    line.x.push_back(static_cast<double>(std::min(epoch, std::max<std::int64_t>(1, told->epochs))));
    line.y.push_back(told->losses[i]);
  }
  scene.x.name = Words::tr("epoch");
  scene.x.whole = true;
  scene.y.name = Words::tr("training loss");
  if (!line.x.empty()) scene.lines.push_back(std::move(line));
  return scene;
}

StudyScene scoreScene(const StudyTable& table, std::size_t goal, const services::ScoreTable& scores,
                      std::size_t score) {
  StudyScene scene;
  const auto& name = services::architectureScores()[score];
  const bool shared = name == "shared";
  const bool counted = name == "parameters" || name == "flops" || shared;
  scene.emptyText = counted || table.settings.architecture.proxies
                        ? scenes::nothingCompleted()
                        : Words::tr("The study was started without zero-cost scores.");
  scene.x.name = name == "flops" ? Words::tr("FLOPs of one row") : scoreWord(name);
  if (shared)
    scene.x.name = table.settings.architecture.method == "darts"
                       ? Words::tr("log probability in the mixture")
                       : Words::tr("%1 with shared weights").arg(scenes::goalAxis(table, 0).name);
  scene.y = scenes::goalAxis(table, goal);
  std::vector<double> row(table.size(), std::nan(""));
  double least = 0, most = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value = table.value(i, goal);
    const double at = scores.at(score, i);
    if (!std::isfinite(value) || !std::isfinite(at)) continue;
    row[i] = at;
    least = scene.points.empty() ? at : std::min(least, at);
    most = scene.points.empty() ? at : std::max(most, at);
    scene.points.push_back({at, value, static_cast<std::uint32_t>(i), -1, Tone::Trial});
  }
  if (scene.points.empty()) {
    if (!counted && table.settings.architecture.proxies && table.best(goal))
      scene.emptyText = Words::tr("No trial of this study has this score.");
    return scene;
  }
  constexpr double wide = 100;  // from here on a logarithm shows more
  scene.x.log = least > 0 && most / least > wide;
  const double rho = services::rankingBy(table, goal, row, !shared || services::SharedOpinion(table.settings).larger());
  const int count = format::plural(static_cast<std::int64_t>(scene.points.size()));
  if (std::isfinite(rho)) {
    scene.caption = Words::tr("Spearman's \u03c1 %1 over %n trial(s)", nullptr, count).arg(format::aligned(rho, 2));
    scene.summary = Words::tr("%1 ranks the trials with a Spearman correlation of %2; 1 is the same order.")
                        .arg(scoreWord(name), format::aligned(rho, 2));
  } else {
    constexpr std::size_t fewest = 5;
    scene.caption = scene.points.size() < fewest ? Words::tr("too few trials for a correlation")
                                                 : Words::tr("no correlation: one side does not vary");
    scene.summary = Words::tr("%n completed trial(s).", nullptr, count);
  }
  return scene;
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// What a picture of a study answers: the trial at a place, its readout, its CSV.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <map>

#include "core/base/files.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/plots/study_plot_impl.h"

namespace lathe::ui {

namespace {

constexpr double reach = 14;  // of the pointer, in pixels

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : std::string(); }

std::string quoted(const QString& text) {
  auto inner = text.toStdString();
  for (std::size_t at = inner.find('"'); at != std::string::npos; at = inner.find('"', at + 2)) inner.insert(at, "\"");
  return "\"" + inner + "\"";
}

std::string csvOf(const StudyScene& scene) {
  const auto x = quoted(scene.x.name);
  const auto y = quoted(scene.y.name);
  std::string text;
  if (!scene.bars.empty()) {
    text += fmt::format("parameter,{},deviation\n", x);
    for (const auto& bar : scene.bars)
      text += fmt::format("{},{},{}\n", quoted(bar.name), number(bar.length), number(bar.deviation));
  }
  if (!scene.spans.empty()) {
    text += "trial,lane,start_seconds,end_seconds\n";
    for (const auto& span : scene.spans)
      text += fmt::format("{},{},{},{}\n", span.trial, span.lane, number(span.start), number(span.end));
  }
  if (!scene.points.empty()) {
    std::map<std::uint32_t, std::uint32_t> parents;
    for (const auto& link : scene.links) parents[scene.points[link.to].trial] = scene.points[link.from].trial;
    text += fmt::format("trial,{},{}{}\n", x, y, parents.empty() ? "" : ",parent");
    for (const auto& point : scene.points) {
      text += fmt::format("{},{},{}", point.trial, number(point.x), number(point.y));
      if (const auto parent = parents.find(point.trial); parent != parents.end())
        text += fmt::format(",{}", parent->second);
      else if (!parents.empty())
        text += ',';
      text += '\n';
    }
  }
  if (!scene.curves.empty()) {
    text += fmt::format("trial,{},{}\n", x, y);
    for (const auto& curve : scene.curves)
      for (std::uint32_t i = curve.first; i < curve.first + curve.count; ++i)
        text += fmt::format("{},{},{}\n", curve.trial, scene.curveX[i], scene.curveY[i]);
  }
  if (const auto& grid = scene.grid; !grid.values.empty()) {
    text += fmt::format("column,row,{}\n", quoted(grid.valueName));
    for (std::size_t i = 0; i < grid.values.size(); ++i)
      text += fmt::format("{},{},{}\n", i % grid.columns, i / grid.columns, number(grid.values[i]));
  }
  if (scene.points.empty() && scene.curves.empty())
    for (const auto& line : scene.lines) {
      text += fmt::format("{},{}\n", x, y);
      for (std::size_t i = 0; i < line.x.size(); ++i)
        text += fmt::format("{},{}\n", number(line.x[i]), number(line.y[i]));
    }
  return text;
}

}  // namespace

StudyPlot::Impl::Hit StudyPlot::Impl::hitAt(const QPoint& position) const {
  Hit hit;
  if (!scene) return hit;
  double best = reach * reach;
  const auto consider = [&](Hit::Kind kind, std::size_t index, const QPointF& place, double x, double y,
                            std::uint32_t trial) {
    const double dx = place.x() - position.x();
    const double dy = place.y() - position.y();
    if (dx * dx + dy * dy >= best) return;
    best = dx * dx + dy * dy;
    hit = {kind, index, x, y, trial};
  };
  const bool cached = places.size() == scene->points.size();
  for (std::size_t i = 0; i < scene->points.size(); ++i) {
    const auto& point = scene->points[i];
    consider(Hit::Kind::Point, i, cached ? places[i] : pixel(point.x, point.y), point.x, point.y, point.trial);
  }
  // Of millions of places only those near the pointer are worth more than a comparison.
  const double nearLeft = plot->xAxis->pixelToCoord(position.x() - reach);
  const double nearRight = plot->xAxis->pixelToCoord(position.x() + reach);
  for (std::size_t c = 0; c < scene->curves.size(); ++c) {
    const auto& curve = scene->curves[c];
    for (std::uint32_t i = curve.first; i < curve.first + curve.count; ++i) {
      const auto x = static_cast<double>(scene->curveX[i]);
      if (x < nearLeft || x > nearRight) continue;
      const auto y = static_cast<double>(scene->curveY[i]);
      consider(Hit::Kind::Curve, c, pixel(x, y), x, y, curve.trial);
    }
  }
  if (hit.kind != Hit::Kind::None) return hit;
  const double x = plot->xAxis->pixelToCoord(position.x());
  const double y = plot->yAxis->pixelToCoord(position.y());
  for (std::size_t i = 0; i < scene->spans.size(); ++i) {
    const auto& span = scene->spans[i];
    if (std::fabs(y - span.lane) <= 0.5 && x >= span.start && x <= span.end)
      return {Hit::Kind::Span, i, x, y, span.trial};
  }
  if (!scene->bars.empty()) {
    const auto row = std::lround(y);
    const auto count = static_cast<long>(scene->bars.size());
    if (row >= 0 && row < count) return {Hit::Kind::Bar, static_cast<std::size_t>(count - 1 - row), x, y, std::nullopt};
  }
  if (const auto& grid = scene->grid; !grid.values.empty()) {
    const auto cell = [](double place, double low, double high, std::size_t count) {
      if (count < 2) return 0L;
      return std::lround((place - low) / (high - low) * static_cast<double>(count - 1));
    };
    const double left = plot->xAxis->coordToPixel(grid.xLow);
    const double right = plot->xAxis->coordToPixel(grid.xHigh);
    const double bottom = plot->yAxis->coordToPixel(grid.yLow);
    const double top = plot->yAxis->coordToPixel(grid.yHigh);
    const auto column = cell(position.x(), left, right, grid.columns);
    const auto row = cell(position.y(), bottom, top, grid.rows);
    if (column >= 0 && row >= 0 && column < static_cast<long>(grid.columns) && row < static_cast<long>(grid.rows)) {
      const auto at = static_cast<std::size_t>(row) * grid.columns + static_cast<std::size_t>(column);
      if (std::isfinite(grid.values[at])) return {Hit::Kind::Cell, at, x, y, std::nullopt};
    }
  }
  return {};
}

QString StudyPlot::Impl::axisText(const StudyScene::Axis& axis, double value) const {
  const auto place = std::lround(value);
  if (!axis.words.empty())
    return place >= 0 && place < static_cast<long>(axis.words.size()) ? axis.words[static_cast<std::size_t>(place)]
                                                                      : QString();
  return axis.whole ? format::integer(place) : format::number(value);
}

QString StudyPlot::readout(const QPoint& position) const {
  const auto hit = m_impl->hitAt(position);
  using Kind = Impl::Hit::Kind;
  if (hit.kind == Kind::None) return {};
  const auto& scene = *m_impl->scene;
  QStringList lines;
  if (hit.kind == Kind::Bar) {
    const auto& bar = scene.bars[hit.index];
    return QStringLiteral("<b>%1</b><br>%2")
        .arg(bar.name.toHtmlEscaped(),
             tr("%1 \u00b1 %2 of the importance").arg(format::percent(bar.length), format::percent(bar.deviation, 1)));
  }
  const auto pair = [&](const StudyScene::Axis& axis, double value) {
    if (!axis.name.isEmpty())
      lines << QStringLiteral("%1: %2").arg(axis.name, m_impl->axisText(axis, value)).toHtmlEscaped();
  };
  if (hit.kind != Kind::Span) {
    pair(scene.x, hit.x);
    pair(scene.y, hit.y);
  }
  if (hit.kind == Kind::Cell)
    lines << QStringLiteral("%1: %2")
                 .arg(scene.grid.valueName, scene.grid.shares ? format::percent(scene.grid.values[hit.index])
                                                              : format::number(scene.grid.values[hit.index]))
                 .toHtmlEscaped();
  if (!hit.trial) return lines.join(QStringLiteral("<br>"));
  if (m_impl->trialText) return m_impl->trialText(*hit.trial);
  return QStringLiteral("<b>%1</b><br>").arg(tr("Trial %1").arg(*hit.trial)) + lines.join(QStringLiteral("<br>"));
}

bool StudyPlot::Impl::saveCsv(const QString& file) const {
  if (!scene || scene->empty()) return false;
  runAsync(
      *workbench.services().workers, q,
      [path = std::filesystem::path(file.toStdU16String()), scene = scene]() -> Result<void> {
        return writeFileAtomically(path, csvOf(*scene));
      },
      [this, file](const Result<void>& result) { tellSaved(file, result); });
  return true;
}

}  // namespace lathe::ui

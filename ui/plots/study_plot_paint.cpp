// SPDX-License-Identifier: GPL-3.0-or-later
// How a picture of a study is drawn.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/study_plot_impl.h"
#include "ui/plots/study_raster.h"

namespace lathe::ui {

using Tone = StudyScene::Tone;

namespace {

constexpr int shadeLevels = 12;
constexpr double pointSize = 5;
constexpr double gridInk = 0.75;
constexpr double manyPointSize = 3.5;
constexpr std::size_t many = 3000;

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto mix = [share](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * share)); };
  return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

QColor faded(QColor colour, double alpha) {
  colour.setAlphaF(static_cast<float>(alpha));
  return colour;
}

}  // namespace

QColor studyShade(double share) {
  const auto& theme = Theme::current();
  const std::array stops{theme.curve(0), theme.curve(5), theme.curve(4), theme.curve(1)};
  const double place = std::clamp(share, 0.0, 1.0) * (stops.size() - 1);
  const auto at = std::min<std::size_t>(static_cast<std::size_t>(place), stops.size() - 2);
  return mixed(stops[at], stops[at + 1], place - static_cast<double>(at));
}

QColor studyTone(Tone tone) {
  const auto& theme = Theme::current();
  switch (tone) {
    case Tone::Trial:
      return theme.curve(0);
    case Tone::Best:
      return theme.curve(1);
    case Tone::Good:
      return theme.curve(2);
    case Tone::Faint:
      return theme.secondary;
    case Tone::Bad:
      return theme.bad;
    case Tone::Selected:
      return theme.text;
  }
  return theme.text;
}

void ShadeStrip::show(const QString& best, const QString& worst) {
  m_best = best;
  m_worst = worst;
  updateGeometry();
  update();
}

QSize ShadeStrip::sizeHint() const {
  const auto metrics = fontMetrics();
  return {metrics.horizontalAdvance(m_best) + metrics.horizontalAdvance(m_worst) + 80, metrics.height() + 2};
}

void ShadeStrip::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  QPainter painter(this);
  painter.setPen(Theme::current().secondary);
  painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, m_best);
  const int left = fontMetrics().horizontalAdvance(m_best) + 6;
  QLinearGradient gradient(left, 0, left + 64, 0);
  for (int i = 0; i <= shadeLevels; ++i)
    gradient.setColorAt(i / double(shadeLevels), studyShade(i / double(shadeLevels)));
  painter.fillRect(QRect(left, height() / 2 - 4, 64, 8), gradient);
  painter.drawText(QRect(left + 70, 0, width() - left - 70, height()), Qt::AlignLeft | Qt::AlignVCenter, m_worst);
}

namespace {

/// As wide as a logical pixel, whatever the screen; of very many lines a device's pixel is enough.
void addLine(LineDensity& density, const QPointF& from, const QPointF& to, double scale, bool crowd) {
  const int wide = crowd ? 1 : std::max(1, static_cast<int>(std::lround(scale)));
  const bool flat = std::fabs(to.x() - from.x()) >= std::fabs(to.y() - from.y());
  for (int i = 0; i < wide; ++i) {
    const double across = (i - 0.5 * (wide - 1)) / scale;
    const auto aside = flat ? QPointF(0, across) : QPointF(across, 0);
    density.add(from + aside, to + aside);
  }
}

}  // namespace

/// Within the axes; what lies beyond the values shown is at their edge.
QPointF StudyPlot::Impl::pixel(double x, double y) const {
  const auto range = plot->yAxis->range();
  const bool clamps = scene && scene->y.good != 0 && following;
  const double across = plot->xAxis->coordToPixel(x);
  if (!clamps) return {across, plot->yAxis->coordToPixel(y)};
  // Seen as a whole there.
  const auto area = plot->axisRect()->rect();
  const double least = area.top() + pointSize / 2, most = std::max(least, area.bottom() - pointSize / 2);
  return {across, std::clamp(plot->yAxis->coordToPixel(std::clamp(y, range.lower, range.upper)), least, most)};
}

void StudyPlot::Impl::paintGrid(QPainter& painter) const {
  const auto& grid = scene->grid;
  if (grid.values.empty()) return;
  QImage image(static_cast<int>(grid.columns), static_cast<int>(grid.rows), QImage::Format_ARGB32_Premultiplied);
  const double span = grid.high > grid.low ? grid.high - grid.low : 1;
  for (std::size_t row = 0; row < grid.rows; ++row) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(grid.rows - 1 - row)));
    for (std::size_t column = 0; column < grid.columns; ++column) {
      const double value = grid.values[row * grid.columns + column];
      double share = (value - grid.low) / span;
      if (grid.largerIsBetter) share = 1 - share;
      line[column] = std::isfinite(value) ? studyShade(share).rgb() : qRgba(0, 0, 0, 0);
    }
  }
  const auto place = [](double low, double high, std::size_t count, QCPAxis* axis) {
    // Half a cell beyond the centres of the outermost ones.
    const double first = axis->coordToPixel(low);
    const double last = axis->coordToPixel(high);
    const double half = count > 1 ? (last - first) / (2.0 * static_cast<double>(count - 1)) : 20;
    return std::pair(first - half, last + half);
  };
  const auto [left, right] = place(grid.xLow, grid.xHigh, grid.columns, plot->xAxis);
  const auto [bottom, top] = place(grid.yLow, grid.yHigh, grid.rows, plot->yAxis);
  painter.setOpacity(gridInk);
  painter.drawImage(QRectF(QPointF(left, top), QPointF(right, bottom)), image);
  painter.setOpacity(1);
  if (grid.shares) writeCells(painter, QRectF(QPointF(left, top), QPointF(right, bottom)), image);
}

void StudyPlot::Impl::writeCells(QPainter& painter, const QRectF& area, const QImage& image) const {
  const auto& grid = scene->grid;
  const double width = area.width() / static_cast<double>(grid.columns);
  const double height = area.height() / static_cast<double>(grid.rows);
  painter.setFont(plot->xAxis->tickLabelFont());
  const QFontMetricsF metrics(painter.font());
  if (metrics.horizontalAdvance(format::percent(1.0, 0)) > width || metrics.height() > height) return;
  for (std::size_t row = 0; row < grid.rows; ++row)
    for (std::size_t column = 0; column < grid.columns; ++column) {
      const double value = grid.values[row * grid.columns + column];
      if (!std::isfinite(value)) continue;
      const QRectF cell(area.left() + static_cast<double>(column) * width,
                        area.bottom() - static_cast<double>(row + 1) * height, width, height);
      const auto& theme = Theme::current();
      const QColor shade = mixed(
          theme.surface, QColor(image.pixel(static_cast<int>(column), static_cast<int>(grid.rows - 1 - row))), gridInk);
      painter.setPen(contrast(theme.text, shade) > contrast(theme.surface, shade) ? theme.text : theme.surface);
      painter.drawText(cell, Qt::AlignCenter, format::percent(value, 0));
    }
}

void StudyPlot::Impl::paintSpans(QPainter& painter) const {
  painter.setPen(Qt::NoPen);
  for (const auto& span : scene->spans) {
    const double left = plot->xAxis->coordToPixel(span.start);
    const double right = std::max(left + 1, plot->xAxis->coordToPixel(span.end) - 0.5);
    const double top = plot->yAxis->coordToPixel(span.lane + 0.4);
    const double bottom = std::max(top + 1, plot->yAxis->coordToPixel(span.lane - 0.4));
    painter.fillRect(QRectF(QPointF(left, top), QPointF(right, bottom)),
                     faded(studyTone(seen(span.trial) ? span.tone : Tone::Faint), seen(span.trial) ? 0.8 : 0.25));
  }
}

void StudyPlot::Impl::paintCurves(QImage& image, double scale) const {
  if (scene->curves.empty()) return;
  const auto area = plot->axisRect()->rect();
  for (const auto tone : {Tone::Faint, Tone::Trial, Tone::Bad, Tone::Good}) {
    std::size_t count = 0;
    LineDensity density(area.size(), scale);
    for (const auto& curve : scene->curves) {
      const auto now = seen(curve.trial) ? curve.tone : Tone::Faint;
      if (now != tone) continue;
      ++count;
      QPointF before;
      for (std::uint32_t i = 0; i < curve.count; ++i) {
        const auto at = curve.first + i;
        const auto place = pixel(static_cast<double>(scene->curveX[at]), static_cast<double>(scene->curveY[at])) -
                           QPointF(area.topLeft());
        if (i > 0) addLine(density, before, place, scale, scene->curves.size() > many);
        before = place;
      }
    }
    const double alone = tone == Tone::Faint ? 0.35 : 0.85;
    if (count > 0) density.colour(image, studyTone(tone), count > many ? alone / 4 : alone);
  }
}

void StudyPlot::Impl::paintLinks(QImage& image, double scale) const {
  if (scene->links.empty()) return;
  const auto area = plot->axisRect()->rect();
  LineDensity density(area.size(), scale);
  for (const auto& link : scene->links) {
    const auto& from = scene->points[link.from];
    const auto& to = scene->points[link.to];
    if (!seen(to.trial)) continue;
    const QPointF corner(area.topLeft());
    addLine(density, pixel(from.x, from.y) - corner, pixel(to.x, to.y) - corner, scale, scene->links.size() > many);
  }
  density.colour(image, studyTone(Tone::Faint), scene->links.size() > many ? 0.1 : 0.4);
}

void StudyPlot::Impl::paintPoints(QImage& image, double scale) {
  const auto area = plot->axisRect()->rect();
  places.resize(scene->points.size());
  if (scene->points.empty()) return;
  StudyRaster raster(area.size(), scale);
  constexpr int tones = 6;
  std::array<std::vector<QPointF>, tones + shadeLevels + 1> groups;
  for (std::size_t i = 0; i < scene->points.size(); ++i) {
    const auto& point = scene->points[i];
    const auto place = pixel(point.x, point.y);
    places[i] = place;
    const auto inside = place - QPointF(area.topLeft());
    if (!seen(point.trial))
      groups[static_cast<std::size_t>(Tone::Faint)].push_back(inside);
    else if (point.shade >= 0)
      groups[static_cast<std::size_t>(tones) +
             static_cast<std::size_t>(std::lround((1 - point.shade) * float(shadeLevels)))]
          .push_back(inside);
    else
      groups[static_cast<std::size_t>(point.tone)].push_back(inside);
  }
  const bool manyPoints = scene->points.size() > many;
  const double size = manyPoints ? manyPointSize : pointSize;
  for (const auto tone : {Tone::Faint, Tone::Trial, Tone::Bad, Tone::Good, Tone::Best}) {
    const bool faint = tone == Tone::Faint;
    // On a dark surface the same opacity is less contrast.
    const double more = Theme::current().dark ? 1.4 : 1;
    raster.discs(groups[static_cast<std::size_t>(tone)], size,
                 faded(studyTone(tone), more * (faint        ? 0.3
                                                : manyPoints ? 0.4
                                                             : 0.6)));
  }
  // The best last: on top.
  for (int level = 0; level <= shadeLevels; ++level)
    raster.discs(groups[static_cast<std::size_t>(tones) + static_cast<std::size_t>(level)], size,
                 faded(studyShade(1 - level / double(shadeLevels)), 0.85));
  QPainter painter(&image);
  painter.drawImage(0, 0, raster.image());
}

void StudyPlot::Impl::paintBars(QPainter& painter) const {
  const auto count = scene->bars.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto& bar = scene->bars[i];
    const double y = static_cast<double>(count - 1 - i);
    const double left = plot->xAxis->coordToPixel(0);
    const double right = plot->xAxis->coordToPixel(bar.length);
    const double middle = plot->yAxis->coordToPixel(y);
    const double half = std::min(10.0, 0.3 * std::fabs(plot->yAxis->coordToPixel(y + 1) - middle));
    painter.fillRect(QRectF(QPointF(left, middle - half), QPointF(right, middle + half)),
                     faded(studyTone(Tone::Trial), 0.85));
    painter.setPen(QPen(Theme::current().text, 1));
    double end = right;
    if (bar.deviation > 0) {
      const double from = plot->xAxis->coordToPixel(std::max(0.0, bar.length - bar.deviation));
      end = plot->xAxis->coordToPixel(bar.length + bar.deviation);
      painter.drawLine(QPointF(from, middle), QPointF(end, middle));
      for (const double x : {from, end}) painter.drawLine(QPointF(x, middle - 3), QPointF(x, middle + 3));
    }
    painter.setFont(small);
    painter.setPen(Theme::current().secondary);
    auto text = format::aligned(bar.length, 2);
    if (std::isfinite(bar.deviation)) text += QStringLiteral(" \u00b1 ") + format::number(bar.deviation, 1);
    painter.drawText(QRectF(end + 6, middle - 10, 120, 20), Qt::AlignLeft | Qt::AlignVCenter, text);
  }
}

void StudyPlot::Impl::paintLines(QPainter& painter) const {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  for (const auto& line : scene->lines) {
    QPen pen(studyTone(line.tone), 2);
    pen.setJoinStyle(Qt::MiterJoin);
    painter.setPen(pen);
    QPainterPath path;
    bool drawing = false;
    double y = 0;
    for (std::size_t i = 0; i < line.x.size(); ++i) {
      if (!std::isfinite(line.y[i]) || !std::isfinite(line.x[i])) {
        drawing = false;
        continue;
      }
      const auto place = pixel(line.x[i], line.y[i]);
      if (!drawing) {
        path.moveTo(place);
      } else {
        if (line.steps) path.lineTo(place.x(), y);
        path.lineTo(place);
      }
      y = place.y();
      drawing = true;
    }
    painter.drawPath(path);
  }
}

void StudyPlot::Impl::paintChosen(QPainter& painter) const {
  if (!chosen) return;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(studyTone(Tone::Selected), 1.5));
  painter.setBrush(Qt::NoBrush);
  for (const auto& point : scene->points)
    if (point.trial == *chosen) painter.drawEllipse(pixel(point.x, point.y), 6, 6);
  for (const auto& span : scene->spans)
    if (span.trial == *chosen)
      painter.drawRect(
          QRectF(QPointF(plot->xAxis->coordToPixel(span.start), plot->yAxis->coordToPixel(span.lane + 0.4)),
                 QPointF(plot->xAxis->coordToPixel(span.end), plot->yAxis->coordToPixel(span.lane - 0.4))));
  for (const auto& curve : scene->curves) {
    if (curve.trial != *chosen) continue;
    QPainterPath path;
    for (std::uint32_t i = 0; i < curve.count; ++i) {
      const auto place = pixel(static_cast<double>(scene->curveX[curve.first + i]),
                               static_cast<double>(scene->curveY[curve.first + i]));
      if (i == 0)
        path.moveTo(place);
      else
        path.lineTo(place);
    }
    painter.setPen(QPen(studyTone(Tone::Selected), 2));
    painter.drawPath(path);
  }
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of the trials of a study, which is kept while nothing of it changes.
#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/plots/study_plot_impl.h"

namespace lathe::ui {

namespace {

constexpr double savedScale = 3;  // of the trials within a drawing whose axes are lines
constexpr double pieceMs = 8;
constexpr std::size_t crowdCurves = 3000;

}  // namespace

QImage StudyPlot::Impl::rasterise(double scale) {
  const auto area = plot->axisRect()->rect();
  QImage image(area.size() * scale, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  image.setDevicePixelRatio(scale);
  paintCurves(image, scale);
  paintLinks(image, scale);
  paintPoints(image, scale);
  return image;
}

PlotFrame StudyPlot::Impl::frameNow(double scale) const {
  const auto area = plot->axisRect()->rect();
  const auto side = [](const QCPAxis* axis, double from) {
    const auto range = axis->range();
    return PlotFrame::Side{range.lower, range.upper, axis->scaleType() == QCPAxis::stLogarithmic,
                           axis->coordToPixel(range.lower) - from, axis->coordToPixel(range.upper) - from};
  };
  return {side(plot->xAxis, area.left()), side(plot->yAxis, area.top()), area.size(), scale,
          scene->y.good != 0 && following};
}

/// More than is drawn between two frames.
bool StudyPlot::Impl::isCrowd() const {
  return scene->curves.size() > crowdCurves && scene->points.empty() && scene->links.empty();
}

/// Some milliseconds of a picture; what was begun is ended first, so that a study that goes on is seen to go on.
void StudyPlot::Impl::goOnWithCrowd(const QString& key, double scale, bool atOnce) {
  if (atOnce) crowd.reset();
  if (!crowd) {
    crowd = std::make_unique<CurveCrowd>(scene, frameNow(scale), [this](const StudyScene::Curve& curve) {
      return seen(curve.trial) ? curve.tone : StudyScene::Tone::Faint;
    });
    crowdKey = key;
    crowdMs = crowdLongestMs = 0;
  }
  QElapsedTimer clock;
  clock.start();
  const bool whole = crowd->work(atOnce ? std::numeric_limits<double>::infinity() : pieceMs);
  const double piece = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
  crowdMs += piece;
  crowdLongestMs = std::max(crowdLongestMs, piece);
  if (whole) {
    cache = crowd->image();
    cacheFrame = crowd->frame();
    cacheKey = crowdKey;
    drawMs = crowdMs;
    longestMs = crowdLongestMs;
    crowd.reset();
  }
  if (key != cacheKey) QTimer::singleShot(0, plot, [this] { plot->replot(QCustomPlot::rpQueuedRefresh); });
}

/// Where its values are now; it may still be the picture of a moment ago.
void StudyPlot::Impl::drawCache(QPainter& painter) const {
  if (cache.isNull()) return;
  const auto now = frameNow(cacheFrame.scale);
  if (now.x.log != cacheFrame.x.log || now.y.log != cacheFrame.y.log) return;
  const QPointF corner(plot->axisRect()->rect().topLeft());
  // A pixel of then as a pixel of now, for each side from two places.
  const auto moved = [](const PlotFrame::Side& then, const PlotFrame::Side& there, double length) {
    const double first = there.pixel(then.lower), last = there.pixel(then.upper);
    const double stretch = (last - first) / (then.to - then.from);
    return std::pair(first - then.from * stretch, first + (length - then.from) * stretch);
  };
  const auto [left, right] = moved(cacheFrame.x, now.x, cacheFrame.size.width());
  const auto [top, bottom] = moved(cacheFrame.y, now.y, cacheFrame.size.height());
  painter.drawImage(QRectF(corner + QPointF(left, top), corner + QPointF(right, bottom)), cache);
}

void StudyPlot::Impl::paint(QCPPainter& painter) {
  if (!scene || scene->empty()) return;
  const auto area = plot->axisRect()->rect();
  if (area.width() < 2 || area.height() < 2) return;
  painter.save();
  painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
  paintGrid(painter);
  paintSpans(painter);
  // Into a file or for the clipboard: as fine as on paper, and whole.
  const bool saved = painter.device()->devType() == QInternal::Picture;
  const double scale = saved ? savedScale : plot->bufferDevicePixelRatio();
  const auto x = plot->xAxis->range();
  const auto y = plot->yAxis->range();
  const auto key = QStringLiteral("%1 %2 %3 %4 %5 %6 %7 %8 %9")
                       .arg(version)
                       .arg(x.lower, 0, 'g', 17)
                       .arg(x.upper, 0, 'g', 17)
                       .arg(y.lower, 0, 'g', 17)
                       .arg(y.upper, 0, 'g', 17)
                       .arg(area.width())
                       .arg(area.height())
                       .arg(scale)
                       .arg(area.left() * 10000 + area.top()) +
                   (logY ? QStringLiteral("l") : QString()) + (following ? QStringLiteral("f") : QString());
  if (key != cacheKey && isCrowd()) {
    goOnWithCrowd(key, scale, saved);
  } else if (key != cacheKey) {
    QElapsedTimer clock;
    clock.start();
    crowd.reset();
    cache = rasterise(scale);
    cacheKey = key;
    cacheFrame = frameNow(scale);
    drawMs = longestMs = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
  }
  drawCache(painter);
  paintBars(painter);
  paintLines(painter);
  paintChosen(painter);
  painter.restore();
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/study_raster.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace lathe::ui {

/// Two channels at a time.
void blend(QRgb& below, QRgb above) {
  const unsigned alpha = above >> 24U;
  if (alpha == 0) return;
  const unsigned rest = 255U - alpha;
  const unsigned scale = rest + (rest >> 7U);
  const unsigned even = ((below & 0x00ff00ffU) * scale >> 8U) & 0x00ff00ffU;
  const unsigned odd = ((below >> 8U) & 0x00ff00ffU) * scale & 0xff00ff00U;
  below = above + (even | odd);
}

StudyRaster::StudyRaster(const QSize& size, double scale)
    : m_image(size * scale, QImage::Format_ARGB32_Premultiplied), m_scale(scale) {
  m_image.fill(Qt::transparent);
  m_image.setDevicePixelRatio(scale);
}

QImage StudyRaster::stamp(double diameter, const QColor& colour) const {
  const double size = diameter * m_scale;
  const int side = static_cast<int>(std::ceil(size)) + 2;
  QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(QPointF(side / 2.0, side / 2.0), size / 2, size / 2);
  return image;
}

void StudyRaster::put(const QImage& stamp, const QPointF& centre) {
  const int left = static_cast<int>(std::lround(centre.x() * m_scale - stamp.width() / 2.0));
  const int top = static_cast<int>(std::lround(centre.y() * m_scale - stamp.height() / 2.0));
  const int firstRow = std::max(0, -top);
  const int lastRow = std::min(stamp.height(), m_image.height() - top);
  const int firstColumn = std::max(0, -left);
  const int lastColumn = std::min(stamp.width(), m_image.width() - left);
  for (int row = firstRow; row < lastRow; ++row) {
    auto* to = reinterpret_cast<QRgb*>(m_image.scanLine(top + row)) + left;
    const auto* from = reinterpret_cast<const QRgb*>(stamp.constScanLine(row));
    for (int column = firstColumn; column < lastColumn; ++column) blend(to[column], from[column]);
  }
}

void StudyRaster::discs(const std::vector<QPointF>& centres, double diameter, const QColor& colour) {
  const auto image = stamp(diameter, colour);
  for (const auto& centre : centres) put(image, centre);
}

void StudyRaster::disc(const QPointF& centre, double diameter, const QColor& colour) {
  put(stamp(diameter, colour), centre);
}

LineDensity::LineDensity(const QSize& size, double scale)
    : m_width(static_cast<int>(std::ceil(size.width() * scale))),
      m_height(static_cast<int>(std::ceil(size.height() * scale))),
      m_scale(scale),
      m_counts(static_cast<std::size_t>(std::max(0, m_width)) * static_cast<std::size_t>(std::max(0, m_height))) {}

/// Along the longer side, shared between the two pixels that are nearest: no steps are seen. Each column (of a steep
/// line, row) whose middle the line crosses gets it once, so that lines that follow one another leave no gap.
void LineDensity::add(const QPointF& from, const QPointF& to, float weight) {
  const double x0 = from.x() * m_scale;
  const double y0 = from.y() * m_scale;
  const double dx = to.x() * m_scale - x0;
  const double dy = to.y() * m_scale - y0;
  const bool flat = std::fabs(dx) >= std::fabs(dy);
  const double start = flat ? x0 : y0;
  const double length = flat ? dx : dy;
  if (!(length != 0)) return;
  const double slope = (flat ? dy : dx) / length;
  const double low = std::clamp(std::min(start, start + length), -1.0, static_cast<double>(flat ? m_width : m_height));
  const double high = std::clamp(std::max(start, start + length), -1.0, static_cast<double>(flat ? m_width : m_height));
  const auto put = [this](int x, int y, float value) {
    if (x >= 0 && x < m_width && y >= 0 && y < m_height)
      m_counts[static_cast<std::size_t>(y) * static_cast<std::size_t>(m_width) + static_cast<std::size_t>(x)] += value;
  };
  for (int along = static_cast<int>(std::ceil(low - 0.5)); along + 0.5 < high; ++along) {
    const double across = (flat ? y0 : x0) + slope * (along + 0.5 - start) - 0.5;
    if (!(across > -2 && across < 1e6)) continue;
    const double lower = std::floor(across);
    const auto upperShare = static_cast<float>(across - lower);
    const int at = static_cast<int>(lower);
    if (flat) {
      put(along, at, weight * (1 - upperShare));
      put(along, at + 1, weight * upperShare);
    } else {
      put(at, along, weight * (1 - upperShare));
      put(at + 1, along, weight * upperShare);
    }
  }
}

void LineDensity::colour(QImage& target, const QColor& colour, double alone) const {
  const double keep = std::log(1 - std::clamp(alone, 0.001, 0.999));
  const int rows = std::min(m_height, target.height());
  const int columns = std::min(m_width, target.width());
  for (int row = 0; row < rows; ++row) {
    auto* line = reinterpret_cast<QRgb*>(target.scanLine(row));
    const auto* counts = m_counts.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(m_width);
    for (int column = 0; column < columns; ++column) {
      if (counts[column] <= 0) continue;
      const double opacity = 1 - std::exp(keep * static_cast<double>(counts[column]));
      blend(line[column], qPremultiply(qRgba(colour.red(), colour.green(), colour.blue(),
                                             static_cast<int>(std::lround(255 * opacity)))));
    }
  }
}

}  // namespace lathe::ui

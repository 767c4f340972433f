// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QSize>
#include <vector>

namespace lathe::ui {

/// A picture into which very many small things are drawn by hand: a hundred thousand discs or lines in some
/// milliseconds, where a painter takes seconds. Coordinates in logical pixels; a scale of 2 draws twice as fine.
class StudyRaster {
 public:
  StudyRaster(const QSize& size, double scale);
  /// Discs of one size and colour; overlapping ones grow denser.
  void discs(const std::vector<QPointF>& centres, double diameter, const QColor& colour);
  void disc(const QPointF& centre, double diameter, const QColor& colour);
  [[nodiscard]] QImage image() const { return m_image; }

 private:
  [[nodiscard]] QImage stamp(double diameter, const QColor& colour) const;
  void put(const QImage& stamp, const QPointF& centre);
  QImage m_image;
  double m_scale;
};

/// How many lines cross each pixel: lines are added, then coloured once. What is crossed by more is more opaque.
class LineDensity {
 public:
  LineDensity(const QSize& size, double scale);
  /// `weight` lines from one place to another; x from left to right.
  void add(const QPointF& from, const QPointF& to, float weight = 1);
  /// `alone`: the opacity of a single line; many come close to opaque.
  void colour(QImage& target, const QColor& colour, double alone) const;

 private:
  int m_width, m_height;
  double m_scale;
  std::vector<float> m_counts;
};

/// Blends colours; premultiplied.
void blend(QRgb& below, QRgb above);

}  // namespace lathe::ui

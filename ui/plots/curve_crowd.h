// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QImage>
#include <QRectF>
#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "ui/plots/study_raster.h"
#include "ui/plots/study_scene.h"

namespace lathe::ui {

/// Where the values of a plot lie on its area, as it was at one moment.
struct PlotFrame {
  struct Side {
    double lower = 0, upper = 1;  ///< the range
    bool log = false;
    double from = 0, to = 1;  ///< pixels of its ends
    [[nodiscard]] double pixel(double value) const;
  };
  Side x, y;
  QSize size;
  double scale = 1;      ///< device pixels in a logical one
  bool clampsY = false;  ///< what lies beyond is at the edge
  [[nodiscard]] QPointF place(double atX, double atY) const;
};

/// A hundred thousand curves, drawn a few milliseconds at a time while the window goes on answering. Lines between the
/// same pixels are drawn once, as often as they are there: neighbouring epochs of very many trials are few different
/// lines.
class CurveCrowd {
 public:
  /// `toneOf` gives the colour of each curve, asked at once.
  CurveCrowd(std::shared_ptr<const StudyScene> scene, const PlotFrame& frame,
             const std::function<StudyScene::Tone(const StudyScene::Curve&)>& toneOf);
  /// Goes on for about so long; true when the picture is whole. Infinite: until it is.
  bool work(double milliseconds);
  [[nodiscard]] const QImage& image() const { return m_image; }
  [[nodiscard]] const PlotFrame& frame() const { return m_frame; }

 private:
  enum class Step { Gather, Draw, Colour };
  bool part();
  void gather(const StudyScene::Curve& curve);
  void nextTone();

  std::shared_ptr<const StudyScene> m_scene;
  PlotFrame m_frame;
  std::vector<StudyScene::Tone> m_tones;  ///< a curve
  QImage m_image;
  std::size_t m_tone = 0;
  Step m_step = Step::Gather;
  std::size_t m_curve = 0, m_count = 0;
  QHash<quint64, float> m_lines;  ///< how often each is there
  QHash<quint64, float>::const_iterator m_line;
  std::unique_ptr<LineDensity> m_density;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_crowd.h"

#include <QElapsedTimer>
#include <algorithm>
#include <cmath>

#include "ui/plots/study_plot_impl.h"

namespace lathe::ui {

using Tone = StudyScene::Tone;

namespace {

/// From below to the top.
constexpr std::array order{Tone::Faint, Tone::Trial, Tone::Bad, Tone::Good};
constexpr std::size_t curvesAtOnce = 512, linesAtOnce = 1024;
constexpr double perPixel = 2;       ///< places that are told apart along each side of a device's pixel
constexpr double farthest = 16'000;  ///< of a place, in these; what lies beyond is drawn as it is
constexpr std::size_t crowd = 3000;

/// Two places as one number; nothing when one is too far away.
std::optional<quint64> keyOf(const QPointF& from, const QPointF& to, double scale) {
  quint64 key = 0;
  for (const double coordinate : {from.x(), from.y(), to.x(), to.y()}) {
    const double place = std::round(coordinate * scale * perPixel);
    if (!(std::fabs(place) < farthest)) return std::nullopt;
    key = key << 16U | static_cast<quint16>(static_cast<qint16>(place));
  }
  return key;
}

std::pair<QPointF, QPointF> lineOf(quint64 key, double scale) {
  const auto coordinate = [&](unsigned shift) {
    return static_cast<double>(static_cast<qint16>(static_cast<quint16>(key >> shift))) / (scale * perPixel);
  };
  return {{coordinate(48), coordinate(32)}, {coordinate(16), coordinate(0)}};
}

/// Both ends beyond the same side.
bool outside(const QPointF& from, const QPointF& to, const QSize& size) {
  return (from.x() < 0 && to.x() < 0) || (from.x() > size.width() && to.x() > size.width()) ||
         (from.y() < -1 && to.y() < -1) || (from.y() > size.height() + 1 && to.y() > size.height() + 1);
}

}  // namespace

double PlotFrame::Side::pixel(double value) const {
  const double share =
      log ? std::log(std::max(value, 1e-300) / lower) / std::log(upper / lower) : (value - lower) / (upper - lower);
  return from + share * (to - from);
}

QPointF PlotFrame::place(double atX, double atY) const {
  return {x.pixel(atX), y.pixel(clampsY ? std::clamp(atY, y.lower, y.upper) : atY)};
}

CurveCrowd::CurveCrowd(std::shared_ptr<const StudyScene> scene, const PlotFrame& frame,
                       const std::function<Tone(const StudyScene::Curve&)>& toneOf)
    : m_scene(std::move(scene)),
      m_frame(frame),
      m_image(frame.size * frame.scale, QImage::Format_ARGB32_Premultiplied) {
  m_image.fill(Qt::transparent);
  m_image.setDevicePixelRatio(frame.scale);
  m_tones.reserve(m_scene->curves.size());
  for (const auto& curve : m_scene->curves) m_tones.push_back(toneOf(curve));
  m_density = std::make_unique<LineDensity>(frame.size, frame.scale);
}

bool CurveCrowd::work(double milliseconds) {
  QElapsedTimer clock;
  clock.start();
  while (m_tone < order.size()) {
    if (part()) continue;
    if (static_cast<double>(clock.nsecsElapsed()) * 1e-6 >= milliseconds) return m_tone == order.size();
  }
  return true;
}

/// True: hardly any work, go on at once.
bool CurveCrowd::part() {
  if (m_step == Step::Gather) {
    std::size_t found = 0;
    for (; m_curve < m_tones.size() && found < curvesAtOnce; ++m_curve) {
      if (m_tones[m_curve] != order[m_tone]) continue;
      ++found;
      gather(m_scene->curves[m_curve]);
    }
    m_count += found;
    if (m_curve == m_tones.size()) {
      m_step = Step::Draw;
      m_line = m_lines.cbegin();
    }
    return false;
  }
  if (m_step == Step::Draw) {
    for (std::size_t i = 0; i < linesAtOnce && m_line != m_lines.cend(); ++i, ++m_line) {
      const auto [from, to] = lineOf(m_line.key(), m_frame.scale);
      m_density->add(from, to, m_line.value());
    }
    if (m_line == m_lines.cend()) m_step = Step::Colour;
    return false;
  }
  const bool any = m_count > 0;
  if (any) {
    const double alone = order[m_tone] == Tone::Faint ? 0.35 : 0.85;
    m_density->colour(m_image, studyTone(order[m_tone]), m_count > crowd ? alone / 4 : alone);
  }
  nextTone();
  return !any;
}

void CurveCrowd::gather(const StudyScene::Curve& curve) {
  QPointF before;
  for (std::uint32_t i = 0; i < curve.count; ++i) {
    const auto at = curve.first + i;
    const auto place =
        m_frame.place(static_cast<double>(m_scene->curveX[at]), static_cast<double>(m_scene->curveY[at]));
    if (i > 0 && !outside(before, place, m_frame.size)) {
      if (const auto key = keyOf(before, place, m_frame.scale))
        m_lines[*key] += 1;
      else
        m_density->add(before, place);
    }
    before = place;
  }
}

void CurveCrowd::nextTone() {
  ++m_tone;
  if (m_count > 0) m_density = std::make_unique<LineDensity>(m_frame.size, m_frame.scale);
  m_step = Step::Gather;
  m_curve = m_count = 0;
  m_lines.clear();
}

}  // namespace lathe::ui

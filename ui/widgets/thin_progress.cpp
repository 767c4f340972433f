// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/thin_progress.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "ui/models/theme.h"

namespace lathe::ui {

ThinProgress::ThinProgress(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  m_timer.setInterval(40);
  connect(&m_timer, &QTimer::timeout, this, [this] {
    m_phase = std::fmod(m_phase + 0.02, 1.0);
    update();
  });
}

void ThinProgress::setFraction(double fraction) {
  if (!std::isfinite(fraction)) fraction = -1;
  fraction = std::min(fraction, 1.0);
  if (fraction == m_fraction) return;
  m_fraction = fraction;
  if (m_fraction < 0 && isVisible())
    m_timer.start();
  else
    m_timer.stop();
  update();
}

void ThinProgress::paintEvent(QPaintEvent*) {
  const auto& theme = Theme::current();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double height = 6;
  const QRectF track(0, (this->height() - height) / 2.0, width(), height);
  QPainterPath shape;
  shape.addRoundedRect(track, height / 2, height / 2);
  painter.fillPath(shape, theme.border);
  painter.setClipPath(shape);
  QRectF filled = track;
  if (m_fraction >= 0) {
    filled.setWidth(track.width() * m_fraction);
  } else {
    filled.setWidth(track.width() * 0.3);
    filled.moveLeft(track.width() * (m_phase * 1.3 - 0.3));
  }
  painter.fillRect(filled, theme.accent);
}

void ThinProgress::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_fraction < 0) m_timer.start();
}

void ThinProgress::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  m_timer.stop();
}

}  // namespace lathe::ui

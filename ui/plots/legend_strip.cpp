// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/legend_strip.h"

#include <QFontMetricsF>
#include <QPainter>

#include "ui/models/theme.h"

namespace lathe::ui {

void paintLegend(QPainter& painter, const QRectF& area, const std::vector<LegendEntry>& entries,
                 const QString& caption) {
  constexpr double dashLength = 14;
  constexpr double gap = 5;
  constexpr double between = 14;
  constexpr double leastCaption = 80;
  const auto& theme = Theme::current();
  const QFontMetricsF metrics(painter.font());
  if (entries.empty()) {
    painter.setPen(theme.secondary);
    painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(caption, Qt::ElideRight, area.width()));
    return;
  }
  const auto widthOf = [&](const QString& label) { return dashLength + gap + metrics.horizontalAdvance(label); };
  double needed = 0;
  std::size_t fitting = 0;
  for (const auto& entry : entries) {
    const double more = widthOf(entry.label) + (fitting > 0 ? between : 0);
    const double rest = fitting + 1 < entries.size() ? between + metrics.horizontalAdvance(QStringLiteral("+99")) : 0;
    if (needed + more + rest > area.width()) break;
    needed += more;
    ++fitting;
  }
  const auto hidden = entries.size() - fitting;
  const auto rest = QStringLiteral("+%1").arg(hidden);
  double x = area.right() - needed - (hidden > 0 ? between + metrics.horizontalAdvance(rest) : 0);
  if (const double room = x - between - area.left(); !caption.isEmpty() && room > leastCaption) {
    painter.setPen(theme.secondary);
    painter.drawText(QRectF(area.left(), area.top(), room, area.height()), Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(caption, Qt::ElideRight, room));
  }
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < fitting; ++i) {
    QPen pen(theme.curve(entries[i].colourIndex), 2.5, Qt::SolidLine, Qt::FlatCap);
    if (const auto dashes = Theme::curveDashes(entries[i].colourIndex); !dashes.isEmpty()) {
      pen.setWidthF(2);
      pen.setDashPattern({dashes[0] * 0.5, dashes[1] * 0.5});
    }
    painter.setPen(pen);
    painter.drawLine(QPointF(x, area.center().y()), QPointF(x + dashLength, area.center().y()));
    painter.setPen(theme.text);
    painter.drawText(QRectF(x + dashLength + gap, area.top(), area.width(), area.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, entries[i].label);
    x += widthOf(entries[i].label) + between;
  }
  if (hidden > 0) {
    painter.setPen(theme.secondary);
    painter.drawText(QRectF(x, area.top(), area.width(), area.height()), Qt::AlignLeft | Qt::AlignVCenter, rest);
  }
}

LegendStrip::LegendStrip(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  setMinimumHeight(fontMetrics().height() + 2);
}

void LegendStrip::setEntries(std::vector<LegendEntry> entries) {
  if (entries == m_entries) return;
  m_entries = std::move(entries);
  QStringList names;
  for (const auto& entry : m_entries) names << entry.label;
  setToolTip(names.join(QLatin1Char('\n')));
  update();
}

void LegendStrip::setCaption(const QString& caption) {
  if (caption == m_caption) return;
  m_caption = caption;
  update();
}

void LegendStrip::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  QPainter painter(this);
  paintLegend(painter, rect(), m_entries, m_caption);
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// Zooming, panning, following and the crosshair.
#include <QMouseEvent>
#include <cmath>

#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/curve_plot_impl.h"

namespace lathe::ui {

void CurvePlot::Impl::pressed(const QMouseEvent& event) {
  const bool band = event.button() == Qt::LeftButton && event.modifiers().testFlag(Qt::ShiftModifier);
  plot->setSelectionRectMode(band ? QCP::srmZoom : QCP::srmNone);
  // A rubber band chooses both directions, else only the one under the pointer moves.
  const bool overValues = event.pos().x() < plot->axisRect()->left();
  const auto both = Qt::Horizontal | Qt::Vertical;
  plot->axisRect()->setRangeZoom(band ? both : Qt::Orientations(Qt::Horizontal));
  plot->axisRect()->setRangeDrag(overValues || !autoY ? both : Qt::Orientations(Qt::Horizontal));
}

void CurvePlot::Impl::userMoved() {
  const auto view = plot->xAxis->range();
  const double end = endOfData();
  wholeX = false;
  setFollowing(end <= 0 || (view.upper >= end && view.lower < end));
  askData();
  askReplot();
}

void CurvePlot::Impl::fit() {
  wholeX = true;
  autoY = true;
  setFollowing(true);
  askData();
  askReplot();
}

std::optional<CurvePlot::View> CurvePlot::view() const {
  const auto& m = *m_impl;
  if (m.wholeX && m.autoY) return {};
  const auto x = m.plot->xAxis->range();
  const auto y = m.plot->yAxis->range();
  return View{x.lower, x.upper, !m.autoY, y.lower, y.upper, m.following};
}

void CurvePlot::setView(const View& view) {
  if (!(std::isfinite(view.xLow) && std::isfinite(view.xHigh) && view.xLow < view.xHigh)) return;
  auto& m = *m_impl;
  m.ownChange = true;
  m.plot->xAxis->setRange(view.xLow, view.xHigh);
  m.wholeX = false;
  m.autoY = !view.ownY || !(view.yLow < view.yHigh);
  if (!m.autoY) m.plot->yAxis->setRange(view.yLow, view.yHigh);
  m.ownChange = false;
  m.setFollowing(view.following);
  m.askData();
  m.askReplot();
}

void CurvePlot::Impl::zoomX(double factor) {
  const auto view = plot->xAxis->range();
  // At the end of a live curve the end stays, else the middle does.
  const double fixed = following ? view.upper : view.center();
  plot->xAxis->scaleRange(factor, fixed);
}

QString CurvePlot::Impl::readout(double x) const {
  QString rows;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& shape = drawn[i].shape;
    if (shape.x.empty() || x < shape.x.front() || x > shape.x.back()) continue;
    const auto at = static_cast<std::size_t>(nearestIndex(shape.x, x));
    const bool soft = isSmoothed(items[i]) && !drawn[i].smoothY.empty();
    const double value =
        soft ? drawn[i].smoothY[static_cast<std::size_t>(nearestIndex(shape.middleX, x))] : shape.y[at];
    auto label = items[i].label.toHtmlEscaped();
    if (items[i].series.rfind("train/", 0) == 0) label += QLatin1Char(' ') + CurvePlot::tr("train");
    rows +=
        QStringLiteral("<tr><td><span style='color:%1'>\u2501</span>&nbsp;%2&nbsp;</td><td align='right'>%3</td></tr>")
            .arg(Theme::current().curve(items[i].colourIndex).name(), label, format::aligned(value));
  }
  if (rows.isEmpty()) return {};
  const auto position = axis == XAxis::Step ? format::integer(std::llround(x)) : format::number(x);
  return QStringLiteral("<b>%1 %2</b><table cellspacing='0'>%3</table>").arg(xName().toHtmlEscaped(), position, rows);
}

void CurvePlot::Impl::showCrosshair(const QPoint& position) {
  const auto inner = plot->axisRect()->rect();
  const double x = plot->xAxis->pixelToCoord(position.x());
  crossAt(x, position, inner.contains(position) ? readout(x) : QString(), inner.right());
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// Zooming, panning, following and the crosshair.
#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <cmath>

#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/curve_plot_impl.h"

namespace lathe::ui {

void CurvePlot::Impl::setUpInteraction() {
  plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  auto* rect = plot->axisRect();
  rect->setRangeDrag(Qt::Horizontal);
  rect->setRangeZoom(Qt::Horizontal);
  rect->setRangeZoomFactor(0.8);

  QObject::connect(plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), q, [this] {
    if (!ownChange) userMoved();
  });
  QObject::connect(plot->yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), q, [this] {
    if (!ownChange) autoY = false;
  });
  QObject::connect(plot, &QCustomPlot::mousePress, q, [this](QMouseEvent* event) {
    const bool band = event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier);
    plot->setSelectionRectMode(band ? QCP::srmZoom : QCP::srmNone);
    // A rubber band chooses both directions, else only the one under the pointer moves.
    const bool overValues = event->pos().x() < plot->axisRect()->left();
    const auto both = Qt::Horizontal | Qt::Vertical;
    plot->axisRect()->setRangeZoom(band ? both : Qt::Orientations(Qt::Horizontal));
    plot->axisRect()->setRangeDrag(overValues || !autoY ? both : Qt::Orientations(Qt::Horizontal));
    hideCrosshair();
  });
  QObject::connect(plot, &QCustomPlot::mouseRelease, q, [this] { plot->axisRect()->setRangeZoom(Qt::Horizontal); });
  QObject::connect(plot, &QCustomPlot::mouseWheel, q, [this](QWheelEvent* event) {
    const bool overValues = event->position().x() < plot->axisRect()->left();
    plot->axisRect()->setRangeZoom(overValues ? Qt::Vertical : Qt::Horizontal);
  });
  QObject::connect(plot, &QCustomPlot::mouseDoubleClick, q, [this] { fit(); });
  QObject::connect(plot, &QCustomPlot::mouseMove, q, [this](QMouseEvent* event) {
    if (event->buttons() == Qt::NoButton) showCrosshair(event->pos());
  });
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_impl->plot && event->type() == QEvent::Leave) m_impl->hideCrosshair();
  return QWidget::eventFilter(watched, event);
}

/// The person zoomed or panned along x, by whatever means.
void CurvePlot::Impl::userMoved() {
  const auto view = plot->xAxis->range();
  const double end = endOfData();
  wholeX = false;
  setFollowing(end <= 0 || (view.upper >= end && view.lower < end));
  askData();
  askReplot();
}

void CurvePlot::Impl::placeFollowButton() {
  followButton->adjustSize();
  const auto inner = plot->axisRect()->rect();
  followButton->move(inner.right() - followButton->width() - 8, inner.top() + 8);
}

void CurvePlot::Impl::setFollowing(bool on) {
  followButton->setVisible(!on);
  placeFollowButton();
  if (on == following) return;
  following = on;
  Q_EMIT q->followingChanged(on);
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

void CurvePlot::Impl::panX(double share) { plot->xAxis->moveRange(share * plot->xAxis->range().size()); }

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
  const auto text = inner.contains(position) ? readout(x) : QString();
  if (text.isEmpty()) {
    hideCrosshair();
    return;
  }
  cross->start->setTypeX(QCPItemPosition::ptPlotCoords);
  cross->start->setTypeY(QCPItemPosition::ptAxisRectRatio);
  cross->end->setTypeX(QCPItemPosition::ptPlotCoords);
  cross->end->setTypeY(QCPItemPosition::ptAxisRectRatio);
  cross->start->setCoords(x, 0);
  cross->end->setCoords(x, 1);
  cross->setVisible(true);
  crossLayer->replot();
  values->setText(text);
  values->adjustSize();
  const int space = 12;
  const bool right = position.x() + space + values->width() < inner.right();
  values->move(right ? position.x() + space : std::max(position.x() - space - values->width(), 0), inner.top() + 4);
  values->show();
}

void CurvePlot::Impl::hideCrosshair() {
  if (!cross->visible()) return;
  cross->setVisible(false);
  crossLayer->replot();
  values->hide();
}

void CurvePlot::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) {
    copyPicture();
    return;
  }
  switch (event->key()) {
    case Qt::Key_Left:
      m_impl->panX(-0.1);
      break;
    case Qt::Key_Right:
      m_impl->panX(0.1);
      break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      m_impl->zoomX(0.8);
      break;
    case Qt::Key_Minus:
      m_impl->zoomX(1.25);
      break;
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_0:
      fit();
      break;
    default:
      QWidget::keyPressEvent(event);
  }
}

void CurvePlot::Impl::openMenu(const QPoint& globalPosition) {
  auto* menu = new QMenu(q);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const QString& text, auto deed) {
    QObject::connect(menu->addAction(text), &QAction::triggered, q, deed);
  };
  add(CurvePlot::tr("&Fit"), [this] { fit(); });
  auto* log = menu->addAction(CurvePlot::tr("&Logarithmic values"));
  log->setCheckable(true);
  log->setChecked(logY);
  QObject::connect(log, &QAction::triggered, q, &CurvePlot::setLogY);
  menu->addSeparator();
  add(CurvePlot::tr("&Copy picture"), [this] { q->copyPicture(); });
  add(CurvePlot::tr("Save as &PNG…"), [this] { askFile(QStringLiteral("png"), CurvePlot::tr("PNG picture (*.png)")); });
  add(CurvePlot::tr("Save as &SVG…"), [this] { askFile(QStringLiteral("svg"), CurvePlot::tr("SVG drawing (*.svg)")); });
  add(CurvePlot::tr("Save as P&DF…"),
      [this] { askFile(QStringLiteral("pdf"), CurvePlot::tr("PDF document (*.pdf)")); });
  add(CurvePlot::tr("Save points as CS&V…"),
      [this] { askFile(QStringLiteral("csv"), CurvePlot::tr("CSV table (*.csv)")); });
  menu->popup(globalPosition);
}

}  // namespace lathe::ui

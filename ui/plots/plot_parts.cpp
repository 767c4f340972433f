// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_parts.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/bridge/error_text.h"
#include "ui/models/theme.h"
#include "ui/plots/axis_ticks.h"

namespace lathe::ui {

PlotParts::PlotParts(PlotWidget* owner)
    : base(owner),
      plot(new QCustomPlot(owner)),
      title(new QLabel(owner)),
      empty(new QLabel(plot)),
      values(new QLabel(plot)),
      followButton(new QToolButton(plot)),
      cross(new QCPItemLine(plot)),
      crossLayer(nullptr),
      small(owner->font()) {
  auto bold = title->font();
  bold.setWeight(QFont::DemiBold);
  title->setFont(bold);
  small.setPointSizeF(small.pointSizeF() * 0.9);
  values->setFont(small);
  empty->setAlignment(Qt::AlignCenter);
  empty->setWordWrap(true);
  empty->setAttribute(Qt::WA_TransparentForMouseEvents);
  // Coloured by the stylesheet: a palette of its own would not survive its next change.
  empty->setProperty("formLabel", true);
  values->setAttribute(Qt::WA_TransparentForMouseEvents);
  values->setTextFormat(Qt::RichText);
  values->setMargin(6);
  values->setAutoFillBackground(true);
  values->hide();
  followButton->hide();
  followButton->setToolButtonStyle(Qt::ToolButtonTextOnly);
  QObject::connect(followButton, &QToolButton::clicked, owner, [owner] { owner->fit(); });
  plot->setFocusPolicy(Qt::NoFocus);
  plot->setContextMenuPolicy(Qt::NoContextMenu);
  plot->addLayer(QStringLiteral("cross"), plot->layer(QStringLiteral("overlay")), QCustomPlot::limAbove);
  crossLayer = plot->layer(QStringLiteral("cross"));
  crossLayer->setMode(QCPLayer::lmBuffered);
  cross->setLayer(crossLayer);
  cross->setVisible(false);
  cross->setSelectable(false);
  for (auto* each : {cross->start, cross->end}) {
    each->setTypeX(QCPItemPosition::ptPlotCoords);
    each->setTypeY(QCPItemPosition::ptAxisRectRatio);
  }
}

void PlotParts::layOut(int spacing, std::initializer_list<QWidget*> besideTitle) {
  auto* header = new QHBoxLayout;
  header->setContentsMargins(12, 6, 12, 0);
  header->setSpacing(spacing);
  header->addWidget(title);
  for (auto* each : besideTitle) header->addWidget(each, each == *(besideTitle.end() - 1) ? 1 : 0);
  auto* column = new QVBoxLayout(base);
  column->setContentsMargins(1, 1, 1, 1);
  column->setSpacing(0);
  column->addLayout(header);
  column->addWidget(plot, 1);
}

void PlotParts::styleAxes(std::initializer_list<QCPAxis*> axes) const {
  auto font = base->font();
  font.setPointSizeF(font.pointSizeF() * 0.85);
  for (auto* each : axes) {
    each->setTickLabelFont(font);
    each->setLabelFont(font);
    each->setSubTicks(false);
    each->setTickLengthIn(0);
    each->setTickLengthOut(0);
    each->setTickLabelPadding(6);
    each->setLabelPadding(2);
  }
  plot->axisRect()->setupFullAxesBox(false);
  plot->xAxis2->setVisible(false);
  plot->yAxis2->setVisible(false);
  plot->xAxis->setRange(0, 1);
  plot->yAxis->setRange(0, 1);
}

void PlotParts::setTicksBelow(int count, bool wholeX) const {
  plot->xAxis->setTicker(QSharedPointer<LinearTicks>::create(wholeX));
  plot->xAxis->ticker()->setTickCount(count);
}

void PlotParts::setTicks(int below, bool wholeX, int beside) const {
  setTicksBelow(below, wholeX);
  plot->yAxis->setTicker(QSharedPointer<LinearTicks>::create(false));
  plot->yAxis->ticker()->setTickCount(beside);
}

void PlotParts::listen() {
  plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  plot->axisRect()->setRangeZoom(Qt::Horizontal);
  plot->axisRect()->setRangeZoomFactor(0.8);
  QObject::connect(plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), base, [this] {
    if (!ownChange) userMoved();
  });
  QObject::connect(plot->yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), base, [this] {
    if (!ownChange) valuesMoved();
  });
  QObject::connect(plot, &QCustomPlot::mousePress, base, [this](QMouseEvent* event) {
    pressed(*event);
    hideCrosshair();
  });
  QObject::connect(plot, &QCustomPlot::mouseWheel, base, [this](QWheelEvent* event) {
    const bool overValues = event->position().x() < plot->axisRect()->left() && valuesZoom();
    plot->axisRect()->setRangeZoom(overValues ? Qt::Vertical : Qt::Horizontal);
  });
  QObject::connect(plot, &QCustomPlot::mouseDoubleClick, base, [this] { base->fit(); });
  QObject::connect(plot, &QCustomPlot::mouseMove, base, [this](QMouseEvent* event) {
    if (event->buttons() == Qt::NoButton) showCrosshair(event->pos());
  });
}

void PlotParts::paintAxes(std::initializer_list<QCPAxis*> axes) const {
  const auto& theme = Theme::current();
  plot->setBackground(QBrush(theme.surface));
  for (auto* each : axes) {
    each->setBasePen(QPen(theme.border));
    each->setTickPen(QPen(theme.border));
    each->setTickLabelColor(theme.secondary);
    each->setLabelColor(theme.secondary);
    each->grid()->setPen(QPen(theme.grid, 1));
    each->grid()->setZeroLinePen(QPen(theme.grid, 1));
  }
}

void PlotParts::paintValues() const {
  const auto& theme = Theme::current();
  cross->setPen(QPen(theme.secondary, 1, Qt::DashLine));
  auto palette = values->palette();
  palette.setColor(QPalette::Window, theme.raised);
  palette.setColor(QPalette::WindowText, theme.text);
  values->setPalette(palette);
}

void PlotParts::nameFollowButton() const {
  followButton->setText(PlotWidget::tr("Follow"));
  followButton->setToolTip(PlotWidget::tr("Go back to the end of the curve and stay there"));
  followButton->setAccessibleName(PlotWidget::tr("Follow the end of the curve"));
}

void PlotParts::zoomX(double factor) {
  const auto range = plot->xAxis->range();
  const bool log = plot->xAxis->scaleType() == QCPAxis::stLogarithmic;
  plot->xAxis->scaleRange(factor, log ? std::sqrt(range.lower * range.upper) : range.center());
}

void PlotParts::panX(double share) const {
  const auto range = plot->xAxis->range();
  const bool log = plot->xAxis->scaleType() == QCPAxis::stLogarithmic;
  plot->xAxis->moveRange(log ? std::pow(range.upper / range.lower, share) : share * range.size());
}

void PlotParts::placeFollowButton() const {
  followButton->adjustSize();
  const auto inner = plot->axisRect()->rect();
  followButton->move(inner.right() - followButton->width() - 8, inner.top() + 8);
}

void PlotParts::setFollowing(bool on) {
  followButton->setVisible(!on);
  placeFollowButton();
  if (on == following) return;
  following = on;
  Q_EMIT base->followingChanged(on);
}

void PlotParts::crossAt(double x, const QPoint& position, const QString& text, int rightEdge) const {
  if (text.isEmpty()) return hideCrosshair();
  cross->start->setCoords(x, 0);
  cross->end->setCoords(x, 1);
  cross->setVisible(true);
  crossLayer->replot();
  values->setText(text);
  values->adjustSize();
  const int space = 12;
  const bool right = position.x() + space + values->width() < rightEdge;
  values->move(right ? position.x() + space : std::max(position.x() - space - values->width(), 0),
               plot->axisRect()->rect().top() + 4);
  values->show();
}

void PlotParts::hideCrosshair() const {
  if (!cross->visible()) return;
  cross->setVisible(false);
  crossLayer->replot();
  values->hide();
}

void PlotParts::showEmpty(bool nothing) const {
  empty->setText(emptyText);
  empty->setVisible(nothing);
  empty->setGeometry(plot->rect().adjusted(16, 8, -16, -8));
  for (auto* each : {plot->xAxis, plot->yAxis}) each->setTickLabels(!nothing);
}

int PlotParts::paintHeader(QPainter& painter, const QSize& size, const QString& name) const {
  const auto& theme = Theme::current();
  painter.fillRect(QRect(QPoint(0, 0), size), theme.surface);
  const int header = base->fontMetrics().height() + 12;
  painter.setFont(title->font());
  painter.setPen(theme.text);
  painter.drawText(QRectF(12, 0, size.width() - 24, header), Qt::AlignLeft | Qt::AlignVCenter, name);
  return header;
}

void PlotParts::tellSaved(const QString& file, const Result<void>& result) const {
  if (result)
    Q_EMIT base->saved(file);
  else
    Q_EMIT base->failed(errorText(result.error()));
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/heat_plot.h"

#include <algorithm>
#include <cmath>

#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/axis_ticks.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/curve_shape.h"
#include "ui/plots/heat_plot_impl.h"
#include "ui/plots/replot_queue.h"

namespace lathe::ui {

namespace {

constexpr int pixelsAColumn = 2;
constexpr int pixelsARow = 3;

QColor mixed(const QColor& a, const QColor& b, double part) {
  const auto blend = [part](int from, int to) { return static_cast<int>(std::lround(from + part * (to - from))); };
  return {blend(a.red(), b.red()), blend(a.green(), b.green()), blend(a.blue(), b.blue())};
}

/// From the surface over the accent towards the text: few values show, many do not run into one.
QCPColorGradient gradientOf(const Theme& theme) {
  QCPColorGradient gradient;
  gradient.clearColorStops();
  gradient.setColorInterpolation(QCPColorGradient::ciRGB);
  gradient.setColorStopAt(0, theme.surface);
  gradient.setColorStopAt(0.004, mixed(theme.surface, theme.accent, 0.18));
  gradient.setColorStopAt(0.08, mixed(theme.surface, theme.accent, 0.45));
  gradient.setColorStopAt(0.3, mixed(theme.surface, theme.accent, 0.75));
  gradient.setColorStopAt(0.6, theme.accent);
  gradient.setColorStopAt(1, mixed(theme.accent, theme.text, 0.6));
  gradient.setLevelCount(256);
  return gradient;
}

}  // namespace

HeatPlot::Impl::Impl(HeatPlot* owner, Workbench& bench)
    : PlotParts(owner), q(owner), workbench(bench), caption(new QLabel(owner)), map(nullptr), scale(nullptr) {
  layOut(8, {caption});
  caption->setFont(small);
  caption->setProperty("formLabel", true);
  caption->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  caption->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  setUpAxes();
  plot->axisRect()->setRangeDrag(Qt::Horizontal | Qt::Vertical);
  listen();
}

void HeatPlot::Impl::setUpAxes() {
  auto* rect = plot->axisRect();
  map = new QCPColorMap(plot->xAxis, plot->yAxis);
  map->setInterpolate(false);
  map->setTightBoundary(true);
  scale = new QCPColorScale(plot);
  plot->plotLayout()->addElement(0, 1, scale);
  scale->setType(QCPAxis::atRight);
  scale->setBarWidth(8);
  map->setColorScale(scale);
  auto* group = new QCPMarginGroup(plot);
  rect->setMarginGroup(QCP::msBottom | QCP::msTop, group);
  scale->setMarginGroup(QCP::msBottom | QCP::msTop, group);
  scale->setMinimumMargins(QMargins(4, 8, 8, 4));
  styleAxes({plot->xAxis, plot->yAxis, scale->axis()});
  rect->setMinimumMargins(QMargins(8, 8, 4, 4));
  scale->axis()->setTickLabelPadding(4);
  setTicks(4, true, 4);
  scale->axis()->setTicker(QSharedPointer<LinearTicks>::create(false));
  scale->axis()->ticker()->setTickCount(3);
  // The map fills its axes: a grid over it would only be noise, one beneath it is not seen.
  for (auto* each : {plot->xAxis, plot->yAxis}) each->grid()->setVisible(false);
}

void HeatPlot::Impl::applyTheme() {
  const auto& theme = Theme::current();
  paintAxes({plot->xAxis, plot->yAxis, scale->axis()});
  paintValues();
  for (auto type : {QCPAxis::atLeft, QCPAxis::atTop, QCPAxis::atBottom})
    if (auto* each = scale->axis()->axisRect()->axis(type)) each->setBasePen(QPen(theme.border));
  scale->setGradient(gradientOf(theme));
  askReplot();
}

QString HeatPlot::Impl::xName() const {
  if (axis == XAxis::Epoch) return CurvePlot::tr("epoch");
  return axis == XAxis::Time ? CurvePlot::tr("time in s") : CurvePlot::tr("step");
}

void HeatPlot::Impl::retranslate() {
  nameFollowButton();
  plot->xAxis->setLabel(xName());
  updateTexts();
  askReplot();
}

double HeatPlot::Impl::endOfData() const { return frames.empty() ? 0 : positionOf(frames.back().step, item, axis); }

void HeatPlot::Impl::askReplot() {
  ReplotQueue::instance().ask(q, [this] { draw(); });
}

void HeatPlot::Impl::draw() {
  if (!q->isVisible()) return;
  ownChange = true;
  if (following) {
    heatAxis = HeatAxis::fitting(frames, logY);
    const double end = endOfData();
    plot->xAxis->setRange(0, end > 0 ? end : 1);
    plot->yAxis->setRange(heatAxis.low(), heatAxis.high());
    if (heatAxis.isLog()) {
      auto ticks = QSharedPointer<QCPAxisTickerText>::create();
      for (const double value : heatAxis.logTicks()) ticks->addTick(heatAxis.toAxis(value), format::number(value, 1));
      plot->yAxis->setTicker(ticks);
    } else {
      plot->yAxis->setTicker(QSharedPointer<LinearTicks>::create(false));
      plot->yAxis->ticker()->setTickCount(4);
    }
  }
  ownChange = false;
  fillMap();
  updateTexts();
  if (!following) followButton->raise();
  plot->replot(QCustomPlot::rpQueuedRefresh);
  Q_EMIT q->painted();
}

void HeatPlot::Impl::fillMap() {
  const auto size = plot->axisRect()->size();
  const int columns = std::clamp(size.width() / pixelsAColumn, 8, 600);
  const int rows = std::clamp(size.height() / pixelsARow, 8, 200);
  const auto x = plot->xAxis->range();
  const auto y = plot->yAxis->range();
  const auto seen = heatAxis.isLog() ? heatAxis : HeatAxis::linear(y.lower, y.upper);
  const double first = stepAt(std::max(0.0, x.lower), item, axis);
  const double last = stepAt(std::max(x.lower, std::min(x.upper, endOfData())), item, axis);
  const auto raster = makeRaster(frames, seen, first, last, columns, rows);
  auto* data = map->data();
  data->setSize(columns, rows);
  // QCustomPlot's ranges lie between the middles of the outermost cells.
  const double left = positionOf(0, item, axis) + std::max(0.0, x.lower);
  const double right = std::max(x.lower, std::min(x.upper, endOfData()));
  const double halfColumn = (right - left) / columns / 2;
  const double halfRow = (seen.high() - seen.low()) / rows / 2;
  data->setRange(QCPRange(left + halfColumn, std::max(right - halfColumn, left + halfColumn + 1e-9)),
                 QCPRange(seen.low() + halfRow, seen.high() - halfRow));
  for (int column = 0; column < columns; ++column)
    for (int row = 0; row < rows; ++row) data->setCell(column, row, 100.0 * raster.at(column, row));
  scale->setDataRange(QCPRange(0, raster.most > 0 ? 100.0 * raster.most : 1));
  map->setVisible(!frames.empty());
}

void HeatPlot::Impl::updateTexts() {
  const bool nothing = frames.empty();
  showEmpty(nothing);
  plot->yAxis->setLabel(nothing ? QString() : valueName);
  scale->setVisible(!nothing);
  scale->axis()->setLabel(HeatPlot::tr("% of values"));
  q->setAccessibleDescription(q->summary());
}

HeatPlot::HeatPlot(Workbench& workbench, QWidget* parent)
    : PlotWidget(parent), m_impl(std::make_unique<Impl>(this, workbench)) {
  use(*m_impl);
  m_impl->applyTheme();
  m_impl->retranslate();
}

HeatPlot::~HeatPlot() = default;

void HeatPlot::applyTheme() { m_impl->applyTheme(); }
void HeatPlot::retranslate() { m_impl->retranslate(); }
void HeatPlot::titleChanged() { m_impl->updateTexts(); }
void HeatPlot::resized() { m_impl->askReplot(); }

void HeatPlot::setValueName(const QString& name) {
  m_impl->valueName = name;
  m_impl->askReplot();
}

void HeatPlot::setCaption(const QString& caption) {
  m_impl->caption->setText(caption);
  m_impl->caption->setToolTip(caption);
}

void HeatPlot::setFrames(const SpreadFrames& frames) {
  m_impl->frames = frames;
  m_impl->askReplot();
}

int HeatPlot::frameCount() const { return static_cast<int>(m_impl->frames.size()); }

void HeatPlot::setXAxis(XAxis axis, const CurveItem& item) {
  if (axis == m_impl->axis && item == m_impl->item) return;
  const bool another = axis != m_impl->axis;
  m_impl->axis = axis;
  m_impl->item = item;
  if (another) {
    m_impl->setTicksBelow(4, axis == XAxis::Step);
    m_impl->plot->xAxis->setLabel(m_impl->xName());
    m_impl->fit();
  }
  m_impl->askReplot();
}

void HeatPlot::setLogY(bool on) {
  if (on == m_impl->logY) return;
  m_impl->logY = on;
  m_impl->fit();
}

bool HeatPlot::logY() const { return m_impl->logY; }
void HeatPlot::fit() { m_impl->fit(); }

std::pair<double, double> HeatPlot::yRange() const {
  const auto range = m_impl->plot->yAxis->range();
  return {m_impl->heatAxis.toValue(range.lower), m_impl->heatAxis.toValue(range.upper)};
}

QString HeatPlot::summary() const {
  const auto& frames = m_impl->frames;
  if (frames.empty()) return m_impl->emptyText;
  const auto range = HeatAxis::fitting(SpreadFrames{frames.back()}, false);
  return tr("%n histogram(s), the last one at step %1: nearly all values lie between %2 and %3.", nullptr,
            static_cast<int>(frames.size()))
      .arg(format::integer(frames.back().step), format::number(range.low(), 3), format::number(range.high(), 3));
}

void HeatPlot::showEvent(QShowEvent* event) {
  PlotWidget::showEvent(event);
  m_impl->askReplot();
}

}  // namespace lathe::ui

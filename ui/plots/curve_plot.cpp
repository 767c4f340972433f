// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_plot.h"

#include <algorithm>
#include <cmath>

#include "ui/bridge/workbench.h"
#include "ui/models/theme.h"
#include "ui/plots/axis_ticks.h"
#include "ui/plots/curve_plot_impl.h"

namespace lathe::ui {

CurvePlot::Impl::Impl(CurvePlot* owner, Workbench& bench)
    : PlotParts(owner),
      q(owner),
      workbench(bench),
      feed(bench),
      unitLabel(new QLabel(owner)),
      legend(new LegendStrip(owner)) {
  layOut(6, {unitLabel, legend});
  unitLabel->setFont(small);
  unitLabel->setProperty("formLabel", true);
  legend->setFont(small);
  plot->setPlottingHint(QCP::phFastPolylines, true);
  plot->setNoAntialiasingOnDrag(true);
  styleAxes({plot->xAxis, plot->yAxis});
  plot->axisRect()->setMinimumMargins(QMargins(8, 8, 14, 4));
  plot->axisRect()->setRangeDrag(Qt::Horizontal);
  for (auto* each : {plot->xAxis, plot->yAxis}) each->grid()->setSubGridVisible(false);
  setTicks(5, true, 4);
  listen();
  QObject::connect(plot, &QCustomPlot::mouseRelease, q, [this] { plot->axisRect()->setRangeZoom(Qt::Horizontal); });
  feed.setPaused(true);  // until it is shown
  QObject::connect(&feed, &CurveFeed::changed, owner, [this] { takeData(); });
}

void CurvePlot::Impl::applyTheme() {
  paintAxes({plot->xAxis, plot->yAxis});
  paintValues();
  const auto& theme = Theme::current();
  plot->selectionRect()->setPen(QPen(theme.accent));
  auto wash = theme.accent;
  wash.setAlpha(40);
  plot->selectionRect()->setBrush(wash);
  itemsChanged();
}

void CurvePlot::Impl::retranslate() {
  nameFollowButton();
  plot->xAxis->setLabel(xName());
  updateTexts();
  askReplot();
}

CurvePlot::CurvePlot(Workbench& workbench, QWidget* parent)
    : PlotWidget(parent), m_impl(std::make_unique<Impl>(this, workbench)) {
  use(*m_impl);
  // Another project numbers its runs from 1 again.
  connect(&workbench, &Workbench::projectOpened, this, [this] { m_impl->bests.clear(); });
  connect(&workbench, &Workbench::projectClosed, this, [this] { m_impl->bests.clear(); });
  m_impl->applyTheme();
  m_impl->retranslate();
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::applyTheme() { m_impl->applyTheme(); }
void CurvePlot::retranslate() { m_impl->retranslate(); }
void CurvePlot::titleChanged() { m_impl->updateTexts(); }
void CurvePlot::resized() { m_impl->askData(); }

void CurvePlot::setValueAxis(const QString& name, const QString& unit) {
  m_impl->valueName = name;
  m_impl->valueUnit = unit;
  m_impl->unitLabel->setText(unit);
  m_impl->unitLabel->setVisible(!unit.isEmpty());
  m_impl->updateTexts();
}

void CurvePlot::setFromZero(bool on) {
  m_impl->fromZero = on;
  m_impl->askReplot();
}

void CurvePlot::setItems(std::vector<CurveItem> items) {
  if (items == m_impl->items) return;
  m_impl->items = std::move(items);
  m_impl->itemsChanged();
}

const std::vector<CurveItem>& CurvePlot::items() const { return m_impl->items; }

void CurvePlot::setXAxis(XAxis axis) {
  if (axis == m_impl->axis) return;
  m_impl->axis = axis;
  m_impl->setTicksBelow(5, axis == XAxis::Step);
  m_impl->plot->xAxis->setLabel(m_impl->xName());
  m_impl->itemsChanged();
  m_impl->fit();
}

void CurvePlot::setSmoothing(double weight) {
  const double wanted = std::isfinite(weight) ? std::clamp(weight, 0.0, 0.99) : 0;
  if (wanted == m_impl->smoothing) return;
  m_impl->smoothing = wanted;
  m_impl->itemsChanged();
}

void CurvePlot::setLogY(bool on) {
  if (on == m_impl->logY) return;
  m_impl->logY = on;
  auto* axis = m_impl->plot->yAxis;
  axis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  if (on)
    axis->setTicker(QSharedPointer<LogTicks>::create());
  else
    axis->setTicker(QSharedPointer<LinearTicks>::create(false));
  axis->ticker()->setTickCount(4);
  m_impl->autoY = true;
  m_impl->itemsChanged();
}

bool CurvePlot::logY() const { return m_impl->logY; }
void CurvePlot::fit() { m_impl->fit(); }

std::pair<double, double> CurvePlot::yRange() const {
  const auto range = m_impl->plot->yAxis->range();
  return {range.lower, range.upper};
}

QString CurvePlot::summary() const { return m_impl->summary(); }

double CurvePlot::valueAt(std::size_t item, double x) const {
  if (item >= m_impl->drawn.size()) return std::numeric_limits<double>::quiet_NaN();
  const auto& shape = m_impl->drawn[item].shape;
  if (shape.x.empty() || x < shape.x.front() || x > shape.x.back()) return std::numeric_limits<double>::quiet_NaN();
  return shape.y[static_cast<std::size_t>(nearestIndex(shape.x, x))];
}

std::int64_t CurvePlot::lastShownStep(std::size_t item) const {
  return item < m_impl->drawn.size() ? m_impl->drawn[item].lastStep : 0;
}

void CurvePlot::showEvent(QShowEvent* event) {
  PlotWidget::showEvent(event);
  m_impl->feed.setPaused(false);
  m_impl->askData();
  m_impl->askReplot();
}

void CurvePlot::hideEvent(QHideEvent* event) {
  PlotWidget::hideEvent(event);
  m_impl->feed.setPaused(true);
}

}  // namespace lathe::ui

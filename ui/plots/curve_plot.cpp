// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_plot.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <cmath>

#include "ui/bridge/workbench.h"
#include "ui/models/theme.h"
#include "ui/plots/axis_ticks.h"
#include "ui/plots/curve_plot_impl.h"

namespace lathe::ui {

CurvePlot::Impl::Impl(CurvePlot* owner, Workbench& bench)
    : q(owner),
      workbench(bench),
      feed(bench),
      plot(new QCustomPlot(owner)),
      title(new QLabel(owner)),
      unitLabel(new QLabel(owner)),
      legend(new LegendStrip(owner)),
      empty(new QLabel(plot)),
      values(new QLabel(plot)),
      followButton(new QToolButton(plot)),
      cross(new QCPItemLine(plot)),
      crossLayer(nullptr) {
  auto* header = new QHBoxLayout;
  header->setContentsMargins(12, 6, 12, 0);
  header->setSpacing(6);
  header->addWidget(title);
  header->addWidget(unitLabel);
  header->addWidget(legend, 1);
  auto* column = new QVBoxLayout(owner);
  column->setContentsMargins(1, 1, 1, 1);
  column->setSpacing(0);
  column->addLayout(header);
  column->addWidget(plot, 1);

  auto bold = title->font();
  bold.setWeight(QFont::DemiBold);
  title->setFont(bold);
  auto small = owner->font();
  small.setPointSizeF(small.pointSizeF() * 0.9);
  unitLabel->setFont(small);
  legend->setFont(small);
  values->setFont(small);

  empty->setAlignment(Qt::AlignCenter);
  empty->setWordWrap(true);
  empty->setAttribute(Qt::WA_TransparentForMouseEvents);
  values->setAttribute(Qt::WA_TransparentForMouseEvents);
  values->setTextFormat(Qt::RichText);
  values->setMargin(6);
  values->setAutoFillBackground(true);
  values->hide();
  followButton->hide();
  followButton->setToolButtonStyle(Qt::ToolButtonTextOnly);
  QObject::connect(followButton, &QToolButton::clicked, owner, [this] { fit(); });

  plot->setPlottingHint(QCP::phFastPolylines, true);
  plot->setNoAntialiasingOnDrag(true);
  plot->setFocusPolicy(Qt::NoFocus);
  plot->setContextMenuPolicy(Qt::NoContextMenu);
  plot->addLayer(QStringLiteral("cross"), plot->layer(QStringLiteral("overlay")), QCustomPlot::limAbove);
  crossLayer = plot->layer(QStringLiteral("cross"));
  crossLayer->setMode(QCPLayer::lmBuffered);
  cross->setLayer(crossLayer);
  cross->setVisible(false);
  cross->setSelectable(false);
  setUpAxes();
  setUpInteraction();
  feed.setPaused(true);  // until it is shown
  QObject::connect(&feed, &CurveFeed::changed, owner, [this] { takeData(); });
}

void CurvePlot::Impl::setUpAxes() {
  auto* rect = plot->axisRect();
  rect->setupFullAxesBox(false);
  rect->setMinimumMargins(QMargins(8, 8, 14, 4));
  for (auto* each : {plot->xAxis, plot->yAxis}) {
    auto font = q->font();
    font.setPointSizeF(font.pointSizeF() * 0.85);
    each->setTickLabelFont(font);
    each->setLabelFont(font);
    each->setSubTicks(false);
    each->setTickLengthIn(0);
    each->setTickLengthOut(0);
    each->setTickLabelPadding(6);
    each->setLabelPadding(2);
    each->grid()->setSubGridVisible(false);
  }
  plot->xAxis2->setVisible(false);
  plot->yAxis2->setVisible(false);
  plot->xAxis->setTicker(QSharedPointer<LinearTicks>::create(true));
  plot->yAxis->setTicker(QSharedPointer<LinearTicks>::create(false));
  plot->xAxis->ticker()->setTickCount(5);
  plot->yAxis->ticker()->setTickCount(4);
  plot->xAxis->setRange(0, 1);
  plot->yAxis->setRange(0, 1);
}

void CurvePlot::Impl::applyTheme() {
  const auto& theme = Theme::current();
  plot->setBackground(QBrush(theme.surface));
  for (auto* each : {plot->xAxis, plot->yAxis}) {
    each->setBasePen(QPen(theme.border));
    each->setTickPen(QPen(theme.border));
    each->setTickLabelColor(theme.secondary);
    each->setLabelColor(theme.secondary);
    each->grid()->setPen(QPen(theme.grid, 1));
    each->grid()->setZeroLinePen(QPen(theme.grid, 1));
  }
  cross->setPen(QPen(theme.secondary, 1, Qt::DashLine));
  plot->selectionRect()->setPen(QPen(theme.accent));
  auto wash = theme.accent;
  wash.setAlpha(40);
  plot->selectionRect()->setBrush(wash);
  auto palette = values->palette();
  palette.setColor(QPalette::Window, theme.raised);
  palette.setColor(QPalette::WindowText, theme.text);
  values->setPalette(palette);
  itemsChanged();
}

void CurvePlot::Impl::retranslate() {
  followButton->setText(CurvePlot::tr("Follow"));
  followButton->setToolTip(CurvePlot::tr("Go back to the end of the curve and stay there"));
  followButton->setAccessibleName(CurvePlot::tr("Follow the end of the curve"));
  plot->xAxis->setLabel(xName());
  updateTexts();
  askReplot();
}

CurvePlot::CurvePlot(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_impl(std::make_unique<Impl>(this, workbench)) {
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(160, 120);
  m_impl->plot->installEventFilter(this);
  // Coloured by the stylesheet: a palette of their own would not survive its next change.
  m_impl->unitLabel->setProperty("formLabel", true);
  m_impl->empty->setProperty("formLabel", true);
  // Another project numbers its runs from 1 again.
  connect(&workbench, &Workbench::projectOpened, this, [this] { m_impl->bests.clear(); });
  connect(&workbench, &Workbench::projectClosed, this, [this] { m_impl->bests.clear(); });
  m_impl->applyTheme();
  m_impl->retranslate();
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::setTitle(const QString& title) {
  m_impl->title->setText(title);
  setAccessibleName(title);
  m_impl->updateTexts();
}

void CurvePlot::setValueAxis(const QString& name, const QString& unit) {
  m_impl->valueName = name;
  m_impl->valueUnit = unit;
  m_impl->unitLabel->setText(unit);
  m_impl->unitLabel->setVisible(!unit.isEmpty());
  m_impl->updateTexts();
}

void CurvePlot::setEmptyText(const QString& text) {
  m_impl->emptyText = text;
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
  m_impl->plot->xAxis->setTicker(QSharedPointer<LinearTicks>::create(axis == XAxis::Step));
  m_impl->plot->xAxis->ticker()->setTickCount(5);
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
bool CurvePlot::following() const { return m_impl->following; }

std::pair<double, double> CurvePlot::xRange() const {
  const auto range = m_impl->plot->xAxis->range();
  return {range.lower, range.upper};
}

std::pair<double, double> CurvePlot::yRange() const {
  const auto range = m_impl->plot->yAxis->range();
  return {range.lower, range.upper};
}

void CurvePlot::setXRange(double low, double high) {
  if (!(low < high)) return;
  m_impl->plot->xAxis->setRange(low, high);
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

void CurvePlot::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) m_impl->applyTheme();
  if (event->type() == QEvent::LanguageChange) m_impl->retranslate();
  QWidget::changeEvent(event);
}

void CurvePlot::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_impl->hideCrosshair();
  m_impl->askData();
}

void CurvePlot::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  m_impl->feed.setPaused(false);
  m_impl->askData();
  m_impl->askReplot();
}

void CurvePlot::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  m_impl->feed.setPaused(true);
}

void CurvePlot::contextMenuEvent(QContextMenuEvent* event) { m_impl->openMenu(event->globalPos()); }

void CurvePlot::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  const auto& theme = Theme::current();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(hasFocus() ? theme.accent : theme.border, 1));
  painter.setBrush(theme.surface);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
}

void CurvePlot::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void CurvePlot::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/rate_plot.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/axis_ticks.h"

namespace lathe::ui {

namespace {

constexpr double leastRate = 1e-7;
constexpr double mostRate = 10;
constexpr double keyFactor = 1.2;
constexpr int faint = 90;
constexpr double room = 0.06;  // above and below the smoothed curve

}  // namespace

RatePlot::RatePlot(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this)) {
  setObjectName(QStringLiteral("ratePlot"));
  setFocusPolicy(Qt::StrongFocus);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_plot);
  m_raw = m_plot->addGraph();
  m_smooth = m_plot->addGraph();
  m_line = new QCPItemLine(m_plot);
  m_line->start->setTypeX(QCPItemPosition::ptPlotCoords);
  m_line->start->setTypeY(QCPItemPosition::ptAxisRectRatio);
  m_line->end->setTypeX(QCPItemPosition::ptPlotCoords);
  m_line->end->setTypeY(QCPItemPosition::ptAxisRectRatio);
  m_plot->xAxis->setScaleType(QCPAxis::stLogarithmic);
  m_plot->xAxis->setTicker(QSharedPointer<LogTicks>::create());
  m_plot->yAxis->setTicker(QSharedPointer<LinearTicks>::create(false));
  m_plot->xAxis->setRange(leastRate, mostRate);
  for (auto* axis : {m_plot->xAxis, m_plot->yAxis}) {
    axis->setTickLengthIn(0);
    axis->setSubTickLengthIn(0);
    axis->setTickLabelPadding(6);
  }
  m_plot->installEventFilter(this);
  m_plot->setFocusPolicy(Qt::NoFocus);
  applyTheme();
  retranslate();
  placeLine();
}

void RatePlot::applyTheme() {
  const auto& theme = Theme::current();
  m_plot->setBackground(theme.surface);
  for (auto* axis : {m_plot->xAxis, m_plot->yAxis}) {
    axis->setTickLabelFont(font());
    axis->setLabelFont(font());
    axis->setBasePen(QPen(theme.border));
    axis->setTickPen(QPen(theme.border));
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLabelColor(theme.secondary);
    axis->setLabelColor(theme.secondary);
    axis->grid()->setPen(QPen(theme.grid));
    axis->grid()->setZeroLinePen(QPen(theme.grid));
  }
  auto colour = theme.curve(0);
  m_smooth->setPen(QPen(colour, 2));
  colour.setAlpha(faint);
  m_raw->setPen(QPen(colour, 1));
  m_line->setPen(QPen(theme.accent, 2, Qt::DashLine));
  m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void RatePlot::retranslate() {
  m_plot->xAxis->setLabel(tr("Learning rate"));
  m_plot->yAxis->setLabel(tr("Training loss"));
  setAccessibleName(tr("Loss over the learning rate"));
  setAccessibleDescription(summary());
}

void RatePlot::setPoints(const std::vector<Point>& points) {
  QVector<double> rates;
  QVector<double> losses;
  QVector<double> smoothed;
  double low = std::numeric_limits<double>::infinity();
  double first = 0;
  for (const auto& point : points) {
    rates.append(point.rate);
    losses.append(point.loss);
    smoothed.append(point.smoothed);
    if (point.smoothed < low) {
      low = point.smoothed;
      m_lowestAt = point.rate;
    }
    if (rates.size() == 1) first = point.smoothed;
  }
  m_raw->setData(rates, losses, true);
  m_smooth->setData(rates, smoothed, true);
  m_lowest = points.empty() ? 0 : low;
  if (!points.empty()) {
    // The explosion at the end is not what one looks at.
    const double span = std::max(first - low, std::max(std::fabs(low), 1e-6) * room);
    m_plot->yAxis->setRange(low - room * span, first + span * 0.5);
  }
  placeLine();
  setAccessibleDescription(summary());
}

void RatePlot::setRate(double rate) {
  m_rate = rate > 0 ? std::clamp(rate, leastRate, mostRate) : 0;
  placeLine();
  setAccessibleDescription(summary());
}

void RatePlot::placeLine() {
  m_line->setVisible(m_rate > 0);
  m_line->start->setCoords(std::max(m_rate, leastRate), 0);
  m_line->end->setCoords(std::max(m_rate, leastRate), 1);
  m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void RatePlot::choose(double rate) {
  setRate(rate);
  Q_EMIT rateChosen(m_rate);
}

QString RatePlot::summary() const {
  if (m_smooth->dataCount() == 0) return tr("Nothing was measured yet.");
  const auto lowest = tr("The smoothed loss is lowest, %1, at a learning rate of %2.")
                          .arg(QString::number(m_lowest, 'g', 4), QString::number(m_lowestAt, 'g', 2));
  return m_rate > 0 ? lowest + QLatin1Char(' ') + tr("Chosen: %1.").arg(QString::number(m_rate, 'g', 2)) : lowest;
}

void RatePlot::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) applyTheme();
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void RatePlot::keyPressEvent(QKeyEvent* event) {
  if (m_rate > 0 && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
    choose(event->key() == Qt::Key_Left ? m_rate / keyFactor : m_rate * keyFactor);
    return;
  }
  QWidget::keyPressEvent(event);
}

bool RatePlot::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseMove) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    if ((mouse->buttons() & Qt::LeftButton) != 0 && m_smooth->dataCount() > 0) {
      choose(m_plot->xAxis->pixelToCoord(mouse->position().x()));
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace lathe::ui

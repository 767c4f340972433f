// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/study_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/axis_ticks.h"
#include "ui/plots/legend_strip.h"
#include "ui/plots/plot_files.h"
#include "ui/plots/replot_queue.h"
#include "ui/plots/study_plot_impl.h"

namespace lathe::ui {

namespace {

constexpr double room = 0.04;  // of the range, beyond the outermost data
constexpr double usualShare = 0.75;
constexpr double beyond = 4;  // of the usual range; what lies farther is drawn at the edge
constexpr int clickReach = 4;
constexpr double wordGap = 6;

}  // namespace

StudyPlot::Impl::Impl(StudyPlot* owner, Workbench& bench)
    : PlotParts(owner),
      q(owner),
      workbench(bench),
      legend(new LegendStrip(owner)),
      shades(new ShadeStrip(owner)),
      canvas(new Canvas(plot, *this)) {
  layOut(8, {shades, legend});
  legend->setFont(small);
  shades->setFont(small);
  shades->hide();
  styleAxes({plot->xAxis, plot->yAxis});
  plot->axisRect()->setMinimumMargins(QMargins(8, 8, 14, 4));
  plot->axisRect()->setRangeDrag(Qt::Horizontal | Qt::Vertical);
  for (auto* each : {plot->xAxis, plot->yAxis}) each->grid()->setSubGridVisible(false);
  setTicks(6, false, 5);
  listen();
  QObject::connect(plot, &QCustomPlot::mouseRelease, q, [this](QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || (event->pos() - pressedAt).manhattanLength() > clickReach) return;
    if (const auto trial = hitAt(event->pos()).trial) Q_EMIT q->trialClicked(*trial);
  });
  QObject::connect(plot, &QCustomPlot::mouseDoubleClick, q, [this](QMouseEvent* event) {
    if (const auto trial = hitAt(event->pos()).trial) Q_EMIT q->trialActivated(*trial);
  });
}

void StudyPlot::Impl::askReplot() {
  ReplotQueue::instance().ask(q, [this] { draw(); });
}

void StudyPlot::Impl::applyTheme() {
  ++version;
  paintAxes({plot->xAxis, plot->yAxis});
  paintValues();
  askReplot();
}

void StudyPlot::Impl::updateTexts() {
  const bool nothing = !scene || scene->empty();
  emptyText = scene ? scene->emptyText : emptyText;
  showEmpty(nothing);
  for (auto* each : {plot->xAxis, plot->yAxis}) each->setVisible(!nothing);
  plot->xAxis->setLabel(nothing ? QString() : scene->x.name);
  plot->yAxis->setLabel(nothing ? QString() : scene->y.name);
  std::vector<LegendEntry> entries;
  if (!nothing)
    for (const auto& line : scene->lines)
      if (!line.name.isEmpty()) entries.push_back({line.name, line.tone == StudyScene::Tone::Good ? 2 : 1});
  legend->setEntries(std::move(entries));
  legend->setCaption(nothing ? QString() : scene->caption);
  const bool shaded =
      !nothing && (!scene->grid.values.empty() || std::any_of(scene->points.begin(), scene->points.end(),
                                                              [](const auto& point) { return point.shade >= 0; }));
  if (shaded && !scene->grid.values.empty()) {
    const auto& grid = scene->grid;
    const auto text = [&grid](double value) {
      return grid.shares ? format::percent(value, 0) : format::number(value, 3);
    };
    shades->show(text(grid.largerIsBetter ? grid.high : grid.low), text(grid.largerIsBetter ? grid.low : grid.high));
  } else if (shaded) {
    shades->show(StudyPlot::tr("best"), StudyPlot::tr("worst"));
  }
  shades->setVisible(shaded);
  q->setAccessibleDescription(q->summary());
}

void StudyPlot::Impl::setUpAxis(QCPAxis* axis, const StudyScene::Axis& from) const {
  const bool log = (from.log || (axis == plot->yAxis && logY)) && from.words.empty();
  axis->setScaleType(log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  if (!from.words.empty()) {
    auto ticks = QSharedPointer<QCPAxisTickerText>::create();
    // Along x only as many words as stand beside each other.
    double widest = 0;
    for (const auto& word : from.words)
      widest = std::max(widest, QFontMetricsF(axis->tickLabelFont()).horizontalAdvance(word));
    const double each = plot->axisRect()->width() / static_cast<double>(from.words.size());
    const double needed = axis == plot->xAxis && each > 0 ? std::ceil((widest + wordGap) / each) : 1;
    const auto every = std::max<std::size_t>(1, static_cast<std::size_t>(needed));
    for (std::size_t i = 0; i < from.words.size(); ++i)
      ticks->addTick(static_cast<double>(i), i % every == 0 ? from.words[i] : QString());
    axis->setTicker(ticks);
  } else if (log) {
    axis->setTicker(QSharedPointer<LogTicks>::create());
  } else {
    axis->setTicker(QSharedPointer<LinearTicks>::create(from.whole));
    axis->ticker()->setTickCount(axis == plot->xAxis ? 6 : 5);
  }
}

QCPRange StudyPlot::Impl::rangeOf(bool horizontal, const StudyScene::Axis& axis, bool log) const {
  if (!axis.words.empty()) return {-0.6, static_cast<double>(axis.words.size()) - 0.4};
  if (axis.low < axis.high) return {axis.low, axis.high};
  auto& known = ranges[horizontal ? 0 : 1];
  if (!known || known->version != version || known->log != log)
    known = Ranges{version, log, measuredRange(horizontal, axis, log)};
  return known->range;
}

QCPRange StudyPlot::Impl::measuredRange(bool horizontal, const StudyScene::Axis& axis, bool log) const {
  std::vector<double> all;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const auto add = [&](double value) {
    if (!std::isfinite(value) || (log && value <= 0)) return;
    all.push_back(value);
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const auto& point : scene->points) add(horizontal ? point.x : point.y);
  for (const auto& line : scene->lines)
    for (const double value : horizontal ? line.x : line.y) add(value);
  for (const float value : horizontal ? scene->curveX : scene->curveY) add(static_cast<double>(value));
  for (const auto& span : scene->spans) {
    add(horizontal ? span.start : span.lane - 0.5);
    add(horizontal ? span.end : span.lane + 0.5);
  }
  for (const auto& bar : scene->bars)
    if (horizontal) add(bar.length + bar.deviation);
  if (horizontal && !scene->bars.empty()) add(0);
  if (!scene->grid.values.empty()) {
    add(horizontal ? scene->grid.xLow : scene->grid.yLow);
    add(horizontal ? scene->grid.xHigh : scene->grid.yHigh);
  }
  if (all.empty()) return log ? QCPRange(0.1, 1) : QCPRange(0, 1);
  const auto at = [&](double share) {
    const auto place = all.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(all.size() - 1));
    std::nth_element(all.begin(), place, all.end());
    return *place;
  };
  if (axis.good < 0 && !log)
    high = std::min(high, low + beyond * std::max(at(usualShare) - low, 0.05 * (at(0.5) - low)));
  if (axis.good > 0 && !log)
    low = std::max(low, high - beyond * std::max(high - at(1 - usualShare), 0.05 * (high - at(0.5))));
  if (!(low < high)) {
    const double half = std::max(std::fabs(low) * 0.05, 1e-9);
    if (log) return {low / 2, high * 2};
    return axis.whole ? QCPRange(low - 1, high + 1) : QCPRange(low - half, high + half);
  }
  if (log) {
    const double factor = std::pow(high / low, room);
    return {low / factor, high * factor};
  }
  const double space = room * (high - low);
  return {!scene->bars.empty() && horizontal ? 0 : low - space, high + space};
}

void StudyPlot::Impl::chooseRange() {
  plot->xAxis->setRange(rangeOf(true, scene->x, plot->xAxis->scaleType() == QCPAxis::stLogarithmic));
  plot->yAxis->setRange(rangeOf(false, scene->y, plot->yAxis->scaleType() == QCPAxis::stLogarithmic));
}

void StudyPlot::Impl::draw() {
  if (!q->isVisible()) return;
  ownChange = true;
  if (scene) {
    setUpAxis(plot->xAxis, scene->x);
    setUpAxis(plot->yAxis, scene->y);
    if (following) chooseRange();
  }
  ownChange = false;
  updateTexts();
  if (!following) placeFollowButton();
  plot->replot(QCustomPlot::rpQueuedRefresh);
  Q_EMIT q->painted();
}

void StudyPlot::Impl::showCrosshair(const QPoint& position) {
  if (!scene || !plot->axisRect()->rect().contains(position)) return hideCrosshair();
  const auto hit = hitAt(position);
  if (hit.kind == Hit::Kind::None) return hideCrosshair();
  crossAt(hit.x, position, q->readout(position), plot->axisRect()->rect().right());
}

StudyPlot::StudyPlot(Workbench& workbench, QWidget* parent)
    : PlotWidget(parent), m_impl(std::make_unique<Impl>(this, workbench)) {
  use(*m_impl);
  m_impl->applyTheme();
  retranslate();
}

StudyPlot::~StudyPlot() = default;

void StudyPlot::setScene(std::shared_ptr<const StudyScene> scene) {
  m_impl->scene = std::move(scene);
  ++m_impl->version;
  m_impl->hideCrosshair();
  m_impl->askReplot();
}

const std::shared_ptr<const StudyScene>& StudyPlot::scene() const { return m_impl->scene; }

void StudyPlot::setTrialText(std::function<QString(std::uint32_t)> text) { m_impl->trialText = std::move(text); }

void StudyPlot::setChosen(std::optional<std::uint32_t> trial) {
  if (trial == m_impl->chosen) return;
  m_impl->chosen = trial;
  m_impl->askReplot();
}

std::optional<std::uint32_t> StudyPlot::chosen() const { return m_impl->chosen; }

void StudyPlot::setEmphasis(Emphasis emphasis) {
  m_impl->emphasis = std::move(emphasis);
  ++m_impl->version;
  m_impl->askReplot();
}

std::optional<std::uint32_t> StudyPlot::trialAt(const QPoint& position) const { return m_impl->hitAt(position).trial; }

QPoint StudyPlot::placeOf(std::size_t point) const {
  const auto& each = m_impl->scene->points[point];
  return m_impl->pixel(each.x, each.y).toPoint();
}

double StudyPlot::drawMs() const { return m_impl->drawMs; }

double StudyPlot::longestMs() const { return m_impl->longestMs; }

void StudyPlot::setLogY(bool on) {
  m_impl->logY = on;
  fit();
}

bool StudyPlot::logY() const { return m_impl->logY; }

void StudyPlot::fit() {
  m_impl->setFollowing(true);
  m_impl->askReplot();
}

QString StudyPlot::summary() const {
  if (!m_impl->scene || m_impl->scene->empty()) return m_impl->emptyText;
  return m_impl->scene->summary;
}

void StudyPlot::applyTheme() { m_impl->applyTheme(); }

void StudyPlot::retranslate() {
  m_impl->nameFollowButton();
  m_impl->followButton->setText(tr("Fit"));
  m_impl->followButton->setToolTip(tr("Show everything again"));
  m_impl->followButton->setAccessibleName(tr("Show everything again"));
  m_impl->askReplot();
}

void StudyPlot::titleChanged() { m_impl->updateTexts(); }
void StudyPlot::resized() { m_impl->askReplot(); }

void StudyPlot::showEvent(QShowEvent* event) {
  PlotWidget::showEvent(event);
  m_impl->askReplot();
}

void StudyPlot::paintTo(QPainter& painter, const QSize& size) const {
  const int header = m_impl->paintHeader(painter, size, m_impl->title->text());
  const double used = QFontMetricsF(m_impl->title->font()).horizontalAdvance(m_impl->title->text()) + 36;
  painter.setFont(m_impl->legend->font());
  paintLegend(painter, QRectF(used, 0, size.width() - used - 12, header), m_impl->legend->entries(),
              m_impl->legend->caption());
  paintInto(painter, *m_impl->plot, QRect(0, header, size.width(), size.height() - header));
}

bool StudyPlot::saveCsv(const QString& file) { return m_impl->saveCsv(file); }

}  // namespace lathe::ui

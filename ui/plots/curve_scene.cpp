// SPDX-License-Identifier: GPL-3.0-or-later
// From the answers of the feed to graphs on the screen.
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/curve_plot_impl.h"
#include "ui/plots/replot_queue.h"
#include "ui/plots/smoothing.h"

namespace lathe::ui {

namespace {

constexpr double marginShare = 0.06;
constexpr qint64 summaryEveryMs = 1000;

}  // namespace

QPen CurvePlot::Impl::penOf(const CurveItem& item, bool faint) const {
  auto colour = Theme::current().curve(item.colourIndex);
  if (faint) {
    colour.setAlpha(70);
    return {colour, 1};
  }
  QPen pen(colour, item.thin ? 1.0 : 2.0);
  if (const auto dashes = Theme::curveDashes(item.colourIndex); !dashes.isEmpty()) pen.setDashPattern(dashes);
  pen.setJoinStyle(Qt::RoundJoin);
  return pen;
}

QString CurvePlot::Impl::xName() const {
  switch (axis) {
    case XAxis::Step:
      return CurvePlot::tr("step");
    case XAxis::Epoch:
      return CurvePlot::tr("epoch");
    case XAxis::Time:
      return CurvePlot::tr("time in s");
  }
  return {};
}

/// Other curves, or another way to draw them: graphs are made anew where their number changes, then filled again.
void CurvePlot::Impl::itemsChanged() {
  while (drawn.size() > items.size()) {
    plot->removeGraph(drawn.back().raw);
    plot->removeGraph(drawn.back().smooth);
    plot->removeGraph(drawn.back().mark);
    drawn.pop_back();
  }
  while (drawn.size() < items.size()) {
    Drawn fresh;
    fresh.raw = plot->addGraph();
    fresh.smooth = plot->addGraph();
    fresh.mark = plot->addGraph();
    fresh.mark->setLineStyle(QCPGraph::lsNone);
    drawn.push_back(std::move(fresh));
  }
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < items.size(); ++i) {
    drawn[i].raw->setPen(penOf(items[i], isSmoothed(items[i])));
    auto soft = penOf(items[i], false);
    soft.setWidthF(1.2);
    drawn[i].smooth->setPen(soft);
    drawn[i].smooth->setVisible(isSmoothed(items[i]));
    if (items[i].inLegend) entries.push_back({items[i].label, items[i].colourIndex});
  }
  legend->setEntries(std::move(entries));
  askData();
  takeData();
}

void CurvePlot::Impl::askData() {
  std::vector<CurveQuery> queries;
  const auto view = plot->xAxis->range();
  const int width = std::max(plot->axisRect()->width(), 100);
  if (wholeX) {
    askedLow = askedHigh = 0;
  } else if (askedHigh <= askedLow || view.lower < askedLow || view.upper > askedHigh ||
             view.size() * 4 < askedHigh - askedLow) {
    // Half a view more at each side, so that panning meets data, and smoothing has a past.
    askedLow = view.lower - 0.5 * view.size();
    askedHigh = view.upper + 0.5 * view.size();
  }
  for (const auto& item : items) {
    CurveQuery query{item.run, item.series, 0, 0, width};
    if (askedHigh > askedLow) {
      query.fromStep = std::max<std::int64_t>(0, std::llround(std::floor(stepAt(askedLow, item, axis))));
      query.toStep = std::max<std::int64_t>(1, std::llround(std::ceil(stepAt(askedHigh, item, axis))));
      query.columns = 2 * width;
    }
    queries.push_back(std::move(query));
  }
  feed.setQueries(std::move(queries));
}

void CurvePlot::Impl::takeData() {
  const auto& answers = feed.data();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto found = std::find_if(answers.begin(), answers.end(), [&](const CurveData& answer) {
      return answer.query.run == items[i].run && answer.query.series == items[i].series;
    });
    if (found == answers.end()) {
      drawn[i].shape = {};
      drawn[i].lastStep = 0;
      drawn[i].totalPoints = 0;
    } else {
      drawn[i].shape = makeShape(*found, items[i], axis);
      drawn[i].lastStep = found->lastStep;
      drawn[i].totalPoints = found->totalPoints;
      const bool whole = found->query.fromStep == 0 && found->query.toStep == 0;
      auto& best = bests[{items[i].run, items[i].series}];
      const auto& shape = drawn[i].shape;
      const bool better = shape.hasBest && (items[i].larger ? shape.best > best.value : shape.best < best.value);
      if (shape.hasBest && (whole || best.atLast < 0 || better)) {
        best = {stepAt(shape.bestX, items[i], axis), shape.best, found->lastStep};
      }
    }
  }
  askReplot();
}

void CurvePlot::Impl::fillGraph(std::size_t index) {
  auto& each = drawn[index];
  const auto& shape = each.shape;
  QVector<QCPGraphData> points(static_cast<qsizetype>(shape.x.size()));
  for (std::size_t i = 0; i < shape.x.size(); ++i) {
    const double y = logY && shape.y[i] <= 0 ? std::numeric_limits<double>::quiet_NaN() : shape.y[i];
    points[static_cast<qsizetype>(i)] = QCPGraphData(shape.x[i], y);
  }
  const auto width = static_cast<std::size_t>(std::max(plot->axisRect()->width(), 1));
  // More than one point a pixel: smooth edges would cost much and show nothing.
  const bool soften = isSmoothed(items[index]);
  each.raw->setAntialiased(!items[index].thin || (shape.x.size() <= width && !soften));
  each.raw->setAdaptiveSampling(false);
  each.raw->data()->set(points, true);
  // A single point makes no line.
  each.raw->setScatterStyle(points.size() == 1 ? QCPScatterStyle(QCPScatterStyle::ssDisc, 5)
                                               : QCPScatterStyle(QCPScatterStyle::ssNone));
  each.smooth->setScatterStyle(points.size() == 1 ? QCPScatterStyle(QCPScatterStyle::ssDisc, 6)
                                                  : QCPScatterStyle(QCPScatterStyle::ssNone));
  if (!soften) {
    each.smoothY.clear();
    each.smooth->data()->clear();
    return;
  }
  each.smoothY = smoothed(shape.middleX, shape.middleY, smoothing, endOfData() - startOfData());
  QVector<QCPGraphData> soft(static_cast<qsizetype>(each.smoothY.size()));
  for (std::size_t i = 0; i < each.smoothY.size(); ++i) {
    const double y = logY && each.smoothY[i] <= 0 ? std::numeric_limits<double>::quiet_NaN() : each.smoothY[i];
    soft[static_cast<qsizetype>(i)] = QCPGraphData(shape.middleX[i], y);
  }
  each.smooth->setAdaptiveSampling(false);
  each.smooth->data()->set(soft, true);
}

bool CurvePlot::Impl::anyData() const {
  return std::any_of(drawn.begin(), drawn.end(), [](const Drawn& each) { return each.totalPoints > 0; });
}

double CurvePlot::Impl::endOfData() const {
  double end = 0;
  for (std::size_t i = 0; i < items.size(); ++i) end = std::max(end, positionOf(drawn[i].lastStep, items[i], axis));
  return end;
}

double CurvePlot::Impl::startOfData() const { return 0; }

void CurvePlot::Impl::rescale() {
  ownChange = true;
  const double end = endOfData();
  if (wholeX) {
    plot->xAxis->setRange(startOfData(), end > 0 ? end * 1.02 : 1);
  } else if (following && end > 0) {
    const double width = plot->xAxis->range().size();
    plot->xAxis->setRange(end + 0.02 * width - width, end + 0.02 * width);
  }
  if (autoY) rescaleValues();
  ownChange = false;
}

/// One curve that exploded must not press all others flat: then the axis ends above what nearly all values keep to.
double CurvePlot::Impl::withoutExplosion(double low, double high) const {
  constexpr double usualShare = 0.95;
  constexpr double explosion = 100;
  const auto view = plot->xAxis->range();
  std::vector<double> seen;
  for (const auto& each : drawn)
    for (std::size_t i = 0; i < each.shape.x.size(); ++i)
      if (each.shape.x[i] >= view.lower && each.shape.x[i] <= view.upper && std::isfinite(each.shape.y[i]))
        seen.push_back(each.shape.y[i]);
  if (seen.size() < 40) return high;
  const auto usual = seen.begin() + static_cast<std::ptrdiff_t>(usualShare * static_cast<double>(seen.size() - 1));
  std::nth_element(seen.begin(), usual, seen.end());
  const double height = *usual - low;
  return height > 0 && high - low > explosion * height ? low + 2 * height : high;
}

void CurvePlot::Impl::rescaleValues() {
  const auto view = plot->xAxis->range();
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const auto& each : drawn) {
    const auto range = rangeWithin(each.shape.x, each.shape.y, view.lower, view.upper, logY);
    low = std::min(low, range.first);
    high = std::max(high, range.second);
  }
  if (!(low <= high)) {
    plot->yAxis->setRange(logY ? 0.1 : 0, 1);
    return;
  }
  if (logY) {
    const double factor = low < high ? std::pow(high / low, marginShare) : 2;
    plot->yAxis->setRange(low / factor, high * factor);
    return;
  }
  high = withoutExplosion(low, high);
  double margin = (high - low) * marginShare;
  if (margin <= 0) margin = std::max(std::fabs(high) * 0.1, 1e-12);
  // Rates and losses that come near zero show it: then heights can be compared.
  const bool nearZero = low >= 0 && (fromZero || low < 0.35 * high);
  plot->yAxis->setRange(nearZero ? 0 : low - margin, high + (nearZero ? high * marginShare : margin));
}

void CurvePlot::Impl::updateBest() {
  const CurveItem* bestItem = nullptr;
  double bestValue = 0;
  const auto& theme = Theme::current();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& item = items[i];
    const auto found = bests.find({item.run, item.series});
    if (!item.markBest || found == bests.end() || found->second.atLast < 0) {
      drawn[i].mark->data()->clear();
      continue;
    }
    const auto& best = found->second;
    drawn[i].mark->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.curve(item.colourIndex), 1.5), QBrush(theme.surface), 7));
    drawn[i].mark->data()->set({QCPGraphData(best.x * positionOf(1, item, axis), best.value)}, true);
    if (bestItem == nullptr || (item.larger ? best.value > bestValue : best.value < bestValue)) {
      bestItem = &item;
      bestValue = best.value;
    }
  }
  legend->setCaption(bestItem == nullptr
                         ? QString()
                         : CurvePlot::tr("best %1 (run %2)").arg(format::aligned(bestValue)).arg(bestItem->run));
}

void CurvePlot::Impl::updateTexts() {
  const bool nothing = !anyData();
  showEmpty(nothing);
  // Nothing is struck through by a line that measures nothing.
  for (auto* each : {plot->xAxis, plot->yAxis}) each->grid()->setVisible(!nothing);
  if (!sinceSummary.isValid() || sinceSummary.elapsed() > summaryEveryMs || nothing) {
    q->setAccessibleDescription(summary());
    sinceSummary.start();
  }
}

void CurvePlot::Impl::askReplot() {
  ReplotQueue::instance().ask(q, [this] { draw(); });
}

void CurvePlot::Impl::draw() {
  if (!q->isVisible()) return;
  for (std::size_t i = 0; i < drawn.size(); ++i) fillGraph(i);
  rescale();
  updateBest();
  updateTexts();
  if (!following) placeFollowButton();
  plot->replot(QCustomPlot::rpQueuedRefresh);
  Q_EMIT q->painted();
}

QString CurvePlot::Impl::summary() const {
  if (!anyData()) return emptyText;
  QStringList parts;
  for (std::size_t i = 0; i < items.size() && parts.size() < 4; ++i) {
    const auto& shape = drawn[i].shape;
    if (shape.y.empty()) continue;
    const auto name = QStringLiteral("%1, %2").arg(items[i].label, format::metricWord(items[i].series));
    parts << CurvePlot::tr("%1: %2 at step %3")
                 .arg(name, format::number(shape.y.back()), format::integer(shape.steps.back()));
  }
  return CurvePlot::tr("%n curve(s).", nullptr, static_cast<int>(items.size())) + QLatin1Char(' ') +
         parts.join(QStringLiteral("; "));
}

}  // namespace lathe::ui

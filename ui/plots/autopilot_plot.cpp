// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/autopilot_plot.h"

#include <QMouseEvent>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/base/files.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/axis_ticks.h"
#include "ui/plots/legend_strip.h"
#include "ui/plots/plot_files.h"
#include "ui/plots/plot_parts.h"
#include "ui/plots/replot_queue.h"

namespace lathe::ui {

namespace {

constexpr double airAbove = 0.08;
constexpr double mostlyShare = 0.75;  // of the marks, which decide how much of the values is seen
constexpr double outlying = 2;        // of their range
constexpr int pointerReach = 24;      // in pixels
constexpr double markSize = 7;
constexpr double secondsInMinutes = 300;  // from here on the axis has minutes
constexpr int bestColour = 1, modelColour = 0, baselineColour = 2;

}  // namespace

struct AutopilotPlot::Impl final : PlotParts {
  Impl(AutopilotPlot* owner, Workbench& bench);
  void askReplot() {
    ReplotQueue::instance().ask(q, [this] { draw(); });
  }
  void applyTheme();
  void updateTexts();
  void draw();
  void chooseRange();
  void makeGraphs();
  [[nodiscard]] bool inMinutes() const { return budget > secondsInMinutes; }
  [[nodiscard]] double at(double seconds) const { return inMinutes() ? seconds / 60 : seconds; }
  [[nodiscard]] bool isBeyond(const Mark& mark) const { return mark.value < low || mark.value > high; }
  [[nodiscard]] double heightOf(const Mark& mark) const { return isBeyond(mark) ? edge : mark.value; }
  [[nodiscard]] int nearest(const QPoint& position) const;
  [[nodiscard]] std::optional<double> bestBaseline() const;

  void userMoved() override {
    setFollowing(false);
    askReplot();
  }
  void valuesMoved() override { userMoved(); }
  void pressed(const QMouseEvent& event) override { Q_UNUSED(event); }
  void showCrosshair(const QPoint& position) override;

  AutopilotPlot* q;
  Workbench& workbench;
  LegendStrip* legend;
  std::vector<Mark> marks, best;
  double now = 0, budget = 60;
  QString valueName;
  bool larger = false;
  bool log = false;
  double low = 0, high = 1;  ///< of the values that are shown in their place
  double edge = 1;           ///< where the others are
};

AutopilotPlot::Impl::Impl(AutopilotPlot* owner, Workbench& bench)
    : PlotParts(owner), q(owner), workbench(bench), legend(new LegendStrip(owner)) {
  layOut(8, {legend});
  legend->setFont(small);
  styleAxes({plot->xAxis, plot->yAxis});
  plot->axisRect()->setMinimumMargins(QMargins(8, 8, 14, 4));
  plot->axisRect()->setRangeDrag(Qt::Horizontal | Qt::Vertical);
  setTicks(6, false, 4);
  listen();
}

void AutopilotPlot::Impl::applyTheme() {
  paintAxes({plot->xAxis, plot->yAxis});
  paintValues();
  askReplot();
}

void AutopilotPlot::Impl::updateTexts() {
  const bool nothing = marks.empty();
  showEmpty(nothing);
  for (auto* each : {plot->xAxis, plot->yAxis}) each->grid()->setVisible(!nothing);
  plot->xAxis->setLabel(nothing       ? QString()
                        : inMinutes() ? AutopilotPlot::tr("Time of the budget, min")
                                      : AutopilotPlot::tr("Time of the budget, s"));
  plot->yAxis->setLabel(nothing ? QString() : valueName);
  std::vector<LegendEntry> entries;
  if (!nothing) {
    if (!best.empty()) entries.push_back({AutopilotPlot::tr("best so far"), bestColour});
    if (std::any_of(marks.begin(), marks.end(), [](const Mark& mark) { return !mark.baseline; }))
      entries.push_back({AutopilotPlot::tr("models"), modelColour});
    if (bestBaseline()) entries.push_back({AutopilotPlot::tr("baselines"), baselineColour});
  }
  legend->setEntries(std::move(entries));
  q->setAccessibleDescription(q->summary());
}

std::optional<double> AutopilotPlot::Impl::bestBaseline() const {
  std::optional<double> found;
  for (const auto& mark : marks)
    if (mark.baseline && (!found || (larger ? mark.value > *found : mark.value < *found))) found = mark.value;
  return found;
}

/// A constant baseline must not press all others flat.
void AutopilotPlot::Impl::chooseRange() {
  std::vector<double> heights;
  for (const auto* all : {&marks, &best})
    for (const auto& mark : *all)
      if (!log || mark.value > 0) heights.push_back(mark.value);
  low = 0;
  high = 1;
  if (!heights.empty()) {
    std::sort(heights.begin(), heights.end());
    if (larger) std::reverse(heights.begin(), heights.end());
    const double first = heights.front();
    const double usual = heights[static_cast<std::size_t>(mostlyShare * static_cast<double>(heights.size() - 1))];
    const double worst = heights.back();
    const double limit = first + outlying * (usual - first);
    const double end = std::fabs(worst - first) > std::fabs(limit - first) && limit != first ? limit : worst;
    low = std::min(first, end);
    high = std::max(first, end);
  }
  const double span = high > low ? high - low : std::max(std::fabs(high) * 0.1, 1e-9);
  const double room = airAbove * span;
  edge = larger ? low - room : high + room;
  if (log) {
    edge = larger ? low : high;
    plot->yAxis->setRange(low / 1.1, high * 1.1);
  } else {
    plot->yAxis->setRange(low - 1.5 * room, high + 1.5 * room);
  }
  plot->xAxis->setRange(0, at(std::max(budget, now)));
}

void AutopilotPlot::Impl::makeGraphs() {
  const auto& theme = Theme::current();
  plot->clearGraphs();
  const auto end = at(std::max(budget, now));
  if (const auto value = bestBaseline()) {
    auto* line = plot->addGraph();
    line->setPen(QPen(theme.curve(baselineColour), 1.2, Qt::DashLine));
    line->setData({0.0, end}, {*value, *value});
  }
  for (const auto& mark : marks) {
    const auto colour = theme.curve(mark.baseline ? baselineColour : modelColour);
    const auto shape = isBeyond(mark)  ? (larger ? QCPScatterStyle::ssTriangleInverted : QCPScatterStyle::ssTriangle)
                       : mark.baseline ? QCPScatterStyle::ssSquare
                                       : QCPScatterStyle::ssCircle;
    auto* graph = plot->addGraph();
    graph->setLineStyle(QCPGraph::lsNone);
    graph->setScatterStyle(QCPScatterStyle(shape, QPen(colour, 1.5), QBrush(theme.surface), markSize));
    graph->setData({at(mark.seconds)}, {heightOf(mark)});
  }
  if (best.empty()) return;
  auto* steps = plot->addGraph();
  steps->setLineStyle(QCPGraph::lsStepLeft);
  steps->setPen(QPen(theme.curve(bestColour), 2));
  QVector<double> x, y;
  for (const auto& mark : best) {
    x.append(at(mark.seconds));
    y.append(mark.value);
  }
  x.append(at(std::max(now, best.back().seconds)));
  y.append(best.back().value);
  steps->setData(x, y, true);
}

void AutopilotPlot::Impl::draw() {
  if (!q->isVisible()) return;
  ownChange = true;
  if (following) chooseRange();
  ownChange = false;
  makeGraphs();
  updateTexts();
  if (!following) placeFollowButton();
  plot->replot(QCustomPlot::rpQueuedRefresh);
  Q_EMIT q->painted();
}

int AutopilotPlot::Impl::nearest(const QPoint& position) const {
  int found = -1;
  double closest = pointerReach;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto there = q->placeOf(i) - position;
    const double distance = std::hypot(there.x(), there.y());
    if (distance > closest) continue;
    closest = distance;
    found = static_cast<int>(i);
  }
  return found;
}

void AutopilotPlot::Impl::showCrosshair(const QPoint& position) {
  const int index = plot->axisRect()->rect().contains(position) ? nearest(position) : -1;
  if (index < 0) return hideCrosshair();
  crossAt(at(marks[static_cast<std::size_t>(index)].seconds), position, q->readout(position),
          plot->axisRect()->rect().right());
}

AutopilotPlot::AutopilotPlot(Workbench& workbench, QWidget* parent)
    : PlotWidget(parent), m_impl(std::make_unique<Impl>(this, workbench)) {
  use(*m_impl);
  m_impl->applyTheme();
  retranslate();
}

AutopilotPlot::~AutopilotPlot() = default;

void AutopilotPlot::setAxes(const QString& value, bool largerIsBetter, double budget) {
  m_impl->valueName = value;
  m_impl->larger = largerIsBetter;
  m_impl->budget = budget;
  m_impl->askReplot();
}

void AutopilotPlot::setMarks(std::vector<Mark> marks, std::vector<Mark> best, double now) {
  m_impl->marks = std::move(marks);
  m_impl->best = std::move(best);
  m_impl->now = now;
  m_impl->askReplot();
}

const std::vector<AutopilotPlot::Mark>& AutopilotPlot::marks() const { return m_impl->marks; }

std::pair<double, double> AutopilotPlot::yRange() const {
  const auto range = m_impl->plot->yAxis->range();
  return {range.lower, range.upper};
}

QPoint AutopilotPlot::placeOf(std::size_t mark) const {
  const auto& each = m_impl->marks[mark];
  return {qRound(m_impl->plot->xAxis->coordToPixel(m_impl->at(each.seconds))),
          qRound(m_impl->plot->yAxis->coordToPixel(m_impl->heightOf(each)))};
}

QString AutopilotPlot::readout(const QPoint& position) const {
  const int index = m_impl->nearest(position);
  if (index < 0) return {};
  const auto& mark = m_impl->marks[static_cast<std::size_t>(index)];
  auto text = QStringLiteral("<b>%1</b>").arg(mark.name.toHtmlEscaped());
  if (mark.baseline) text += QLatin1Char(' ') + tr("(baseline)").toHtmlEscaped();
  return text + QStringLiteral("<br>") +
         tr("%1 %2 after %3", "metric, value, duration")
             .arg(m_impl->valueName, format::number(mark.value), format::duration(mark.seconds))
             .toHtmlEscaped();
}

void AutopilotPlot::setLogY(bool on) {
  if (on == m_impl->log) return;
  m_impl->log = on;
  auto* axis = m_impl->plot->yAxis;
  m_impl->ownChange = true;
  axis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  if (on)
    axis->setTicker(QSharedPointer<LogTicks>::create());
  else
    axis->setTicker(QSharedPointer<LinearTicks>::create(false));
  axis->ticker()->setTickCount(4);
  m_impl->ownChange = false;
  fit();
}

bool AutopilotPlot::logY() const { return m_impl->log; }

void AutopilotPlot::fit() {
  m_impl->setFollowing(true);
  m_impl->askReplot();
}

QString AutopilotPlot::summary() const {
  if (m_impl->best.empty()) return m_impl->emptyText;
  const auto& last = m_impl->best.back();
  return tr("%n model(s).", nullptr, static_cast<int>(m_impl->marks.size())) + QLatin1Char(' ') +
         tr("Best so far: %1 %2 after %3.")
             .arg(m_impl->valueName, format::number(last.value), format::duration(last.seconds));
}

void AutopilotPlot::applyTheme() { m_impl->applyTheme(); }

void AutopilotPlot::retranslate() {
  m_impl->nameFollowButton();
  m_impl->askReplot();
}

void AutopilotPlot::titleChanged() { m_impl->updateTexts(); }
void AutopilotPlot::resized() { m_impl->askReplot(); }

void AutopilotPlot::showEvent(QShowEvent* event) {
  PlotWidget::showEvent(event);
  m_impl->askReplot();
}

void AutopilotPlot::paintTo(QPainter& painter, const QSize& size) const {
  const int header = m_impl->paintHeader(painter, size, m_impl->title->text());
  const double used = QFontMetricsF(m_impl->title->font()).horizontalAdvance(m_impl->title->text()) + 36;
  painter.setFont(m_impl->legend->font());
  paintLegend(painter, QRectF(used, 0, size.width() - used - 12, header), m_impl->legend->entries(), {});
  paintInto(painter, *m_impl->plot, QRect(0, header, size.width(), size.height() - header));
}

bool AutopilotPlot::saveCsv(const QString& file) {
  if (m_impl->marks.empty()) return false;
  runAsync(
      *m_impl->workbench.services().workers, this,
      [path = std::filesystem::path(file.toStdU16String()), marks = m_impl->marks]() -> Result<void> {
        std::string text = "seconds,value,model,baseline\n";
        for (const auto& mark : marks)
          text += fmt::format("{},{},\"{}\",{}\n", mark.seconds, mark.value, mark.name.toStdString(),
                              mark.baseline ? 1 : 0);
        return writeFileAtomically(path, text);
      },
      [this, file](const Result<void>& result) { m_impl->tellSaved(file, result); });
  return true;
}

}  // namespace lathe::ui

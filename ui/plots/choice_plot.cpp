// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/choice_plot.h"

#include <QMouseEvent>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <set>

#include "core/base/files.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/axis_ticks.h"
#include "ui/plots/plot_files.h"
#include "ui/plots/plot_parts.h"
#include "ui/plots/replot_queue.h"

namespace lathe::ui {

namespace {

constexpr double roomBeside = 1.6;  // factor of the number, left and right
constexpr double roomAbove = 0.08;
constexpr double usualShare = 0.75;  // of the marks, which decide how much of the values is seen
constexpr double beyond = 2;         // of their range
constexpr int reach = 24;            // of the pointer, in pixels
constexpr double firstSize = 6;
constexpr double growth = 2;
constexpr double ringSize = 17;

}  // namespace

struct ChoicePlot::Impl final : PlotParts {
  Impl(ChoicePlot* owner, Workbench& bench);
  void askReplot() {
    ReplotQueue::instance().ask(q, [this] { draw(); });
  }
  void applyTheme();
  void updateTexts();
  void draw();
  void chooseRange();
  void makeGraphs();
  void makeTicks() const;
  QCPGraph* addGraph(const QVector<double>& x, const QVector<double>& y, const QCPScatterStyle& style) const;
  [[nodiscard]] double heightOf(const Mark& mark) const;
  [[nodiscard]] bool isBeyond(const Mark& mark) const;
  [[nodiscard]] int nearest(const QPoint& position) const;

  void userMoved() override {
    setFollowing(false);
    askReplot();
  }
  void valuesMoved() override { userMoved(); }
  void pressed(const QMouseEvent& event) override { Q_UNUSED(event); }
  void showCrosshair(const QPoint& position) override;

  ChoicePlot* q;
  Workbench& workbench;
  LegendStrip* legend;
  std::vector<Mark> marks;
  QString numberName, valueName;
  bool largerIsBetter = false;
  bool eachNumber = false;
  bool logY = false;
  double low = 0, high = 1;  ///< of the values that are shown in their place
  double edge = 1;           ///< where the others are
};

ChoicePlot::Impl::Impl(ChoicePlot* owner, Workbench& bench)
    : PlotParts(owner), q(owner), workbench(bench), legend(new LegendStrip(owner)) {
  layOut(8, {legend});
  legend->setFont(small);
  styleAxes({plot->xAxis, plot->yAxis});
  plot->axisRect()->setMinimumMargins(QMargins(8, 8, 14, 4));
  plot->axisRect()->setRangeDrag(Qt::Horizontal | Qt::Vertical);
  for (auto* each : {plot->xAxis, plot->yAxis}) each->grid()->setSubGridVisible(false);
  setTicks(5, false, 4);
  plot->xAxis->setScaleType(QCPAxis::stLogarithmic);
  ownChange = true;
  plot->xAxis->setRange(0.1, 1);
  ownChange = false;
  listen();
}

void ChoicePlot::Impl::applyTheme() {
  paintAxes({plot->xAxis, plot->yAxis});
  paintValues();
  askReplot();
}

void ChoicePlot::Impl::updateTexts() {
  const bool nothing = marks.empty();
  showEmpty(nothing);
  for (auto* each : {plot->xAxis, plot->yAxis}) each->grid()->setVisible(!nothing);
  plot->xAxis->setLabel(nothing ? QString() : numberName);
  plot->yAxis->setLabel(nothing ? QString() : valueName);
  q->setAccessibleDescription(q->summary());
}

/// A rate that nearly diverged must not press all others flat.
void ChoicePlot::Impl::chooseRange() {
  std::vector<double> heights;
  for (const auto& mark : marks)
    if (std::isfinite(mark.value) && (!logY || mark.value > 0)) heights.push_back(mark.value);
  low = 0;
  high = 1;
  if (!heights.empty()) {
    std::sort(heights.begin(), heights.end());
    if (largerIsBetter) std::reverse(heights.begin(), heights.end());
    const double best = heights.front();
    const double usual = heights[static_cast<std::size_t>(usualShare * static_cast<double>(heights.size() - 1))];
    const double worst = heights.back();
    const double limit = best + beyond * (usual - best);
    const double end = std::fabs(worst - best) > std::fabs(limit - best) && limit != best ? limit : worst;
    low = std::min(best, end);
    high = std::max(best, end);
  }
  const double span = high > low ? high - low : std::max(std::fabs(high) * 0.1, 1e-9);
  const double room = logY ? 0 : roomAbove * span;
  edge = largerIsBetter ? low - room : high + room;
  double bottom = low - 1.5 * room;
  double top = high + 1.5 * room;
  if (logY) {
    bottom = low / 1.1;
    top = high * 1.1;
    edge = largerIsBetter ? low : high;
  }
  double left = std::numeric_limits<double>::infinity();
  double right = 0;
  for (const auto& mark : marks) {
    left = std::min(left, mark.number);
    right = std::max(right, mark.number);
  }
  plot->yAxis->setRange(bottom, top);
  if (right > 0) plot->xAxis->setRange(left / roomBeside, right * roomBeside);
}

bool ChoicePlot::Impl::isBeyond(const Mark& mark) const {
  return !std::isfinite(mark.value) || mark.value < low || mark.value > high;
}

double ChoicePlot::Impl::heightOf(const Mark& mark) const { return isBeyond(mark) ? edge : mark.value; }

void ChoicePlot::Impl::makeTicks() const {
  if (!eachNumber) {
    plot->xAxis->setTicker(QSharedPointer<LogTicks>::create());
    return;
  }
  auto ticks = QSharedPointer<QCPAxisTickerText>::create();
  for (const auto& mark : marks) ticks->addTick(mark.number, format::integer(std::llround(mark.number)));
  plot->xAxis->setTicker(ticks);
}

QCPGraph* ChoicePlot::Impl::addGraph(const QVector<double>& x, const QVector<double>& y,
                                     const QCPScatterStyle& style) const {
  auto* graph = plot->addGraph();
  graph->setLineStyle(style.isNone() ? QCPGraph::lsLine : QCPGraph::lsNone);
  graph->setScatterStyle(style);
  graph->setAdaptiveSampling(false);
  graph->setData(x, y);
  return graph;
}

void ChoicePlot::Impl::makeGraphs() {
  const auto& theme = Theme::current();
  plot->clearGraphs();
  int rounds = 1;
  std::map<int, std::pair<QVector<double>, QVector<double>>> joined;
  for (const auto& mark : marks) {
    rounds = std::max(rounds, mark.round);
    joined[mark.candidate].first.append(mark.number);
    joined[mark.candidate].second.append(heightOf(mark));
  }
  for (const auto& [candidate, points] : joined)
    if (points.first.size() > 1)
      addGraph(points.first, points.second, QCPScatterStyle())->setPen(QPen(theme.border, 1));
  for (const auto& mark : marks) {
    const auto colour = theme.curve(mark.family);
    const auto shape = isBeyond(mark)
                           ? (largerIsBetter ? QCPScatterStyle::ssTriangleInverted : QCPScatterStyle::ssTriangle)
                           : QCPScatterStyle::ssCircle;
    const bool last = mark.round == rounds;
    const QCPScatterStyle style(shape, QPen(colour, 1.5), QBrush(last ? colour : theme.surface),
                                firstSize + growth * (mark.round - 1));
    addGraph({mark.number}, {heightOf(mark)}, style);
    if (mark.chosen && last)
      addGraph({mark.number}, {heightOf(mark)},
               QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.text, 1.5), Qt::NoBrush, ringSize));
  }
}

void ChoicePlot::Impl::draw() {
  if (!q->isVisible()) return;
  ownChange = true;
  if (following) chooseRange();
  ownChange = false;
  makeTicks();
  makeGraphs();
  updateTexts();
  if (!following) placeFollowButton();
  plot->replot(QCustomPlot::rpQueuedRefresh);
  Q_EMIT q->painted();
}

int ChoicePlot::Impl::nearest(const QPoint& position) const {
  int found = -1;
  double best = reach;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto there = q->placeOf(i) - position;
    const double distance = std::hypot(there.x(), there.y());
    if (distance > best) continue;
    best = distance;
    found = static_cast<int>(i);
  }
  return found;
}

void ChoicePlot::Impl::showCrosshair(const QPoint& position) {
  const int index = plot->axisRect()->rect().contains(position) ? nearest(position) : -1;
  if (index < 0) return hideCrosshair();
  crossAt(marks[static_cast<std::size_t>(index)].number, position, q->readout(position),
          plot->axisRect()->rect().right());
}

ChoicePlot::ChoicePlot(Workbench& workbench, QWidget* parent)
    : PlotWidget(parent), m_impl(std::make_unique<Impl>(this, workbench)) {
  use(*m_impl);
  m_impl->applyTheme();
  retranslate();
}

ChoicePlot::~ChoicePlot() = default;

void ChoicePlot::setAxes(const QString& number, const QString& value, bool largerIsBetter, bool eachNumber) {
  m_impl->numberName = number;
  m_impl->valueName = value;
  m_impl->largerIsBetter = largerIsBetter;
  m_impl->eachNumber = eachNumber;
  m_impl->askReplot();
}

void ChoicePlot::setMarks(const std::vector<Mark>& marks, std::vector<LegendEntry> families) {
  m_impl->legend->setEntries(std::move(families));
  if (marks == m_impl->marks) return;
  m_impl->marks = marks;
  m_impl->askReplot();
}

const std::vector<ChoicePlot::Mark>& ChoicePlot::marks() const { return m_impl->marks; }

std::pair<double, double> ChoicePlot::yRange() const {
  const auto range = m_impl->plot->yAxis->range();
  return {range.lower, range.upper};
}

QPoint ChoicePlot::placeOf(std::size_t mark) const {
  const auto& each = m_impl->marks[mark];
  return {qRound(m_impl->plot->xAxis->coordToPixel(each.number)),
          qRound(m_impl->plot->yAxis->coordToPixel(m_impl->heightOf(each)))};
}

QString ChoicePlot::readout(const QPoint& position) const {
  const int index = m_impl->nearest(position);
  if (index < 0) return {};
  const auto& mark = m_impl->marks[static_cast<std::size_t>(index)];
  auto text = QStringLiteral("<b>%1</b>").arg(mark.setting.toHtmlEscaped());
  if (mark.chosen) text += QStringLiteral(" ") + tr("(chosen)").toHtmlEscaped();
  return text + QStringLiteral("<br>") +
         tr("Round %1: %2 %3").arg(format::integer(mark.round), m_impl->valueName, mark.valueText).toHtmlEscaped();
}

void ChoicePlot::setLogY(bool on) {
  if (on == m_impl->logY) return;
  m_impl->logY = on;
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

bool ChoicePlot::logY() const { return m_impl->logY; }

void ChoicePlot::fit() {
  m_impl->setFollowing(true);
  m_impl->askReplot();
}

QString ChoicePlot::summary() const {
  const auto& marks = m_impl->marks;
  if (marks.empty()) return m_impl->emptyText;
  std::set<int> candidates;
  QString chosen;
  for (const auto& mark : marks) {
    candidates.insert(mark.candidate);
    if (mark.chosen) chosen = tr("Chosen: %1, %2 %3.").arg(mark.setting, m_impl->valueName, mark.valueText);
  }
  const auto count = tr("%n setting(s) tried.", nullptr, static_cast<int>(candidates.size()));
  return chosen.isEmpty() ? count : count + QLatin1Char(' ') + chosen;
}

void ChoicePlot::applyTheme() { m_impl->applyTheme(); }

void ChoicePlot::retranslate() {
  m_impl->nameFollowButton();
  m_impl->askReplot();
}

void ChoicePlot::titleChanged() { m_impl->updateTexts(); }
void ChoicePlot::resized() { m_impl->askReplot(); }

void ChoicePlot::showEvent(QShowEvent* event) {
  PlotWidget::showEvent(event);
  m_impl->askReplot();
}

void ChoicePlot::paintTo(QPainter& painter, const QSize& size) const {
  const int header = m_impl->paintHeader(painter, size, m_impl->title->text());
  const double used = QFontMetricsF(m_impl->title->font()).horizontalAdvance(m_impl->title->text()) + 36;
  painter.setFont(m_impl->legend->font());
  paintLegend(painter, QRectF(used, 0, size.width() - used - 12, header), m_impl->legend->entries(), {});
  paintInto(painter, *m_impl->plot, QRect(0, header, size.width(), size.height() - header));
}

bool ChoicePlot::saveCsv(const QString& file) {
  if (m_impl->marks.empty()) return false;
  runAsync(
      *m_impl->workbench.services().workers, this,
      [path = std::filesystem::path(file.toStdU16String()), marks = m_impl->marks]() -> Result<void> {
        std::string text = "setting,number,round,value,chosen\n";
        for (const auto& mark : marks)
          text += fmt::format("\"{}\",{},{},{},{}\n", mark.setting.toStdString(), mark.number, mark.round,
                              std::isfinite(mark.value) ? fmt::format("{}", mark.value) : "", mark.chosen ? 1 : 0);
        return writeFileAtomically(path, text);
      },
      [this, file](const Result<void>& result) { m_impl->tellSaved(file, result); });
  return true;
}

}  // namespace lathe::ui

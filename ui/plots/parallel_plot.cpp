// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/parallel_plot.h"

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/bridge/workbench.h"
#include "ui/models/theme.h"
#include "ui/plots/legend_strip.h"
#include "ui/plots/study_plot_impl.h"
#include "ui/plots/study_raster.h"

namespace lathe::ui {

namespace {

constexpr int header = 30;
constexpr int below = 34;      // the names of the axes
constexpr int beside = 58;     // half of the outermost ones
constexpr int axisReach = 14;  // of the pointer
constexpr double brushWidth = 12;
constexpr double bins = 160;  // places along an axis that are told apart when there are very many lines
constexpr std::size_t many = 4000;
constexpr double leastBrush = 0.01;

}  // namespace

ParallelPlot::ParallelPlot(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench), m_legend(new LegendStrip(this)), m_empty(new QLabel(this)) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(200, 140);
  auto small = font();
  small.setPointSizeF(small.pointSizeF() * 0.9);
  m_legend->setFont(small);
  m_empty->setAlignment(Qt::AlignCenter);
  m_empty->setWordWrap(true);
  m_empty->setProperty("formLabel", true);
  m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
  retitle();
}

void ParallelPlot::setTitle(const QString& title) {
  m_title = title;
  setAccessibleName(title);
  retitle();
}

void ParallelPlot::retitle() {
  const bool nothing = !m_scene || m_scene->trials.empty();
  m_empty->setText(m_scene ? m_scene->emptyText : QString());
  m_empty->setVisible(nothing);
  m_legend->setEntries(nothing ? std::vector<LegendEntry>() : std::vector<LegendEntry>{{tr("best 10 %"), 2}});
  m_legend->setCaption(nothing ? QString() : m_scene->caption);
  setAccessibleDescription(summary());
  m_cache = {};
  update();
}

void ParallelPlot::setScene(std::shared_ptr<const ParallelScene> scene) {
  const auto count = scene ? scene->axes.size() : 0;
  const bool other = m_brushes.size() != count;
  m_scene = std::move(scene);
  if (other) m_brushes.assign(count, std::nullopt);
  retitle();
}

void ParallelPlot::setChosen(std::optional<std::uint32_t> trial) {
  m_chosen = trial;
  update();
}

void ParallelPlot::setBrush(std::size_t axis, Brush brush) {
  if (axis >= m_brushes.size()) return;
  m_brushes[axis] = brush;
  m_cache = {};
  update();
  Q_EMIT brushed();
}

void ParallelPlot::clearBrushes() {
  if (!isBrushed()) return;
  m_brushes.assign(m_brushes.size(), std::nullopt);
  m_cache = {};
  update();
  Q_EMIT brushed();
}

bool ParallelPlot::isBrushed() const {
  return std::any_of(m_brushes.begin(), m_brushes.end(), [](const auto& brush) { return brush.has_value(); });
}

bool ParallelPlot::within(std::size_t line) const {
  const auto count = m_scene->axes.size();
  for (std::size_t axis = 0; axis < count; ++axis) {
    if (!m_brushes[axis]) continue;
    const auto position = static_cast<double>(m_scene->positions[line * count + axis]);
    if (!(position >= m_brushes[axis]->first && position <= m_brushes[axis]->second)) return false;
  }
  return true;
}

QRectF ParallelPlot::area(const QSize& size) const {
  return {double(beside), double(header + 8), std::max(1.0, size.width() - 2.0 * beside),
          std::max(1.0, size.height() - header - 16.0 - below)};
}

double ParallelPlot::axisX(const QRectF& inner, std::size_t axis) const {
  const auto count = m_scene->axes.size();
  return count < 2 ? inner.center().x()
                   : inner.left() + inner.width() * static_cast<double>(axis) / static_cast<double>(count - 1);
}

std::optional<std::size_t> ParallelPlot::axisAt(const QPoint& position) const {
  if (!m_scene || m_scene->trials.empty()) return std::nullopt;
  const auto inner = area(size());
  if (position.y() < inner.top() - 8 || position.y() > inner.bottom() + 8) return std::nullopt;
  for (std::size_t axis = 0; axis < m_scene->axes.size(); ++axis)
    if (std::fabs(axisX(inner, axis) - position.x()) <= axisReach) return axis;
  return std::nullopt;
}

double ParallelPlot::positionAt(const QPoint& position) const {
  const auto inner = area(size());
  return std::clamp((inner.bottom() - position.y()) / inner.height(), 0.0, 1.0);
}

QPoint ParallelPlot::placeOn(std::size_t axis, double position) const {
  const auto inner = area(size());
  return QPointF(axisX(inner, axis), inner.bottom() - position * inner.height()).toPoint();
}

std::optional<std::size_t> ParallelPlot::lineAt(const QPoint& position) const {
  if (!m_scene || m_scene->trials.empty() || m_scene->axes.size() < 2) return std::nullopt;
  const auto inner = area(size());
  const auto count = m_scene->axes.size();
  const double place = (position.x() - inner.left()) / inner.width() * static_cast<double>(count - 1);
  const auto left = static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, static_cast<double>(count - 2)));
  const double share = place - static_cast<double>(left);
  if (share < 0 || share > 1) return std::nullopt;
  const double wanted = (inner.bottom() - position.y()) / inner.height();
  double best = 6 / inner.height();
  std::optional<std::size_t> found;
  for (std::size_t line = 0; line < m_scene->trials.size(); ++line) {
    const auto from = static_cast<double>(m_scene->positions[line * count + left]);
    const auto to = static_cast<double>(m_scene->positions[line * count + left + 1]);
    const double distance = std::fabs(from + (to - from) * share - wanted);
    if (!(distance < best) || !within(line)) continue;
    best = distance;
    found = line;
  }
  return found;
}

/// Between two axes very many lines are few different ones: each is drawn once, as often as it is there.
QImage ParallelPlot::lines(const QSize& size, double scale) const {
  QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  const auto inner = area(size);
  const auto count = m_scene->axes.size();
  const bool any = isBrushed();
  const bool crowd = m_scene->trials.size() > many;
  enum Layer { Outside, Inside, Best };
  std::vector<std::uint8_t> layers(m_scene->trials.size());
  for (std::size_t line = 0; line < layers.size(); ++line)
    layers[line] = any && !within(line) ? Outside : m_scene->good[line] ? Best : Inside;
  for (const auto layer : {Outside, Inside, Best}) {
    LineDensity density(size, scale);
    const auto inLayer = static_cast<std::size_t>(std::count(layers.begin(), layers.end(), layer));
    if (inLayer == 0) continue;
    const auto side = static_cast<std::size_t>(bins) + 1;
    std::vector<float> pairs(crowd ? side * side : 0);
    for (std::size_t axis = 0; axis + 1 < count; ++axis) {
      const double x0 = axisX(inner, axis);
      const double x1 = axisX(inner, axis + 1);
      const auto place = [&](double x, double position) {
        return QPointF(x, inner.bottom() - position * inner.height());
      };
      std::fill(pairs.begin(), pairs.end(), 0.F);
      for (std::size_t line = 0; line < layers.size(); ++line) {
        const float from = m_scene->positions[line * count + axis];
        const float to = m_scene->positions[line * count + axis + 1];
        if (layers[line] != layer || std::isnan(from) || std::isnan(to)) continue;
        if (crowd)
          pairs[static_cast<std::size_t>(std::lround(static_cast<double>(from) * bins)) * side +
                static_cast<std::size_t>(std::lround(static_cast<double>(to) * bins))] += 1;
        else
          density.add(place(x0, static_cast<double>(from)), place(x1, static_cast<double>(to)));
      }
      for (std::size_t i = 0; i < pairs.size(); ++i)
        if (pairs[i] > 0)
          density.add(place(x0, static_cast<double>(i / side) / bins), place(x1, static_cast<double>(i % side) / bins),
                      pairs[i]);
    }
    const auto tone = layer == Best     ? StudyScene::Tone::Good
                      : layer == Inside ? StudyScene::Tone::Trial
                                        : StudyScene::Tone::Faint;
    const double alone = layer == Best ? 0.7 : layer == Inside && any ? 0.5 : 0.25;
    density.colour(image, layer == Inside && !any ? studyTone(StudyScene::Tone::Faint) : studyTone(tone),
                   std::clamp(alone * std::min(1.0, 300.0 / static_cast<double>(inLayer)), 0.01, 0.9));
  }
  image.setDevicePixelRatio(scale);
  return image;
}

void ParallelPlot::drawAll(QPainter& painter, const QSize& size, const QImage& image) const {
  const auto& theme = Theme::current();
  const auto inner = area(size);
  const auto count = m_scene->axes.size();
  painter.drawImage(QPointF(0, 0), image);
  painter.setRenderHint(QPainter::Antialiasing);
  for (const auto& chosen : {m_chosen, m_hovered}) {
    if (!chosen) continue;
    const auto at = std::lower_bound(m_scene->trials.begin(), m_scene->trials.end(), *chosen);
    if (at == m_scene->trials.end() || *at != *chosen) continue;
    const auto line = static_cast<std::size_t>(at - m_scene->trials.begin());
    painter.setPen(QPen(theme.text, 2));
    for (std::size_t axis = 0; axis + 1 < count; ++axis) {
      const auto from = static_cast<double>(m_scene->positions[line * count + axis]);
      const auto to = static_cast<double>(m_scene->positions[line * count + axis + 1]);
      if (std::isnan(from) || std::isnan(to)) continue;
      painter.drawLine(QPointF(axisX(inner, axis), inner.bottom() - from * inner.height()),
                       QPointF(axisX(inner, axis + 1), inner.bottom() - to * inner.height()));
    }
  }
  auto small = font();
  small.setPointSizeF(small.pointSizeF() * 0.85);
  painter.setFont(small);
  const QFontMetricsF metrics(small);
  const double room = count > 1 ? inner.width() / static_cast<double>(count - 1) - 8 : inner.width();
  for (std::size_t axis = 0; axis < count; ++axis) {
    const double x = axisX(inner, axis);
    painter.setPen(QPen(theme.secondary, 1));
    painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()));
    for (const auto& tick : m_scene->axes[axis].ticks) {
      const double y = inner.bottom() - tick.position * inner.height();
      const auto text = metrics.elidedText(tick.text, Qt::ElideRight, std::min(room, 70.0));
      const QRectF box(x + 4, y - metrics.height() / 2, metrics.horizontalAdvance(text) + 4, metrics.height());
      auto back = theme.surface;
      back.setAlphaF(0.75F);
      painter.fillRect(box, back);
      painter.setPen(theme.secondary);
      painter.drawText(box.adjusted(2, 0, 2, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
    }
    if (m_brushes[axis]) {
      auto colour = theme.accent;
      painter.setPen(QPen(colour, 1));
      colour.setAlphaF(0.25F);
      painter.setBrush(colour);
      const double top = inner.bottom() - m_brushes[axis]->second * inner.height();
      const double bottom = inner.bottom() - m_brushes[axis]->first * inner.height();
      painter.drawRoundedRect(QRectF(x - brushWidth / 2, top, brushWidth, bottom - top), 2, 2);
      painter.setBrush(Qt::NoBrush);
    }
  }
  // Names that do not fit beside each other stand on two lines by turns.
  double widest = 0;
  for (const auto& axis : m_scene->axes) widest = std::max(widest, metrics.horizontalAdvance(axis.name));
  const bool turns = count > 2 && widest > room;
  const double width = turns ? 2 * room + 8 : std::max(40.0, std::min(room, 2.0 * beside));
  painter.setPen(theme.text);
  for (std::size_t axis = 0; axis < count; ++axis) {
    const auto name = metrics.elidedText(m_scene->axes[axis].name, Qt::ElideRight, width);
    const double length = metrics.horizontalAdvance(name);
    const double left = std::clamp(axisX(inner, axis) - length / 2, 4.0, std::max(4.0, size.width() - length - 4));
    const double top = inner.bottom() + 5 + (turns && axis % 2 == 1 ? metrics.height() : 0);
    painter.drawText(QPointF(left, top + metrics.ascent()), name);
  }
}

void ParallelPlot::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  const auto& theme = Theme::current();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(hasFocus() ? theme.accent : theme.border, 1));
  painter.setBrush(theme.surface);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
  auto bold = font();
  bold.setWeight(QFont::DemiBold);
  painter.setFont(bold);
  painter.setPen(theme.text);
  painter.drawText(QRect(12, 0, width() - 24, header), Qt::AlignLeft | Qt::AlignVCenter, m_title);
  painter.setFont(font());
  if (!m_scene || m_scene->trials.empty()) return;
  if (m_cache.isNull()) {
    QElapsedTimer clock;
    clock.start();
    m_cache = lines(size(), devicePixelRatioF());
    m_drawMs = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
  }
  drawAll(painter, size(), m_cache);
}

void ParallelPlot::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_cache = {};
  const int used = QFontMetrics(font()).horizontalAdvance(m_title) + 36;
  m_legend->setGeometry(used, 4, std::max(0, width() - used - 12), header - 8);
  m_empty->setGeometry(rect().adjusted(24, header, -24, -8));
}

void ParallelPlot::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::LanguageChange) retitle();
}

}  // namespace lathe::ui

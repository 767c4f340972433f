// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/graph_view.h"

#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

constexpr double margin = 12;
constexpr double paddingX = 10, paddingY = 5;
constexpr double joinSide = 22;
constexpr double least = 0.3, most = 3;
constexpr double readable = 0.75;  // fitting makes it no smaller
constexpr double step = 1.2;
constexpr double pictureScale = 2;
constexpr double arrow = 4;

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto mix = [share](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * share)); };
  return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

}  // namespace

GraphView::GraphView(QWidget* parent) : QAbstractScrollArea(parent) {
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(160, 120);
  viewport()->setAutoFillBackground(false);
}

void GraphView::setGraph(GraphBoxes graph) {
  m_graph = std::move(graph);
  setAccessibleDescription(m_graph.boxes.empty() ? m_emptyText : m_graph.summary);
  arrange();
  verticalScrollBar()->setValue(0);
}

void GraphView::setEmptyText(const QString& text) {
  m_emptyText = text;
  viewport()->update();
}

QFont GraphView::detailFont() const {
  auto small = font();
  small.setPointSizeF(0.9 * small.pointSizeF());
  return small;
}

void GraphView::arrange() {
  const QFontMetricsF metrics(font());
  const QFontMetricsF small(detailFont());
  std::vector<LayoutSize> sizes;
  for (const auto& box : m_graph.boxes) {
    if (box.role == GraphBox::Role::Join && box.detail.isEmpty()) {
      sizes.push_back({joinSide, joinSide});
      continue;
    }
    const double text = std::max(metrics.horizontalAdvance(box.title), small.horizontalAdvance(box.detail));
    const double lines = metrics.height() + (box.detail.isEmpty() ? 0 : small.height());
    sizes.push_back({std::ceil(text + 2 * paddingX), std::ceil(lines + 2 * paddingY)});
  }
  m_layout = layered(sizes, m_graph.edges);
  followSize();
}

double GraphView::fittingScale() const {
  if (m_layout.width <= 0) return 1;
  return std::clamp((viewport()->width() - 2 * margin) / m_layout.width, readable, 1.0);
}

void GraphView::followSize() {
  if (m_fits) m_scale = fittingScale();
  const auto whole = QSizeF(m_layout.width, m_layout.height) * m_scale + QSizeF(2 * margin, 2 * margin);
  const auto follow = [](QScrollBar* bar, double length, int seen) {
    bar->setRange(0, std::max(0, static_cast<int>(std::ceil(length)) - seen));
    bar->setPageStep(seen);
    bar->setSingleStep(24);
  };
  follow(horizontalScrollBar(), whole.width(), viewport()->width());
  follow(verticalScrollBar(), whole.height(), viewport()->height());
  viewport()->update();
}

/// Where the layout begins in the viewport; what is narrower than it stands in its middle.
QPointF GraphView::origin() const {
  const double width = m_layout.width * m_scale;
  const double left = std::max(margin, 0.5 * (viewport()->width() - width));
  return {left - horizontalScrollBar()->value(), margin - verticalScrollBar()->value()};
}

void GraphView::fit() {
  m_fits = true;
  followSize();
}

void GraphView::setScale(double scale, const QPoint& keep) {
  const auto at = (QPointF(keep) - origin()) / m_scale;
  m_fits = false;
  m_scale = std::clamp(scale, least, most);
  followSize();
  const auto moved = origin() + at * m_scale - QPointF(keep);
  horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(std::lround(moved.x())));
  verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(std::lround(moved.y())));
}

std::optional<std::size_t> GraphView::boxAt(const QPoint& position) const {
  const auto at = (QPointF(position) - origin()) / m_scale;
  for (std::size_t i = 0; i < m_layout.boxes.size(); ++i) {
    const auto& box = m_layout.boxes[i];
    if (QRectF(box.x, box.y, box.width, box.height).contains(at)) return i;
  }
  return std::nullopt;
}

void GraphView::paintPath(QPainter& painter, const LayeredLayout::Path& path) const {
  const auto& theme = Theme::current();
  const auto colour = path.skips ? theme.curve(1) : theme.secondary;
  painter.setPen(QPen(colour, path.skips ? 1.5 : 1.2));
  painter.setBrush(Qt::NoBrush);
  QPainterPath line;
  const auto& places = path.places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const QPointF to(places[i].x, places[i].y);
    if (i == 0) {
      line.moveTo(to);
    } else if (i % 2 == 1) {
      line.lineTo(to);
    } else {
      const QPointF from(places[i - 1].x, places[i - 1].y);
      const double half = 0.5 * (to.y() - from.y());
      line.cubicTo(from + QPointF(0, half), to - QPointF(0, half), to);
    }
  }
  painter.drawPath(line);
  const QPointF tip(places.back().x, places.back().y);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawPolygon(
      QPolygonF{tip, tip + QPointF(-0.7 * arrow, -1.5 * arrow), tip + QPointF(0.7 * arrow, -1.5 * arrow)});
}

void GraphView::paintBox(QPainter& painter, std::size_t index) const {
  using Role = GraphBox::Role;
  const auto& theme = Theme::current();
  const auto& box = m_graph.boxes[index];
  const auto& at = m_layout.boxes[index];
  const QRectF frame(at.x, at.y, at.width, at.height);
  const bool weights = box.role == Role::Weights;
  const bool ends = box.role == Role::Input || box.role == Role::Output;
  const auto fill = weights ? theme.selection : ends ? theme.raised : theme.surface;
  const auto edge = weights                  ? mixed(theme.selection, theme.accent, 0.55)
                    : box.role == Role::Pool ? theme.curve(2)
                    : box.role == Role::Join ? theme.secondary
                                             : theme.border;
  painter.setPen(QPen(edge, 1));
  painter.setBrush(fill);
  const double round = box.role == Role::Join && box.detail.isEmpty() ? 0.5 * at.height : ends ? 10 : 4;
  painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), round, round);
  painter.setPen(theme.text);
  painter.setFont(font());
  if (box.detail.isEmpty()) {
    painter.drawText(frame, Qt::AlignCenter, box.title);
    return;
  }
  const QFontMetricsF metrics(font());
  const QRectF inner = frame.adjusted(0, paddingY, 0, -paddingY);
  painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), metrics.height()), Qt::AlignCenter, box.title);
  painter.setFont(detailFont());
  painter.setPen(weights ? mixed(theme.secondary, theme.text, 0.5) : theme.secondary);
  painter.drawText(inner.adjusted(0, metrics.height(), 0, 0), Qt::AlignCenter, box.detail);
}

void GraphView::paintAll(QPainter& painter) const {
  painter.setRenderHint(QPainter::Antialiasing);
  for (const auto& path : m_layout.paths) paintPath(painter, path);
  for (std::size_t i = 0; i < m_layout.boxes.size(); ++i) paintBox(painter, i);
}

void GraphView::paintEvent(QPaintEvent*) {
  const auto& theme = Theme::current();
  QPainter painter(viewport());
  painter.fillRect(viewport()->rect(), theme.surface);
  if (m_graph.boxes.empty()) {
    painter.setPen(theme.secondary);
    painter.drawText(viewport()->rect().adjusted(24, 0, -24, 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    return;
  }
  painter.save();
  painter.translate(origin());
  painter.scale(m_scale, m_scale);
  paintAll(painter);
  painter.restore();
  if (!hasFocus()) return;
  painter.setPen(QPen(theme.accent, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

void GraphView::copyPicture() const {
  const auto size = QSizeF(m_layout.width + 2 * margin, m_layout.height + 2 * margin);
  QImage image((size * pictureScale).toSize(), QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(pictureScale);
  image.fill(Theme::current().surface);
  QPainter painter(&image);
  painter.translate(margin, margin);
  paintAll(painter);
  painter.end();
  QApplication::clipboard()->setImage(image);
}

void GraphView::resizeEvent(QResizeEvent* event) {
  QAbstractScrollArea::resizeEvent(event);
  followSize();
}

void GraphView::changeEvent(QEvent* event) {
  QAbstractScrollArea::changeEvent(event);
  if (event->type() == QEvent::FontChange) arrange();
  if (event->type() == QEvent::PaletteChange) viewport()->update();
}

void GraphView::wheelEvent(QWheelEvent* event) {
  if (!event->modifiers().testFlag(Qt::ControlModifier)) return QAbstractScrollArea::wheelEvent(event);
  setScale(m_scale * (event->angleDelta().y() > 0 ? step : 1 / step), event->position().toPoint());
  event->accept();
}

void GraphView::keyPressEvent(QKeyEvent* event) {
  const auto middle = viewport()->rect().center();
  if (event->matches(QKeySequence::Copy)) return copyPicture();
  if (event->key() == Qt::Key_Plus) return setScale(m_scale * step, middle);
  if (event->key() == Qt::Key_Minus) return setScale(m_scale / step, middle);
  if (event->key() == Qt::Key_0) return fit();
  QAbstractScrollArea::keyPressEvent(event);
}

void GraphView::mousePressEvent(QMouseEvent* event) { m_dragged = event->pos(); }

void GraphView::mouseMoveEvent(QMouseEvent* event) {
  if (!event->buttons().testFlag(Qt::LeftButton)) return;
  const auto by = event->pos() - m_dragged;
  m_dragged = event->pos();
  horizontalScrollBar()->setValue(horizontalScrollBar()->value() - by.x());
  verticalScrollBar()->setValue(verticalScrollBar()->value() - by.y());
}

void GraphView::mouseDoubleClickEvent(QMouseEvent*) { fit(); }

bool GraphView::viewportEvent(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  if (const auto box = boxAt(help->pos()))
    QToolTip::showText(help->globalPos(), m_graph.boxes[*box].tip, this);
  else
    QToolTip::hideText();
  return true;
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/predictions_grid.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/models/pixels.h"
#include "ui/models/predictions_model.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

constexpr int gap = 8;
constexpr int leastSide = 48;
constexpr int mostSide = 128;
constexpr int mostTextWidth = 96;
constexpr int sideMargin = 12;
constexpr int topMargin = 4;
constexpr int textGap = 2;

}  // namespace

PredictionsGrid::PredictionsGrid(const PredictionsModel& words, QWidget* parent) : QWidget(parent), m_words(words) {
  setObjectName(QStringLiteral("predictionsGrid"));
  auto policy = QSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void PredictionsGrid::setPredictions(const std::optional<services::RunPredictions>& predictions) {
  m_pictures.clear();
  if (predictions)
    for (const auto& pixels : predictions->pixels)
      m_pictures.push_back(QPixmap::fromImage(imageOf(pixels, predictions->shape)));
  const QFontMetrics metrics(smallFont());
  m_textWidth = 0;
  for (int i = 0; i < std::min(count(), m_words.rowCount()); ++i)
    for (const auto& words : {verdict(i), m_words.measure(i)})
      m_textWidth = std::max(m_textWidth, metrics.horizontalAdvance(words));
  m_textWidth = std::min(m_textWidth, mostTextWidth);
  updateGeometry();
  update();
}

void PredictionsGrid::setRoom(int height) {
  if (height == m_room) return;
  m_room = height;
  updateGeometry();
  update();
}

QFont PredictionsGrid::smallFont() const {
  QFont small = font();
  if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.9);
  return small;
}

PredictionsGrid::Layout PredictionsGrid::layoutFor(int width) const {
  const int text = 2 * QFontMetrics(smallFont()).height() + 2 * textGap;
  Layout best;
  // As large as they may be while all fit, else the smallest.
  for (int side = mostSide;; side -= 4) {
    best.side = std::max(side, leastSide);
    best.cellWidth = std::max(best.side, m_textWidth) + gap;
    best.cellHeight = best.side + text + gap;
    best.columns = std::max(1, (width - 2 * sideMargin + gap) / best.cellWidth);
    const int lines = (count() + best.columns - 1) / best.columns;
    if (side <= leastSide || lines * best.cellHeight - gap + topMargin <= m_room) return best;
  }
}

int PredictionsGrid::heightForWidth(int width) const {
  const auto layout = layoutFor(width);
  const int lines = (count() + layout.columns - 1) / layout.columns;
  return std::max(0, lines * layout.cellHeight - gap) + topMargin;
}

QSize PredictionsGrid::sizeHint() const { return {400, heightForWidth(400)}; }

QRect PredictionsGrid::cell(int index, const Layout& layout) const {
  return {sideMargin + index % layout.columns * layout.cellWidth,
          topMargin + index / layout.columns * layout.cellHeight, layout.cellWidth - gap, layout.cellHeight - gap};
}

QString PredictionsGrid::verdict(int index) const {
  const auto mark = m_words.isRight(index);
  if (!mark) return m_words.predicted(index);
  if (*mark) return QStringLiteral("\u2713 ") + m_words.predicted(index);
  return QStringLiteral("\u2715 %1 \u2260 %2").arg(m_words.predicted(index), m_words.actual(index));
}

void PredictionsGrid::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto& theme = Theme::current();
  const auto small = smallFont();
  painter.setFont(small);
  const QFontMetrics metrics(small);
  const auto layout = layoutFor(width());
  for (int i = 0; i < std::min(count(), m_words.rowCount()); ++i) {
    const auto box = cell(i, layout);
    const auto& picture = m_pictures[static_cast<std::size_t>(i)];
    const QRect frame(box.x() + (box.width() - layout.side) / 2, box.y(), layout.side, layout.side);
    painter.fillRect(frame, theme.raised);
    const auto size = picture.size().scaled(frame.size(), Qt::KeepAspectRatio);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, picture.width() > size.width());
    painter.drawPixmap(QRect(frame.x() + (frame.width() - size.width()) / 2,
                             frame.y() + (frame.height() - size.height()) / 2, size.width(), size.height()),
                       picture);
    const auto mark = m_words.isRight(i);
    const QRect first(box.x(), frame.bottom() + 1 + textGap, box.width(), metrics.height());
    painter.setPen(!mark ? theme.text : *mark ? theme.good : theme.bad);
    painter.drawText(first, Qt::AlignHCenter, metrics.elidedText(verdict(i), Qt::ElideRight, box.width()));
    painter.setPen(theme.secondary);
    painter.drawText(first.translated(0, metrics.height()), Qt::AlignHCenter,
                     metrics.elidedText(m_words.measure(i), Qt::ElideRight, box.width()));
  }
}

bool PredictionsGrid::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto layout = layoutFor(width());
  for (int i = 0; i < std::min(count(), m_words.rowCount()); ++i)
    if (cell(i, layout).contains(help->pos())) {
      QToolTip::showText(help->globalPos(), m_words.sentence(i), this);
      return true;
    }
  QToolTip::hideText();
  return true;
}

}  // namespace lathe::ui

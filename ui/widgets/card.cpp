// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card.h"

#include <algorithm>

namespace lathe::ui {

Card::Card(QWidget* parent) : QFrame(parent), m_body(new QVBoxLayout(this)) {
  setProperty("card", true);
  m_body->setContentsMargins(16, 14, 16, 14);
  m_body->setSpacing(4);
}

CardGrid::CardGrid(QWidget* parent, int minimumItemWidth, int maxColumns)
    : QLayout(parent), m_itemWidth(minimumItemWidth), m_maxColumns(maxColumns) {
  setContentsMargins(0, 0, 0, 0);
  setSpacing(12);
}

CardGrid::~CardGrid() {
  qDeleteAll(m_items);
  m_items.clear();
}

void CardGrid::addItem(QLayoutItem* item) { m_items.append(item); }
int CardGrid::count() const { return static_cast<int>(m_items.size()); }
QLayoutItem* CardGrid::itemAt(int index) const { return m_items.value(index, nullptr); }
QLayoutItem* CardGrid::takeAt(int index) {
  return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}
int CardGrid::heightForWidth(int width) const { return arrange(QRect(0, 0, width, 0), false); }
QSize CardGrid::sizeHint() const {
  const int width = m_itemWidth * m_maxColumns + spacing() * (m_maxColumns - 1);
  return {width, heightForWidth(width)};
}
QSize CardGrid::minimumSize() const {
  int height = 0;
  for (const auto* item : m_items) height = std::max(height, item->minimumSize().height());
  return {m_itemWidth, height};
}

void CardGrid::setGeometry(const QRect& rect) {
  QLayout::setGeometry(rect);
  arrange(rect, true);
}

int CardGrid::arrange(const QRect& rect, bool apply) const {
  QList<QLayoutItem*> visible;
  for (auto* item : m_items)
    if (!item->isEmpty()) visible.append(item);
  if (visible.isEmpty()) return 0;
  const int gap = spacing();
  const int columns = std::clamp((rect.width() + gap) / (m_itemWidth + gap), 1, m_maxColumns);
  // What the division leaves over goes between: the last column ends where the rectangle does.
  const auto left = [&](int column) { return rect.x() + column * (rect.width() + gap) / columns; };
  const auto widthOf = [&](int column) { return std::max(left(column + 1) - left(column) - gap, 1); };
  int y = rect.y();
  for (int start = 0; start < visible.size(); start += columns) {
    const int end = std::min(start + columns, static_cast<int>(visible.size()));
    int rowHeight = 0;
    for (int i = start; i < end; ++i) {
      const auto* item = visible[i];
      const int height =
          item->hasHeightForWidth() ? item->heightForWidth(widthOf(i - start)) : item->sizeHint().height();
      rowHeight = std::max(rowHeight, height);
    }
    if (apply)
      for (int i = start; i < end; ++i)
        visible[i]->setGeometry(QRect(left(i - start), y, widthOf(i - start), rowHeight));
    y += rowHeight + gap;
  }
  return y - gap - rect.y();
}

}  // namespace lathe::ui

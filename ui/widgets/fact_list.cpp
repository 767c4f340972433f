// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/fact_list.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/models/theme.h"

namespace lathe::ui {

FactList::FactList(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); }

void FactList::setFacts(std::vector<Fact> facts) {
  if (facts == m_facts) return;
  const bool resized = facts.size() != m_facts.size();
  m_facts = std::move(facts);
  QStringList spoken;
  for (const auto& fact : m_facts) spoken << fact.name + QLatin1String(": ") + fact.value;
  setAccessibleName(spoken.join(QLatin1String(", ")));
  if (resized) updateGeometry();
  update();
}

QSize FactList::sizeHint() const { return {220, rowHeight() * static_cast<int>(m_facts.size())}; }

int FactList::rowHeight() const { return fontMetrics().height() + 9; }

void FactList::paintEvent(QPaintEvent*) {
  const auto& theme = Theme::current();
  QPainter painter(this);
  const int rows = rowHeight();
  int y = 0;
  for (const auto& fact : m_facts) {
    const QRect row(0, y, width(), rows - 1);
    const int valueWidth = std::min(fontMetrics().horizontalAdvance(fact.value), width() * 3 / 4);
    painter.setPen(theme.secondary);
    painter.drawText(row.adjusted(0, 0, -valueWidth - 8, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(fact.name, Qt::ElideRight, width() - valueWidth - 8));
    painter.setPen(theme.text);
    painter.drawText(row, Qt::AlignVCenter | Qt::AlignRight,
                     fontMetrics().elidedText(fact.value, Qt::ElideMiddle, valueWidth + 1));
    painter.setPen(theme.grid);
    painter.drawLine(0, y + rows - 1, width(), y + rows - 1);
    y += rows;
  }
}

bool FactList::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto index = static_cast<std::size_t>(std::max(0, help->pos().y()) / rowHeight());
    if (index < m_facts.size()) {
      const auto& fact = m_facts[index];
      QToolTip::showText(help->globalPos(), fact.toolTip.isEmpty() ? fact.value : fact.toolTip, this);
      return true;
    }
  }
  return QWidget::event(event);
}

}  // namespace lathe::ui

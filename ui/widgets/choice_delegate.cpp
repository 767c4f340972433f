// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/choice_delegate.h"

#include <QAbstractScrollArea>
#include <QActionGroup>
#include <QApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPersistentModelIndex>

#include "ui/models/theme.h"

namespace lathe::ui {
namespace {

constexpr int arrowSpace = 16;
constexpr int cellPadding = 8;

}  // namespace

ChoiceDelegate::ChoiceDelegate(int choicesRole, QObject* parent)
    : QStyledItemDelegate(parent), m_choicesRole(choicesRole) {}

void ChoiceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyledItemDelegate::paint(painter, option, index);
  if (!(index.flags() & Qt::ItemIsEditable)) return;
  const auto text = index.data(Qt::DisplayRole).toString();
  // Where the style ends the text: the cell's padding, the focus margin, the text.
  const int margin = cellPadding + QApplication::style()->pixelMetric(QStyle::PM_FocusFrameHMargin) + 1;
  const int end = option.rect.left() + margin + option.fontMetrics.horizontalAdvance(text) + 6;
  const double x = std::min(end, option.rect.right() - 10);
  const double y = option.rect.center().y() + 0.5;
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(Theme::current().secondary, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  const QPointF arrow[] = {{x, y - 1.5}, {x + 3.5, y + 2}, {x + 7, y - 1.5}};
  painter->drawPolyline(arrow, 3);
  painter->restore();
}

QSize ChoiceDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  return QStyledItemDelegate::sizeHint(option, index) + QSize(arrowSpace, 0);
}

bool ChoiceDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) {
  if (event->type() == QEvent::MouseButtonRelease && static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton) {
    open(const_cast<QWidget*>(option.widget), option.rect, index);
    return true;
  }
  return QStyledItemDelegate::editorEvent(event, model, option, index);
}

void ChoiceDelegate::open(QWidget* view, const QRect& cell, const QModelIndex& index) const {
  const auto words = index.data(m_choicesRole).toStringList();
  if (words.isEmpty() || !(index.flags() & Qt::ItemIsEditable)) return;
  const auto current = index.data(Qt::EditRole);
  const bool byIndex = current.typeId() == QMetaType::Int;
  auto* menu = new QMenu(view);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  auto* group = new QActionGroup(menu);
  const QPersistentModelIndex target(index);
  for (int i = 0; i < words.size(); ++i) {
    auto* action = menu->addAction(words[i]);
    action->setCheckable(true);
    action->setChecked(byIndex ? current.toInt() == i : current.toString() == words[i]);
    group->addAction(action);
    const QVariant value = byIndex ? QVariant(i) : QVariant(words[i]);
    connect(action, &QAction::triggered, menu, [target, value] {
      if (!target.isValid()) return;
      const_cast<QAbstractItemModel*>(target.model())->setData(target, value, Qt::EditRole);
    });
  }
  if (auto* checked = group->checkedAction()) menu->setActiveAction(checked);
  const auto* area = qobject_cast<QAbstractScrollArea*>(view);
  const QWidget* surface = area != nullptr ? area->viewport() : view;
  menu->popup(surface->mapToGlobal(cell.bottomLeft()));
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_runs_delegate.h"

#include <QPainter>
#include <QStyle>

#include "ui/models/runs_model.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

constexpr int markWidth = 14;
constexpr int markHeight = 10;
constexpr int sharpness = 3;  // drawn for up to three times the usual density

QIcon makeMark(int colourIndex) {
  QPixmap pixmap(markWidth * sharpness, markHeight * sharpness);
  pixmap.fill(Qt::transparent);
  if (colourIndex >= 0) {
    QPainter painter(&pixmap);
    QPen pen(Theme::current().curve(colourIndex), 2.5 * sharpness, Qt::SolidLine, Qt::FlatCap);
    if (const auto dashes = Theme::curveDashes(colourIndex); !dashes.isEmpty())
      pen.setDashPattern({dashes[0] * 0.4, dashes[1] * 0.4});
    painter.setPen(pen);
    const double middle = 0.5 * markHeight * sharpness;
    painter.drawLine(QPointF(0, middle), QPointF(markWidth * sharpness, middle));
  }
  return QIcon(pixmap);
}

}  // namespace

TrainRunsDelegate::TrainRunsDelegate(QObject* parent) : QStyledItemDelegate(parent) {}

void TrainRunsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto colour = index.data(Qt::ForegroundRole).value<QColor>();
  if (!colour.isValid() || option.widget == nullptr) {
    QStyledItemDelegate::paint(painter, option, index);
    return;
  }
  QStyleOptionViewItem item(option);
  initStyleOption(&item, index);
  auto* style = option.widget->style();
  const auto area = style->subElementRect(QStyle::SE_ItemViewItemText, &item, option.widget);
  const auto text = item.fontMetrics.elidedText(item.text, Qt::ElideRight, area.width());
  item.text.clear();
  style->drawControl(QStyle::CE_ItemViewItem, &item, painter, option.widget);
  painter->save();
  painter->setFont(item.font);
  painter->setPen(colour);
  painter->drawText(area, static_cast<int>(item.displayAlignment), text);
  painter->restore();
}

void TrainRunsDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
  QStyledItemDelegate::initStyleOption(option, index);
  if (index.column() != RunsModel::Run) return;
  const int colour = index.data(RunsModel::ColourRole).toInt();
  const int key = (colour + 1) * 2 + (Theme::current().dark ? 1 : 0);
  auto found = m_icons.find(key);
  if (found == m_icons.end()) found = m_icons.insert(key, makeMark(colour));
  option->features |= QStyleOptionViewItem::HasDecoration;
  option->icon = *found;
  option->decorationSize = QSize(markWidth, markHeight);
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/recent_list.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QDateTime>
#include <QFileInfo>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>

#include "ui/models/format.h"
#include "ui/models/start_models.h"
#include "ui/models/theme.h"

namespace lathe::ui {
namespace {

QFont captionFont(QFont font) {
  if (font.pointSizeF() > 0) font.setPointSizeF(font.pointSizeF() * 0.9);
  return font;
}

QString shortFolder(const QString& folder) { return format::path(QFileInfo(folder).absolutePath()); }

class RecentDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const auto& theme = Theme::current();
    const bool current = option.state & QStyle::State_Selected && option.state & QStyle::State_HasFocus;
    if (current || option.state & QStyle::State_MouseOver)
      painter->fillRect(option.rect, current ? theme.selection : theme.raised);
    const QRect area = option.rect.adjusted(12, 6, -12, -6);
    const auto opened = index.data(RecentProjectsModel::OpenedRole).toDateTime();
    const auto when = format::when(opened.toMSecsSinceEpoch() * 1000);
    const auto small = captionFont(option.font);
    painter->setFont(small);
    painter->setPen(theme.secondary);
    const QFontMetrics metrics(small);
    painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, when);
    const int width = area.width() - metrics.horizontalAdvance(when) - 12;
    const auto folder = shortFolder(index.data(RecentProjectsModel::FolderRole).toString());
    painter->drawText(QRect(area.left(), area.bottom() - metrics.height(), width, metrics.height() + 1),
                      Qt::AlignLeft | Qt::AlignBottom, metrics.elidedText(folder, Qt::ElideMiddle, width));
    QFont strong = option.font;
    strong.setWeight(QFont::DemiBold);
    painter->setFont(strong);
    painter->setPen(theme.text);
    painter->drawText(QRect(area.left(), area.top(), width, QFontMetrics(strong).height()),
                      Qt::AlignLeft | Qt::AlignTop,
                      QFontMetrics(strong).elidedText(index.data().toString(), Qt::ElideMiddle, width));
    painter->setPen(theme.grid);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
  }
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
    return {120, option.fontMetrics.height() + QFontMetrics(captionFont(option.font)).height() + 14};
  }
};

}  // namespace

RecentList::RecentList(QWidget* parent) : QListView(parent) {
  setItemDelegate(new RecentDelegate(this));
  setFrameShape(QFrame::NoFrame);
  setMouseTracking(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setObjectName(QStringLiteral("recentProjects"));
  connect(this, &QListView::clicked, this, [this](const QModelIndex& index) {
    Q_EMIT openWanted(index.data(RecentProjectsModel::FolderRole).toString());
  });
}

void RecentList::setModel(QAbstractItemModel* model) {
  QListView::setModel(model);
  connect(model, &QAbstractItemModel::modelReset, this, [this] { updateGeometry(); });
  connect(model, &QAbstractItemModel::rowsInserted, this, [this] { updateGeometry(); });
  connect(model, &QAbstractItemModel::rowsRemoved, this, [this] { updateGeometry(); });
}

QSize RecentList::sizeHint() const {
  const int rows = model() != nullptr ? model()->rowCount() : 0;
  return {240, rows > 0 ? rows * sizeHintForRow(0) : 0};
}

QSize RecentList::minimumSizeHint() const { return {100, sizeHint().height()}; }

void RecentList::keyPressEvent(QKeyEvent* event) {
  const auto folder = currentIndex().data(RecentProjectsModel::FolderRole).toString();
  if (!folder.isEmpty()) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return Q_EMIT openWanted(folder);
    if (event->key() == Qt::Key_Delete) return Q_EMIT removeWanted(folder);
  }
  QListView::keyPressEvent(event);
}

void RecentList::focusInEvent(QFocusEvent* event) {
  // Where the focus is must be seen.
  if (!currentIndex().isValid() && model() != nullptr) setCurrentIndex(model()->index(0, 0));
  QListView::focusInEvent(event);
}

void RecentList::contextMenuEvent(QContextMenuEvent* event) {
  const auto folder = indexAt(event->pos()).data(RecentProjectsModel::FolderRole).toString();
  if (folder.isEmpty()) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  connect(menu->addAction(tr("Open")), &QAction::triggered, this, [this, folder] { Q_EMIT openWanted(folder); });
  connect(menu->addAction(tr("Take off this list")), &QAction::triggered, this,
          [this, folder] { Q_EMIT removeWanted(folder); });
  menu->popup(event->globalPos());
}

}  // namespace lathe::ui

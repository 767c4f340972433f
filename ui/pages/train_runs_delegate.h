// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QIcon>
#include <QStyledItemDelegate>

namespace lathe::ui {

/// The name of a run behind a dash in the colour of its curves (a gap as wide where its curves are not shown), and its
/// state, which keeps its colour in selected rows too.
class TrainRunsDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  explicit TrainRunsDelegate(QObject* parent = nullptr);
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

 private:
  mutable QHash<int, QIcon> m_icons;  ///< by palette index and theme
};

}  // namespace lathe::ui

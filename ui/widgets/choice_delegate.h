// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace lathe::ui {

/// A table cell that is one of several words: shown with a small arrow, opened by one click, Space or Return, chosen
/// from a menu. The words come from `choicesRole` (QStringList); EditRole is either the index among them or the word
/// itself. What was chosen goes to the model's setData.
class ChoiceDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  explicit ChoiceDelegate(int choicesRole, QObject* parent = nullptr);
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;
  /// Opens the menu at a cell of a view; nothing where the cell offers no choice.
  void open(QWidget* view, const QRect& cell, const QModelIndex& index) const;

 private:
  int m_choicesRole;
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

#include "core/spec/data_profile.h"

namespace lathe::ui {

/// Paints a small histogram in a table cell; the tool tip says the range, or the most frequent values with their
/// counts. Reads ColumnsModel::HistogramRole; numbers as one block of bins, categories as bars apart, the target in a
/// colour of its own.
class HistogramDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  explicit HistogramDelegate(QObject* parent = nullptr);
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                 const QModelIndex& index) override;
  /// The sentence of the tool tip.
  [[nodiscard]] static QString describe(const spec::Histogram& histogram, spec::ColumnKind kind);
};

}  // namespace lathe::ui

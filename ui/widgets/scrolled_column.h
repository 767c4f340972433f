// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace lathe::ui {

/// What a resizable scroll area holds: as wide as the area and as high as its contents are at that width. Without it
/// paragraphs that wrap ask for the height that they would have in a very narrow window.
class ScrolledColumn : public QWidget {
 public:
  explicit ScrolledColumn(QWidget* parent) : QWidget(parent) {}
  [[nodiscard]] QSize minimumSizeHint() const override { return {QWidget::minimumSizeHint().width(), 0}; }
};

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/pill_button.h"

#include "ui/widgets/labels.h"

namespace lathe::ui {

PillButton::PillButton(const QString& text, QWidget* parent) : QPushButton(text, parent) {
  setProperty("pill", true);
  setCursor(Qt::PointingHandCursor);
  QFont small = font();
  if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.9);
  setFont(small);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void setButtonKind(QPushButton& button, ButtonKind kind) {
  button.setProperty("primary", kind == ButtonKind::Primary);
  button.setProperty("link", kind == ButtonKind::Link);
  if (kind == ButtonKind::Link) button.setCursor(Qt::PointingHandCursor);
  QFont font = button.font();
  font.setWeight(kind == ButtonKind::Primary ? QFont::DemiBold : QFont::Normal);
  button.setFont(font);
  repolish(button);
}

QPushButton* makeButton(ButtonKind kind, QWidget* parent, const QString& text) {
  auto* button = new QPushButton(text, parent);
  button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setButtonKind(*button, kind);
  return button;
}

}  // namespace lathe::ui

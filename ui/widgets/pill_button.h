// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace lathe::ui {

/// A small rounded button for view options above a pane ("log y", "fit", "rows").
class PillButton : public QPushButton {
  Q_OBJECT
 public:
  explicit PillButton(const QString& text = {}, QWidget* parent = nullptr);
};

/// Marks a button as the page's main deed (filled with the accent), as a plain text link, or as an ordinary one.
enum class ButtonKind { Ordinary, Primary, Link };
void setButtonKind(QPushButton& button, ButtonKind kind);

/// An ordinary or primary button whose accessible name is its text.
[[nodiscard]] QPushButton* makeButton(ButtonKind kind, QWidget* parent = nullptr, const QString& text = {});

}  // namespace lathe::ui

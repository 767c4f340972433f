// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace lathe::ui {

/// The type scale of the window. Sizes are relative to the application's font, colours come from the stylesheet by the
/// "textRole" property.
enum class TextRole { Title, Section, Body, Strong, Caption, Good, Warning, Bad };

/// Gives a widget the font and the colour of a role; may be called again to change it.
void setTextRole(QWidget& widget, TextRole role);

/// A plain-text label of a role.
[[nodiscard]] QLabel* makeLabel(TextRole role, QWidget* parent = nullptr, const QString& text = {});

/// A label that wraps and never asks for more width than it is given.
[[nodiscard]] QLabel* makeParagraph(TextRole role, QWidget* parent = nullptr, const QString& text = {});

/// Re-reads a dynamic property that the stylesheet selects by.
void repolish(QWidget& widget);

}  // namespace lathe::ui

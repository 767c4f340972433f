// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

namespace lathe::ui {

/// An icon in the colour of the theme's text: our own drawing of that name, else the icon theme's (Breeze). Sharp at
/// any scale; an icon made before a change of theme takes the new colour when it is painted again.
[[nodiscard]] QIcon icon(const QString& name);
/// Our own drawing in a colour of its own.
[[nodiscard]] QIcon icon(const QString& name, const QColor& colour);
/// The application's icon.
[[nodiscard]] QIcon applicationIcon();

}  // namespace lathe::ui

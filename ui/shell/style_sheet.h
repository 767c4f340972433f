// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>

#include "ui/models/theme.h"

namespace lathe::ui {

/// The palette of a theme's tokens.
[[nodiscard]] QPalette palette(const Theme& theme);

/// The window's stylesheet. `images` is a folder that holds the theme's chevron.svg and check.svg.
[[nodiscard]] QString styleSheet(const Theme& theme, const QString& images);

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>

namespace lathe::ui {

/// Colour tokens: the only place in Lathe where a colour is written down. Text and state colours have a contrast of at
/// least 4.5:1 on background, surface and raised. GUI thread.
struct Theme {
  bool dark = false;
  QColor background, surface, raised;
  QColor border, grid;
  QColor text, secondary;
  QColor accent, accentText, selection;
  QColor good, warning, bad;
  QColor modeBar, modeBarText, modeBarActive;

  [[nodiscard]] static const Theme& light();
  [[nodiscard]] static const Theme& darkTheme();
  [[nodiscard]] static const Theme& current();
  /// Whoever calls this gives the application a new palette afterwards: widgets look again on PaletteChange.
  static void setDark(bool dark);

  /// Colour of a curve by its palette index (RunsController::colourIndex): Okabe and Ito's eight, made lighter in the
  /// dark until they have 4.5:1 on the surface.
  [[nodiscard]] QColor curve(int index) const;
  /// Dash pattern in pen widths: empty (solid) for the first eight curves, then dashes, dots, dash-dots.
  [[nodiscard]] static QList<qreal> curveDashes(int index);
};

/// Contrast of two opaque colours by WCAG 2.1: 1 to 21.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);

}  // namespace lathe::ui

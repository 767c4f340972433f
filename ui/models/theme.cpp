// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lathe::ui {

namespace {

bool g_dark = false;

double luminance(const QColor& colour) {
  const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto mix = [share](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * share)); };
  return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

QColor lightened(const QColor& colour, const QColor& surface, double wanted) {
  auto result = colour;
  for (int i = 1; i <= 50 && contrast(result, surface) < wanted; ++i) result = mixed(colour, Qt::white, i * 0.02);
  return result;
}

/// Okabe and Ito's, with black as the text's colour; their yellow is too pale on white and is darkened there.
std::array<QColor, 8> palette(const Theme& theme) {
  std::array<QColor, 8> colours{QColor(0x00, 0x72, 0xb2),
                                QColor(0xd5, 0x5e, 0x00),
                                QColor(0x00, 0x9e, 0x73),
                                QColor(0xcc, 0x79, 0xa7),
                                QColor(0xe6, 0x9f, 0x00),
                                QColor(0x56, 0xb4, 0xe9),
                                theme.text,
                                QColor(0x8f, 0x85, 0x00)};
  if (theme.dark) {
    colours[7] = QColor(0xf0, 0xe4, 0x42);
    for (auto& colour : colours) colour = lightened(colour, theme.surface, 4.5);
  }
  return colours;
}

Theme makeLight() {
  Theme t;
  t.background = QColor(0xf4, 0xf5, 0xf6);
  t.surface = QColor(0xff, 0xff, 0xff);
  t.raised = QColor(0xec, 0xee, 0xf0);
  t.border = QColor(0xd5, 0xd8, 0xdc);
  t.grid = QColor(0xe6, 0xe8, 0xeb);
  t.text = QColor(0x1d, 0x21, 0x25);
  t.secondary = QColor(0x5c, 0x65, 0x6e);
  t.accent = QColor(0x0b, 0x66, 0xb8);
  t.accentText = QColor(0xff, 0xff, 0xff);
  t.selection = QColor(0xdc, 0xeb, 0xf8);
  t.good = QColor(0x1e, 0x7f, 0x4a);
  t.warning = QColor(0x9a, 0x61, 0x00);
  t.bad = QColor(0xb3, 0x26, 0x1e);
  t.modeBar = QColor(0x2b, 0x31, 0x38);
  t.modeBarText = QColor(0xc9, 0xd1, 0xd9);
  t.modeBarActive = QColor(0x44, 0x4b, 0x53);
  return t;
}

Theme makeDark() {
  Theme t;
  t.dark = true;
  t.background = QColor(0x1b, 0x1e, 0x22);
  t.surface = QColor(0x23, 0x27, 0x2c);
  t.raised = QColor(0x2c, 0x31, 0x37);
  t.border = QColor(0x3a, 0x40, 0x47);
  t.grid = QColor(0x31, 0x36, 0x3c);
  t.text = QColor(0xe4, 0xe7, 0xea);
  t.secondary = QColor(0x9a, 0xa4, 0xad);
  t.accent = QColor(0x5a, 0xa9, 0xf0);
  t.accentText = QColor(0x14, 0x17, 0x1a);
  t.selection = QColor(0x1f, 0x3a, 0x53);
  t.good = QColor(0x5c, 0xc4, 0x89);
  t.warning = QColor(0xe0, 0xa9, 0x4a);
  t.bad = QColor(0xf2, 0x82, 0x7a);
  t.modeBar = QColor(0x14, 0x17, 0x1a);
  t.modeBarText = QColor(0xaa, 0xb4, 0xbe);
  t.modeBarActive = QColor(0x2c, 0x31, 0x37);
  return t;
}

}  // namespace

const Theme& Theme::light() {
  static const Theme theme = makeLight();
  return theme;
}

const Theme& Theme::darkTheme() {
  static const Theme theme = makeDark();
  return theme;
}

const Theme& Theme::current() { return g_dark ? darkTheme() : light(); }

void Theme::setDark(bool dark) { g_dark = dark; }

QColor Theme::curve(int index) const {
  static const auto lightColours = palette(light());
  static const auto darkColours = palette(darkTheme());
  return (dark ? darkColours : lightColours)[static_cast<std::size_t>(std::max(index, 0)) % lightColours.size()];
}

QList<qreal> Theme::curveDashes(int index) {
  switch (std::max(index, 0) / 8 % 4) {
    case 1:
      return {6, 3};
    case 2:
      return {1.5, 2.5};
    case 3:
      return {6, 2.5, 1.5, 2.5};
    default:
      return {};
  }
}

double contrast(const QColor& a, const QColor& b) {
  const auto la = luminance(a);
  const auto lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Pictures for reports, as SVG to be put into HTML. They take the colours of the page (currentColor) and say what they
/// show in words for who cannot see them.
namespace lathe::services {

[[nodiscard]] std::string escaped(std::string_view text);

struct Bar {
  std::string label;
  double value = 0;
  std::string text;  ///< behind the bar
  bool chosen = false;
};
/// Horizontal bars from `origin`, the first one on top.
[[nodiscard]] std::string barChart(std::string_view title, const std::vector<Bar>& bars, double origin = 0);

struct Dot {
  double x = 0, y = 0, size = 3;
};
struct PlotAxes {
  std::string title, x, y;
  double lowX = 0, highX = 1, lowY = 0, highY = 1;
  bool diagonal = false;  ///< where both are equal
};
/// Dots, and a line through `line`.
[[nodiscard]] std::string dotPlot(const PlotAxes& axes, const std::vector<Dot>& dots,
                                  const std::vector<Dot>& line = {});

/// Counts of rows by class, truth down and prediction across; each row's shares as shades.
[[nodiscard]] std::string confusionPicture(const std::vector<std::string>& classes,
                                           const std::vector<std::vector<std::int64_t>>& counts);

/// Six significant digits.
[[nodiscard]] std::string shown(double value);

}  // namespace lathe::services

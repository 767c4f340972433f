// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/svg.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace lathe::services {
namespace {

constexpr const char* accent = "#2a78d6";
constexpr const char* muted = "#9aa7b5";

std::string cut(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  auto end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string opened(std::string_view title, double width, double height) {
  return fmt::format(
      "<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
      "aria-label=\"{2}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"currentColor\">\n<title>{2}</title>\n",
      width, height, escaped(title));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string shown(double value) { return std::isfinite(value) ? fmt::format("{:.6g}", value) : "-"; }

std::string barChart(std::string_view title, const std::vector<Bar>& bars, double origin) {
  constexpr double labels = 270, length = 300, numbers = 130, row = 22;
  double most = 0;
  for (const auto& bar : bars)
    if (std::isfinite(bar.value)) most = std::max(most, bar.value - origin);
  auto out = opened(title, labels + length + numbers, row * static_cast<double>(bars.size()) + 8);
  double y = 4;
  for (const auto& bar : bars) {
    const double width = most > 0 ? std::max(1.0, (bar.value - origin) / most * length) : 1;
    out += fmt::format("<text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", labels - 8, y + 15,
                       escaped(cut(bar.label, 42)));
    out += fmt::format("<rect x=\"{:.0f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.0f}\" rx=\"2\" fill=\"{}\"/>\n",
                       labels, y + 3, width, row - 7, bar.chosen ? accent : muted);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", labels + width + 6, y + 15, escaped(bar.text));
    y += row;
  }
  return out + "</svg>\n";
}

std::string dotPlot(const PlotAxes& axes, const std::vector<Dot>& dots, const std::vector<Dot>& line) {
  constexpr double left = 64, bottom = 44, side = 320, top = 12;
  const auto across = [&](double x) { return left + (x - axes.lowX) / (axes.highX - axes.lowX) * side; };
  const auto up = [&](double y) { return top + side - (y - axes.lowY) / (axes.highY - axes.lowY) * side; };
  auto out = opened(axes.title, left + side + 20, top + side + bottom);
  out += fmt::format(
      "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"currentColor\" "
      "stroke-opacity=\"0.4\"/>\n",
      left, top, side, side);
  for (int i = 0; i <= 4; ++i) {
    const double x = axes.lowX + (axes.highX - axes.lowX) * i / 4, y = axes.lowY + (axes.highY - axes.lowY) * i / 4;
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:.3g}</text>\n", across(x),
                       top + side + 16, x);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:.3g}</text>\n", left - 6, up(y) + 4, y);
  }
  if (axes.diagonal)
    out += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"currentColor\" "
        "stroke-opacity=\"0.4\" stroke-dasharray=\"4 4\"/>\n",
        across(axes.lowX), up(axes.lowY), across(axes.highX), up(axes.highY));
  if (line.size() > 1) {
    out += fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" points=\"", accent);
    for (const auto& each : line) out += fmt::format("{:.1f},{:.1f} ", across(each.x), up(each.y));
    out += "\"/>\n";
  }
  for (const auto& dot : dots)
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\" fill-opacity=\"0.55\"/>\n",
                       across(dot.x), up(dot.y), dot.size, accent);
  out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", left + side / 2,
                     top + side + bottom - 8, escaped(axes.x));
  out += fmt::format("<text transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                     top + side / 2, escaped(axes.y));
  return out + "</svg>\n";
}

std::string confusionPicture(const std::vector<std::string>& classes,
                             const std::vector<std::vector<std::int64_t>>& counts) {
  constexpr double labels = 150, top = 26;
  const double cell = classes.size() <= 6 ? 64 : 40;
  const auto size = static_cast<double>(classes.size());
  auto out = opened("Confusion matrix of the test rows: truth down, prediction across", labels + cell * size + 10,
                    top + cell * size + 10);
  for (std::size_t c = 0; c < classes.size(); ++c)
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                       labels + cell * (double(c) + 0.5), top - 8, escaped(cut(classes[c], cell > 50 ? 9 : 5)));
  for (std::size_t truth = 0; truth < classes.size(); ++truth) {
    std::int64_t sum = 0;
    for (const auto count : counts[truth]) sum += count;
    const double y = top + cell * static_cast<double>(truth);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", labels - 8, y + cell / 2 + 4,
                       escaped(cut(classes[truth], 20)));
    for (std::size_t said = 0; said < classes.size(); ++said) {
      const double share = sum > 0 ? double(counts[truth][said]) / double(sum) : 0;
      const double x = labels + cell * static_cast<double>(said);
      out += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.0f}\" height=\"{:.0f}\" fill=\"{}\" fill-opacity=\"{:.3f}\" "
          "stroke=\"currentColor\" stroke-opacity=\"0.2\"/>\n",
          x, y, cell, cell, truth == said ? accent : "#c8512b", share);
      out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x + cell / 2,
                         y + cell / 2 + 4, counts[truth][said]);
    }
  }
  return out + "</svg>\n";
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>

#include "core/base/files.h"

namespace lathe::cli {

void Table::column(std::string title, Align align) { m_columns.push_back({std::move(title), align}); }

void Table::row(std::vector<std::string> cells) {
  cells.resize(m_columns.size());
  m_rows.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < m_columns.size(); ++c) {
    std::size_t width = displayWidth(m_columns[c].title);
    for (const auto& cells : m_rows) width = std::max(width, displayWidth(cells[c]));
    widths.push_back(width);
  }
  std::string out;
  const auto line = [&](const auto& cellAt) {
    std::string text;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
      const std::string& cell = cellAt(c);
      const std::string padding(widths[c] - displayWidth(cell), ' ');
      if (c > 0) text += "  ";
      text += m_columns[c].align == Align::Right ? padding + cell : cell + padding;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  };
  line([&](std::size_t c) -> const std::string& { return m_columns[c].title; });
  for (const auto& cells : m_rows) line([&](std::size_t c) -> const std::string& { return cells[c]; });
  return out;
}

std::size_t displayWidth(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    std::uint32_t code = byte < 0x80 ? byte : byte & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    // East Asian wide and full-width blocks.
    const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                      (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                      (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                      (code >= 0x20000 && code <= 0x3FFFD);
    width += wide ? 2 : 1;
    i += length;
  }
  return width;
}

std::string shortNumber(double value) { return std::isnan(value) ? "-" : fmt::format("{:.6g}", value); }

std::string grouped(std::int64_t value) {
  auto digits = std::to_string(value);
  const std::ptrdiff_t first = value < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3)
    digits.insert(static_cast<std::size_t>(at), " ");
  return digits;
}

std::string byteText(double bytes) {
  for (const char* unit : {"B", "kB", "MB", "GB"}) {
    if (bytes < 1000) return *unit == 'B' ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.3g} {}", bytes, unit);
    bytes /= 1000;
  }
  return fmt::format("{:.3g} TB", bytes);
}

std::string durationText(double seconds) {
  if (!(seconds >= 0)) return "-";
  if (seconds < 59.95) return fmt::format("{:.3g} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string counted(std::int64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

Json errorJson(const Error& error) {
  return {{"code", error.code}, {"message", error.message.render()}, {"hint", error.hint.render()}};
}

Json errorsJson(const std::vector<Error>& errors) {
  Json list = Json::array();
  for (const auto& error : errors) list.push_back(errorJson(error));
  return list;
}

std::string oneLine(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<void> writeOut(std::string_view text) {
  errno = 0;
  const auto written = [&] {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  };
  if (written()) return {};
  // The reader has seen enough (lathe-cli runs list | head -1).
  if (errno == EPIPE) return fail(outputClosedCode, LATHE_TEXT("errors", "Nobody reads the output any more."), "");
  return fileError(errno, "standard output");
}

void writeErr(std::string_view line) {
  std::string text(line);
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

std::string csvCell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace lathe::cli

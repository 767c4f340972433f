// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lathe::cli {

/// Keys stay in the order in which a person would read them. NaN and infinities become null.
using Json = nlohmann::ordered_json;

/// Aligned columns for people: numbers to the right, text to the left, widths in terminal cells.
class Table {
 public:
  enum class Align { Left, Right };
  void column(std::string title, Align align = Align::Left);
  void row(std::vector<std::string> cells);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool empty() const { return m_rows.empty(); }

 private:
  struct Column {
    std::string title;
    Align align;
  };
  std::vector<Column> m_columns;
  std::vector<std::vector<std::string>> m_rows;
};

/// Cells that a terminal uses for UTF-8 text; Chinese counts two.
[[nodiscard]] std::size_t displayWidth(std::string_view text);

/// Six significant digits for people; "-" for NaN.
[[nodiscard]] std::string shortNumber(double value);
/// 12 345 678
[[nodiscard]] std::string grouped(std::int64_t value);
/// 12.3 MB
[[nodiscard]] std::string byteText(double bytes);
/// 0.42 s, 12.3 s, 4:05, 1:02:03
[[nodiscard]] std::string durationText(double seconds);
/// "1 row", "2 rows"
[[nodiscard]] std::string counted(std::int64_t count, const char* one, const char* many);

/// {code, message, hint}, sentences in English.
[[nodiscard]] Json errorJson(const Error& error);
[[nodiscard]] Json errorsJson(const std::vector<Error>& errors);

/// One line, no trailing line end; text that is no UTF-8 is shown with replacement characters.
[[nodiscard]] std::string oneLine(const Json& json);

/// The error of a write into a closed pipe: nobody is told, as with other Unix tools.
inline constexpr const char* outputClosedCode = "output.closed";
/// Writes to standard output and checks that it arrived: a full disk or a closed pipe is an error.
Result<void> writeOut(std::string_view text);
/// A message line on standard error.
void writeErr(std::string_view line);

/// A cell of a CSV file, quoted (RFC 4180) where it has to be.
[[nodiscard]] std::string csvCell(std::string_view text);

}  // namespace lathe::cli

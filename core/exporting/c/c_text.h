// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Names, numbers and texts as C spells them. For the files of this folder only.
namespace lathe::exporting {

inline constexpr std::size_t cLineWidth = 100;

/// ASCII letters, digits and underscores, a letter first; "model" when nothing is left.
[[nodiscard]] std::string cIdentifier(std::string_view name);
[[nodiscard]] std::string cUpper(std::string_view identifier);
/// The shortest literal that reads back as the same number. NaN and infinity by the macros of <math.h>.
[[nodiscard]] std::string cFloat(float value);
[[nodiscard]] std::string cDouble(double value);
[[nodiscard]] std::string cWhole(std::int64_t value);
/// A string literal with quotes, ASCII only; text beyond what C99 compilers must accept is cut.
[[nodiscard]] std::string cString(std::string_view text);
/// A text that can stand inside of a comment on one line.
[[nodiscard]] std::string cComment(std::string_view text);

/// Items with ", " between them, broken into lines that begin with `indent`; ends without a line break.
[[nodiscard]] std::string cLines(const std::vector<std::string>& items, std::string_view indent,
                                 std::size_t firstColumn = 0);
/// "static const TYPE NAME[n] = {...};" and a line break. `items` are the literals.
[[nodiscard]] std::string cArray(const std::string& declaration, const std::vector<std::string>& items);
/// The same of float literals, without a text for each of them.
void appendFloats(std::string& out, const std::string& declaration, const std::vector<float>& values);

}  // namespace lathe::exporting

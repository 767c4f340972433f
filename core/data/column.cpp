// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/column.h"

#include <fast_float/fast_float.h>
#include <fmt/format.h>

namespace lathe::data {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool asNumber(const std::string& text, double& value) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto result = fast_float::from_chars(begin, end, value);
  return begin != end && result.ec == std::errc() && result.ptr == end;
}

int compareRuns(const std::string& a, const std::string& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (isDigit(a[i]) && isDigit(b[j])) {
      while (i + 1 < a.size() && a[i] == '0' && isDigit(a[i + 1])) ++i;
      while (j + 1 < b.size() && b[j] == '0' && isDigit(b[j + 1])) ++j;
      std::size_t endA = i;
      std::size_t endB = j;
      while (endA < a.size() && isDigit(a[endA])) ++endA;
      while (endB < b.size() && isDigit(b[endB])) ++endB;
      if (endA - i != endB - j) return endA - i < endB - j ? -1 : 1;
      const int order = a.compare(i, endA - i, b, j, endB - j);
      if (order != 0) return order;
      i = endA;
      j = endB;
      continue;
    }
    if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]) ? -1 : 1;
    ++i;
    ++j;
  }
  if (i < a.size()) return 1;
  return j < b.size() ? -1 : 0;
}

}  // namespace

int Table::find(const std::string& name) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == name) return static_cast<int>(i);
  return -1;
}

bool naturalLess(const std::string& a, const std::string& b) {
  double x = 0;
  double y = 0;
  const bool numberA = asNumber(a, x) && !std::isnan(x);
  const bool numberB = asNumber(b, y) && !std::isnan(y);
  // Numbers come before words, so that the order stays a strict weak one where both are mixed.
  if (numberA != numberB) return numberA;
  if (numberA && x != y) return x < y;
  if (numberA) return a < b;
  const int order = compareRuns(a, b);
  return order != 0 ? order < 0 : a < b;
}

std::string numberText(double value) { return fmt::format("{}", value); }

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/fuzzy.h"

#include <algorithm>
#include <vector>

namespace lathe::ui {
namespace {

constexpr int longestText = 200;

int startBonus(const QString& text, qsizetype at) {
  if (at == 0) return 12;
  const QChar before = text[at - 1];
  if (!before.isLetterOrNumber()) return 10;
  if (text[at].isUpper() && before.isLower()) return 8;
  return 0;
}

}  // namespace

int fuzzyScore(const QString& pattern, const QString& text) {
  QString wanted;
  for (const QChar c : pattern)
    if (!c.isSpace()) wanted += c.toLower();
  if (wanted.isEmpty()) return 1;
  const QString given = text.left(longestText);
  const QString lower = given.toLower();
  if (lower.size() != given.size()) return lower.contains(wanted) ? 1 : 0;
  const auto rows = wanted.size();
  const auto columns = given.size();
  if (columns == 0) return 0;
  // best[j]: best score of the pattern so far with its last character at text[j]; 0 when impossible.
  std::vector<int> best(static_cast<std::size_t>(columns), 0);
  std::vector<int> next(static_cast<std::size_t>(columns), 0);
  for (qsizetype i = 0; i < rows; ++i) {
    int reachable = 0;
    for (qsizetype j = 0; j < columns; ++j) {
      const auto at = static_cast<std::size_t>(j);
      next[at] = 0;
      if (lower[j] == wanted[i]) {
        const int here = 4 + startBonus(given, j);
        if (i == 0) {
          next[at] = here;
        } else {
          if (reachable > 0) next[at] = reachable + here;
          if (j > 0 && best[at - 1] > 0) next[at] = std::max(next[at], best[at - 1] + here + 9);
        }
      }
      // What a later character may build on, one lost point for the gap.
      reachable = std::max(reachable - (reachable > 1 ? 1 : 0), best[at]);
    }
    std::swap(best, next);
  }
  const int score = *std::max_element(best.begin(), best.end());
  if (score <= 0) return 0;
  return std::max(1, score * 4 - static_cast<int>(columns) / 4);
}

}  // namespace lathe::ui

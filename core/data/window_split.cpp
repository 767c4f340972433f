// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/data/split.h"
#include "core/data/windows.h"

namespace lathe::data {
namespace {

/// A window with what it predicts, from its first row to the last.
struct Span {
  double first = 0;
  double last = 0;
  std::uint32_t row = 0;  ///< the window's last
};

/// Where time is cut: training before `validation`, validation before `test`.
struct Cuts {
  double validation = std::numeric_limits<double>::infinity();
  double test = std::numeric_limits<double>::infinity();
};

struct Wanted {
  std::size_t train = 0, validation = 0, test = 0;
};

Wanted wantedOf(const Shares& shares, std::size_t total) {
  const auto count = [total](double share) {
    const auto rounded = static_cast<std::size_t>(std::llround(static_cast<double>(total) * share));
    return share > 0 ? std::max<std::size_t>(rounded, 1) : 0;
  };
  Wanted wanted{1, count(shares.validation), count(shares.test)};
  wanted.train = std::max<std::size_t>(1, total - std::min(total, wanted.validation + wanted.test));
  return wanted;
}

std::vector<Span> spansOf(const Dataset& dataset) {
  const auto& windows = dataset.windows;
  const auto length = windowLength(dataset.schema);
  const auto horizon = static_cast<std::size_t>(dataset.schema.sequence.horizon);
  std::vector<Span> spans;
  for (std::uint32_t row = 0; row < dataset.rows; ++row) {
    if (!hasInput(dataset, row) || !isLabelled(dataset, row)) continue;
    const std::size_t place = windows.place[row];
    spans.push_back(
        {windows.time[windows.order[place + 1 - length]], windows.time[windows.order[place + horizon]], row});
  }
  return spans;
}

// The start of the `count`-th latest among the windows that end before `end`; nothing when there are not as many.
std::optional<double> cutBefore(const std::vector<Span>& spans, double end, std::size_t count,
                                std::vector<double>& starts) {
  starts.clear();
  for (const auto& span : spans)
    if (span.last < end) starts.push_back(span.first);
  if (count == 0) return end;
  if (starts.size() < count) return std::nullopt;
  const auto at = starts.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::nth_element(starts.begin(), at, starts.end(), std::greater<>());
  return *at;
}

std::optional<Cuts> cutsFor(const std::vector<Span>& spans, const Wanted& wanted, std::vector<double>& starts) {
  const auto test = cutBefore(spans, std::numeric_limits<double>::infinity(), wanted.test, starts);
  if (!test) return std::nullopt;
  const auto validation = cutBefore(spans, *test, wanted.validation, starts);
  if (!validation) return std::nullopt;
  const auto train = std::count_if(spans.begin(), spans.end(), [&](const Span& s) { return s.last < *validation; });
  if (static_cast<std::size_t>(train) < wanted.train) return std::nullopt;
  return Cuts{*validation, *test};
}

// Windows across a cut are lost, and how many depends on the cuts: the largest total that leaves every part its share.
std::optional<Cuts> bestCuts(const std::vector<Span>& spans, const Shares& shares) {
  std::vector<double> starts;
  std::optional<Cuts> best;
  std::size_t low = 1;
  std::size_t high = spans.size();
  while (low <= high) {
    const auto total = low + (high - low) / 2;
    if (const auto cuts = cutsFor(spans, wantedOf(shares, total), starts)) {
      best = cuts;
      low = total + 1;
    } else {
      high = total - 1;
    }
  }
  return best;
}

// Every stride-th window of a series; one at least is kept.
void thin(const Dataset& dataset, std::size_t stride, std::vector<std::uint32_t>& rows) {
  const auto length = windowLength(dataset.schema);
  const auto first = rows.front();
  std::erase_if(rows, [&](auto row) { return (dataset.windows.before[row] + 1 - length) % stride != 0; });
  if (rows.empty()) rows.push_back(first);
}

std::uint32_t longestSeries(const Windows& windows) {
  std::uint32_t longest = 0;
  for (const auto before : windows.before) longest = std::max(longest, before + 1);
  return longest;
}

tl::unexpected<Error> noWindows(const Dataset& dataset, std::size_t length) {
  const auto longest = longestSeries(dataset.windows);
  const TextArgs args{{"rows", std::to_string(longest)}, {"needed", std::to_string(length)}};
  if (longest >= length)
    return fail("data.too_few_rows",
                LATHE_TEXT("errors", "No window of {needed} rows has a target: its values are missing."),
                LATHE_TEXT("errors", "Choose another target column, or fill its values in."), args);
  if (dataset.schema.sequence.horizon > 0)
    return fail(
        "data.window_too_long",
        LATHE_TEXT("errors", "The longest series has {rows} rows; a window and its horizon together need {needed}."),
        LATHE_TEXT("errors", "Make data.window or data.horizon smaller, or give more rows."), args);
  return fail("data.window_too_long",
              LATHE_TEXT("errors", "The longest series has {rows} rows; a window needs {needed}."),
              LATHE_TEXT("errors", "Make data.window smaller, or give more rows."), args);
}

}  // namespace

Result<Split> splitWindows(const spec::SplitSpec& spec, const Dataset& dataset, std::size_t mainRows,
                           std::size_t stride) {
  const bool brought = dataset.rows > mainRows;
  LATHE_ASSIGN(shares, sharesOf(spec, brought));
  auto spans = spansOf(dataset);
  Split split;
  const auto isTest = [&](const Span& span) { return span.row >= mainRows; };
  for (const auto& span : spans)
    if (isTest(span)) split.test.push_back(span.row);
  std::erase_if(spans, isTest);
  const auto length = windowLength(dataset.schema) + static_cast<std::size_t>(dataset.schema.sequence.horizon);
  if (spans.empty()) return noWindows(dataset, length);
  const auto cuts = bestCuts(spans, shares);
  if (!cuts)
    return fail(
        "data.series_too_short",
        LATHE_TEXT("errors",
                   "There are {windows} windows of {length} rows: too few to cut the time into parts for "
                   "training, validation and test that do not overlap."),
        LATHE_TEXT("errors", "Make data.window or data.horizon smaller, give more rows, or a test file of its own."),
        {{"windows", std::to_string(spans.size())}, {"length", std::to_string(length)}});
  for (const auto& span : spans) {
    if (span.first >= cuts->test)
      split.test.push_back(span.row);
    else if (span.first >= cuts->validation && span.last < cuts->test)
      split.validation.push_back(span.row);
    else if (span.last < cuts->validation)
      split.train.push_back(span.row);
  }
  thin(dataset, std::max<std::size_t>(1, stride), split.train);
  return split;
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/windows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace lathe::data {
namespace {

// A number of each row's series, counted in the order of first rows, so that the order does not depend on hashes.
std::vector<std::uint32_t> seriesOf(const SeriesKeys& keys, std::size_t rows) {
  std::vector<std::uint32_t> series(rows, 0);
  std::uint32_t count = 0;
  std::size_t first = 0;
  for (const auto size : keys.parts) {
    std::unordered_map<std::uint64_t, std::uint32_t> numbers;
    for (std::size_t row = first; row < first + size; ++row) {
      const auto [entry, fresh] = numbers.emplace(keys.groups.empty() ? 0 : keys.groups[row], count);
      if (fresh) ++count;
      series[row] = entry->second;
    }
    first += size;
  }
  return series;
}

void fillSeries(Windows& windows, std::size_t first, std::size_t end, bool timed) {
  const auto length = end - first;
  for (std::size_t place = first; place < end; ++place) {
    const auto row = windows.order[place];
    windows.place[row] = static_cast<std::uint32_t>(place);
    windows.before[row] = static_cast<std::uint32_t>(place - first);
    windows.behind[row] = static_cast<std::uint32_t>(end - 1 - place);
    if (!timed) windows.time[row] = (static_cast<double>(place - first) + 0.5) / static_cast<double>(length);
  }
}

}  // namespace

Windows windowsOf(const SeriesKeys& keys) {
  const auto rows = std::accumulate(keys.parts.begin(), keys.parts.end(), std::size_t{0});
  const auto series = seriesOf(keys, rows);
  const bool timed = !keys.times.empty();
  Windows windows;
  windows.time = keys.times;
  windows.time.resize(rows);
  windows.order.resize(rows);
  std::iota(windows.order.begin(), windows.order.end(), 0U);
  std::stable_sort(windows.order.begin(), windows.order.end(), [&](auto a, auto b) {
    if (series[a] != series[b]) return series[a] < series[b];
    return timed && windows.time[a] < windows.time[b];
  });
  for (auto* numbers : {&windows.place, &windows.before, &windows.behind}) numbers->resize(rows);
  for (std::size_t first = 0; first < rows;) {
    auto end = first + 1;
    while (end < rows && series[windows.order[end]] == series[windows.order[first]]) ++end;
    fillSeries(windows, first, end, timed);
    first = end;
  }
  return windows;
}

std::vector<float> valuesBehind(const Windows& windows, const std::vector<float>& values, std::size_t count,
                                std::size_t horizon) {
  std::vector<float> result(values.size() * horizon, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t row = 0; row < windows.order.size(); ++row) {
    const auto known = std::min<std::size_t>(horizon, windows.behind[row]);
    for (std::size_t step = 0; step < known; ++step) {
      const std::size_t from = windows.order[windows.place[row] + step + 1];
      std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(from * count), count,
                  result.begin() + static_cast<std::ptrdiff_t>((row * horizon + step) * count));
    }
  }
  return result;
}

void forgetIncomplete(Dataset& dataset) {
  const auto forget = [&](auto& labels, auto nothing) {
    if (labels.empty() || dataset.rows == 0) return;
    const auto each = static_cast<std::ptrdiff_t>(labels.size() / dataset.rows);
    for (std::size_t row = 0; row < dataset.rows; ++row)
      if (!hasInput(dataset, row)) std::fill_n(labels.begin() + static_cast<std::ptrdiff_t>(row) * each, each, nothing);
  };
  forget(dataset.classes, std::int32_t{-1});
  forget(dataset.labels, std::int8_t{-1});
  forget(dataset.targets, std::numeric_limits<float>::quiet_NaN());
}

std::vector<std::uint32_t> coveredRows(const Dataset& dataset, const std::vector<std::uint32_t>& rows) {
  const auto length = windowLength(dataset.schema);
  if (dataset.schema.sequence.window == 0) return rows;
  std::vector<bool> covered(tableRows(dataset), false);
  for (const auto row : rows)
    for (std::size_t back = 0; back < length; ++back)
      covered[rowAtPlace(dataset, lastPlace(dataset, row) - back)] = true;
  std::vector<std::uint32_t> result;
  for (std::uint32_t row = 0; row < covered.size(); ++row)
    if (covered[row]) result.push_back(row);
  return result;
}

std::vector<std::uint32_t> rowsWithInput(const Dataset& dataset) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < dataset.rows; ++row)
    if (hasInput(dataset, row)) rows.push_back(row);
  return rows;
}

std::int64_t repeatedTimes(const Windows& windows) {
  std::int64_t count = 0;
  for (std::size_t place = 1; place < windows.order.size(); ++place) {
    const auto row = windows.order[place];
    if (windows.before[row] > 0 && windows.time[row] == windows.time[windows.order[place - 1]]) ++count;
  }
  return count;
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/label_cells.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>

#include "core/data/table_encode.h"

namespace lathe::data {
namespace {

int truthOfWord(const std::string& word) {
  std::string lower;
  for (const char c : word) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static const std::array<const char*, 6> no{"0", "false", "no", "f", "n", "off"};
  static const std::array<const char*, 6> yes{"1", "true", "yes", "t", "y", "on"};
  if (std::find(no.begin(), no.end(), lower) != no.end()) return 0;
  return std::find(yes.begin(), yes.end(), lower) != yes.end() ? 1 : -1;
}

// Calls take(row, truth, missing); truth is -1 for a value that is neither.
template <class Take>
void forEachTruth(const Table& table, const Column& column, const Take& take) {
  if (column.storage == Storage::Integer) {
    forEachValue<std::int64_t>(table, column, [&](std::int64_t row, std::int64_t x) {
      take(row, x == 0 || x == 1 ? static_cast<int>(x) : -1, x == missingInteger);
    });
  } else if (column.storage == Storage::Real) {
    forEachValue<double>(table, column, [&](std::int64_t row, double x) {
      take(row, x == 0 ? 0 : x == 1 ? 1 : -1, std::isnan(x));
    });
  } else if (column.storage == Storage::Codes) {
    std::vector<int> words;
    for (const auto& value : column.values) words.push_back(truthOfWord(value));
    forEachValue<std::uint32_t>(table, column, [&](std::int64_t row, std::uint32_t code) {
      take(row, code == missingCode ? -1 : words[code], code == missingCode);
    });
  } else {
    for (std::int64_t row = 0; row < table.rows(); ++row) take(row, -1, column.storage == Storage::Empty);
  }
}

}  // namespace

bool holdsTruth(const Table& table, const Column& column) {
  bool all = true;
  forEachTruth(table, column, [&](std::int64_t, int truth, bool missing) { all = all && (missing || truth >= 0); });
  return all;
}

std::vector<std::int8_t> truthOf(const Table& table, const Column& column) {
  std::vector<std::int8_t> truths(static_cast<std::size_t>(table.rows()), -1);
  forEachTruth(table, column, [&](std::int64_t row, int truth, bool) {
    truths[static_cast<std::size_t>(row)] = static_cast<std::int8_t>(truth);
  });
  return truths;
}

std::string separatorIn(const Column& column) {
  std::string best;
  std::int64_t most = 0;
  for (const char separator : {';', '|', ','}) {
    const auto count = std::count_if(column.values.begin(), column.values.end(), [separator](const std::string& value) {
      return value.find(separator) != std::string::npos;
    });
    if (count <= most) continue;
    most = count;
    best = separator;
  }
  return best;
}

std::vector<std::string> labelsIn(std::string_view cell, const std::string& separator) {
  std::vector<std::string> labels;
  for (std::size_t from = 0; from <= cell.size();) {
    const auto to = separator.empty() ? cell.size() : std::min(cell.find(separator, from), cell.size());
    auto label = cell.substr(from, to - from);
    while (!label.empty() && label.front() == ' ') label.remove_prefix(1);
    while (!label.empty() && label.back() == ' ') label.remove_suffix(1);
    if (!label.empty()) labels.emplace_back(label);
    from = to + 1;
  }
  return labels;
}

std::vector<std::string> labelsOf(const Column& column, const std::string& separator) {
  std::vector<std::string> all;
  for (const auto& value : column.values)
    for (auto& label : labelsIn(value, separator)) all.push_back(std::move(label));
  sortWords(all);
  return all;
}

std::vector<std::int8_t> labelMatrix(const Table& table, const Column& column, const std::vector<std::string>& labels,
                                     const std::string& separator, char decimal) {
  const std::size_t width = labels.size();
  std::vector<std::int8_t> matrix(static_cast<std::size_t>(table.rows()) * width, 0);
  const auto rowAt = [&](std::int64_t row) { return matrix.begin() + row * static_cast<std::int64_t>(width); };
  const auto leaveOut = [&](std::int64_t row) { std::fill_n(rowAt(row), width, std::int8_t{-1}); };
  if (column.storage != Storage::Codes) {
    // Nothing was written with separators: each cell is one label.
    const auto indices = indicesOf(table, column, labels, decimal);
    for (std::size_t row = 0; row < indices.size(); ++row) {
      if (indices[row] == -2) leaveOut(static_cast<std::int64_t>(row));
      if (indices[row] >= 0) matrix[row * width + static_cast<std::size_t>(indices[row])] = 1;
    }
    return matrix;
  }
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t l = 0; l < width; ++l) places.emplace(labels[l], l);
  std::vector<std::vector<std::size_t>> ofCode;
  for (const auto& value : column.values) {
    ofCode.emplace_back();
    for (const auto& label : labelsIn(value, separator))
      if (const auto place = places.find(label); place != places.end()) ofCode.back().push_back(place->second);
  }
  forEachValue<std::uint32_t>(table, column, [&](std::int64_t row, std::uint32_t code) {
    if (code == missingCode) return leaveOut(row);
    for (const auto place : ofCode[code]) rowAt(row)[static_cast<std::ptrdiff_t>(place)] = 1;
  });
  return matrix;
}

}  // namespace lathe::data

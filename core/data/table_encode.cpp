// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/table_encode.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/data/cells.h"
#include "core/data/dictionary.h"
#include "core/data/written_numbers.h"

namespace lathe::data {
namespace {

using spec::ColumnKind;
constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t microsPerDay = 86'400'000'000;
constexpr std::int64_t days2000 = 10'957;  // from 1970-01-01

std::string written(const Column& column, std::uint64_t key) {
  switch (column.storage) {
    case Storage::Integer:
      return std::to_string(static_cast<std::int64_t>(key));
    case Storage::Date:
      return dateText(static_cast<std::int64_t>(key));
    case Storage::Real: {
      double value = 0;
      __builtin_memcpy(&value, &key, sizeof value);
      return numberText(value);
    }
    case Storage::Codes:
      return column.values[static_cast<std::size_t>(key)];
    case Storage::Empty:
    case Storage::Hashes:
      break;
  }
  return {};
}

double numberIn(const std::string& text, char decimal) {
  double value = 0;
  const char* begin = text.data();
  if (parseReal(begin, begin + text.size(), decimal, value) && std::isfinite(value)) return value;
  return std::numeric_limits<double>::quiet_NaN();
}

// 1,234.5 and 5 % as well.
double writtenNumberIn(const std::string& text, char decimal) {
  double value = 0;
  std::uint32_t signs = 0;
  if (parseWritten(text.data(), text.data() + text.size(), decimal, value, signs)) return value;
  return numberIn(text, decimal);
}

// A code like 007 is a number as soon as a person says so.
double numberInCode(std::string text, char decimal) {
  const std::size_t sign = !text.empty() && text[0] == '-' ? 1 : 0;
  while (text.size() > sign + 1 && text[sign] == '0' && text[sign + 1] >= '0' && text[sign + 1] <= '9')
    text.erase(sign, 1);
  return writtenNumberIn(text, decimal);
}

// Words as the keys that forEachKey gives for this column; a column of codes looks the words up instead.
std::unordered_map<std::uint64_t, std::int32_t> keysOf(const Column& column, const std::vector<std::string>& words,
                                                       char decimal) {
  std::unordered_map<std::uint64_t, std::int32_t> keys;
  std::unordered_map<double, std::int32_t> numbers;
  std::unordered_map<std::string, std::int32_t> texts;
  for (std::size_t i = 0; i < words.size(); ++i) {
    texts.emplace(words[i], static_cast<std::int32_t>(i));
    for (const char sign : {'.', decimal})
      if (const double value =
              column.storage == Storage::Real ? writtenNumberIn(words[i], sign) : numberIn(words[i], sign);
          !std::isnan(value))
        numbers.emplace(value, static_cast<std::int32_t>(i));
  }
  if (column.storage == Storage::Codes) {
    for (std::size_t code = 0; code < column.values.size(); ++code) {
      const auto text = texts.find(column.values[code]);
      if (text != texts.end()) {
        keys.emplace(code, text->second);
        continue;
      }
      const auto number = numbers.find(numberIn(column.values[code], decimal));
      if (number != numbers.end()) keys.emplace(code, number->second);
    }
  } else if (column.storage == Storage::Integer) {
    for (const auto& [value, index] : numbers)
      if (std::abs(value) < 9e18 && std::floor(value) == value)
        keys.emplace(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)), index);
    // Beyond 2^53 a double cannot tell neighbours apart.
    for (const auto& [text, index] : texts) {
      std::int64_t value = 0;
      if (parseInteger(text.data(), text.data() + text.size(), value))
        keys.insert_or_assign(static_cast<std::uint64_t>(value), index);
    }
  } else if (column.storage == Storage::Real) {
    for (const auto& [value, index] : numbers) {
      const double whole = value == 0 ? 0.0 : value;
      std::uint64_t bits = 0;
      __builtin_memcpy(&bits, &whole, sizeof bits);
      keys.emplace(bits, index);
    }
  } else if (column.storage == Storage::Hashes) {
    for (const auto& [text, index] : texts) keys.emplace(textHash(text.data(), text.size()), index);
  } else if (column.storage == Storage::Date) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      std::int64_t micros = 0;
      DayOrderSeen seen;
      if (parseDateTime(words[i].data(), words[i].data() + words[i].size(), DayOrder::DayFirst, seen, micros))
        keys.emplace(static_cast<std::uint64_t>(micros), static_cast<std::int32_t>(i));
    }
  }
  return keys;
}

std::int64_t timeOfInteger(std::int64_t value) {
  // 20240131, or seconds, or milliseconds since 1970.
  if (value >= 10'000'101 && value <= 99'991'231) {
    const auto text = std::to_string(value);
    const auto dashed = text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2);
    std::int64_t micros = 0;
    DayOrderSeen seen;
    if (parseDateTime(dashed.data(), dashed.data() + dashed.size(), DayOrder::DayFirst, seen, micros)) return micros;
  }
  if (std::abs(value) < 100'000'000'000) return value * 1'000'000;
  return std::abs(value) < 100'000'000'000'000 ? value * 1000 : missingInteger;
}

}  // namespace

void sortWords(std::vector<std::string>& words) {
  std::sort(words.begin(), words.end(), naturalLess);
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

std::vector<std::string> wordsOf(const Table& table, const Column& column, const std::vector<bool>& wanted,
                                 const Spelling& spelling) {
  std::vector<std::string> words;
  const auto isWanted = [&](std::int64_t row) { return wanted.empty() || wanted[static_cast<std::size_t>(row)]; };
  if (column.storage == Storage::Hashes || column.storage == Storage::Empty) return words;
  if (column.storage == Storage::Codes) {
    std::vector<bool> seen(column.values.size(), false);
    forEachValue<std::uint32_t>(table, column, [&](std::int64_t row, std::uint32_t code) {
      if (code != missingCode && isWanted(row)) seen[code] = true;
    });
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (seen[i]) words.push_back(column.values[i]);
    return words;
  }
  std::unordered_map<std::uint64_t, std::int64_t> firstRows;
  forEachKey(table, column, [&](std::int64_t row, std::uint64_t key, bool missing) {
    if (!missing && firstRows.size() <= dictionaryLimit && isWanted(row)) firstRows.emplace(key, row);
  });
  if (firstRows.size() > dictionaryLimit) return words;
  for (const auto& [key, row] : firstRows) {
    auto word = column.storage != Storage::Integer && spelling ? spelling(row) : std::string();
    words.push_back(word.empty() ? written(column, key) : std::move(word));
  }
  sortWords(words);
  return words;
}

std::vector<std::int32_t> indicesOf(const Table& table, const Column& column, const std::vector<std::string>& words,
                                    char decimal) {
  std::vector<std::int32_t> indices(static_cast<std::size_t>(table.rows()), -1);
  const auto keys = keysOf(column, words, decimal);
  forEachKey(table, column, [&](std::int64_t row, std::uint64_t key, bool missing) {
    auto& index = indices[static_cast<std::size_t>(row)];
    if (missing) {
      index = -2;
      return;
    }
    const auto found = keys.find(key);
    if (found != keys.end()) index = found->second;
  });
  return indices;
}

std::vector<double> numbersOf(const Table& table, const Column& column, char decimal) {
  std::vector<double> numbers(static_cast<std::size_t>(table.rows()), std::numeric_limits<double>::quiet_NaN());
  const auto at = [&](std::int64_t row) -> double& { return numbers[static_cast<std::size_t>(row)]; };
  switch (column.storage) {
    case Storage::Real:
      forEachValue<double>(table, column, [&](std::int64_t row, double x) { at(row) = x; });
      break;
    case Storage::Integer:
      forEachValue<std::int64_t>(table, column, [&](std::int64_t row, std::int64_t x) {
        if (x != missingInteger) at(row) = static_cast<double>(x);
      });
      break;
    case Storage::Date:
      forEachValue<std::int64_t>(table, column, [&](std::int64_t row, std::int64_t x) {
        if (x == missingInteger) return;
        // Whoever wants 20240131 as a number gets that number, as from a file where not all of them are dates.
        at(row) = column.notes.compactDates ? static_cast<double>(compactDay(x))
                                            : static_cast<double>(x) / static_cast<double>(microsPerDay) - days2000;
      });
      break;
    case Storage::Codes: {
      std::vector<double> values;
      values.reserve(column.values.size());
      for (const auto& text : column.values) values.push_back(numberInCode(text, decimal));
      forEachValue<std::uint32_t>(table, column, [&](std::int64_t row, std::uint32_t code) {
        if (code != missingCode) at(row) = values[code];
      });
      break;
    }
    case Storage::Empty:
    case Storage::Hashes:
      break;
  }
  return numbers;
}

std::vector<std::int64_t> timesOf(const Table& table, const Column& column) {
  std::vector<std::int64_t> times(static_cast<std::size_t>(table.rows()), missingInteger);
  const auto at = [&](std::int64_t row) -> std::int64_t& { return times[static_cast<std::size_t>(row)]; };
  if (column.storage == Storage::Date) {
    forEachValue<std::int64_t>(table, column, [&](std::int64_t row, std::int64_t x) { at(row) = x; });
  } else if (column.storage == Storage::Integer) {
    forEachValue<std::int64_t>(table, column, [&](std::int64_t row, std::int64_t x) {
      if (x != missingInteger) at(row) = timeOfInteger(x);
    });
  } else if (column.storage == Storage::Real) {
    forEachValue<double>(table, column, [&](std::int64_t row, double x) {
      if (std::abs(x) < 1e12) at(row) = timeOfInteger(static_cast<std::int64_t>(x));
    });
  } else if (column.storage == Storage::Codes) {
    std::vector<std::int64_t> values;
    values.reserve(column.values.size());
    for (const auto& text : column.values) {
      std::int64_t micros = 0;
      DayOrderSeen seen;
      const bool read = parseDateTime(text.data(), text.data() + text.size(), DayOrder::DayFirst, seen, micros);
      values.push_back(read ? micros : missingInteger);
    }
    forEachValue<std::uint32_t>(table, column, [&](std::int64_t row, std::uint32_t code) {
      if (code != missingCode) at(row) = values[code];
    });
  }
  return times;
}

void encodeFeature(const Table& table, const Column& column, const spec::FeatureSchema& feature, char decimal,
                   float* out, std::size_t stride) {
  out += feature.offset;
  if (feature.kind == ColumnKind::DateTime) {
    const auto times = timesOf(table, column);
    for (std::size_t row = 0; row < times.size(); ++row, out += stride) {
      if (times[row] == missingInteger) {
        out[0] = out[1] = notANumber;
        continue;
      }
      std::int64_t day = times[row] / microsPerDay;
      if (times[row] % microsPerDay < 0) --day;
      out[0] = static_cast<float>(day - days2000);
      out[1] = static_cast<float>(static_cast<double>(times[row] - day * microsPerDay) * 1e-6);
    }
  } else if (feature.kind == ColumnKind::Integer || feature.kind == ColumnKind::Real) {
    for (const double x : numbersOf(table, column, decimal)) {
      // What a float cannot hold would be an infinity.
      *out = std::abs(x) <= static_cast<double>(std::numeric_limits<float>::max()) ? static_cast<float>(x) : notANumber;
      out += stride;
    }
  } else {
    for (const auto index : indicesOf(table, column, feature.vocabulary, decimal)) {
      *out = index == -2 ? notANumber : static_cast<float>(index);
      out += stride;
    }
  }
}

}  // namespace lathe::data

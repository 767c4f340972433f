// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/input_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "core/data/cells.h"
#include "core/data/written_numbers.h"
#include "core/spec/spec_json.h"
#include "core/spec/targets.h"
#include "core/spec/text_codes.h"

namespace lathe::serving {
namespace {

using spec::ColumnKind;
constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t microsPerDay = 86'400'000'000;
constexpr std::int64_t daysTo2000 = 10'957;  // from 1970-01-01

bool isMissingWord(std::string_view text) {
  static const data::MissingWords words(spec::ReadingSpec().missing);
  return words.matches(text.data(), text.data() + text.size());
}

std::string_view narrowed(std::string_view text) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  while (begin != end && (*begin == ' ' || *begin == '\t')) ++begin;
  while (begin != end && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

bool readNumber(std::string_view text, double& value) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (data::parseReal(begin, end, '.', value)) return true;
  std::uint32_t signs = 0;
  return data::parseWritten(begin, end, '.', value, signs);
}

std::string shortened(std::string_view text) {
  constexpr std::size_t most = 40;
  if (text.size() <= most) return std::string(text);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "...";
}

tl::unexpected<Fault> wrongCell(const std::string& column, std::string_view needed, std::string_view text) {
  return refuse(FaultKind::BadInput,
                fmt::format("Column \"{}\" takes {}, not \"{}\".", column, needed, shortened(text)));
}

/// 20240131, or seconds or milliseconds since 1970.
bool timeOfNumber(double value, std::int64_t& micros) {
  if (!(std::abs(value) < 1e14)) return false;
  const auto whole = static_cast<std::int64_t>(value);
  if (whole >= 10'000'101 && whole <= 99'991'231) {
    const auto text = fmt::format("{:04}-{:02}-{:02}", whole / 10'000, whole / 100 % 100, whole % 100);
    data::DayOrderSeen seen;
    if (data::parseDateTime(text.data(), text.data() + text.size(), data::DayOrder::DayFirst, seen, micros))
      return true;
  }
  micros = static_cast<std::int64_t>(value * (std::abs(value) < 1e11 ? 1e6 : 1e3));
  return true;
}

}  // namespace

InputColumn::InputColumn(const spec::FeatureSchema& feature) : m_feature(feature) {
  for (std::size_t i = 0; i < feature.vocabulary.size(); ++i) {
    const auto& word = feature.vocabulary[i];
    m_codes.emplace(word, static_cast<std::int32_t>(i));
    double value = 0;
    if (data::parseReal(word.data(), word.data() + word.size(), '.', value) && std::isfinite(value))
      m_numbers.emplace(value, static_cast<std::int32_t>(i));
  }
}

bool InputColumn::isText() const {
  return m_feature.text.buckets > 0 || m_feature.kind == ColumnKind::Category ||
         m_feature.kind == ColumnKind::Boolean || m_feature.kind == ColumnKind::DateTime;
}

std::int32_t InputColumn::codeOf(std::string_view word) const {
  const auto found = m_codes.find(word);
  if (found != m_codes.end()) return found->second;
  double value = 0;
  if (!m_numbers.empty() && data::parseReal(word.data(), word.data() + word.size(), '.', value)) {
    const auto number = m_numbers.find(value);
    if (number != m_numbers.end()) return number->second;
  }
  return -1;
}

void InputColumn::writeMissing(float* row) const {
  std::fill_n(row + m_feature.offset, m_feature.width, m_feature.text.buckets > 0 ? -1.0F : missing);
}

void InputColumn::writeTime(std::int64_t micros, float* row) const {
  std::int64_t day = micros / microsPerDay;
  if (micros % microsPerDay < 0) --day;
  row[m_feature.offset] = static_cast<float>(day - daysTo2000);
  row[m_feature.offset + 1] = static_cast<float>(static_cast<double>(micros - day * microsPerDay) * 1e-6);
}

Answer<void> InputColumn::writeNumber(double value, float* row) const {
  if (std::isnan(value)) {
    writeMissing(row);
    return {};
  }
  if (m_feature.text.buckets > 0) return writeText(fmt::format("{}", value), row);
  float& cell = row[m_feature.offset];
  switch (m_feature.kind) {
    case ColumnKind::DateTime: {
      std::int64_t micros = 0;
      if (!timeOfNumber(value, micros)) return wrongCell(name(), "a date", fmt::format("{}", value));
      writeTime(micros, row);
      return {};
    }
    case ColumnKind::Category:
    case ColumnKind::Boolean: {
      // A number is the word that it is spelled like; where no word is a number it is a code.
      const auto found = m_numbers.find(value);
      if (found != m_numbers.end())
        cell = static_cast<float>(found->second);
      else
        cell = m_numbers.empty() && value >= 0 && value == std::floor(value) &&
                       value < static_cast<double>(m_feature.vocabulary.size())
                   ? static_cast<float>(value)
                   : -1.0F;
      return {};
    }
    default:
      cell = static_cast<float>(value);
      return {};
  }
}

Answer<void> InputColumn::writeText(std::string_view text, float* row) const {
  if (m_feature.text.buckets > 0) {
    std::vector<std::uint16_t> codes;
    const auto places = static_cast<std::size_t>(m_feature.width);
    if (!isMissingWord(text)) spec::appendTextCodes(text, m_feature.text, places, codes);
    std::fill(std::copy(codes.begin(), codes.end(), row + m_feature.offset), row + m_feature.offset + m_feature.width,
              -1.0F);
    return {};
  }
  const auto cell = narrowed(text);
  switch (m_feature.kind) {
    case ColumnKind::Category:
    case ColumnKind::Boolean: {
      auto code = codeOf(cell);
      if (code < 0) code = codeOf(text);
      row[m_feature.offset] = code >= 0 ? static_cast<float>(code) : isMissingWord(cell) ? missing : -1.0F;
      return {};
    }
    case ColumnKind::DateTime: {
      std::int64_t micros = 0;
      data::DayOrderSeen seen;
      if (isMissingWord(cell)) {
        writeMissing(row);
      } else if (data::parseDateTime(cell.data(), cell.data() + cell.size(), data::DayOrder::DayFirst, seen, micros)) {
        writeTime(micros, row);
      } else {
        double value = 0;
        if (!readNumber(cell, value) || !timeOfNumber(value, micros)) return wrongCell(name(), "a date", cell);
        writeTime(micros, row);
      }
      return {};
    }
    default: {
      double value = 0;
      if (isMissingWord(cell)) {
        row[m_feature.offset] = missing;
        return {};
      }
      if (!readNumber(cell, value)) return wrongCell(name(), "a number", cell);
      row[m_feature.offset] = static_cast<float>(value);
      return {};
    }
  }
}

Answer<void> InputColumn::writeBoolean(bool value, float* row) const {
  if (m_feature.kind == ColumnKind::DateTime) return wrongCell(name(), "a date", value ? "true" : "false");
  if (m_codes.empty()) return writeNumber(value ? 1 : 0, row);
  static constexpr std::array<std::array<std::string_view, 7>, 2> spellings{
      {{"false", "False", "FALSE", "0", "no", "No", "f"}, {"true", "True", "TRUE", "1", "yes", "Yes", "t"}}};
  std::int32_t code = -1;
  for (const auto word : spellings[value ? 1 : 0])
    if (code < 0) code = codeOf(word);
  row[m_feature.offset] = static_cast<float>(code);
  return {};
}

InputLayout::InputLayout(const spec::DataSchema& schema)
    : m_shape(schema.inputShape),
      m_size(static_cast<std::size_t>(spec::elementCount(schema.inputShape))),
      m_window(static_cast<std::size_t>(std::max<std::int64_t>(1, schema.sequence.window))),
      m_image(schema.image) {
  if (schema.image || schema.sound()) return;
  for (const auto& feature : schema.features) {
    m_index.emplace(feature.name, m_columns.size());
    m_columns.emplace_back(feature);
    m_hasText = m_hasText || m_columns.back().isText();
  }
}

const InputColumn* InputLayout::column(std::string_view name) const {
  const auto index = columnIndex(name);
  return index < m_columns.size() ? &m_columns[index] : nullptr;
}

std::size_t InputLayout::columnIndex(std::string_view name) const {
  const auto found = m_index.find(name);
  return found == m_index.end() ? m_columns.size() : found->second;
}

std::string InputLayout::columnNames() const {
  std::vector<std::string> names;
  for (const auto& column : m_columns) names.push_back(column.name());
  return spec::joinNames(names);
}

std::string InputLayout::nearest(std::string_view name) const {
  std::vector<std::string> names;
  for (const auto& column : m_columns) names.push_back(column.name());
  return spec::nearest(std::string(name), names);
}

}  // namespace lathe::serving

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/plain_preprocessor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/engine/plain_log_mel.h"
#include "core/spec/text_program.h"

namespace lathe::engine {
namespace {

constexpr double secondsOfDay = 86400;
constexpr double mostDays = 1e7;

/// Year and month (1..12) of days since 1970-01-01.
std::pair<std::int64_t, int> civil(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t dayOfEra = days - era * 146097;
  const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const std::int64_t shifted = (5 * dayOfYear + 2) / 153;
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month};
}

std::int64_t codeOf(float value, std::int64_t cardinality) {
  const std::int64_t unknown = cardinality - 1;
  return value >= 0 && value < static_cast<float>(unknown) ? static_cast<std::int64_t>(value) : unknown;
}

float interpolate(float x, const float* knots, const float* values, std::size_t count) {
  if (!(x > knots[0])) return values[0];
  if (x >= knots[count - 1]) return values[count - 1];
  const auto above = static_cast<std::size_t>(std::upper_bound(knots, knots + count, x) - knots);
  const float share = (x - knots[above - 1]) / (knots[above] - knots[above - 1]);
  return values[above - 1] + share * (values[above] - values[above - 1]);
}

}  // namespace

std::array<float, 7> calendarParts(double days, double seconds) {
  std::array<float, 7> parts{};
  if (!std::isfinite(days) || !std::isfinite(seconds)) return parts;
  const auto day = static_cast<std::int64_t>(std::floor(std::clamp(days, -mostDays, mostDays)));
  const auto [year, month] = civil(day + 10957);  // 2000-01-01 is day 10957 of 1970's count
  const double turn = 2 * std::numbers::pi;
  const double ofMonth = turn * (month - 1) / 12;
  const double ofWeekday = turn * static_cast<double>(((day + 5) % 7 + 7) % 7) / 7;
  const double ofHour = turn * seconds / secondsOfDay;
  parts[0] = static_cast<float>(static_cast<double>(year - 2000) / 50);
  parts[1] = static_cast<float>(std::sin(ofMonth));
  parts[2] = static_cast<float>(std::cos(ofMonth));
  parts[3] = static_cast<float>(std::sin(ofWeekday));
  parts[4] = static_cast<float>(std::cos(ofWeekday));
  parts[5] = static_cast<float>(std::sin(ofHour));
  parts[6] = static_cast<float>(std::cos(ofHour));
  return parts;
}

PlainPreprocessor::PlainPreprocessor(spec::Program program) : m_program(std::move(program)) {
  if (const auto text = spec::textInput(m_program)) {
    const auto& shape = m_program.values[static_cast<std::size_t>(m_program.prepared[*text])];
    m_texts = static_cast<std::size_t>(shape[0]);
    m_width = m_texts * placesOfText;
    m_program = spec::withoutText(std::move(m_program));
  }
  m_windowed.assign(m_program.prepared.size(), true);
  if (spec::takesWindows(m_program)) {
    m_steps = static_cast<std::size_t>(m_program.values[static_cast<std::size_t>(m_program.input)][0]);
    auto rows = spec::rowProgram(m_program);
    m_program = std::move(rows.program);
    m_windowed = std::move(rows.windowed);
  }
  for (std::size_t p = 0; p < m_program.prepared.size(); ++p) {
    const int id = m_program.prepared[p];
    std::vector<std::int64_t> cardinalities;
    for (const auto& operation : m_program.preprocess)
      if (operation.output == id && operation.primitive == spec::Primitive::Codes) cardinalities = operation.ints;
    std::int64_t width = 0;
    for (const auto cardinality : cardinalities) width += cardinality;
    if (cardinalities.empty()) width = spec::elementCount(m_program.values[static_cast<std::size_t>(id)]);
    m_width += static_cast<std::size_t>(width) * (m_windowed[p] ? m_steps : 1);
    m_codes.push_back(std::move(cardinalities));
  }
}

PlainPreprocessor::Values PlainPreprocessor::prepare(std::vector<float> raw) const {
  Values values(m_program.values.size());
  values[static_cast<std::size_t>(m_program.input)] = std::move(raw);
  for (const auto& operation : m_program.preprocess) apply(operation, values);
  return values;
}

void PlainPreprocessor::row(const data::Dataset& data, std::size_t row, std::span<float> out) const {
  const auto inputs = data.schema.image ? static_cast<std::size_t>(spec::elementCount(data.schema.inputShape))
                                        : data::rowWidth(data.schema);
  const auto& pixels = data.pixels;
  std::vector<Values> steps;
  if (data.schema.sound()) {
    std::vector<float> raw(inputs);
    data::copyInput(data, row, raw.data());
    steps.push_back(prepare(std::move(raw)));
  }
  for (std::size_t step = steps.size(); step < m_steps; ++step) {
    const std::size_t from =
        data.schema.image ? row : data::rowAtPlace(data, data::lastPlace(data, row) + 1 + step - m_steps);
    const auto first = static_cast<std::ptrdiff_t>(from * inputs);
    const auto last = first + static_cast<std::ptrdiff_t>(inputs);
    steps.push_back(prepare(data.schema.image
                                ? std::vector<float>(pixels.begin() + first, pixels.begin() + last)
                                : std::vector<float>(data.table.begin() + first, data.table.begin() + last)));
  }
  std::fill(out.begin(), out.end(), 0.0F);
  std::size_t place = 0;
  for (std::size_t t = 0; t < m_texts; ++t, place += placesOfText) {
    const auto codes = data.texts[t].of(row);
    for (const auto code : codes) out[place + code % placesOfText] += 1 / std::sqrt(static_cast<float>(codes.size()));
  }
  for (std::size_t p = 0; p < m_program.prepared.size(); ++p) {
    for (std::size_t step = m_windowed[p] ? 0 : m_steps - 1; step < m_steps; ++step) {
      const auto& value = steps[step][static_cast<std::size_t>(m_program.prepared[p])];
      if (m_codes[p].empty()) {
        std::copy(value.begin(), value.end(), out.begin() + static_cast<std::ptrdiff_t>(place));
        place += value.size();
        continue;
      }
      for (std::size_t k = 0; k < value.size(); ++k) {
        out[place + static_cast<std::size_t>(codeOf(value[k], m_codes[p][k]))] = 1;
        place += static_cast<std::size_t>(m_codes[p][k]);
      }
    }
  }
}

void PlainPreprocessor::apply(const spec::Operation& operation, Values& values) const {
  const auto& x = values[static_cast<std::size_t>(operation.inputs.at(0))];
  const auto constant = [&](std::size_t i) -> const std::vector<float>& {
    return m_program.constants[static_cast<std::size_t>(operation.constants.at(i))].data;
  };
  std::vector<float> out;
  using spec::Primitive;
  switch (operation.primitive) {
    case Primitive::SelectColumns:
      for (const auto column : operation.ints) out.push_back(x[static_cast<std::size_t>(column)]);
      break;
    case Primitive::IsMissing:
      for (const float v : x) out.push_back(std::isnan(v) ? 1.0F : 0.0F);
      break;
    case Primitive::FillMissing:
      for (std::size_t i = 0; i < x.size(); ++i) out.push_back(std::isnan(x[i]) ? constant(0)[i] : x[i]);
      break;
    case Primitive::Standardize: {
      const std::size_t block = x.size() / constant(0).size();
      constexpr auto limit = static_cast<float>(spec::standardizedLimit);
      for (std::size_t i = 0; i < x.size(); ++i) {
        const float scaled = (x[i] - constant(0)[i / block]) * constant(1)[i / block];
        out.push_back(m_program.values[static_cast<std::size_t>(operation.output)].size() == 1
                          ? std::clamp(scaled, -limit, limit)
                          : scaled);
      }
      break;
    }
    case Primitive::PiecewiseLinear: {
      const std::size_t knots = constant(0).size() / x.size();
      for (std::size_t i = 0; i < x.size(); ++i)
        out.push_back(interpolate(x[i], constant(0).data() + i * knots, constant(1).data() + i * knots, knots));
      break;
    }
    case Primitive::OneHot:
      for (std::size_t k = 0; k < x.size(); ++k) {
        const std::size_t start = out.size();
        out.resize(start + static_cast<std::size_t>(operation.ints[k]), 0.0F);
        out[start + static_cast<std::size_t>(codeOf(x[k], operation.ints[k]))] = 1;
      }
      break;
    case Primitive::Codes:
      for (std::size_t k = 0; k < x.size(); ++k) out.push_back(static_cast<float>(codeOf(x[k], operation.ints[k])));
      break;
    case Primitive::DateParts: {
      const bool known = std::isfinite(x[0]) && std::isfinite(x[1]);
      const double since = std::clamp((x[0] - operation.reals[0]) * operation.reals[1], -spec::standardizedLimit,
                                      spec::standardizedLimit);
      out.push_back(known ? static_cast<float>(since) : 0.0F);
      const auto parts = calendarParts(x[0], x[1]);
      out.insert(out.end(), parts.begin(), parts.end());
      break;
    }
    case Primitive::LogMel:
      out = plainLogMel(x, constant(0), constant(1),
                        {m_program.values[static_cast<std::size_t>(operation.output)].at(1), operation.ints.at(0),
                         operation.ints.at(1) != 0, operation.reals.at(0)});
      break;
    case Primitive::Concat:
      for (const int id : operation.inputs) {
        const auto& part = values[static_cast<std::size_t>(id)];
        out.insert(out.end(), part.begin(), part.end());
      }
      break;
    default:
      out = x;
      break;
  }
  values[static_cast<std::size_t>(operation.output)] = std::move(out);
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/input_summary.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lathe::serving {
namespace {

constexpr int binCount = 20;
constexpr double binReach = 3;  // standard deviations on either side

bool isCoded(const spec::FeatureSchema& feature) {
  return feature.kind == spec::ColumnKind::Category || feature.kind == spec::ColumnKind::Boolean;
}

/// Bins of equal width around the training rows' centre.
std::vector<double> edgesFor(const spec::FittedFeature& fitted) {
  std::vector<double> edges;
  if (fitted.quantiles.size() > 2) {
    const auto step = std::max<std::size_t>(1, fitted.quantiles.size() / binCount);
    for (std::size_t i = step; i + 1 < fitted.quantiles.size(); i += step)
      if (edges.empty() || fitted.quantiles[i] > static_cast<float>(edges.back()))
        edges.push_back(static_cast<double>(fitted.quantiles[i]));
    return edges;
  }
  if (!(std::abs(fitted.scale) > 0) || !std::isfinite(fitted.scale)) return edges;
  const double deviation = 1 / std::abs(fitted.scale);
  for (int i = 0; i <= binCount; ++i) edges.push_back(fitted.shift + deviation * binReach * (2.0 * i / binCount - 1));
  return edges;
}

}  // namespace

InputSummary::InputSummary(const spec::ModelDescription& model) {
  const auto& schema = model.schema;
  if (schema.image || schema.sound()) {
    Running whole;
    whole.summary.name = schema.image ? "brightness" : "loudness";
    for (int i = 1; i < binCount; ++i) whole.summary.edges.push_back((schema.image ? 255.0 : 1.0) * i / binCount);
    whole.summary.counts.assign(whole.summary.edges.size() + 1, 0);
    m_columns.push_back(std::move(whole));
    return;
  }
  for (std::size_t f = 0; f < schema.features.size(); ++f) {
    const auto& feature = schema.features[f];
    Running column;
    column.summary.name = feature.name;
    column.summary.kind = feature.kind;
    column.offset = static_cast<std::size_t>(feature.offset);
    if (feature.text.buckets > 0) {
      ++m_texts;
    } else if (isCoded(feature)) {
      column.summary.words = feature.vocabulary;
      column.summary.counts.assign(feature.vocabulary.size() + 1, 0);
    } else if (f < model.fitted.features.size()) {
      column.summary.edges = edgesFor(model.fitted.features[f]);
      column.summary.counts.assign(column.summary.edges.size() + 1, 0);
    }
    m_columns.push_back(std::move(column));
  }
}

void InputSummary::addNumber(Running& column, double value) {
  auto& summary = column.summary;
  ++summary.count;
  if (!std::isfinite(value)) {
    ++summary.missing;
    return;
  }
  const double known = static_cast<double>(summary.count - summary.missing);
  const double difference = value - summary.mean;
  summary.mean += difference / known;
  column.squares += difference * (value - summary.mean);
  summary.min = std::min(summary.min, value);
  summary.max = std::max(summary.max, value);
  if (summary.counts.empty()) return;
  const auto bin = std::upper_bound(summary.edges.begin(), summary.edges.end(), value);
  ++summary.counts[static_cast<std::size_t>(bin - summary.edges.begin())];
}

void InputSummary::addCode(Running& column, float code) {
  auto& summary = column.summary;
  ++summary.count;
  if (std::isnan(code)) {
    ++summary.missing;
    return;
  }
  const auto words = summary.words.size();
  const bool known = code >= 0 && code < static_cast<float>(words);
  ++summary.counts[known ? static_cast<std::size_t>(code) : words];
}

void InputSummary::add(const data::Dataset& rows) {
  const std::lock_guard lock(m_mutex);
  const auto& schema = rows.schema;
  if (schema.image || schema.sound()) {
    const auto size = static_cast<std::size_t>(spec::elementCount(schema.inputShape));
    for (std::size_t row = 0; row < rows.rows; ++row) {
      double sum = 0;
      if (schema.image) {
        const auto first = rows.pixels.begin() + static_cast<std::ptrdiff_t>(row * size);
        sum = static_cast<double>(std::accumulate(first, first + static_cast<std::ptrdiff_t>(size), std::uint64_t{0}));
      } else {
        for (std::size_t i = 0; i < size; ++i)
          sum += std::abs(static_cast<double>((*rows.samples)[row * size + i]) / static_cast<double>(data::fullScale));
      }
      addNumber(m_columns.front(), sum / static_cast<double>(std::max<std::size_t>(1, size)));
    }
    return;
  }
  const auto width = data::rowWidth(schema);
  const auto count = width == 0 ? 0 : rows.table.size() / width;
  for (auto& column : m_columns) {
    if (column.summary.kind == spec::ColumnKind::Text && column.summary.counts.empty()) continue;
    if (column.offset >= width) continue;
    const float* cell = rows.table.data() + column.offset;
    if (!column.summary.words.empty())
      for (std::size_t row = 0; row < count; ++row, cell += width) addCode(column, *cell);
    else
      for (std::size_t row = 0; row < count; ++row, cell += width) addNumber(column, static_cast<double>(*cell));
  }
  if (m_texts == 0) return;
  std::size_t t = 0;
  for (auto& column : m_columns) {
    if (column.offset < width || t >= rows.texts.size()) continue;
    for (std::size_t row = 0; row < rows.rows; ++row) {
      ++column.summary.count;
      if (rows.texts[t].of(row).empty()) ++column.summary.missing;
    }
    ++t;
  }
}

std::vector<ColumnSummary> InputSummary::columns() const {
  const std::lock_guard lock(m_mutex);
  std::vector<ColumnSummary> columns;
  for (const auto& column : m_columns) {
    columns.push_back(column.summary);
    const auto known = columns.back().count - columns.back().missing;
    columns.back().variance = known > 1 ? column.squares / static_cast<double>(known - 1) : 0;
  }
  return columns;
}

}  // namespace lathe::serving

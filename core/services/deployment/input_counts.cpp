// SPDX-License-Identifier: GPL-3.0-or-later
// Counts of inputs: as Lathe's server tells them, and of the rows of a training.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/services/deployment/drift.h"
#include "core/serving/clients/torchserve_client.h"

namespace lathe::services {
namespace {

using Json = nlohmann::json;

Json jsonOf(const ColumnCounts& column) {
  Json json{{"name", column.name},   {"kind", spec::name(column.kind)},
            {"count", column.count}, {"missing", column.missing},
            {"mean", column.mean},   {"std", column.deviation}};
  if (!column.edges.empty()) json["edges"] = column.edges;
  if (!column.words.empty()) json["values"] = column.words;
  if (!column.counts.empty()) json["counts"] = column.counts;
  return json;
}

/// What is missing or null is 0 or empty: a column without numbers has no mean.
template <class T>
T valueOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() || found->is_null() ? T() : found->get<T>();
}

ColumnCounts columnFrom(const Json& json) {
  ColumnCounts column;
  column.name = json.at("name").get<std::string>();
  if (const auto kind = spec::columnKind(json.at("kind").get<std::string>())) column.kind = *kind;
  column.count = json.at("count").get<std::uint64_t>();
  column.missing = std::min(column.count, json.at("missing").get<std::uint64_t>());
  column.mean = valueOf<double>(json, "mean");
  column.deviation = valueOf<double>(json, "std");
  column.edges = valueOf<std::vector<double>>(json, "edges");
  column.words = valueOf<std::vector<std::string>>(json, "values");
  column.counts = valueOf<std::vector<std::uint64_t>>(json, "counts");
  const auto bins = (column.words.empty() ? column.edges.size() : column.words.size()) + 1;
  if (column.counts.size() != bins) column.counts.clear();
  return column;
}

/// Mean and deviation of the finite numbers, and their bins.
class NumberCounter {
 public:
  explicit NumberCounter(ColumnCounts& column) : m_column(column) {}
  void add(double value) {
    ++m_column.count;
    if (!std::isfinite(value)) {
      ++m_column.missing;
      return;
    }
    const double known = static_cast<double>(m_column.count - m_column.missing);
    const double difference = value - m_column.mean;
    m_column.mean += difference / known;
    m_squares += difference * (value - m_column.mean);
    m_column.deviation = known > 1 ? std::sqrt(m_squares / (known - 1)) : 0;
    if (m_column.counts.empty()) return;
    const auto bin = std::upper_bound(m_column.edges.begin(), m_column.edges.end(), value);
    ++m_column.counts[static_cast<std::size_t>(bin - m_column.edges.begin())];
  }

 private:
  ColumnCounts& m_column;
  double m_squares = 0;
};

void addCode(ColumnCounts& column, float code) {
  ++column.count;
  if (std::isnan(code)) {
    ++column.missing;
    return;
  }
  const auto words = column.words.size();
  const bool known = code >= 0 && code < static_cast<float>(words);
  if (!column.counts.empty()) ++column.counts[known ? static_cast<std::size_t>(code) : words];
}

/// The mean over a picture's pixels, of sound over its loudness: what the server summarises of them.
double wholeOf(const data::Dataset& data, std::size_t row) {
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(1, spec::elementCount(data.schema.inputShape)));
  double sum = 0;
  if (data.schema.image) {
    const auto first = data.pixels.begin() + static_cast<std::ptrdiff_t>(row * size);
    sum = static_cast<double>(std::accumulate(first, first + static_cast<std::ptrdiff_t>(size), std::uint64_t{0}));
  } else {
    for (std::size_t i = 0; i < size; ++i)
      sum += std::abs(static_cast<double>((*data.samples)[row * size + i]) / static_cast<double>(data::fullScale));
  }
  return sum / static_cast<double>(size);
}

void countText(ColumnCounts& column, const data::TextColumn& text, const std::vector<std::uint32_t>& rows) {
  column.counts.clear();
  for (const auto row : rows) {
    ++column.count;
    if (text.of(row).empty()) ++column.missing;
  }
}

void countCells(ColumnCounts& column, const spec::FeatureSchema& feature, const data::Dataset& data,
                const std::vector<std::uint32_t>& rows) {
  const auto width = data::rowWidth(data.schema);
  const auto cells = data.table.size() / std::max<std::size_t>(1, width);
  NumberCounter numbers(column);
  for (const auto row : rows) {
    if (row >= cells) continue;
    const float cell = data.table[row * width + static_cast<std::size_t>(feature.offset)];
    if (column.words.empty())
      numbers.add(static_cast<double>(cell));
    else
      addCode(column, cell);
  }
}

/// The same column with nothing counted; words as the training has them.
ColumnCounts emptied(const ColumnCounts& layout) {
  ColumnCounts column = layout;
  column.count = column.missing = 0;
  column.mean = column.deviation = 0;
  std::fill(column.counts.begin(), column.counts.end(), std::uint64_t{0});
  return column;
}

}  // namespace

Result<InputCounts> inputCountsFrom(std::string_view text) {
  try {
    const auto json = Json::parse(text);
    InputCounts counts;
    counts.since = valueOf<std::string>(json, "since");
    counts.rows = json.at("rows").get<std::uint64_t>();
    for (const auto& column : json.at("columns")) counts.columns.push_back(columnFrom(column));
    return counts;
  } catch (const Json::exception&) {
    return fail("deploy.bad_answer", LATHE_TEXT("errors", "{server} gave an answer that cannot be read: {reason}."),
                LATHE_TEXT("errors", "Check that the address is that of the protocol that was chosen."),
                {{"server", "The server"}, {"reason", "it holds no summary of inputs"}});
  }
}

std::string toJson(const InputCounts& counts) {
  auto columns = Json::array();
  for (const auto& column : counts.columns) columns.push_back(jsonOf(column));
  const Json json{{"since", counts.since}, {"rows", counts.rows}, {"columns", std::move(columns)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<InputCounts> inputsSeen(const ServedPlace& place, double timeoutSeconds) {
  LATHE_ASSIGN(address, inferenceAddress(place.url, place.predictUrl));
  LATHE_ASSIGN(client, serving::HttpClient::to(address, place.token, timeoutSeconds));
  LATHE_ASSIGN(answer, client.get(fmt::format("/lathe/models/{}/{}/inputs", serving::percentEncoded(place.name),
                                              serving::percentEncoded(place.version))));
  if (!answer.ok()) return serving::refusal(client.address(), answer);
  return inputCountsFrom(answer.body);
}

InputCounts countedLike(const InputCounts& layout, const data::Dataset& data, const std::vector<std::uint32_t>& rows) {
  InputCounts counts;
  counts.rows = rows.size();
  const auto& schema = data.schema;
  if (schema.image || schema.sound()) {
    if (layout.columns.empty()) return counts;
    auto column = emptied(layout.columns.front());
    NumberCounter numbers(column);
    for (const auto row : rows) numbers.add(wholeOf(data, row));
    counts.columns.push_back(std::move(column));
    return counts;
  }
  std::size_t text = 0;
  for (const auto& feature : schema.features) {
    const bool isText = feature.text.buckets > 0;
    const auto place = isText ? text++ : 0;
    const auto found = std::find_if(layout.columns.begin(), layout.columns.end(),
                                    [&](const auto& column) { return column.name == feature.name; });
    if (found == layout.columns.end()) continue;
    auto column = emptied(*found);
    // Codes mean words of this very schema.
    if (!column.words.empty() && column.words != feature.vocabulary) continue;
    if (isText)
      countText(column, data.texts[place], rows);
    else
      countCells(column, feature, data, rows);
    counts.columns.push_back(std::move(column));
  }
  return counts;
}

}  // namespace lathe::services

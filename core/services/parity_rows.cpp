// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/parity_rows.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/data/windows.h"
#include "core/services/data_cache.h"

namespace lathe::services {
namespace {

std::size_t valuesPerRow(const spec::DataSchema& schema) {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, spec::elementCount(schema.inputShape)));
}

void copyPixels(const data::Dataset& from, data::Dataset& to, const std::vector<std::uint32_t>& rows,
                std::size_t width) {
  to.pixels.reserve(rows.size() * width);
  for (const auto row : rows) {
    const auto first = from.pixels.begin() + static_cast<std::ptrdiff_t>(row * width);
    to.pixels.insert(to.pixels.end(), first, first + static_cast<std::ptrdiff_t>(width));
  }
}

ParityData chosenRows(data::Dataset dataset, bool bySplit) {
  ParityData data;
  const auto& split = dataset.split;
  if (bySplit)
    for (const auto& [name, part] :
         {std::pair{"test", &split.test}, {"val", &split.validation}, {"train", &split.train}})
      if (data.chosen.empty() && !part->empty()) {
        data.chosen = *part;
        data.split = name;
      }
  if (data.chosen.empty()) data.chosen = data::rowsWithInput(dataset);
  if (data.chosen.size() > mostParityRows) data.chosen.resize(mostParityRows);
  data.rows = rowsOf(dataset, data.chosen);
  data.source = std::move(dataset);
  return data;
}

}  // namespace

data::Dataset rowsOf(const data::Dataset& dataset, const std::vector<std::uint32_t>& rows) {
  data::Dataset result;
  result.schema = dataset.schema;
  result.rows = rows.size();
  const auto width = valuesPerRow(dataset.schema);
  if (dataset.schema.image) {
    copyPixels(dataset, result, rows, width);
    return result;
  }
  if (dataset.schema.sound()) {
    auto samples = std::make_shared<data::Samples>();
    for (const auto row : rows) {
      const auto first = dataset.samples->begin() + static_cast<std::ptrdiff_t>(row * width);
      samples->insert(samples->end(), first, first + static_cast<std::ptrdiff_t>(width));
    }
    result.samples = std::move(samples);
    return result;
  }
  std::vector<float> input(width);
  for (const auto row : rows) {
    data::copyInput(dataset, row, input.data());
    data::appendInput(result, input);
  }
  return result;
}

Result<data::Dataset> rowsFrom(const std::vector<std::vector<float>>& inputs, const spec::DataSchema& schema) {
  data::Dataset result;
  result.schema = schema;
  result.rows = inputs.size();
  const auto width = valuesPerRow(schema);
  auto samples = std::make_shared<data::Samples>();
  for (const auto& input : inputs) {
    if (input.size() != width)
      return fail("export.bad_manifest",
                  LATHE_TEXT("errors", "The reference rows of the export hold {given} values each, not {needed}."),
                  LATHE_TEXT("errors", "Export the run again."),
                  {{"given", std::to_string(input.size())}, {"needed", std::to_string(width)}});
    if (schema.sound()) {
      for (const float value : input) samples->push_back(data::sampleOf(value));
      continue;
    }
    if (!schema.image) {
      data::appendInput(result, input);
      continue;
    }
    for (const float value : input)
      result.pixels.push_back(static_cast<std::uint8_t>(std::isfinite(value) ? std::clamp(value, 0.0F, 255.0F) : 0.0F));
  }
  if (schema.sound()) result.samples = std::move(samples);
  return result;
}

std::vector<float> inputOf(const data::Dataset& dataset, std::size_t row) {
  const auto width = valuesPerRow(dataset.schema);
  const auto first = static_cast<std::ptrdiff_t>(row * width);
  const auto last = first + static_cast<std::ptrdiff_t>(width);
  if (dataset.schema.image) return {dataset.pixels.begin() + first, dataset.pixels.begin() + last};
  std::vector<float> input(width);
  data::copyInput(dataset, row, input.data());
  return input;
}

Result<ParityData> parityRows(const spec::ExperimentSpec& spec, const spec::DataSchema& schema,
                              const std::filesystem::path& base, const JobContext& job) {
  const auto where = located(spec.data, base);
  auto source = openShared(where, job);
  if (!source) return passOn(source);
  if (auto dataset = (*source)->dataset(where, job)) {
    // These two come from the loss, not from the data.
    dataset->schema.target.quantiles = schema.target.quantiles;
    dataset->schema.target.link = schema.target.link;
    if (dataset->schema == schema) return chosenRows(std::move(*dataset), true);
  }
  auto encoded = (*source)->encode(schema, where, job);
  if (!encoded) return passOn(encoded);
  return chosenRows(std::move(*encoded), false);
}

const exporting::ParityReport& worse(const exporting::ParityReport& a, const exporting::ParityReport& b) {
  if (a.ok != b.ok) return a.ok ? b : a;
  return b.maxDiff > a.maxDiff ? b : a;
}

std::string toJson(const exporting::ParityReport& report) {
  nlohmann::json json{{"runtime", report.runtime},  {"independent", report.independent},          {"rows", report.rows},
                      {"max_diff", report.maxDiff}, {"class_mismatches", report.classMismatches}, {"ok", report.ok}};
  if (!report.failingRows.empty()) json["failing_rows"] = report.failingRows;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/scoring_rows.h"

#include <algorithm>
#include <cmath>

#include "core/data/windows.h"
#include "core/services/data_cache.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

Error warning(std::string code, std::string message, std::string hint, TextArgs args) {
  return fail(std::move(code), std::move(message), std::move(hint), std::move(args)).value();
}

int columnNamed(const data::DataSource& source, const std::string& name) {
  const auto names = source.columnNames();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

// A long cell would hide the sentence around it.
std::string shortCell(std::string text) {
  constexpr std::size_t most = 40;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

/// Cells that hold something which became nothing on its way to the model.
struct Odd {
  std::int64_t count = 0, row = 0;
  std::string value;
};

void noteFeature(const data::DataSource& source, const data::Dataset& dataset, const spec::FeatureSchema& feature,
                 std::vector<Error>& warnings) {
  using spec::ColumnKind;
  const int column = columnNamed(source, feature.name);
  if (column < 0 || feature.text.buckets > 0) return;
  const bool words = feature.kind == ColumnKind::Category || feature.kind == ColumnKind::Boolean;
  const auto width = data::rowWidth(dataset.schema);
  Odd odd;
  for (std::size_t row = 0; row < dataset.rows; ++row) {
    const float value = dataset.table[row * width + static_cast<std::size_t>(feature.offset)];
    if (words ? value != -1 : !std::isnan(value)) continue;
    if (!words || odd.count == 0) {
      auto cell = source.cell(static_cast<std::int64_t>(row), column);
      if (!words && cell.empty()) continue;
      if (odd.count == 0) odd = {0, static_cast<std::int64_t>(row) + 1, shortCell(std::move(cell))};
    }
    ++odd.count;
  }
  if (odd.count == 0) return;
  const TextArgs args{{"column", feature.name},
                      {"count", std::to_string(odd.count)},
                      {"row", std::to_string(odd.row)},
                      {"value", odd.value}};
  if (words)
    warnings.push_back(warning("data.unseen_values",
                               LATHE_TEXT("data",
                                          "Column {column} has values that training never saw, in {count} rows, first "
                                          "\"{value}\" in row {row}; the model takes them as unknown."),
                               LATHE_TEXT("data", "Check their spelling, or train again with such rows."), args));
  else
    warnings.push_back(
        warning("data.unreadable_values",
                LATHE_TEXT("data",
                           "Column {column} has values that are no usable number or date, in {count} rows, first "
                           "\"{value}\" in row {row}; they are taken as missing."),
                LATHE_TEXT("data", "Write them as in the training data."), args));
}

// Images and clips that were left out shift every row behind them.
Result<void> noteImages(const data::DataSource& source, const spec::DataSpec& spec, const JobContext& job,
                        std::vector<Error>& warnings) {
  const auto profile = source.profile(spec, job);
  if (!profile) {
    if (profile.error().code == cancelledCode) return passOn(profile);
    return {};
  }
  for (const auto& seen : profile->warnings)
    for (const char* code :
         {"data.broken_images", "data.stray_images", "data.other_images", "data.broken_audio", "data.stray_audio",
          "data.other_audio", "data.silent_clips", "data.clipped_clips", "data.invalid_samples"})
      if (seen.code == code) warnings.push_back(seen);
  return {};
}

// The weights travel through the reader as one more column behind the features, but for text, which is always last.
spec::DataSchema withWeight(spec::DataSchema schema, const std::string& weight) {
  const auto numbers = static_cast<int>(data::rowWidth(schema));
  auto place = schema.features.begin();
  while (place != schema.features.end() && place->text.buckets == 0) ++place;
  for (auto text = place; text != schema.features.end(); ++text) ++text->offset;
  schema.features.insert(place, {weight, spec::ColumnKind::Real, numbers, 1, {}});
  schema.inputShape.back() += 1;
  return schema;
}

// Nobody can label the rows at both ends of a series, where a window or what it predicts is cut off.
bool isExpected(const data::Dataset& dataset, std::uint32_t row) {
  if (dataset.schema.sequence.window == 0) return true;
  return data::hasInput(dataset, row) && std::int64_t{dataset.windows.behind[row]} >= dataset.schema.sequence.horizon;
}

Result<void> splitOffWeights(const spec::DataSchema& schema, const std::string& weight, data::Dataset& dataset) {
  const auto width = data::rowWidth(schema);
  std::vector<float> table;
  table.reserve(dataset.rows * width);
  dataset.weights.assign(dataset.rows, 1.0F);
  for (std::size_t row = 0; row < dataset.rows; ++row) {
    const auto first = dataset.table.begin() + static_cast<std::ptrdiff_t>(row * (width + 1));
    table.insert(table.end(), first, first + static_cast<std::ptrdiff_t>(width));
    const float value = first[static_cast<std::ptrdiff_t>(width)];
    if (value < 0)
      return fail("data.negative_weight", LATHE_TEXT("errors", "Row {row} has a negative weight in column {column}."),
                  LATHE_TEXT("errors", "Weights must be 0 or more."),
                  {{"row", std::to_string(row + 1)}, {"column", weight}});
    if (!std::isnan(value)) dataset.weights[row] = value;
  }
  dataset.table = std::move(table);
  dataset.schema = schema;
  return {};
}

}  // namespace

Result<ModelRows> rowsFor(const spec::DataSchema& schema, const fs::path& file, const std::string& weight,
                          const JobContext& job) {
  spec::DataSpec spec;
  std::error_code error;
  spec.path = fs::absolute(file, error).lexically_normal().string();
  spec::setTargets(spec, spec::targetColumns(schema.target));
  spec.task = schema.task;
  if (schema.sound()) {
    spec.preprocessing.sampleRate = schema.sampleRate;
    spec.preprocessing.clipSeconds = static_cast<double>(schema.inputShape.front()) / schema.sampleRate;
  }
  auto source = openShared(spec, job);
  if (!source) return passOn(source);
  ModelRows rows;
  const bool weighted = !weight.empty() && !schema.image && !schema.sound() && columnNamed(**source, weight) >= 0;
  auto dataset = (*source)->encode(weighted ? withWeight(schema, weight) : schema, spec, job);
  if (!dataset) return passOn(dataset);
  rows.dataset = std::move(*dataset);
  if (rows.dataset.rows > 0 && data::rowsWithInput(rows.dataset).empty())
    return fail("data.window_too_long",
                LATHE_TEXT("errors", "No series of {file} has the {window} rows that the model looks at."),
                LATHE_TEXT("errors", "Give a file with the rows before those to be predicted as well."),
                {{"file", file.string()}, {"window", std::to_string(schema.sequence.window)}});
  if (weighted) LATHE_TRY(splitOffWeights(schema, weight, rows.dataset));
  if (!weight.empty() && !weighted)
    rows.warnings.push_back(warning("data.no_weights",
                                    LATHE_TEXT("data", "{file} has no column {column}: all rows count the same."),
                                    LATHE_TEXT("data", "Add the weights that the model was trained with."),
                                    {{"file", file.string()}, {"column", weight}}));
  if (schema.image || schema.sound())
    LATHE_TRY(noteImages(**source, spec, job, rows.warnings));
  else
    for (const auto& feature : schema.features) noteFeature(**source, rows.dataset, feature, rows.warnings);
  return rows;
}

Result<std::vector<std::uint32_t>> labelledRows(ModelRows& rows, const fs::path& file) {
  const auto& dataset = rows.dataset;
  std::vector<std::uint32_t> labelled;
  std::size_t expected = 0;
  for (std::uint32_t row = 0; row < dataset.rows; ++row) {
    if (data::isLabelled(dataset, row)) labelled.push_back(row);
    if (isExpected(dataset, row)) ++expected;
  }
  const TextArgs args{{"file", file.string()},
                      {"target", dataset.schema.target.name},
                      {"count", std::to_string(expected - std::min(expected, labelled.size()))},
                      {"rows", std::to_string(dataset.rows)}};
  if (labelled.empty())
    return fail("data.no_labels", LATHE_TEXT("errors", "{file} holds no usable value of the target {target}."),
                LATHE_TEXT("errors", "Give a file with labelled rows, or predict instead of evaluating."), args);
  if (labelled.size() < expected)
    rows.warnings.push_back(
        warning("data.unlabelled_rows",
                LATHE_TEXT("data",
                           "{count} of {rows} rows are left out: their target {target} is missing, or a class that the "
                           "model does not know."),
                LATHE_TEXT("data", "Check the spelling of the classes."), args));
  return labelled;
}

}  // namespace lathe::services

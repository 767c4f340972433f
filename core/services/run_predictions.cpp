// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/run_predictions.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>

#include "core/engine/predictor.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace {

using Json = nlohmann::json;

constexpr std::size_t guessesShown = 3;
constexpr std::size_t longestEdge = 64;

void describeClasses(PredictedRow& row, std::span<const float> outputs, const data::Dataset& data, double threshold) {
  const auto& classes = data.schema.target.classes;
  const auto actual = data.classes[static_cast<std::size_t>(row.row)];
  const auto decided = engine::decidedClass(outputs, threshold);
  std::vector<std::size_t> order(std::min(outputs.size(), classes.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
    if ((a == decided) != (b == decided)) return a == decided;
    return outputs[a] > outputs[b];
  });
  for (std::size_t i = 0; i < std::min(order.size(), guessesShown); ++i)
    row.guesses.push_back({classes[order[i]], outputs[order[i]]});
  if (actual < 0 || static_cast<std::size_t>(actual) >= order.size()) return;
  row.actual.push_back(classes[static_cast<std::size_t>(actual)]);
  row.probabilityOfActual = outputs[static_cast<std::size_t>(actual)];
  row.right = decided == static_cast<std::size_t>(actual);
}

void describeLabels(PredictedRow& row, std::span<const float> outputs, const data::Dataset& data) {
  const auto& labels = data.schema.target.classes;
  const auto* holds = data.labels.data() + static_cast<std::size_t>(row.row) * labels.size();
  row.right = true;
  for (std::size_t i = 0; i < std::min(labels.size(), outputs.size()); ++i) {
    const bool decided = outputs[i] >= 0.5F;
    if (holds[i] == 1) row.actual.push_back(labels[i]);
    if (decided) row.guesses.push_back({labels[i], outputs[i]});
    row.right = row.right && decided == (holds[i] == 1);
  }
}

void describeValues(PredictedRow& row, std::span<const float> outputs, const data::Dataset& data) {
  const auto targets = data.targets.size() / std::max<std::size_t>(1, data.rows);
  const auto* first = data.targets.data() + static_cast<std::size_t>(row.row) * targets;
  row.actualValues.assign(first, first + targets);
  row.values.assign(outputs.begin(), outputs.end());
}

// Means of square blocks, so that no edge is beyond the longest.
std::vector<std::uint8_t> thumbnail(const std::uint8_t* pixels, const spec::Shape& from, const spec::Shape& to,
                                    std::size_t block) {
  const auto height = static_cast<std::size_t>(from[1]);
  const auto width = static_cast<std::size_t>(from[2]);
  std::vector<std::uint8_t> result;
  for (std::size_t c = 0; c < static_cast<std::size_t>(from[0]); ++c)
    for (std::size_t y = 0; y < static_cast<std::size_t>(to[1]); ++y)
      for (std::size_t x = 0; x < static_cast<std::size_t>(to[2]); ++x) {
        std::size_t sum = 0;
        for (std::size_t dy = 0; dy < block; ++dy)
          for (std::size_t dx = 0; dx < block; ++dx)
            sum += pixels[(c * height + y * block + dy) * width + x * block + dx];
        result.push_back(static_cast<std::uint8_t>(sum / (block * block)));
      }
  return result;
}

void addPictures(RunPredictions& predictions, const data::Dataset& data) {
  const auto& shape = data.schema.inputShape;
  if (!data.schema.image || shape.size() != 3 || data.pixels.empty()) return;
  const auto edge = static_cast<std::size_t>(std::max(shape[1], shape[2]));
  const auto shortest = static_cast<std::size_t>(std::min(shape[1], shape[2]));
  const auto block =
      std::clamp<std::size_t>((edge + longestEdge - 1) / longestEdge, 1, std::max<std::size_t>(1, shortest));
  const auto factor = static_cast<std::int64_t>(block);
  predictions.shape = {shape[0], shape[1] / factor, shape[2] / factor};
  const auto perRow = static_cast<std::size_t>(spec::elementCount(shape));
  for (const auto& row : predictions.rows)
    predictions.pixels.push_back(
        thumbnail(data.pixels.data() + static_cast<std::size_t>(row.row) * perRow, shape, predictions.shape, block));
}

template <class T>
void read(const Json& json, const char* key, T& into) {
  if (const auto found = json.find(key); found != json.end()) found->get_to(into);
}

PredictedRow rowFrom(const Json& json) {
  PredictedRow row;
  read(json, "row", row.row);
  read(json, "actual", row.actual);
  read(json, "right", row.right);
  read(json, "probability", row.probabilityOfActual);
  read(json, "actual_values", row.actualValues);
  read(json, "values", row.values);
  for (const auto& guess : json.value("guesses", Json::array()))
    row.guesses.push_back({guess.at(0).get<std::string>(), guess.at(1).get<double>()});
  return row;
}

std::optional<RunPredictions> fromJson(const store::SnapshotRecord& record) {
  RunPredictions result;
  result.step = record.step;
  try {
    const auto json = Json::parse(record.json);
    read(json, "epoch", result.epoch);
    result.task = spec::task(json.value("task", std::string())).value_or(spec::Task::Classification);
    read(json, "targets", result.targets);
    read(json, "quantiles", result.quantiles);
    read(json, "shape", result.shape);
    for (const auto& row : json.at("rows")) result.rows.push_back(rowFrom(row));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  const bool sane = result.shape.size() == 3 && std::all_of(result.shape.begin(), result.shape.end(),
                                                            [](auto edge) { return edge > 0 && edge <= 4096; });
  const auto perRow = sane ? static_cast<std::size_t>(spec::elementCount(result.shape)) : 0;
  if (perRow == 0 || record.pixels.size() != perRow * result.rows.size()) {
    result.shape.clear();
    return result;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(record.pixels.data());
  for (std::size_t i = 0; i < result.rows.size(); ++i)
    result.pixels.emplace_back(bytes + i * perRow, bytes + (i + 1) * perRow);
  return result;
}

// JSON has no NaN: what is not finite is read back as missing.
Json plain(const std::vector<double>& values) {
  auto list = Json::array();
  for (const double value : values) list.push_back(std::isfinite(value) ? value : 0.0);
  return list;
}

}  // namespace

RunPredictions describe(const engine::PredictionSnapshot& snapshot, const data::Dataset& data) {
  RunPredictions result;
  result.step = snapshot.step;
  result.epoch = snapshot.epoch;
  result.task = data.schema.task;
  result.targets = spec::targetColumns(data.schema.target);
  result.quantiles = data.schema.target.quantiles;
  for (std::size_t i = 0; i < snapshot.rows.size(); ++i) {
    PredictedRow row;
    row.row = snapshot.rows[i];
    const std::span<const float> outputs(snapshot.values.data() + i * snapshot.columns, snapshot.columns);
    if (result.task == spec::Task::Classification)
      describeClasses(row, outputs, data, snapshot.threshold);
    else if (result.task == spec::Task::Multilabel)
      describeLabels(row, outputs, data);
    else
      describeValues(row, outputs, data);
    result.rows.push_back(std::move(row));
  }
  addPictures(result, data);
  return result;
}

std::string toJson(const RunPredictions& predictions) {
  auto rows = Json::array();
  for (const auto& row : predictions.rows) {
    auto guesses = Json::array();
    for (const auto& guess : row.guesses) guesses.push_back(Json::array({guess.label, guess.probability}));
    rows.push_back({{"row", row.row},
                    {"actual", row.actual},
                    {"right", row.right},
                    {"probability", row.probabilityOfActual},
                    {"actual_values", plain(row.actualValues)},
                    {"values", plain(row.values)},
                    {"guesses", std::move(guesses)}});
  }
  const Json json{{"epoch", predictions.epoch},     {"task", spec::name(predictions.task)},
                  {"targets", predictions.targets}, {"quantiles", predictions.quantiles},
                  {"shape", predictions.shape},     {"rows", std::move(rows)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::optional<RunPredictions>> readPredictions(const store::RunStore& store, store::RunNumber run) {
  LATHE_ASSIGN(record, store.snapshot(run));
  if (!record) return std::nullopt;
  return fromJson(*record);
}

void PredictionsKeeper::see(const engine::PredictionSnapshot& snapshot) {
  const std::lock_guard lock(m_mutex);
  m_newest = snapshot;
}

void PredictionsKeeper::write(store::RunStore& store, store::RunNumber run) {
  const std::lock_guard writing(m_writing);
  std::optional<engine::PredictionSnapshot> newest;
  {
    const std::lock_guard lock(m_mutex);
    newest.swap(m_newest);
  }
  if (!newest || newest->rows.empty()) return;
  const auto described = describe(*newest, *m_data);
  store::SnapshotRecord record{described.step, toJson(described), {}};
  if (!m_pixelsWritten)
    for (const auto& picture : described.pixels) {
      const auto* bytes = reinterpret_cast<const std::byte*>(picture.data());
      record.pixels.insert(record.pixels.end(), bytes, bytes + picture.size());
    }
  m_pixelsWritten = true;
  store.putSnapshot(run, std::move(record));
}

}  // namespace lathe::services

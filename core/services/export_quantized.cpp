// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/export_quantized.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <optional>

#include "core/base/files.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

using exporting::Precision;
using Seconds = std::chrono::duration<double>;

constexpr double measuredSeconds = 0.4;  ///< of each batch size
constexpr int fewestRounds = 3, mostRounds = 300;

/// A folder that is removed at the end.
class Scratch {
 public:
  explicit Scratch(fs::path path) : m_path(std::move(path)) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

 private:
  fs::path m_path;
};

double medianOf(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

struct Latencies {
  double quantized = 0, plain = 0;  ///< milliseconds
};

// In turn, so that what else the machine does meets both.
Result<Latencies> latencies(const engine::Predictor& quantized, const engine::Predictor& plain,
                            const data::Dataset& rows, std::size_t batch, const JobContext& job) {
  std::vector<std::uint32_t> chosen(batch);
  for (std::size_t i = 0; i < batch; ++i) chosen[i] = static_cast<std::uint32_t>(i % rows.rows);
  std::vector<double> times[2];
  const auto started = std::chrono::steady_clock::now();
  for (int round = -1; round < mostRounds; ++round) {
    if (round >= fewestRounds && Seconds(std::chrono::steady_clock::now() - started).count() > measuredSeconds) break;
    for (const auto* model : {&quantized, &plain}) {
      if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "The export was cancelled."), "");
      const auto before = std::chrono::steady_clock::now();
      auto answer = model->predict(rows, chosen);
      if (!answer) return passOn(answer);
      const double taken = 1e3 * Seconds(std::chrono::steady_clock::now() - before).count();
      if (round >= 0) times[model == &quantized ? 0 : 1].push_back(taken);
    }
  }
  return Latencies{medianOf(times[0]), medianOf(times[1])};
}

using Scores = std::vector<std::pair<std::string, double>>;

Result<Scores> scoresOf(const engine::Predictor& model, const data::Dataset& data,
                        const std::vector<std::uint32_t>& rows, const JobContext& job) {
  auto predictions = model.predict(data, rows, job);
  if (!predictions) return passOn(predictions);
  const auto& scoring = model.scoring();
  return scoring ? engine::scores(*predictions, data, rows, model.model(), scoring->loss, scoring->threshold)
                 : engine::scores(*predictions, data, rows);
}

const double* valueOf(const Scores& scores, const std::string& name) {
  const auto found = std::find_if(scores.begin(), scores.end(), [&](const auto& score) { return score.first == name; });
  return found == scores.end() ? nullptr : &found->second;
}

/// The metric of the run, but no loss where people have a better word for how good a model is.
std::string shownMetric(const Scores& scores, const std::string& monitor) {
  const auto own = monitor.substr(monitor.find('/') + 1);
  for (const auto& name : {own == "loss" ? std::string() : own, std::string("accuracy"), std::string("rmse")})
    if (valueOf(scores, name) != nullptr) return name;
  return scores.size() > 1 ? scores[1].first : scores.empty() ? std::string() : scores[0].first;
}

std::vector<std::uint32_t> validationRows(const data::Dataset& source) {
  std::vector<std::uint32_t> rows;
  for (const auto row : source.split.validation)
    if (rows.size() < mostParityRows && data::isLabelled(source, row) && data::hasInput(source, row))
      rows.push_back(row);
  return rows;
}

}  // namespace

Result<Precision> precisionFor(const std::string& quantize, const std::vector<const exporting::ModelFormat*>& formats) {
  const auto precision = exporting::precisionNamed(quantize);
  if (!precision)
    return fail("export.unknown_precision", LATHE_TEXT("errors", "There is no precision {precision}."),
                LATHE_TEXT("errors", "Choose one of: {known}."),
                {{"precision", quantize}, {"known", fmt::format("{}", fmt::join(exporting::precisionNames(), ", "))}});
  for (const auto* format : formats) LATHE_TRY(exporting::checkQuantizable(format->name, *precision));
  return *precision;
}

Result<void> writeQuantizedCheckpoint(const fs::path& checkpoint, Precision precision, const ParityData& data,
                                      const fs::path& to) {
  LATHE_ASSIGN(read, engine::readCheckpoint(checkpoint));
  LATHE_TRY(exporting::quantize(read, precision, checkpoint));
  if (precision == Precision::Int8Static) {
    std::vector<float> rows;
    std::int64_t count = 0;
    constexpr std::size_t mostNumbers = std::size_t{1} << 26;  // large images: fewer of them are enough
    for (const auto row : data.source.split.train) {
      if (count == static_cast<std::int64_t>(exporting::mostCalibrationRows) || rows.size() >= mostNumbers) break;
      if (!data::hasInput(data.source, row)) continue;
      const auto input = inputOf(data.source, row);
      rows.insert(rows.end(), input.begin(), input.end());
      ++count;
    }
    auto shape = data.source.schema.inputShape;
    shape.insert(shape.begin(), count);
    read.add(exporting::calibrationTensor, "F32", shape, rows.size() * sizeof(float), rows.data());
  }
  auto written = engine::writeCheckpoint(read, to);
  if (!written) return passOn(written);
  return {};
}

Result<exporting::Quantization> compareWithFloat32(engine::Engine& engine, const QuantizedPair& pair,
                                                   Precision precision, const ParityData& data,
                                                   const std::string& monitor, const JobContext& job) {
  std::error_code error;
  fs::create_directories(pair.scratch, error);
  if (error) return fileError(error.value(), pair.scratch);
  const Scratch scratch(pair.scratch);
  LATHE_ASSIGN(written, pair.format.write({engine, pair.checkpoint, pair.scratch, pair.name}));
  exporting::Quantization result;
  result.kind = exporting::name(precision);
  result.floatBytes = fs::file_size(pair.scratch / written.file, error);
  auto quantized = exporting::loadModelFile(engine, pair.file);
  if (!quantized) return passOn(quantized);
  auto plain = exporting::loadModelFile(engine, pair.scratch / written.file);
  if (!plain) return passOn(plain);
  if (data.rows.rows > 0) {
    LATHE_ASSIGN(one, latencies(**quantized, **plain, data.rows, 1, job));
    LATHE_ASSIGN(many, latencies(**quantized, **plain, data.rows, 32, job));
    result.latencyMs1 = one.quantized;
    result.floatLatencyMs1 = one.plain;
    result.latencyMs32 = many.quantized;
    result.floatLatencyMs32 = many.plain;
  }
  const auto rows = validationRows(data.source);
  if (rows.empty()) return result;
  LATHE_ASSIGN(scores, scoresOf(**quantized, data.source, rows, job));
  LATHE_ASSIGN(floatScores, scoresOf(**plain, data.source, rows, job));
  result.metric = shownMetric(scores, monitor);
  if (const auto* value = valueOf(scores, result.metric)) result.value = *value;
  if (const auto* value = valueOf(floatScores, result.metric)) result.floatValue = *value;
  return result;
}

}  // namespace lathe::services

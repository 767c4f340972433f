// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/linear_model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "core/base/random.h"

namespace lathe::engine {
namespace {

constexpr std::size_t batchRows = 512;
constexpr std::size_t mostWeights = std::size_t{1} << 28;

Result<void> readTensor(const Checkpoint& checkpoint, const char* name, std::vector<float>& into) {
  const auto* tensor = checkpoint.find(name);
  if (tensor == nullptr || tensor->dtype != "F32" || tensor->bytes.size() != into.size() * sizeof(float))
    return fail("engine.checkpoint_mismatch",
                LATHE_TEXT("errors", "The checkpoint's weights do not fit its model ({name})."),
                LATHE_TEXT("errors", "Use another checkpoint of the run."), {{"name", name}});
  std::memcpy(into.data(), tensor->bytes.data(), tensor->bytes.size());
  return {};
}

void softmax(float* row, std::size_t count) {
  const float largest = *std::max_element(row, row + count);
  double sum = 0;
  for (std::size_t c = 0; c < count; ++c) sum += row[c] = std::exp(row[c] - largest);
  for (std::size_t c = 0; c < count; ++c) row[c] = static_cast<float>(row[c] / sum);
}

tl::unexpected<Error> noWindow(std::uint32_t row) {
  return fail("engine.bad_data", LATHE_TEXT("errors", "Too few rows come before row {row} for a whole window."),
              LATHE_TEXT("errors", "Choose rows whose window is complete."), {{"row", std::to_string(row + 1)}});
}

}  // namespace

Result<LinearModel> LinearModel::create(const spec::ModelDescription& description, std::uint64_t seed) {
  LATHE_ASSIGN(program, spec::lower(description));
  const std::size_t outputs = spec::outputCount(description.schema);
  LinearModel model(description, program, outputs);
  if (model.inputs() == 0 || outputs > mostWeights / model.inputs())
    return fail("engine.out_of_memory", LATHE_TEXT("errors", "The model is too large for this machine."),
                LATHE_TEXT("errors", "Use fewer columns or smaller images."));
  Random random(seed, "init");
  model.m_weights.resize(outputs * model.inputs());
  model.m_biases.assign(outputs, 0.0F);
  for (auto& weight : model.m_weights) weight = static_cast<float>(random.normal() * 0.01);
  return model;
}

LinearModel::LinearModel(const spec::ModelDescription& description, const spec::Program& program, std::size_t outputs)
    : m_description(description), m_preprocessor(program), m_outputs(outputs) {}

std::vector<float> LinearModel::prepare(const data::Dataset& data, std::span<const std::uint32_t> rows) const {
  std::vector<float> prepared(rows.size() * inputs());
  for (std::size_t i = 0; i < rows.size(); ++i)
    m_preprocessor.row(data, rows[i], std::span<float>(prepared).subspan(i * inputs(), inputs()));
  return prepared;
}

std::vector<float> LinearModel::forward(std::span<const float> prepared, std::size_t rows) const {
  std::vector<float> out(rows * m_outputs);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t o = 0; o < m_outputs; ++o) {
      const float* x = prepared.data() + i * inputs();
      const float* w = m_weights.data() + o * inputs();
      float sum = m_biases[o];
      for (std::size_t d = 0; d < inputs(); ++d) sum += x[d] * w[d];
      out[i * m_outputs + o] = sum;
    }
  return out;
}

Result<Predictions> LinearModel::predict(const data::Dataset& data, std::span<const std::uint32_t> rows,
                                         const JobContext& job) const {
  Predictions predictions{rows.size(), m_outputs, {}};
  for (std::size_t first = 0; first < rows.size(); first += batchRows) {
    if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "Predicting was cancelled."), "");
    const auto batch = rows.subspan(first, std::min(batchRows, rows.size() - first));
    auto out = forward(prepare(data, batch), batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) finish(out.data() + i * m_outputs);
    predictions.values.insert(predictions.values.end(), out.begin(), out.end());
    job.report({"predict", static_cast<double>(first + batch.size()), static_cast<double>(rows.size()), "rows"});
  }
  return predictions;
}

void LinearModel::finish(float* row) const {
  const auto& schema = m_description.schema;
  if (schema.task == spec::Task::Classification || schema.task == spec::Task::Multilabel)
    for (std::size_t o = 0; o < m_outputs; ++o) row[o] /= static_cast<float>(m_description.temperature);
  if (schema.task == spec::Task::Classification) return softmax(row, m_outputs);
  const auto scalings = spec::targetScalings(m_description);
  const std::size_t levels = m_outputs / scalings.size();
  for (std::size_t o = 0; o < m_outputs; ++o) {
    const double given = row[o];
    if (schema.task == spec::Task::Multilabel) {
      row[o] = static_cast<float>(1 / (1 + std::exp(-given)));
      continue;
    }
    const auto& scaling = scalings[o / levels];
    const double value = schema.target.link == "log" ? std::exp(given) : given;
    row[o] = static_cast<float>(value * scaling.scale + scaling.shift);
  }
  if (schema.task != spec::Task::Quantile) return;
  for (std::size_t t = 0; t < scalings.size(); ++t) std::sort(row + t * levels, row + (t + 1) * levels);
}

void LinearModel::save(Checkpoint& checkpoint) const {
  const auto outputs = static_cast<std::int64_t>(m_outputs);
  checkpoint.add("linear.weight", "F32", {outputs, static_cast<std::int64_t>(inputs())},
                 m_weights.size() * sizeof(float), m_weights.data());
  checkpoint.add("linear.bias", "F32", {outputs}, m_biases.size() * sizeof(float), m_biases.data());
}

Result<void> LinearModel::restore(const Checkpoint& checkpoint) {
  LATHE_TRY(readTensor(checkpoint, "linear.weight", m_weights));
  return readTensor(checkpoint, "linear.bias", m_biases);
}

Result<void> checkInputs(const spec::DataSchema& schema, const data::Dataset& data,
                         std::span<const std::uint32_t> rows) {
  if (data.schema.image != schema.image || data.schema.sampleRate != schema.sampleRate ||
      data.schema.inputShape != schema.inputShape || !data::inputsFitRows(data))
    return fail("engine.schema_mismatch",
                LATHE_TEXT("errors", "The data has inputs of {given}, but the model needs {needed}."),
                LATHE_TEXT("errors", "Give data with the columns or the image size that the model was trained on."),
                {{"given", spec::shapeText(data.schema.inputShape)}, {"needed", spec::shapeText(schema.inputShape)}});
  // All rows of a table in order would be rows without their window too.
  const auto first = rows.empty() && !data.windows.order.empty() ? data.windows.order.front() : 0U;
  if (rows.empty() && data.rows > 0 && !data::hasInput(data, first)) return noWindow(first);
  for (const auto row : rows) {
    if (row < data.rows && !data::hasInput(data, row)) return noWindow(row);
    if (row >= data.rows)
      return fail("engine.bad_data", LATHE_TEXT("errors", "The data has no row {row}."),
                  LATHE_TEXT("errors", "Choose rows of the data."), {{"row", std::to_string(row)}});
  }
  return {};
}

std::vector<std::uint32_t> rowsOrAll(const std::vector<std::uint32_t>& rows, std::size_t all) {
  if (!rows.empty()) return rows;
  std::vector<std::uint32_t> every(all);
  std::iota(every.begin(), every.end(), 0U);
  return every;
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/batch_source.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace lathe::engine {
namespace {

constexpr std::size_t rowsAtOnce = 65536;

void copyRows(const void* from, void* into, std::size_t bytesPerRow, std::span<const std::uint32_t> rows) {
  const auto* source = static_cast<const std::uint8_t*>(from);
  auto* target = static_cast<std::uint8_t*>(into);
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::memcpy(target + i * bytesPerRow, source + rows[i] * bytesPerRow, bytesPerRow);
}

}  // namespace

torch::Tensor rawRows(const data::Dataset& data, std::span<const std::uint32_t> rows, torch::Device device) {
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(rows.size())};
  shape.insert(shape.end(), data.schema.inputShape.begin(), data.schema.inputShape.end());
  const auto perRow = static_cast<std::size_t>(spec::elementCount(data.schema.inputShape));
  auto raw = torch::empty(shape, data.schema.image ? torch::kUInt8 : torch::kFloat32);
  if (data.schema.image)
    copyRows(data.pixels.data(), raw.data_ptr(), perRow, rows);
  else
    copyRows(data.table.data(), raw.data_ptr(), perRow * sizeof(float), rows);
  return raw.to(device);
}

BatchSource::BatchSource(std::shared_ptr<const data::Dataset> data, const ProgramRunner& runner,
                         std::size_t largestBatch, const spec::TrainingSpec& training, bool prefetch)
    : m_data(std::move(data)), m_runner(runner), m_largestBatch(largestBatch) {
  if (!m_data->schema.image) {
    prepareTable();
    return;
  }
  // Elsewhere bytes are sent, a quarter as many, and standardised there.
  if (m_runner.device().is_cpu()) m_scaling = channelScaling(m_runner.program());
  m_images =
      std::make_unique<ImageBatches>(m_data, Augmenter(training.augment, m_data->schema.inputShape, training.seed),
                                     ImageBatches::Options{m_largestBatch, m_scaling, prefetch});
}

void BatchSource::prepareTable() {
  const torch::NoGradGuard noGrad;
  std::vector<std::uint32_t> rows;
  for (std::size_t first = 0; first < m_data->rows; first += rowsAtOnce) {
    const std::size_t count = std::min(rowsAtOnce, m_data->rows - first);
    rows.resize(count);
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
    const auto parts = m_runner.preprocess(rawRows(*m_data, rows, m_runner.device()));
    for (std::size_t p = 0; p < parts.size(); ++p) {
      auto sizes = parts[p].sizes().vec();
      sizes[0] = static_cast<std::int64_t>(m_data->rows);
      if (m_prepared.size() == p) m_prepared.push_back(torch::empty(sizes, parts[p].options()));
      m_prepared[p].narrow(0, static_cast<std::int64_t>(first), static_cast<std::int64_t>(count)).copy_(parts[p]);
    }
  }
  for (const auto& prepared : m_prepared) {
    auto sizes = prepared.sizes().vec();
    sizes[0] = static_cast<std::int64_t>(m_largestBatch);
    m_buffers.push_back(torch::empty(sizes, prepared.options()));
  }
}

torch::Tensor BatchSource::gathered(std::size_t input, std::span<const std::uint32_t> rows) {
  const auto& prepared = m_prepared[input];
  const auto count = static_cast<std::int64_t>(rows.size());
  if (!prepared.is_cpu()) {
    auto index = torch::empty({count}, torch::kInt64);
    std::copy(rows.begin(), rows.end(), index.data_ptr<std::int64_t>());
    return prepared.index_select(0, index.to(prepared.device()));
  }
  auto sizes = prepared.sizes().vec();
  sizes[0] = count;
  auto target =
      rows.size() <= m_largestBatch ? m_buffers[input].narrow(0, 0, count) : torch::empty(sizes, prepared.options());
  const auto bytesPerRow = static_cast<std::size_t>(prepared.stride(0)) * prepared.element_size();
  copyRows(prepared.data_ptr(), target.data_ptr(), bytesPerRow, rows);
  return target;
}

torch::Tensor BatchSource::standardizedRows(std::span<const std::uint32_t> rows) const {
  const auto& shape = m_data->schema.inputShape;
  const ImageShape image{static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2])};
  auto result = torch::empty({static_cast<std::int64_t>(rows.size()), shape[0], shape[1], shape[2]}, torch::kFloat32,
                             at::MemoryFormat::ChannelsLast);
  auto* values = result.data_ptr<float>();
  constexpr std::int64_t rowsOfAThread = 32;
  at::parallel_for(0, static_cast<std::int64_t>(rows.size()), rowsOfAThread, [&](std::int64_t first, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(end); ++i)
      standardize(m_data->pixels.data() + std::size_t{rows[i]} * image.size(), image, m_scaling->centre.data(),
                  m_scaling->scale.data(), values + i * image.size());
  });
  return result;
}

TensorList BatchSource::batch(std::span<const std::uint32_t> rows) {
  const torch::NoGradGuard noGrad;
  if (m_scaling) return {standardizedRows(rows)};
  if (m_data->schema.image) return m_runner.preprocess(rawRows(*m_data, rows, m_runner.device()));
  TensorList inputs;
  for (std::size_t i = 0; i < m_prepared.size(); ++i) inputs.push_back(gathered(i, rows));
  return inputs;
}

// Channels-last, spelled out: for a single channel the format alone would not say it.
const torch::Tensor& BatchSource::viewOf(const ImageBatches::Batch& batch, std::size_t rows) {
  auto& view = m_views[batch.place][rows];
  if (view.defined()) return view;
  const auto& shape = m_data->schema.inputShape;
  const auto channels = shape[0];
  const auto height = shape[1];
  const auto width = shape[2];
  const std::vector<std::int64_t> sizes{static_cast<std::int64_t>(rows), channels, height, width};
  if (batch.values != nullptr)
    view = torch::from_blob(const_cast<float*>(batch.values), sizes,
                            {height * width * channels, 1, width * channels, channels}, torch::kFloat32);
  else
    view = torch::from_blob(const_cast<std::uint8_t*>(batch.bytes), sizes, torch::kUInt8);
  return view;
}

TrainingBatch BatchSource::training(std::span<const std::uint32_t> rows, std::int64_t step) {
  if (!m_images) return {batch(rows), {}};
  const torch::NoGradGuard noGrad;
  const auto images = m_images->take(rows, step);
  const auto& view = viewOf(images, rows.size());
  if (m_scaling) return {{view}, images.mixed};
  return {m_runner.preprocess(view.to(m_runner.device())), images.mixed};
}

void BatchSource::announce(std::span<const std::uint32_t> rows, std::int64_t step) {
  if (m_images) m_images->announce(rows, step);
}

}  // namespace lathe::engine

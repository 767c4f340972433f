// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/batch_source.h"

#include <algorithm>
#include <cstring>

#include "core/base/large_pages.h"
#include "core/engine_torch/device_abilities.h"
#include "core/engine_torch/prepared_tables.h"
#include "core/spec/text_program.h"

namespace lathe::engine {
namespace {

// What lies between two steps of preprocessing stays in the cache, and its memory is used again.
constexpr std::size_t mostRowsAtOnce = 4096;
// A spectrum has a few times as many values as the sound.
constexpr std::size_t mostValuesAtOnce = std::size_t{1} << 18;
constexpr double shareForImages = 0.25;  // of a card's memory

void copyRows(const void* from, void* into, std::size_t bytesPerRow, std::span<const std::uint32_t> rows) {
  const auto* source = static_cast<const std::uint8_t*>(from);
  auto* target = static_cast<std::uint8_t*>(into);
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::memcpy(target + i * bytesPerRow, source + rows[i] * bytesPerRow, bytesPerRow);
}

// Rows of the table, each for itself.
torch::Tensor singleRows(const data::Dataset& data, std::span<const std::uint32_t> rows, torch::Device device) {
  if (data.schema.sound()) return rawRows(data, rows, device);
  const auto width = data::rowWidth(data.schema);
  auto raw = torch::empty({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(width)}, torch::kFloat32);
  copyRows(data.table.data(), raw.data_ptr(), width * sizeof(float), rows);
  return raw.to(device);
}

}  // namespace

torch::Tensor rawRows(const data::Dataset& data, std::span<const std::uint32_t> rows, torch::Device device) {
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(rows.size())};
  shape.insert(shape.end(), data.schema.inputShape.begin(), data.schema.inputShape.end());
  const auto perRow = static_cast<std::size_t>(spec::elementCount(data.schema.inputShape));
  auto raw = torch::empty(shape, data.schema.image ? torch::kUInt8 : torch::kFloat32);
  if (data.schema.image)
    copyRows(data.pixels.data(), raw.data_ptr(), perRow, rows);
  else if (data.schema.sequence.window == 0 && data.texts.empty() && !data.schema.sound())
    copyRows(data.table.data(), raw.data_ptr(), perRow * sizeof(float), rows);
  else
    for (std::size_t i = 0; i < rows.size(); ++i) data::copyInput(data, rows[i], raw.data_ptr<float>() + i * perRow);
  return raw.to(device);
}

torch::Tensor textRows(const data::Dataset& data, std::span<const std::uint32_t> rows, torch::Device device) {
  std::size_t longest = 1;
  for (const auto& texts : data.texts)
    for (const auto row : rows) longest = std::max(longest, texts.of(row).size());
  auto codes = torch::empty({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(data.texts.size()),
                             static_cast<std::int64_t>(longest)},
                            torch::kInt32);
  auto* out = codes.data_ptr<std::int32_t>();
  for (const auto row : rows)
    for (const auto& texts : data.texts) {
      const auto text = texts.of(row);
      std::fill(std::copy(text.begin(), text.end(), out), out + longest, -1);
      out += longest;
    }
  return codes.to(device);
}

BatchSource::BatchSource(std::shared_ptr<const data::Dataset> data, const ProgramRunner& runner,
                         std::size_t largestBatch, const spec::TrainingSpec& training, Options options)
    : m_data(std::move(data)), m_runner(runner), m_largestBatch(largestBatch) {
  if (!m_data->schema.image) {
    if (spec::takesWindows(m_runner.program())) {
      auto rows = spec::rowProgram(m_runner.program());
      m_windowed = std::move(rows.windowed);
      prepareTable(ProgramRunner(std::move(rows.program), m_runner.device()));
    } else if (m_text = spec::textInput(m_runner.program()); m_text) {
      prepareTable(ProgramRunner(spec::withoutText(m_runner.program()), m_runner.device()));
    } else {
      prepareTable(m_runner);
    }
    return;
  }
  const auto device = m_runner.device();
  const auto room = shareForImages * static_cast<double>(deviceMemory(device).value_or(0));
  if (options.images == Images::OnDevice ||
      (options.images == Images::ByDevice && !device.is_cpu() && static_cast<double>(m_data->pixels.size()) <= room))
    keepImagesOnDevice();
  // Elsewhere bytes are sent, a quarter as many, and standardised there.
  else if (device.is_cpu())
    m_scaling = channelScaling(m_runner.program());
  Augmenter augmenter(training.augment, m_data->schema.inputShape, training.seed);
  if (!m_pixels.defined() || augmenter.active())
    m_images = std::make_unique<ImageBatches>(m_data, std::move(augmenter),
                                              ImageBatches::Options{m_largestBatch, m_scaling, options.prefetch});
}

void BatchSource::keepImagesOnDevice() {
  std::vector<std::int64_t> sizes{static_cast<std::int64_t>(m_data->rows)};
  sizes.insert(sizes.end(), m_data->schema.inputShape.begin(), m_data->schema.inputShape.end());
  auto* const bytes = const_cast<std::uint8_t*>(m_data->pixels.data());
  m_pixels = torch::from_blob(bytes, sizes, torch::kUInt8).to(m_runner.device());
}

TensorList BatchSource::prepareAll(const ProgramRunner& runner) const {
  const torch::NoGradGuard noGrad;
  TensorList prepared;
  const std::size_t all = data::tableRows(*m_data);
  std::vector<std::uint32_t> rows;
  const auto perRow = data::rowWidth(m_data->schema);
  const auto rowsAtOnce =
      std::clamp<std::size_t>(mostValuesAtOnce / std::max<std::size_t>(1, perRow), 1, mostRowsAtOnce);
  for (std::size_t first = 0; first < all; first += rowsAtOnce) {
    const std::size_t count = std::min(rowsAtOnce, all - first);
    rows.resize(count);
    for (std::size_t i = 0; i < count; ++i) rows[i] = static_cast<std::uint32_t>(data::rowAtPlace(*m_data, first + i));
    const auto parts = runner.preprocess(singleRows(*m_data, rows, runner.device()));
    for (std::size_t p = 0; p < parts.size(); ++p) {
      auto sizes = parts[p].sizes().vec();
      sizes[0] = static_cast<std::int64_t>(all);
      if (prepared.size() == p) {
        prepared.push_back(torch::empty(sizes, parts[p].options()));
        if (prepared[p].is_cpu()) wishLargePages(prepared[p].data_ptr(), prepared[p].nbytes());
      }
      prepared[p].narrow(0, static_cast<std::int64_t>(first), static_cast<std::int64_t>(count)).copy_(parts[p]);
    }
  }
  return prepared;
}

void BatchSource::prepareTable(const ProgramRunner& runner) {
  m_prepared = preparedTable(m_data, runner.program(), runner.device(), [&] { return prepareAll(runner); });
  m_windowed.resize(m_prepared.size(), false);
  for (std::size_t p = 0; p < m_prepared.size(); ++p) {
    const auto sizes = sizesOf(p, m_largestBatch);
    // One channel lies in memory as channels-last does; convolutions go by the strides.
    const bool oneChannel = sizes.size() == 4 && sizes[1] == 1;
    m_buffers.push_back(oneChannel ? torch::empty(sizes, m_prepared[p].options(), at::MemoryFormat::ChannelsLast)
                                   : torch::empty(sizes, m_prepared[p].options()));
  }
}

std::vector<std::int64_t> BatchSource::sizesOf(std::size_t input, std::size_t rows) const {
  auto sizes = m_prepared[input].sizes().vec();
  sizes[0] = static_cast<std::int64_t>(rows);
  if (m_windowed[input]) sizes.insert(sizes.begin() + 1, m_data->schema.sequence.window);
  return sizes;
}

torch::Tensor BatchSource::gathered(std::size_t input, std::span<const std::uint32_t> rows) {
  const auto& prepared = m_prepared[input];
  const auto count = static_cast<std::int64_t>(rows.size());
  // The rows of a window follow each other in `prepared`.
  const std::size_t length = m_windowed[input] ? data::windowLength(m_data->schema) : 1;
  if (!prepared.is_cpu()) {
    auto index = torch::empty({count, static_cast<std::int64_t>(length)}, torch::kInt64);
    auto* places = index.data_ptr<std::int64_t>();
    for (const auto row : rows)
      for (std::size_t back = length; back-- > 0;)
        *places++ = static_cast<std::int64_t>(data::lastPlace(*m_data, row) - back);
    return prepared.index_select(0, index.view({-1}).to(prepared.device())).view(sizesOf(input, rows.size()));
  }
  auto target = rows.size() <= m_largestBatch ? m_buffers[input].narrow(0, 0, count)
                                              : torch::empty(sizesOf(input, rows.size()), prepared.options());
  const auto bytesPerRow = static_cast<std::size_t>(prepared.stride(0)) * prepared.element_size();
  if (m_data->schema.sequence.window == 0) {
    copyRows(prepared.data_ptr(), target.data_ptr(), bytesPerRow, rows);
    return target;
  }
  const auto* source = static_cast<const std::uint8_t*>(prepared.data_ptr());
  auto* into = static_cast<std::uint8_t*>(target.data_ptr());
  for (const auto row : rows) {
    std::memcpy(into, source + (data::lastPlace(*m_data, row) + 1 - length) * bytesPerRow, length * bytesPerRow);
    into += length * bytesPerRow;
  }
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
  if (m_pixels.defined()) {
    auto places = torch::empty({static_cast<std::int64_t>(rows.size())}, torch::kInt64);
    std::copy(rows.begin(), rows.end(), places.data_ptr<std::int64_t>());
    return m_runner.preprocess(m_pixels.index_select(0, places.to(m_pixels.device())));
  }
  if (m_data->schema.image) return m_runner.preprocess(rawRows(*m_data, rows, m_runner.device()));
  TensorList inputs;
  for (std::size_t i = 0; i < m_prepared.size(); ++i) inputs.push_back(gathered(i, rows));
  if (m_text)
    inputs.insert(inputs.begin() + static_cast<std::ptrdiff_t>(*m_text), textRows(*m_data, rows, m_runner.device()));
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/image_batches.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace lathe::engine {
namespace {

constexpr std::align_val_t alignment{64};  // a cache line, and the widest vector

}  // namespace

std::optional<ChannelScaling> channelScaling(const spec::Program& program) {
  if (program.preprocess.size() != 1 || program.prepared.size() != 1) return std::nullopt;
  const auto& only = program.preprocess.front();
  const auto& input = program.values.at(static_cast<std::size_t>(program.input));
  if (only.primitive != spec::Primitive::Standardize || only.inputs != std::vector<int>{program.input} ||
      only.output != program.prepared.front() || only.constants.size() != 2 || input.size() != 3)
    return std::nullopt;
  const auto constant = [&](std::size_t i) {
    return program.constants.at(static_cast<std::size_t>(only.constants[i])).data;
  };
  ChannelScaling scaling{constant(0), constant(1)};
  const auto channels = static_cast<std::size_t>(input.front());
  if (scaling.centre.size() != channels || scaling.scale.size() != channels) return std::nullopt;
  return scaling;
}

void ImageBatches::FreeAligned::operator()(void* memory) const { ::operator delete(memory, alignment); }

ImageBatches::ImageBatches(std::shared_ptr<const data::Dataset> data, Augmenter augmenter, Options options)
    : m_data(std::move(data)), m_augmenter(std::move(augmenter)), m_options(std::move(options)) {
  const std::size_t image = m_augmenter.shape().size();
  const std::size_t bytes = m_options.largest * image * (m_options.scaling ? sizeof(float) : 1);
  for (auto& buffer : m_buffers) {
    buffer.memory.reset(::operator new(std::max<std::size_t>(bytes, 1), alignment));
    buffer.rows.reserve(m_options.largest);
    buffer.partner.reserve(m_options.largest);
  }
  m_nextRows.reserve(m_options.largest);
  m_sources.reserve(m_options.largest);
  m_space.mixing.partner.reserve(m_options.largest);
  if (m_augmenter.mixes()) m_space.changed.resize(m_options.largest * image);
}

ImageBatches::~ImageBatches() {
  if (!m_thread.joinable()) return;
  {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
  }
  m_wake.notify_one();
  m_thread.join();
}

bool ImageBatches::same(const Buffer& buffer, std::span<const std::uint32_t> rows, std::int64_t step) {
  return buffer.step == step && std::equal(rows.begin(), rows.end(), buffer.rows.begin(), buffer.rows.end());
}

void ImageBatches::announce(std::span<const std::uint32_t> rows, std::int64_t step) {
  if (!m_options.prefetch || rows.size() > m_options.largest) return;
  m_nextRows.assign(rows.begin(), rows.end());
  m_nextStep = step;
}

ImageBatches::Batch ImageBatches::take(std::span<const std::uint32_t> rows, std::int64_t step) {
  if (rows.size() > m_options.largest) throw std::bad_alloc();
  auto& buffer = m_buffers[1 - m_current];
  const bool ahead = same(buffer, rows, step);
  waitUntilIdle();
  if (ahead) {
    ++m_madeAhead;
  } else {
    buffer.rows.assign(rows.begin(), rows.end());
    buffer.step = step;
    make(buffer);
  }
  if (buffer.problem) {
    buffer.step = -1;
    std::rethrow_exception(std::exchange(buffer.problem, nullptr));
  }
  m_current = 1 - m_current;
  startNext();
  Batch batch;
  batch.place = m_current;
  batch.values = m_options.scaling ? static_cast<const float*>(buffer.memory.get()) : nullptr;
  batch.bytes = m_options.scaling ? nullptr : static_cast<const std::uint8_t*>(buffer.memory.get());
  if (!buffer.partner.empty()) batch.mixed = {buffer.partner, buffer.share};
  return batch;
}

void ImageBatches::startNext() {
  if (m_nextStep < 0) return;
  if (!m_thread.joinable()) m_thread = std::thread([this] { work(); });
  auto& buffer = m_buffers[1 - m_current];
  std::swap(buffer.rows, m_nextRows);
  buffer.step = std::exchange(m_nextStep, -1);
  {
    const std::lock_guard lock(m_mutex);
    m_filling = &buffer;
  }
  m_wake.notify_one();
}

void ImageBatches::waitUntilIdle() {
  if (!m_thread.joinable()) return;
  std::unique_lock lock(m_mutex);
  m_done.wait(lock, [this] { return m_filling == nullptr; });
}

void ImageBatches::work() {
  for (;;) {
    Buffer* buffer = nullptr;
    {
      std::unique_lock lock(m_mutex);
      m_wake.wait(lock, [this] { return m_stop || m_filling != nullptr; });
      if (m_stop) return;
      buffer = m_filling;
    }
    make(*buffer);
    {
      const std::lock_guard lock(m_mutex);
      m_filling = nullptr;
    }
    m_done.notify_one();
  }
}

void ImageBatches::make(Buffer& buffer) noexcept {
  try {
    buffer.problem = nullptr;
    fill(buffer);
  } catch (...) {
    buffer.problem = std::current_exception();
  }
}

void ImageBatches::finish(const std::uint8_t* image, Buffer& buffer, std::size_t place) {
  const auto& shape = m_augmenter.shape();
  if (m_options.scaling)
    standardize(image, shape, m_options.scaling->centre.data(), m_options.scaling->scale.data(),
                static_cast<float*>(buffer.memory.get()) + place * shape.size());
  else
    std::memcpy(static_cast<std::uint8_t*>(buffer.memory.get()) + place * shape.size(), image, shape.size());
}

void ImageBatches::fill(Buffer& buffer) {
  const std::size_t size = m_augmenter.shape().size();
  m_sources.clear();
  for (const auto row : buffer.rows) m_sources.push_back(m_data->pixels.data() + std::size_t{row} * size);
  m_augmenter.batch(m_sources, buffer.rows, buffer.step, m_space,
                    [this, &buffer](std::size_t place, const std::uint8_t* image) { finish(image, buffer, place); });
  buffer.partner.clear();
  buffer.share = m_space.mixing.share;
  if (m_space.mixing.kind == Mixing::Kind::None) return;
  for (const auto place : m_space.mixing.partner) buffer.partner.push_back(buffer.rows[place]);
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "core/data/buffers.h"
#include "core/engine/augment.h"
#include "core/engine/losses.h"
#include "core/spec/program.h"

namespace lathe::engine {

/// (x - centre[c]) * scale[c] for each channel.
struct ChannelScaling {
  std::vector<float> centre, scale;
};
/// What an image program does to its pixels, when that is a Standardize and nothing else.
[[nodiscard]] std::optional<ChannelScaling> channelScaling(const spec::Program& program);

/// Images of training steps, gathered from the dataset, augmented, mixed and standardised in one go, one batch ahead on
/// a thread of its own while the step before runs. Two buffers take turns; a steady step allocates nothing. The bytes
/// of a batch do not depend on whether it was made ahead (augment.h). Used by one thread, apart from the own one; the
/// destructor waits for what is being made.
class ImageBatches {
 public:
  struct Options {
    std::size_t largest = 1;                ///< rows of a batch at most
    std::optional<ChannelScaling> scaling;  ///< none: bytes are wanted
    bool prefetch = true;
  };
  struct Batch {
    const float* values = nullptr;        ///< [N,H,W,C] with a scaling, else null
    const std::uint8_t* bytes = nullptr;  ///< [N,C,H,W] without one, else null
    std::size_t place = 0;                ///< which of the two buffers
    MixedRows mixed;
  };

  /// `data` holds images of the augmenter's shape.
  ImageBatches(std::shared_ptr<const data::Dataset> data, Augmenter augmenter, Options options);
  ~ImageBatches();
  ImageBatches(const ImageBatches&) = delete;
  ImageBatches& operator=(const ImageBatches&) = delete;

  /// What take() will be asked for after its next call; the rows are copied. Another batch may be taken instead.
  void announce(std::span<const std::uint32_t> rows, std::int64_t step);
  /// The images of these rows, at most `largest`, as `step` sees them. Valid until the next call. Throws
  /// std::bad_alloc, also on behalf of the own thread.
  [[nodiscard]] Batch take(std::span<const std::uint32_t> rows, std::int64_t step);
  /// Batches that were ready, or in the making, when they were asked for.
  [[nodiscard]] std::int64_t madeAhead() const { return m_madeAhead; }

 private:
  struct FreeAligned {
    void operator()(void* memory) const;
  };
  struct Buffer {
    std::unique_ptr<void, FreeAligned> memory;
    std::vector<std::uint32_t> rows;
    std::int64_t step = -1;              ///< what it holds, or what is being made; negative: nothing
    std::vector<std::uint32_t> partner;  ///< rows of the dataset; empty: nothing is mixed
    double share = 1;
    std::exception_ptr problem;
  };
  void make(Buffer& buffer) noexcept;
  void fill(Buffer& buffer);
  void finish(const std::uint8_t* image, Buffer& buffer, std::size_t place);
  void work();
  void waitUntilIdle();
  void startNext();
  [[nodiscard]] static bool same(const Buffer& buffer, std::span<const std::uint32_t> rows, std::int64_t step);

  std::shared_ptr<const data::Dataset> m_data;  // shared with the engine and the loss
  Augmenter m_augmenter;
  Options m_options;
  std::array<Buffer, 2> m_buffers;
  std::size_t m_current = 0;
  std::vector<std::uint32_t> m_nextRows;
  std::int64_t m_nextStep = -1;
  std::int64_t m_madeAhead = 0;

  // Of whoever fills a buffer: the own thread while m_filling is set, else the caller.
  Augmenter::BatchSpace m_space;
  std::vector<const std::uint8_t*> m_sources;

  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::condition_variable m_done;
  Buffer* m_filling = nullptr;
  bool m_stop = false;
  std::thread m_thread;
};

}  // namespace lathe::engine

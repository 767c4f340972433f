// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <torch/torch.h>
#include <vector>

#include "core/data/buffers.h"
#include "core/engine/image_batches.h"
#include "core/engine_torch/program_runner.h"
#include "core/spec/training_spec.h"

namespace lathe::engine {

/// Raw rows of a dataset as one tensor on the device: [N,F] or windows [N,W,F] float, or [N,C,H,W] uint8.
[[nodiscard]] torch::Tensor rawRows(const data::Dataset& data, std::span<const std::uint32_t> rows,
                                    torch::Device device);

/// What a training step descends on.
struct TrainingBatch {
  TensorList inputs;
  MixedRows mixed;
};

/// The text codes of rows as one tensor on the device, int32 [N,K,L], as long as the longest of them needs; the places
/// behind a text are -1.
[[nodiscard]] torch::Tensor textRows(const data::Dataset& data, std::span<const std::uint32_t> rows,
                                     torch::Device device);

/// The prepared inputs of a training's batches: tables are prepared once, row by row also where windows of them are
/// read (a batch then gathers the rows of its windows), images batch by batch (those of training steps augmented and
/// one batch ahead, see ImageBatches). On a card tables live there, and so do the bytes of images where they take at
/// most a quarter of its memory: a batch is gathered there, unless a training step sees them augmented. The tensors of
/// a batch are valid until the next call of the same function. One thread.
class BatchSource {
 public:
  /// Where the bytes of images are kept.
  enum class Images : std::uint8_t { ByDevice, WithData, OnDevice };
  /// `prefetch`: whether images are made ahead. No bit depends on either.
  struct Options {
    bool prefetch = true;
    Images images = Images::ByDevice;
  };

  /// Keeps the dataset alive; `largestBatch` rows at most are asked for at once in training.
  BatchSource(std::shared_ptr<const data::Dataset> data, const ProgramRunner& runner, std::size_t largestBatch,
              const spec::TrainingSpec& training, Options options);
  BatchSource(std::shared_ptr<const data::Dataset> data, const ProgramRunner& runner, std::size_t largestBatch,
              const spec::TrainingSpec& training = {})
      : BatchSource(std::move(data), runner, largestBatch, training, Options()) {}
  /// As they are in evaluation.
  [[nodiscard]] TensorList batch(std::span<const std::uint32_t> rows);
  /// As `step` sees them.
  [[nodiscard]] TrainingBatch training(std::span<const std::uint32_t> rows, std::int64_t step);
  /// What training() is asked for after its next call.
  void announce(std::span<const std::uint32_t> rows, std::int64_t step);
  /// Tables: the prepared inputs of all rows but text, which is kept as its codes; of windows in the order of time.
  [[nodiscard]] const TensorList& prepared() const { return m_prepared; }

 private:
  void prepareTable(const ProgramRunner& runner);
  [[nodiscard]] TensorList prepareAll(const ProgramRunner& runner) const;
  void keepImagesOnDevice();
  /// Of the tensor that a batch of `rows` reads.
  [[nodiscard]] std::vector<std::int64_t> sizesOf(std::size_t input, std::size_t rows) const;
  torch::Tensor gathered(std::size_t input, std::span<const std::uint32_t> rows);
  [[nodiscard]] torch::Tensor standardizedRows(std::span<const std::uint32_t> rows) const;
  [[nodiscard]] const torch::Tensor& viewOf(const ImageBatches::Batch& batch, std::size_t rows);

  std::shared_ptr<const data::Dataset> m_data;
  const ProgramRunner& m_runner;
  std::size_t m_largestBatch;
  TensorList m_prepared;              ///< tables: all rows, of windows in the order of time
  std::vector<bool> m_windowed;       ///< of each: a batch reads all rows of its windows, else the last one
  std::optional<std::size_t> m_text;  ///< which input of a batch is text, whose codes batches gather by themselves
  TensorList m_buffers;               ///< rows of a batch, used again and again
  std::optional<ChannelScaling> m_scaling;  ///< images on the processor: their whole preprocessing
  torch::Tensor m_pixels;                   ///< uint8 [N,C,H,W] of all rows on the device; undefined: with the data
  std::unique_ptr<ImageBatches> m_images;   ///< those of training steps; null: gathered like those of evaluation
  std::array<std::map<std::size_t, torch::Tensor>, 2> m_views;  ///< of each buffer, by the number of rows
};

}  // namespace lathe::engine

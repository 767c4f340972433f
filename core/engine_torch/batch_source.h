// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <torch/torch.h>
#include <vector>

#include "core/data/buffers.h"
#include "core/engine_torch/program_runner.h"

namespace lathe::engine {

/// Raw rows of a dataset as one tensor on the device: [N,F] float, or [N,C,H,W] uint8.
[[nodiscard]] torch::Tensor rawRows(const data::Dataset& data, std::span<const std::uint32_t> rows,
                                    torch::Device device);

/// The prepared inputs of a training's batches: tables are prepared once, images batch by batch. The tensors of a batch
/// are valid until the next call. One thread.
class BatchSource {
 public:
  /// Keeps the dataset alive; `largestBatch` rows at most are asked for at once in training.
  BatchSource(std::shared_ptr<const data::Dataset> data, const ProgramRunner& runner, std::size_t largestBatch);
  [[nodiscard]] TensorList batch(std::span<const std::uint32_t> rows);
  /// Tables: the prepared inputs of all rows.
  [[nodiscard]] const TensorList& prepared() const { return m_prepared; }

 private:
  void prepareTable();
  torch::Tensor gathered(std::size_t input, std::span<const std::uint32_t> rows);

  std::shared_ptr<const data::Dataset> m_data;
  const ProgramRunner& m_runner;
  std::size_t m_largestBatch;
  TensorList m_prepared;  ///< tables: all rows
  TensorList m_buffers;   ///< rows of a batch, used again and again
};

}  // namespace lathe::engine

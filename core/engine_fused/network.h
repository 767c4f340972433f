// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/engine_fused/texts.h"
#include "core/spec/program.h"

/// A network as one fused executor: linear and recurrent layers, convolutions, pools, activations, normalisation,
/// dropout, embeddings, residual sums and heads over plain memory, several times faster than general tensor operations
/// where layers are small. LibTorch's path is the reference (tests/engine_torch compares values and gradients).
namespace lathe::engine {

/// Where a program's parameters lie.
struct FusedParameter {
  float* value = nullptr;      ///< row-major, as spec::Parameter::shape says; four dimensions: channels-last
  std::ptrdiff_t offset = -1;  ///< of its gradient in FusedNetwork::gradients(); -1: running statistics
  bool learns = true;          ///< false: frozen. Its gradient may be left out, and a normalisation uses what it knows
};

/// One prepared input of the program for all rows of the data, row-major: numbers, category codes, or columns of text.
/// Images are [H,W,C] a row. Of an input with windows of rows a row stands for the window that ends with it.
struct FusedInput {
  const float* numbers = nullptr;
  const std::int64_t* codes = nullptr;
  bool windows = false;
  std::vector<FusedText> texts = {};
};

/// Not thread-safe; works with a number of threads of its own. The same batch, parameters, key and number of threads
/// give the same bits.
class FusedNetwork {
 public:
  /// Why the program needs another engine: the first operation that is not known here; nothing when all are.
  [[nodiscard]] static std::optional<std::string> obstacle(const spec::Program& program);
  /// About how much memory the values of a batch take, their gradients included.
  [[nodiscard]] static double bytes(const spec::Program& program, std::size_t batch);
  /// "AVX-512, libxsmm 1.17"
  [[nodiscard]] static std::string description();
  /// Whether products go through libxsmm.
  [[nodiscard]] static bool hasProductLibrary();

  /// `inputs` in the order of program.prepared, `parameters` in that of program.parameters; the memory that they point
  /// to must outlive the network. `gradientCount` floats of gradients. Throws std::bad_alloc.
  FusedNetwork(const spec::Program& program, std::vector<FusedInput> inputs,
               const std::vector<FusedParameter>& parameters, std::size_t gradientCount, std::size_t largestBatch,
               int threads);
  ~FusedNetwork();
  FusedNetwork(const FusedNetwork&) = delete;
  FusedNetwork& operator=(const FusedNetwork&) = delete;

  /// Members of an ensemble: logits are [members, rows, outputs].
  [[nodiscard]] std::size_t members() const;
  [[nodiscard]] std::size_t outputs() const;
  /// Another place for the numbers of an input, where batches are made one by one.
  void setNumbers(std::size_t input, const float* numbers);
  /// Logits of at most largestBatch rows of the data. `dropoutKey` set: training, and backward() may follow;
  /// `dropFactor` multiplies every dropout's probability.
  [[nodiscard]] std::span<const float> forward(std::span<const std::uint32_t> rows,
                                               std::optional<std::uint64_t> dropoutKey, double dropFactor = 1);
  /// From the gradient of the logits (as forward() gave them) to those of all parameters.
  void backward(std::span<const float> gradient);
  [[nodiscard]] float* gradients();
  /// Calls work(part, parts) on each of the network's threads: for the optimiser.
  void share(const std::function<void(int part, int parts)>& work);

 private:
  class Implementation;
  std::unique_ptr<Implementation> m_implementation;
};

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/engine_fused/network.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/spec/layer_kind.h"
#include "tests/engine_torch/torch_testing.h"

/// One network in the fused executor and in LibTorch.
namespace lathe::tests {

using namespace lathe::engine;

constexpr std::int64_t dataRows = 300;

using Layers = std::vector<spec::LayerNode>;

inline spec::LayerNode node(const char* name, const std::string& kind, spec::ValueMap attributes = {},
                            std::vector<std::string> inputs = {}) {
  return {name, kind, std::move(attributes), std::move(inputs)};
}

/// The same network twice on the same rows.
class Pair {
 public:
  Pair(Layers layers, std::int64_t features, std::int64_t outputs, std::size_t batch, int threads,
       std::vector<std::int64_t> cardinalities = {});

  /// The same over images [C,H,W] or sequences [T,F].
  Pair(Layers layers, const spec::Shape& shape, std::int64_t outputs, std::size_t batch, int threads);

  /// The largest difference of logits and gradients, relative to the largest number of each tensor.
  double compare(std::size_t first, std::size_t count);

  double compareEvaluating(std::size_t count);

  [[nodiscard]] FusedNetwork& network() { return *m_network; }
  [[nodiscard]] std::size_t gradientCount() const { return static_cast<std::size_t>(m_fused.flat().numel()); }

 private:
  void start(const std::vector<FusedInput>& inputs, std::size_t batch, int threads);

  [[nodiscard]] torch::Tensor prepared(const torch::Tensor& numbers) const;

  static spec::Program programOf(Layers layers, const spec::Shape& shape, std::int64_t outputs);

  static spec::Program programOf(Layers layers, std::int64_t features, std::int64_t outputs,
                                 const std::vector<std::int64_t>& cardinalities);

  static double apart(const torch::Tensor& a, const torch::Tensor& b);

  spec::Program m_program;
  ProgramRunner m_runner;
  ParameterStore m_reference, m_fused;
  torch::Tensor m_numbers, m_codes;
  bool m_images = false;
  std::unique_ptr<FusedNetwork> m_network;
};

}  // namespace lathe::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "core/engine_fused/network.h"
#include "core/engine_fused/planner.h"
#include "core/engine_fused/team.h"

namespace lathe::engine {

/// How the threads walk through the operations.
class FusedNetwork::Implementation {
 public:
  Implementation(const spec::Program& program, std::vector<FusedInput> inputs,
                 const std::vector<FusedParameter>& parameters, std::size_t gradientCount, std::size_t largestBatch,
                 int threads);

  [[nodiscard]] const fused::Value& logits() const { return *m_plan.logits; }
  [[nodiscard]] float* gradients() { return m_gradients.data(); }
  std::span<const float> forward(std::span<const std::uint32_t> rows, std::optional<std::uint64_t> dropoutKey,
                                 double dropFactor);
  void backward(std::span<const float> gradient);
  void setNumbers(std::size_t input, const float* numbers) { m_sources[input].numbers = numbers; }
  void share(const std::function<void(int part, int parts)>& work) {
    m_team.run([&](int part) { work(part, m_team.size()); });
  }

 private:
  struct Segment {
    std::size_t first, last;
    int tokens;
    bool local;
  };
  void divide();
  void forward(const Segment& segment);
  void backward(const Segment& segment);
  void load(std::span<const std::uint32_t> rows);
  void loadRows(std::span<const std::uint32_t> rows, int firstBlock, int lastBlock);
  void loadTokens(std::span<const std::uint32_t> rows, int part);
  void loadTokens(std::size_t input, std::span<const std::uint32_t> rows, fused::Span tokens, int block);
  [[nodiscard]] bool splitsRows() const;
  template <class Each>
  void walk(const Segment& segment, int part, Each&& each);
  std::span<const float> handOutLogits();
  void takeGradient(std::span<const float> gradient);
  void gather(int part);

  fused::Room m_room;
  fused::Team m_team;
  fused::NetworkPlan m_plan;
  std::vector<FusedInput> m_sources;
  fused::Memory m_gradients;
  std::deque<fused::Memory> m_threadMemory, m_threadGradients;
  std::vector<fused::Scratch> m_scratch;
  std::deque<fused::Memory> m_rowMajor;
  std::deque<std::vector<std::int32_t>> m_codes;
  fused::Memory m_logits;
  std::vector<Segment> m_segments;
  std::vector<fused::Operation*> m_preparing;  ///< operations that are always shared
  bool m_hasTokens = false;                    ///< an input has several tokens a row
  int m_group = 1;
  fused::Batch m_batch;
  std::vector<std::uint32_t> m_rowNumbers;
};

}  // namespace lathe::engine

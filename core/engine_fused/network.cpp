// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/network.h"

#include <algorithm>
#include <cstring>

#include "core/engine_fused/geometry.h"
#include "core/engine_fused/network_implementation.h"
#include "core/engine_fused/product.h"

namespace lathe::engine {
using namespace fused;

namespace {

constexpr int lane = 16;
constexpr int mostBlockRows = 64;
// What a thread works on at once should stay in its second-level cache.
constexpr std::size_t groupFloats = std::size_t{64} * 1024;

Room roomFor(std::size_t largestBatch, int threads) {
  const int rows = static_cast<int>(std::max<std::size_t>(largestBatch, 1));
  const int count = (rows + mostBlockRows - 1) / mostBlockRows;
  const int even = (rows + count - 1) / count;
  Room room;
  room.blockRows = (even + lane - 1) / lane * lane;
  room.blocks = (rows + room.blockRows - 1) / room.blockRows;
  room.threads = std::max(1, threads);
  return room;
}

}  // namespace

FusedNetwork::Implementation::Implementation(const spec::Program& program, std::vector<FusedInput> inputs,
                                             const std::vector<FusedParameter>& parameters, std::size_t gradientCount,
                                             std::size_t largestBatch, int threads)
    : m_room(roomFor(largestBatch, threads)),
      m_team(m_room.threads),
      m_plan(planNetwork(program, parameters, m_room)),
      m_sources(std::move(inputs)),
      m_gradients(gradientCount) {
  const auto block = static_cast<std::size_t>(m_room.blockRows) * static_cast<std::size_t>(m_plan.widest);
  for (int part = 0; part < m_room.threads; ++part) {
    auto& memory = m_threadMemory.emplace_back(3 * block);
    auto& own = part == 0 ? m_gradients : m_threadGradients.emplace_back(gradientCount);
    m_scratch.push_back({memory.data(), memory.data() + block, memory.data() + 2 * block, own.data()});
  }
  const auto rows = static_cast<std::size_t>(m_room.blocks) * static_cast<std::size_t>(m_room.blockRows);
  for (std::size_t i = 0; i < m_sources.size(); ++i) {
    auto& value = *m_plan.inputs[i];
    value.texts = m_sources[i].texts;
    if (!value.texts.empty()) {
      m_codes.emplace_back();
      m_rowMajor.emplace_back();
      continue;
    }
    const auto count = rows * static_cast<std::size_t>(value.tokens) * static_cast<std::size_t>(value.features);
    m_hasTokens = m_hasTokens || value.tokens > 1;
    if (m_sources[i].codes != nullptr) {
      m_codes.emplace_back(count, 0);
      value.codes = m_codes.back().data();
      m_rowMajor.emplace_back();
    } else {
      m_codes.emplace_back();
      const auto& memory =
          m_rowMajor.emplace_back(value.tokens == 1 ? count : count / static_cast<std::size_t>(m_room.blocks));
      if (value.tokens == 1) value.rowMajor = memory.data();
    }
  }
  for (const auto& operation : m_plan.operations)
    if (operation->sharedPhases() > 0) m_preparing.push_back(operation.get());
  m_logits = Memory(static_cast<std::size_t>(m_plan.logits->tokens) * rows *
                    static_cast<std::size_t>(m_plan.logits->features));
  divide();
}

// Runs of operations that a thread may do block by block, one after the other.
void FusedNetwork::Implementation::divide() {
  const auto& operations = m_plan.operations;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const bool joins = !m_segments.empty() && operations[i]->local && m_segments.back().local &&
                       m_segments.back().tokens == operations[i]->tokens;
    if (joins)
      m_segments.back().last = i + 1;
    else
      m_segments.push_back({i, i + 1, operations[i]->tokens, operations[i]->local});
  }
  const auto block = static_cast<std::size_t>(m_room.blockRows) * static_cast<std::size_t>(std::max(1, m_plan.widest));
  m_group = static_cast<int>(std::max<std::size_t>(1, groupFloats / block));
}

// With enough blocks each thread takes some of them; with few, all threads share the features of each operation.
bool FusedNetwork::Implementation::splitsRows() const { return m_batch.blocks >= m_team.size(); }

/// Blocks of a segment that a part does, group by group.
template <class Each>
void FusedNetwork::Implementation::walk(const Segment& segment, int part, Each&& each) {
  const int blocks = m_batch.blocks * segment.tokens;
  const int from = blocks * part / m_team.size();
  const int to = blocks * (part + 1) / m_team.size();
  for (int first = from; first < to; first += m_group)
    each(Share{first, std::min(to, first + m_group), 0, 1, first == from});
}

void FusedNetwork::Implementation::forward(const Segment& segment) {
  const int blocks = m_batch.blocks * segment.tokens;
  if (segment.local && splitsRows()) {
    m_team.run([&](int part) {
      auto& scratch = m_scratch[static_cast<std::size_t>(part)];
      walk(segment, part, [&](const Share& share) {
        for (std::size_t i = segment.first; i < segment.last; ++i)
          m_plan.operations[i]->forward(m_batch, share, scratch);
      });
    });
    return;
  }
  for (std::size_t i = segment.first; i < segment.last; ++i) {
    auto& operation = *m_plan.operations[i];
    if (operation.sharedPhases() > 0) {
      for (int phase = 0; phase < operation.sharedPhases(); ++phase)
        m_team.run([&](int part) {
          operation.forwardPart(m_batch, {0, blocks, part, m_team.size(), true},
                                m_scratch[static_cast<std::size_t>(part)], phase);
        });
    } else if (splitsRows() || !operation.divisible())
      operation.forward(m_batch, {0, blocks, 0, 1, true}, m_scratch.front());
    else
      m_team.run([&](int part) {
        operation.forward(m_batch, {0, blocks, part, m_team.size(), true}, m_scratch[static_cast<std::size_t>(part)]);
      });
  }
}

std::span<const float> FusedNetwork::Implementation::forward(std::span<const std::uint32_t> rows,
                                                             std::optional<std::uint64_t> dropoutKey,
                                                             double dropFactor) {
  m_batch.rows = static_cast<int>(rows.size());
  m_rowNumbers.assign(rows.begin(), rows.end());  // the way back needs them, too
  m_batch.rowNumbers = m_rowNumbers;
  m_batch.blockRows = m_room.blockRows;
  m_batch.blocks = (m_batch.rows + m_room.blockRows - 1) / m_room.blockRows;
  m_batch.training = dropoutKey.has_value();
  m_batch.key = dropoutKey.value_or(0);
  m_batch.dropFactor = dropFactor;
  load(rows);
  if (!m_preparing.empty())
    m_team.run([&](int part) {
      for (auto* operation : m_preparing) operation->prepare(m_batch, part, m_team.size());
    });
  for (const auto& segment : m_segments) forward(segment);
  return handOutLogits();
}

std::span<const float> FusedNetwork::Implementation::handOutLogits() {
  const auto& value = *m_plan.logits;
  const auto width = static_cast<std::size_t>(value.features);
  float* out = m_logits.data();
  for (int block = 0; block < value.tokens * m_batch.blocks; ++block) {
    const int valid = m_batch.valid(block);
    kernels().transpose(blockOf(value, m_batch, block), value.features, valid, m_batch.blockRows, out, value.features);
    out += static_cast<std::size_t>(valid) * width;
  }
  return {m_logits.data(), static_cast<std::size_t>(out - m_logits.data())};
}

void FusedNetwork::Implementation::takeGradient(std::span<const float> gradient) {
  const auto& value = *m_plan.logits;
  const auto width = static_cast<std::size_t>(value.features);
  const float* from = gradient.data();
  for (int block = 0; block < value.tokens * m_batch.blocks; ++block) {
    const int valid = m_batch.valid(block);
    float* into = gradientOf(value, m_batch, block);
    if (valid < m_batch.blockRows) std::fill_n(into, blockSize(value, m_batch), 0.0F);
    kernels().transpose(from, valid, value.features, value.features, into, m_batch.blockRows);
    from += static_cast<std::size_t>(valid) * width;
  }
}

void FusedNetwork::Implementation::backward(const Segment& segment) {
  const int blocks = m_batch.blocks * segment.tokens;
  if (segment.local && splitsRows()) {
    m_team.run([&](int part) {
      auto& scratch = m_scratch[static_cast<std::size_t>(part)];
      walk(segment, part, [&](const Share& share) {
        for (std::size_t i = segment.last; i-- > segment.first;)
          if (m_plan.operations[i]->learns) m_plan.operations[i]->backward(m_batch, share, scratch, -1);
      });
    });
    return;
  }
  for (std::size_t i = segment.last; i-- > segment.first;) {
    auto& operation = *m_plan.operations[i];
    if (!operation.learns) continue;
    const bool shared = operation.sharedPhases() > 0;
    if (!shared && (splitsRows() || !operation.divisible())) {
      operation.backward(m_batch, {0, blocks, 0, 1, true}, m_scratch.front(), -1);
      continue;
    }
    for (int phase = 0; phase < operation.phases(); ++phase)
      m_team.run([&](int part) {
        // Parts never meet in a gradient, so all write into the same ones.
        Scratch scratch = m_scratch[static_cast<std::size_t>(part)];
        scratch.gradients = m_gradients.data();
        operation.backward(m_batch, {0, blocks, part, m_team.size(), true}, scratch, phase);
      });
  }
}

void FusedNetwork::Implementation::backward(std::span<const float> gradient) {
  takeGradient(gradient);
  for (auto segment = m_segments.rbegin(); segment != m_segments.rend(); ++segment) backward(*segment);
  if (m_team.size() > 1 && splitsRows()) m_team.run([&](int part) { gather(part); });
}

// Every thread adds up its part of what all threads found.
void FusedNetwork::Implementation::gather(int part) {
  const auto count = m_gradients.size() / lane;
  const auto size = static_cast<std::size_t>(m_team.size());
  const auto from = count * static_cast<std::size_t>(part) / size * lane;
  const auto to = count * (static_cast<std::size_t>(part) + 1) / size * lane;
  for (const auto& other : m_threadGradients)
    kernels().add(m_gradients.data() + from, other.data() + from, static_cast<int>(to - from));
}

std::optional<std::string> FusedNetwork::obstacle(const spec::Program& program) { return findObstacle(program); }

double FusedNetwork::bytes(const spec::Program& program, std::size_t batch) {
  double floats = 0;
  for (const auto& shape : program.values) floats += 2 * static_cast<double>(spec::elementCount(shape));
  for (const auto& operation : program.model)
    // Gates, and what they were made from.
    if (operation.primitive == spec::Primitive::Lstm || operation.primitive == spec::Primitive::Gru)
      floats += 7 * static_cast<double>(operation.ints.at(0) * operation.ints.at(1) * (1 + operation.ints.at(2)) *
                                        program.values[static_cast<std::size_t>(operation.output)][0]);
  return floats * static_cast<double>(batch) * sizeof(float);
}

std::string FusedNetwork::description() { return std::string(kernels().instructionSet) + ", " + productLibrary(); }

bool FusedNetwork::hasProductLibrary() {
#ifdef LATHE_HAVE_XSMM
  return true;
#else
  return false;
#endif
}

FusedNetwork::FusedNetwork(const spec::Program& program, std::vector<FusedInput> inputs,
                           const std::vector<FusedParameter>& parameters, std::size_t gradientCount,
                           std::size_t largestBatch, int threads)
    : m_implementation(std::make_unique<Implementation>(
          program, std::move(inputs), parameters, (gradientCount + lane - 1) / lane * lane, largestBatch, threads)) {}

FusedNetwork::~FusedNetwork() = default;

std::size_t FusedNetwork::members() const { return static_cast<std::size_t>(m_implementation->logits().tokens); }
std::size_t FusedNetwork::outputs() const { return static_cast<std::size_t>(m_implementation->logits().features); }

std::span<const float> FusedNetwork::forward(std::span<const std::uint32_t> rows,
                                             std::optional<std::uint64_t> dropoutKey, double dropFactor) {
  return m_implementation->forward(rows, dropoutKey, dropFactor);
}

void FusedNetwork::setNumbers(std::size_t input, const float* numbers) { m_implementation->setNumbers(input, numbers); }

void FusedNetwork::backward(std::span<const float> gradient) { m_implementation->backward(gradient); }

float* FusedNetwork::gradients() { return m_implementation->gradients(); }

void FusedNetwork::share(const std::function<void(int part, int parts)>& work) { m_implementation->share(work); }

}  // namespace lathe::engine

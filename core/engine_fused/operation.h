// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "core/engine_fused/kernels.h"
#include "core/engine_fused/texts.h"

/// What the executor's operations share. For this folder only.
namespace lathe::engine::fused {

/// Floats at a multiple of 64 bytes, zeros at first.
class Memory {
 public:
  Memory() = default;
  explicit Memory(std::size_t count);
  [[nodiscard]] float* data() const { return m_data.get(); }
  [[nodiscard]] std::size_t size() const { return m_count; }

 private:
  struct Free {
    void operator()(float* data) const { std::free(data); }
  };
  std::unique_ptr<float, Free> m_data;
  std::size_t m_count = 0;
};

/// A value of the network for a batch. Rows lie in blocks of R (Batch::blockRows), each feature-major: features x R. A
/// value of several tokens (members of an ensemble, steps of a sequence) has all blocks of its first token, then of its
/// second.
struct Value {
  int tokens = 1;
  int features = 0;
  float* data = nullptr;
  float* gradient = nullptr;            ///< null: nobody asks for it
  const float* rowMajor = nullptr;      ///< inputs of the network: the same, R x features a block
  const std::int32_t* codes = nullptr;  ///< categories: features x R a block
  std::span<const FusedText> texts;     ///< columns of text, which lie with the data
};

/// The batch at hand.
struct Batch {
  int rows = 0, blocks = 0;  ///< blocks of one token
  int blockRows = 0;         ///< R, a multiple of 16; rows beyond the batch are zeros, and so are their gradients
  bool training = false;
  std::uint64_t key = 0;                      ///< of the step's dropout
  std::span<const std::uint32_t> rowNumbers;  ///< in the data
  double dropFactor = 1;                      ///< what every dropout's probability is multiplied by
  [[nodiscard]] int valid(int block) const {
    const int rest = rows - block % blocks * blockRows;
    return rest < blockRows ? rest : blockRows;
  }
};

/// What one thread does of an operation: some of its blocks (counted through its tokens) or, with parts > 1, all blocks
/// but only a part of the features.
struct Share {
  int firstBlock = 0, lastBlock = 0;
  int part = 0, parts = 1;
  bool first = true;  ///< the thread's first blocks in this pass: gradients of parameters are written, later added to
  /// The same for an operation whose parts divide the blocks among themselves.
  [[nodiscard]] Share ownBlocks() const {
    const int count = lastBlock - firstBlock;
    return {firstBlock + count * part / parts, firstBlock + count * (part + 1) / parts, 0, 1, first};
  }
};

/// Memory of one thread.
struct Scratch {
  float* a = nullptr;  ///< R x widest value each
  float* b = nullptr;
  float* c = nullptr;
  float* gradients = nullptr;  ///< of all parameters, as in the parameters' flat memory
};

struct ParameterPlace {
  float* value = nullptr;
  std::ptrdiff_t offset = -1;  ///< in the flat memory; -1: running statistics
  bool learns = true;          ///< false: frozen
};

/// One operation with its backward pass. Between forward() and backward() of a batch nothing is overwritten.
class Operation {
 public:
  virtual ~Operation() = default;
  int tokens = 1;      ///< its blocks are those of a value of so many tokens
  bool local = true;   ///< every block can be done without the others
  bool learns = true;  ///< something at or before it does; else there is no way back through it
  /// Passes on the way back, each of which, with parts > 1, needs all parts of the one before.
  [[nodiscard]] virtual int phases() const { return 1; }
  /// Whether its features can be shared between threads; else one thread does all blocks.
  [[nodiscard]] virtual bool divisible() const { return false; }
  virtual void forward(const Batch& batch, const Share& share, Scratch& scratch) = 0;
  /// phase -1: all of them at once (parts is 1).
  virtual void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) = 0;

  /// What depends on parameters alone, done by all threads before a batch goes through.
  virtual void prepare(const Batch& /*batch*/, int /*part*/, int /*parts*/) {}
  /// Above 0: always done by all threads together, each its part of the work however that divides (images, sequences),
  /// in so many passes forward: forwardPart() instead of forward(), backward() with phases from 0 even when parts is 1.
  /// Gradients of parameters have one place for all parts, which must not write the same ones.
  [[nodiscard]] virtual int sharedPhases() const { return 0; }
  virtual void forwardPart(const Batch& /*batch*/, const Share& /*share*/, Scratch& /*scratch*/, int /*phase*/) {}
};

/// An operation that is always shared (sharedPhases()).
class SharedOperation : public Operation {
 public:
  SharedOperation() { local = false; }
  [[nodiscard]] int sharedPhases() const override { return 1; }
  void forward(const Batch& /*batch*/, const Share& /*share*/, Scratch& /*scratch*/) final {}
};

/// The part of `count` pieces that a share does.
struct Span {
  int first, last;
};
[[nodiscard]] inline Span partOf(int count, const Share& share) {
  return {count * share.part / share.parts, count * (share.part + 1) / share.parts};
}

/// A value as an operation reads it, and whether its gradient is added to what later readers left there.
struct Input {
  Value* value = nullptr;
  bool addGradient = false;
};

[[nodiscard]] inline std::size_t blockSize(const Value& value, const Batch& batch) {
  return static_cast<std::size_t>(value.features) * static_cast<std::size_t>(batch.blockRows);
}
[[nodiscard]] inline float* blockOf(const Value& value, const Batch& batch, int block) {
  return value.data + static_cast<std::size_t>(block) * blockSize(value, batch);
}
[[nodiscard]] inline float* gradientOf(const Value& value, const Batch& batch, int block) {
  return value.gradient + static_cast<std::size_t>(block) * blockSize(value, batch);
}
/// to (+)= from, a block.
void handOver(float* to, const float* from, std::size_t count, bool add);

/// Whose numbers a dropout draws in a step.
[[nodiscard]] DropPattern dropPattern(const Batch& batch, std::uint32_t operation, double p, std::uint32_t first);
/// The probability in force; 0 while evaluating.
[[nodiscard]] double dropProbability(const Batch& batch, double p);

}  // namespace lathe::engine::fused

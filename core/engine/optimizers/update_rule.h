// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/engine/optimizer.h"

/// What an optimiser is beside the keeping of memory: one UpdateRule, one file a family. For core/engine alone.
namespace lathe::engine {

/// A piece of flat memory with one set of settings: a slot, or several that lie one after another.
struct RuleRange {
  float* values = nullptr;
  const float* gradient = nullptr;
  std::size_t offset = 0;  ///< into each array of the rule
  std::size_t count = 0;
  double lrScale = 1;
  double decayScale = 1;  ///< 0: spared from decay
  const Optimizer::Slot* slot = nullptr;
};

/// Ranges are worked on in pieces of at most so many elements, which several threads can share. Fixed, so that sums do
/// not depend on the number of threads.
struct RulePiece {
  std::size_t range = 0, first = 0, count = 0;
};
constexpr std::size_t pieceLength = 16384;
constexpr std::size_t sumsOfPiece = 4;

/// One update as a rule sees it.
struct RuleStep {
  std::span<const RuleRange> ranges;
  std::span<const RulePiece> pieces;
  float* arrays = nullptr;  ///< the rule's arrays, one after another
  std::size_t arrayLength = 0;
  double* sums = nullptr;  ///< sumsOfPiece numbers a piece
  std::int64_t step = 1;
  double lr = 0;
  double momentum = -1;  ///< scheduled; negative: as in the spec
  double decay = 0;      ///< weight decay of now, before a range's own factor
  double gradientScale = 1;
  const ParallelFor* parallel = nullptr;

  [[nodiscard]] float* array(std::size_t index, const RuleRange& range, std::size_t first = 0) const {
    return arrays + index * arrayLength + range.offset + first;
  }
  [[nodiscard]] double momentumOr(double own) const { return momentum >= 0 ? momentum : own; }

  /// work(range, first, count, sums of the piece), shared between threads.
  template <class Work>
  void each(const Work& work) const {
    const auto piece = [&](std::size_t i) {
      const auto& p = pieces[i];
      work(ranges[p.range], p.first, p.count, sums + i * sumsOfPiece);
    };
    if (parallel == nullptr || !*parallel || pieces.size() < 2) {
      for (std::size_t i = 0; i < pieces.size(); ++i) piece(i);
      return;
    }
    (*parallel)(static_cast<int>(pieces.size()), [&](int part) { piece(static_cast<std::size_t>(part)); });
  }
  /// The pieces' sums added in their order.
  [[nodiscard]] std::array<double, sumsOfPiece> total() const {
    std::array<double, sumsOfPiece> all{};
    for (std::size_t i = 0; i < pieces.size(); ++i)
      for (std::size_t k = 0; k < sumsOfPiece; ++k) all[k] += sums[i * sumsOfPiece + k];
    return all;
  }
};

/// What an update went by.
struct RuleRate {
  double lr = 0;
  double momentum = -1;
};

class UpdateRule {
 public:
  UpdateRule() = default;
  UpdateRule(const UpdateRule&) = delete;
  UpdateRule& operator=(const UpdateRule&) = delete;
  virtual ~UpdateRule() = default;
  /// Names of the arrays it keeps, each as long as the parameters and zero at first.
  [[nodiscard]] virtual std::vector<const char*> arrays() const = 0;
  /// Its own numbers, kept in checkpoints.
  [[nodiscard]] virtual std::span<double> numbers() { return {}; }
  /// It wants one range a slot: whoever sums over elements, since a sum must not depend on how memory is laid out.
  [[nodiscard]] virtual bool bySlot() const { return false; }
  /// Called once with the slots that it will work on, so that a step need not allocate.
  virtual void prepare(std::span<const RuleRange> /*slots*/) {}
  virtual RuleRate update(const RuleStep& step) = 0;
  /// The array that holds the averaged weights, or -1.
  [[nodiscard]] virtual int averageArray() const { return -1; }
  /// Whether anything was updated yet; asked only where averageArray() is.
  [[nodiscard]] virtual bool begun() const { return false; }
};

// One family each; the name is one of spec::optimizerNames().
std::unique_ptr<UpdateRule> makeSgd(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeAdam(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeRmsprop(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeAdagrad(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeAdadelta(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeNadam(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeRadam(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeLion(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeLamb(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeMuon(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeProdigy(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeDadaptAdam(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeScheduleFreeSgd(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeScheduleFreeAdamw(const spec::OptimizerSpec& spec);
std::unique_ptr<UpdateRule> makeYellowfin(const spec::OptimizerSpec& spec);
/// Another rule with a learning rate that follows its own gradient.
std::unique_ptr<UpdateRule> makeHypergradient(const spec::OptimizerSpec& spec, std::unique_ptr<UpdateRule> inner);

/// The rule of a spec, explicitly registered in rule_registry.cpp; adamw for an unknown name, which validation refuses.
[[nodiscard]] std::unique_ptr<UpdateRule> makeRule(const spec::OptimizerSpec& spec);

}  // namespace lathe::engine

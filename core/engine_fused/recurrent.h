// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_fused/operation.h"
#include "core/engine_fused/product.h"

namespace lathe::engine::fused {

/// One layer and direction of a GRU (Cho 2014, as PyTorch has it: the reset gate acts on the product) or an LSTM
/// (Hochreiter 1997, with forget gate), from zeros. Each thread takes some of the rows through all steps, so that
/// threads meet only for the gradients of the weights.
class Recurrent final : public SharedOperation {
 public:
  struct Plan {
    Input x;             ///< [steps, F]
    Value* y = nullptr;  ///< [steps, hidden or more]
    int offset = 0;      ///< of its features in y
    bool lstm = false;
    bool backwards = false;  ///< from the last step to the first
    int hidden = 0;
    ParameterPlace inputWeight, hiddenWeight, inputBias, hiddenBias;
    int blockRows = 0, blocks = 0;  ///< most blocks of one token
    int threads = 1;
  };
  explicit Recurrent(const Plan& plan);
  void prepare(const Batch& batch, int part, int parts) override;
  void forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  [[nodiscard]] int phases() const override { return 2; }

 private:
  /// Some rows of a block.
  struct Rows {
    int block, first;
  };
  /// Columns of the gates whose gradient one thread adds up.
  struct Item {
    bool hidden;
    int first, count;
  };
  [[nodiscard]] int stepAt(int place) const { return m_plan.backwards ? m_steps - 1 - place : place; }
  [[nodiscard]] float* gatesAt(const Batch& batch, int step, int block) const;
  [[nodiscard]] float* ownAt(float* values, const Batch& batch, int step, int block) const;
  void walk(const Batch& batch, Rows rows);
  void walkBack(const Batch& batch, Rows rows);
  void transposeRows(const Batch& batch, Rows rows, int step);
  void gather(const Batch& batch, Scratch& scratch, const Item& item);
  [[nodiscard]] const ProductSum& productOf(const Item& item) const;

  Plan m_plan;
  int m_steps, m_in, m_hidden;
  int m_gates;     ///< 3 or 4, each `hidden` columns
  int m_rows;      ///< of a thread's piece of a block
  Memory m_kept;   ///< of each step and block: gates (4 x hidden) x R, on the way back their gradients
  Memory m_cells;  ///< LSTM
  Memory m_carry, m_cellCarry;
  Memory m_inputRows, m_hiddenRows;              ///< row-major, for the weights' gradients
  Memory m_inputTransposed, m_hiddenTransposed;  ///< weights [F or hidden, gates x hidden]
  /// What an item sums up, remembered so that a step allocates nothing.
  struct Sources {
    std::vector<const float*> a, b;
  };
  std::vector<Item> m_items;
  std::vector<Sources> m_sources;
  Product m_fromInput, m_fromHidden, m_fromHiddenNew;
  Product m_toInput, m_toHidden, m_toHiddenNew;
  ProductSum m_inputGradient[2], m_hiddenGradient[2];  ///< of a whole item, of a rest
  int m_chunk;
  int m_inputRest, m_hiddenRest;
};

}  // namespace lathe::engine::fused

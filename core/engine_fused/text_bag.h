// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_fused/operation.h"

namespace lathe::engine::fused {

/// The mean of the learnt rows of a text's codes, and 1 where it has none (spec::Primitive::EmbeddingBag): a token of
/// size + 1 features for each column of text. On the way back each part takes a range of the codes through all rows, so
/// that a sum does not depend on the number of threads.
class TextBag final : public SharedOperation {
 public:
  struct Column {
    ParameterPlace weight;  ///< [buckets, size]
    int buckets = 0;
  };
  TextBag(Value* text, Value* y, std::vector<Column> columns);
  void forwardPart(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;
  void backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) override;

 private:
  void addRows(const Batch& batch, const FusedText& text, const Column& column, int block, Span codes,
               Scratch& scratch) const;
  Value* m_text;
  Value* m_y;
  std::vector<Column> m_columns;
  int m_size;
};

}  // namespace lathe::engine::fused

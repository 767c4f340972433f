// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/layers/lowering.h"

/// Layers that walk along a sequence. For the files of this folder only.
namespace lathe::spec {

/// LSTM and GRU differ in their gates. Parameters, their names and their start are those of PyTorch's torch.nn.LSTM
/// and torch.nn.GRU: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, the same with _reverse, then _l1.
class RecurrentKind : public LayerKind {
 public:
  [[nodiscard]] std::string category() const override;
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override;
  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override;
  /// The products alone.
  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override;
  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override;

 protected:
  [[nodiscard]] virtual Primitive primitive() const = 0;
  [[nodiscard]] virtual std::int64_t gates() const = 0;
};

}  // namespace lathe::spec

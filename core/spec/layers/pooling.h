// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/layers/lowering.h"

/// Windows that slide over images or sequences. For the files of this folder only.
namespace lathe::spec {

/// Of images; a sequence is an image of height 1.
struct PoolWindow {
  using Pair = std::pair<std::int64_t, std::int64_t>;
  Pair kernel, stride, padding;
};

/// Pools over images: they differ in what they make of a window.
class Pool2dKind : public LayerKind {
 public:
  [[nodiscard]] std::string category() const override;
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override;
  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override;
  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override;
  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override;

 protected:
  [[nodiscard]] virtual Primitive primitive() const = 0;
  /// What the primitive wants after kernel, stride and padding.
  [[nodiscard]] virtual std::vector<std::int64_t> more(const LayerNode& node) const = 0;
};

/// The same over sequences [T, F].
class Pool1dKind : public Pool2dKind {
 public:
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override;
  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override;
  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override;
  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override;
};

/// Pools to a size that is given, whatever comes in.
class AdaptivePool2dKind : public LayerKind {
 public:
  [[nodiscard]] std::string category() const override;
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override;
  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override;
  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override;
  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override;

 protected:
  [[nodiscard]] virtual Primitive primitive() const = 0;
};

AttributeInfo countPaddingAttribute();

}  // namespace lathe::spec

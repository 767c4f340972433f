// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/pooling.h"

namespace lathe::spec {
namespace {

class AvgPool1dKind final : public Pool1dKind {
 public:
  [[nodiscard]] std::string name() const override { return "avgpool1d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "AvgPool1d"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Averages each few steps of a sequence: halves it and smooths noise.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    auto all = Pool1dKind::attributes();
    all.push_back(countPaddingAttribute());
    return all;
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::AvgPool2d; }
  [[nodiscard]] std::vector<std::int64_t> more(const LayerNode& node) const override {
    return {attribute(node, "count_padding").toBool() ? 1 : 0};
  }
};

}  // namespace

const LayerKind& avgPool1dKind() {
  static const AvgPool1dKind kind;
  return kind;
}

}  // namespace lathe::spec

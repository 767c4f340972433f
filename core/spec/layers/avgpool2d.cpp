// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/pooling.h"

namespace lathe::spec {
namespace {

class AvgPool2dKind final : public Pool2dKind {
 public:
  [[nodiscard]] std::string name() const override { return "avgpool2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "AvgPool2d"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Averages each small window: halves an image more gently than MaxPool2d does.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    auto all = Pool2dKind::attributes();
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

const LayerKind& avgPool2dKind() {
  static const AvgPool2dKind kind;
  return kind;
}

}  // namespace lathe::spec

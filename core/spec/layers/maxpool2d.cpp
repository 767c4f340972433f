// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/pooling.h"

namespace lathe::spec {
namespace {

class MaxPool2dKind final : public Pool2dKind {
 public:
  [[nodiscard]] std::string name() const override { return "maxpool2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "MaxPool2d"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers", "Keeps the largest value of each small window: halves an image and makes small shifts matter less.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::MaxPool2d; }
  [[nodiscard]] std::vector<std::int64_t> more(const LayerNode& /*node*/) const override { return {}; }
};

}  // namespace

const LayerKind& maxPool2dKind() {
  static const MaxPool2dKind kind;
  return kind;
}

}  // namespace lathe::spec

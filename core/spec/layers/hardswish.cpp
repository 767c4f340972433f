// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class HardswishKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "hardswish"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Hardswish"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "SiLU made of straight pieces (Howard 2019): nearly as good, and fast on small devices.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Hardswish; }
};

}  // namespace

const LayerKind& hardswishKind() {
  static const HardswishKind kind;
  return kind;
}

}  // namespace lathe::spec

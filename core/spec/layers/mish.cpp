// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class MishKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "mish"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Mish"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "A smooth bend that lets small negative numbers through (Misra 2019): sometimes a little better "
                      "than ReLU, and slower.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Mish; }
};

}  // namespace

const LayerKind& mishKind() {
  static const MishKind kind;
  return kind;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class SiluKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "silu"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "SiLU"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "x times its own sigmoid (also called Swish): smooth, often a little better than ReLU in deeper networks.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Silu; }
};

}  // namespace

const LayerKind& siluKind() {
  static const SiluKind kind;
  return kind;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class SoftplusKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "softplus"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Softplus"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "A smooth ReLU that is never quite zero: for outputs that must be positive.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Softplus; }
};

}  // namespace

const LayerKind& softplusKind() {
  static const SoftplusKind kind;
  return kind;
}

}  // namespace lathe::spec

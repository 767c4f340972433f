// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class SigmoidKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "sigmoid"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Sigmoid"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Squeezes numbers into 0 to 1: a soft switch, for gates rather than for hidden layers.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Sigmoid; }
};

}  // namespace

const LayerKind& sigmoidKind() {
  static const SigmoidKind kind;
  return kind;
}

}  // namespace lathe::spec

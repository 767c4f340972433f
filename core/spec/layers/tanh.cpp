// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class TanhKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "tanh"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Tanh"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Squeezes numbers into -1 to 1; useful where outputs must stay small.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Tanh; }
};

}  // namespace

const LayerKind& tanhKind() {
  static const TanhKind kind;
  return kind;
}

}  // namespace lathe::spec

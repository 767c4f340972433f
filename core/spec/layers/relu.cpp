// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class ReluKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "relu"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "ReLU"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Sets negative numbers to zero: cheap, and a good first choice.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Relu; }
};

}  // namespace

const LayerKind& reluKind() {
  static const ReluKind kind;
  return kind;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class SeluKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "selu"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "SELU"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "ELU scaled so that plain stacks of Linear layers keep mean 0 and variance 1 by themselves (Klambauer 2017).");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Selu; }
};

}  // namespace

const LayerKind& seluKind() {
  static const SeluKind kind;
  return kind;
}

}  // namespace lathe::spec

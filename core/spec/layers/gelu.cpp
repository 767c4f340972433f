// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class GeluKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "gelu"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "GELU"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "A smooth relative of ReLU that lets small negative numbers through; common in transformers.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Gelu; }
};

}  // namespace

const LayerKind& geluKind() {
  static const GeluKind kind;
  return kind;
}

}  // namespace lathe::spec

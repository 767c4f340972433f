// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class Relu6Kind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "relu6"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "ReLU6"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "ReLU that also stops at 6 (Howard 2017): for models that run in few bits later.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Relu6; }
};

}  // namespace

const LayerKind& relu6Kind() {
  static const Relu6Kind kind;
  return kind;
}

}  // namespace lathe::spec

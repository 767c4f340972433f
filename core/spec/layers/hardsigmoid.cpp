// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class HardsigmoidKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "hardsigmoid"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Hardsigmoid"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Sigmoid made of straight pieces: a cheap gate between 0 and 1.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Hardsigmoid; }
};

}  // namespace

const LayerKind& hardsigmoidKind() {
  static const HardsigmoidKind kind;
  return kind;
}

}  // namespace lathe::spec

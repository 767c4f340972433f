// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/pooling.h"

namespace lathe::spec {
namespace {

class AdaptiveMaxPool2dKind final : public AdaptivePool2dKind {
 public:
  [[nodiscard]] std::string name() const override { return "adaptivemaxpool2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Adaptive max pool"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Keeps the largest values of an image at the size that is given, whatever size comes in.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::AdaptiveMaxPool2d; }
};

}  // namespace

const LayerKind& adaptiveMaxPool2dKind() {
  static const AdaptiveMaxPool2dKind kind;
  return kind;
}

}  // namespace lathe::spec

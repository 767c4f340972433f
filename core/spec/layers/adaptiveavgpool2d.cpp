// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/pooling.h"

namespace lathe::spec {
namespace {

class AdaptiveAvgPool2dKind final : public AdaptivePool2dKind {
 public:
  [[nodiscard]] std::string name() const override { return "adaptiveavgpool2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Adaptive average pool"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Averages an image down to the size that is given, whatever size comes in: for networks that "
                      "take pictures of any size.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::AdaptiveAvgPool2d; }
};

}  // namespace

const LayerKind& adaptiveAvgPool2dKind() {
  static const AdaptiveAvgPool2dKind kind;
  return kind;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class SmoothClipKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "smooth_clip"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Smooth clip"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Normalise"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Leaves small numbers as they are and bends large ones towards 3 and -3, so that outliers of a "
                      "table cannot dominate (RealMLP, Holzmueller et al. 2024).");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::SmoothClip; }
};

}  // namespace

const LayerKind& smoothClipKind() {
  static const SmoothClipKind kind;
  return kind;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/pooling.h"

namespace lathe::spec {
namespace {

class MaxPool1dKind final : public Pool1dKind {
 public:
  [[nodiscard]] std::string name() const override { return "maxpool1d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "MaxPool1d"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "Keeps the largest value of each few steps of a sequence: halves it and makes small delays matter less.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::MaxPool2d; }
  [[nodiscard]] std::vector<std::int64_t> more(const LayerNode& /*node*/) const override { return {}; }
};

}  // namespace

const LayerKind& maxPool1dKind() {
  static const MaxPool1dKind kind;
  return kind;
}

}  // namespace lathe::spec

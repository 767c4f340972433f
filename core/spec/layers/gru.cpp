// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/recurrent.h"

namespace lathe::spec {
namespace {

class GruKind final : public RecurrentKind {
 public:
  [[nodiscard]] std::string name() const override { return "gru"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "GRU"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Reads a sequence step by step and remembers (Cho 2014): like LSTM with a quarter less to "
                      "compute; try it first.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Gru; }
  [[nodiscard]] std::int64_t gates() const override { return 3; }
};

}  // namespace

const LayerKind& gruKind() {
  static const GruKind kind;
  return kind;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/recurrent.h"

namespace lathe::spec {
namespace {

class LstmKind final : public RecurrentKind {
 public:
  [[nodiscard]] std::string name() const override { return "lstm"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "LSTM"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Reads a sequence step by step and keeps a memory with gates (Hochreiter 1997): for sequences "
                      "where order and long gaps matter.");
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Lstm; }
  [[nodiscard]] std::int64_t gates() const override { return 4; }
};

}  // namespace

const LayerKind& lstmKind() {
  static const LstmKind kind;
  return kind;
}

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/text_program.h"

namespace lathe::spec {

std::optional<std::size_t> textInput(const Program& program) {
  for (const auto& operation : program.preprocess) {
    if (operation.layer != textLayer || operation.primitive != Primitive::Reshape) continue;
    for (std::size_t i = 0; i < program.prepared.size(); ++i)
      if (program.prepared[i] == operation.output) return i;
  }
  return std::nullopt;
}

Program withoutText(Program program) {
  const auto input = textInput(program);
  if (!input) return program;
  program.prepared.erase(program.prepared.begin() + static_cast<std::ptrdiff_t>(*input));
  std::erase_if(program.preprocess, [](const Operation& operation) { return operation.layer == textLayer; });
  return program;
}

}  // namespace lathe::spec

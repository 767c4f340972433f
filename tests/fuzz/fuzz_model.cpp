// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/schema.h"
#include "tests/fuzz/fuzz_input.h"

/// A model description of a stranger is analysed and lowered, or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto model = lathe::spec::modelDescriptionFromJson(lathe::fuzz::text(data, size));
  if (!model) return 0;
  const auto context = lathe::spec::graphContext(model->schema, model->fitted, model->preprocessing);
  if (lathe::spec::analyse(model->graph, context).parameters > (1 << 24)) return 0;
  (void)lathe::spec::lower(*model);
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/manifest.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)lathe::exporting::manifestFromJson(lathe::fuzz::text(data, size));
  return 0;
}

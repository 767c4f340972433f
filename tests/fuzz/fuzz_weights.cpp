// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/weight_file.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)lathe::data::readWeightFile(lathe::fuzz::file(data, size, ".pth"));
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "core/spec/spec_json.h"
#include "tests/fuzz/fuzz_input.h"

/// A spec that reads must write and read again as the same spec.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto spec = lathe::spec::fromJson(lathe::fuzz::text(data, size));
  if (!spec) return 0;
  const auto again = lathe::spec::fromJson(lathe::spec::toJson(*spec, -1));
  if (!again || !(*again == *spec)) std::abort();
  (void)lathe::spec::validate(*spec);
  return 0;
}

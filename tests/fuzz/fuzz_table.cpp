// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_source.h"
#include "tests/fuzz/fuzz_input.h"

/// Any bytes named .csv are read, profiled and made a data set, or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = lathe::fuzz::file(data, size, ".csv");
  const lathe::spec::DataSpec spec;
  const auto source = lathe::data::openData(path, spec);
  if (!source) return 0;
  (void)(*source)->profile(spec);
  if (const auto set = (*source)->dataset(spec); set) (void)lathe::data::fitPreprocessing(*set, spec.preprocessing);
  return 0;
}

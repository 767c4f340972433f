// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_source.h"
#include "tests/fuzz/fuzz_input.h"

/// The first byte picks .npy or .npz, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto path = lathe::fuzz::file(data + 1, size - 1, (data[0] & 1) != 0 ? ".npz" : ".npy");
  const lathe::spec::DataSpec spec;
  if (const auto source = lathe::data::openData(path, spec); source) (void)(*source)->dataset(spec);
  return 0;
}

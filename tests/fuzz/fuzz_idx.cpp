// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/data/data_source.h"
#include "tests/fuzz/fuzz_input.h"

/// A folder of IDX files: a byte of switches (1: named .gz, 2: a test pair too), the length of the images in two bytes,
/// images, and labels in the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto* images = data + 3;
  const std::size_t rest = size - 3;
  const std::size_t length = std::min<std::size_t>(rest, static_cast<std::size_t>(data[1]) << 8 | data[2]);
  const std::string extension = (data[0] & 1) != 0 ? ".gz" : "";
  const bool test = (data[0] & 2) != 0;
  const auto write = [&](const std::string& name, const std::uint8_t* from, std::size_t count) {
    return lathe::fuzz::file(from, count, (name + extension).c_str());
  };
  const auto path = write("-images-idx3-ubyte", images, length);
  write("-labels-idx1-ubyte", images + length, rest - length);
  const auto folder = path.parent_path();
  // The reader tells the parts by the names' beginnings.
  std::filesystem::remove_all(folder / "set");
  std::filesystem::create_directory(folder / "set");
  for (const char* kind : {"-images-idx3-ubyte", "-labels-idx1-ubyte"})
    for (const char* part : {"train", "t10k"})
      if (test || std::string_view(part) == "train")
        std::filesystem::copy_file(folder / ("input" + std::string(kind) + extension),
                                   folder / "set" / (part + std::string(kind) + extension));
  const lathe::spec::DataSpec spec;
  const auto source = lathe::data::openData(folder / "set", spec);
  if (!source) return 0;
  (void)(*source)->profile(spec);
  (void)(*source)->dataset(spec);
  return 0;
}

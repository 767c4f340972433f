// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/cli_tables.h"

#include <array>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

#include "core/base/random.h"

namespace lathe::tests {

void write(const std::filesystem::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void writeClasses(const std::filesystem::path& file, int rows, unsigned seed) {
  Random random(seed, "classes");
  constexpr std::array names{"x", "y", "\"z, odd\""};
  constexpr std::array colours{"red", "green", "blue", "white"};
  std::string text = "a,b,colour,kind\n";
  for (int i = 0; i < rows; ++i) {
    const auto kind = static_cast<std::size_t>(i % 3);
    const double a = 4.0 * static_cast<double>(kind) + random.normal();
    const double b = (kind == 1 ? 5.0 : 0.0) + random.normal();
    text += fmt::format("{:.4f},{:.4f},{},{}\n", a, b, colours[random.below(4)], names[kind]);
  }
  write(file, text);
}

void writeNumbers(const std::filesystem::path& file, int rows, unsigned seed) {
  Random random(seed, "numbers");
  std::string text = "a,b,price\n";
  for (int i = 0; i < rows; ++i) {
    const double a = random.normal();
    const double b = random.normal();
    text += fmt::format("{:.4f},{:.4f},{:.4f}\n", a, b, 100 + 30 * a - 12 * b + 0.5 * random.normal());
  }
  write(file, text);
}

}  // namespace lathe::tests

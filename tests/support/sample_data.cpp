// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_data.h"

#include <array>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>

#include "core/base/random.h"

namespace lathe::tests {

std::string cloudsCsv(int rows, std::uint64_t seed) {
  Random random(seed, "clouds");
  const std::array<const char*, 3> colours{"red", "green", "blue"};
  std::string out = "x,y,colour,label\n";
  for (int row = 0; row < rows; ++row) {
    const bool right = random.below(2) == 1;
    const double x = random.normal() + (right ? 1.5 : -1.5);
    const double y = random.normal() * 0.7 + (right ? 0.5 : -0.5);
    const auto colour = random.below(10) < 7 ? std::size_t{right ? 0U : 1U} : std::size_t{2};
    out += fmt::format("{:.6f},{:.6f},{},{}\n", x, y, colours[colour], right ? "right" : "left");
  }
  return out;
}

std::string pricesCsv(int rows, std::uint64_t seed) {
  Random random(seed, "prices");
  std::string out = "a,b,price\n";
  for (int row = 0; row < rows; ++row) {
    const double a = random.uniform() * 10;
    const double b = random.normal();
    out += fmt::format("{:.6f},{:.6f},{:.6f}\n", a, b, 3 * a - 2 * b + 10 + 0.1 * random.normal());
  }
  return out;
}

void writeText(const std::filesystem::path& file, const std::string& content) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << content;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

namespace {

std::string bigEndian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

void writeIdxPair(const std::filesystem::path& images, const std::filesystem::path& labels, int rows, Random& random) {
  const auto count = static_cast<std::uint32_t>(rows);
  std::string pixels = bigEndian(0x803) + bigEndian(count) + bigEndian(8) + bigEndian(8);
  std::string classes = bigEndian(0x801) + bigEndian(count);
  for (int row = 0; row < rows; ++row) {
    const bool below = random.below(2) == 1;
    classes += static_cast<char>(below ? 1 : 0);
    for (int pixel = 0; pixel < 64; ++pixel)
      pixels += static_cast<char>(random.below(100) + ((pixel >= 32) == below ? 120 : 0));
  }
  writeText(images, pixels);
  writeText(labels, classes);
}

}  // namespace

void writeIdxFolder(const std::filesystem::path& folder, int trainRows, int testRows, std::uint64_t seed) {
  Random random(seed, "idx");
  std::filesystem::create_directories(folder);
  writeIdxPair(folder / "train-images-idx3-ubyte", folder / "train-labels-idx1-ubyte", trainRows, random);
  writeIdxPair(folder / "t10k-images-idx3-ubyte", folder / "t10k-labels-idx1-ubyte", testRows, random);
}

}  // namespace lathe::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace lathe::tests {

/// Two overlapping clouds and a category that helps: columns x, y, colour (red, green, blue), label (left, right).
/// The same seed gives the same rows everywhere.
std::string cloudsCsv(int rows, std::uint64_t seed = 1);

/// A line with noise: columns a, b, price, where price = 3 a - 2 b + 10 and a little noise.
std::string pricesCsv(int rows, std::uint64_t seed = 1);

/// A folder of IDX files as Fashion-MNIST has them (train-images-idx3-ubyte, ... t10k-labels-idx1-ubyte): 8 x 8 grey
/// pictures of two classes, bright above or bright below.
void writeIdxFolder(const std::filesystem::path& folder, int trainRows, int testRows, std::uint64_t seed = 1);

/// Writes a text file, replacing what was there.
void writeText(const std::filesystem::path& file, const std::string& content);

}  // namespace lathe::tests

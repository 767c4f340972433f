// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lathe::tests {

/// A sine, `seconds` long.
[[nodiscard]] std::vector<float> tone(double hertz, int rate, double seconds, double amplitude = 0.5);
/// A WAV file of 16 bits, written byte by byte: one vector of equal length a channel.
void writeWav(const std::filesystem::path& file, const std::vector<std::vector<float>>& channels, int rate);
/// Two classes of clips, "low" and "high" tones with noise, of 0.4 to 0.5 seconds at 8000 Hz.
void writeToneFolder(const std::filesystem::path& folder, int clipsOfClass, std::uint64_t seed = 1);

}  // namespace lathe::tests

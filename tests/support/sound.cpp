// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sound.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <fstream>
#include <numbers>

#include "core/base/random.h"

namespace lathe::tests {
namespace {

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 255U);
}

}  // namespace

std::vector<float> tone(double hertz, int rate, double seconds, double amplitude) {
  std::vector<float> samples(static_cast<std::size_t>(std::llround(seconds * rate)));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(
        amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / static_cast<double>(rate)));
  return samples;
}

void writeWav(const std::filesystem::path& file, const std::vector<std::vector<float>>& channels, int rate) {
  const auto count = static_cast<std::uint32_t>(channels.size());
  const auto frames = channels.empty() ? std::size_t{0} : channels[0].size();
  const auto bytes = static_cast<std::uint32_t>(frames) * count * 2;
  std::string out = "RIFF";
  put(out, 36 + bytes, 4);
  out += "WAVEfmt ";
  put(out, 16, 4);
  put(out, 1, 2);
  put(out, count, 2);
  put(out, static_cast<std::uint32_t>(rate), 4);
  put(out, static_cast<std::uint32_t>(rate) * count * 2, 4);
  put(out, count * 2, 2);
  put(out, 16, 2);
  out += "data";
  put(out, bytes, 4);
  for (std::size_t i = 0; i < frames; ++i)
    for (const auto& channel : channels) {
      const auto value = std::clamp(std::lround(channel[i] * 32768.0F), -32768L, 32767L);
      put(out, static_cast<std::uint32_t>(static_cast<std::uint16_t>(static_cast<std::int16_t>(value))), 2);
    }
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << out;
}

void writeToneFolder(const std::filesystem::path& folder, int clipsOfClass, std::uint64_t seed) {
  Random random(seed);
  constexpr int rate = 8000;
  for (int i = 0; i < clipsOfClass; ++i)
    for (const bool high : {false, true}) {
      const double hertz = (high ? 1500 : 300) * (1 + 0.4 * random.uniform());
      auto samples = tone(hertz, rate, 0.4 + 0.1 * random.uniform(), 0.2 + 0.3 * random.uniform());
      for (auto& sample : samples) sample += static_cast<float>(0.02 * random.normal());
      writeWav(folder / (high ? "high" : "low") / fmt::format("{:03}.wav", i), {samples}, rate);
    }
}

}  // namespace lathe::tests

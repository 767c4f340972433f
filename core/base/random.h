// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace lathe {

/// xoshiro256** 1.0 (Blackman and Vigna 2018), seeded by splitmix64. The same seed gives the same numbers on every
/// machine and compiler. Every run owns its generators; none is process-wide. Not thread-safe.
class Random {
 public:
  using State = std::array<std::uint64_t, 4>;

  explicit Random(std::uint64_t seed = 0);
  /// An independent stream for one purpose ("shuffle", "init") of one seed.
  Random(std::uint64_t seed, std::string_view purpose);

  [[nodiscard]] std::uint64_t next();
  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] double uniform();
  /// Uniform integer in [0, bound), without modulo bias (Lemire 2019). bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  /// Standard normal (polar method).
  [[nodiscard]] double normal();
  /// Fisher-Yates shuffle.
  void shuffle(std::span<std::uint32_t> values);

  [[nodiscard]] State state() const { return m_state; }
  void setState(const State& state) { m_state = state; }

 private:
  State m_state{};
};

}  // namespace lathe

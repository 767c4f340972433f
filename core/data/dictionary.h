// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lathe::data {

/// 64-bit hash of a text, never 0 (multiply and fold, after Wang Yi's wyhash).
[[nodiscard]] std::uint64_t textHash(const char* text, std::size_t length);

/// Gives each distinct text a code in the order of arrival. One a thread; not thread-safe.
class Dictionary {
 public:
  static constexpr std::uint32_t full = 0xfffffffe;

  Dictionary();
  /// The code of a text; `full` when it is new and dictionaryLimit texts, or 16 MB, are reached.
  [[nodiscard]] std::uint32_t codeOf(const char* text, std::size_t length);
  [[nodiscard]] std::size_t size() const { return m_hashes.size(); }
  [[nodiscard]] std::string_view value(std::uint32_t code) const {
    return std::string_view(m_text).substr(m_starts[code], m_starts[code + 1] - m_starts[code]);
  }
  [[nodiscard]] std::uint64_t hash(std::uint32_t code) const { return m_hashes[code]; }

 private:
  /// The first and the last 8 bytes tell texts of up to 16 bytes apart; longer ones are compared as well.
  struct Slot {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint32_t length = 0;
    std::uint32_t code = unused;
  };
  static constexpr std::uint32_t unused = 0xffffffff;
  void grow();

  std::vector<Slot> m_slots;
  std::vector<std::uint64_t> m_hashes;
  std::vector<std::size_t> m_starts{0};
  std::string m_text;
};

}  // namespace lathe::data

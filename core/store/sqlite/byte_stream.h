// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lathe::store::sqlite {

/// Appends bytes and varints (seven bits a byte, lowest first).
class ByteWriter {
 public:
  void byte(std::uint8_t value) { m_bytes.push_back(std::byte{value}); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  void append(std::span<const std::byte> bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }
  [[nodiscard]] std::vector<std::byte>& bytes() { return m_bytes; }

 private:
  std::vector<std::byte> m_bytes;
};

/// Reads what ByteWriter wrote; past the end it turns bad and gives zeros.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}
  std::uint8_t byte() {
    if (m_bytes.empty()) {
      m_good = false;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(m_bytes.front());
    m_bytes = m_bytes.subspan(1);
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if ((next & 0x80) == 0) return value;
    }
    m_good = false;
    return 0;
  }
  std::span<const std::byte> take(std::uint64_t count) {
    if (count > m_bytes.size()) {
      m_good = false;
      return {};
    }
    const auto result = m_bytes.first(static_cast<std::size_t>(count));
    m_bytes = m_bytes.subspan(static_cast<std::size_t>(count));
    return result;
  }
  [[nodiscard]] bool good() const { return m_good; }
  [[nodiscard]] bool atEnd() const { return m_bytes.empty(); }

 private:
  std::span<const std::byte> m_bytes;
  bool m_good = true;
};

}  // namespace lathe::store::sqlite

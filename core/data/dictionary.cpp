// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dictionary.h"

#include <cstring>

#include "core/data/column.h"

namespace lathe::data {
namespace {

constexpr std::uint64_t k0 = 0xa0761d6478bd642fULL;
constexpr std::uint64_t k1 = 0xe7037ed1a0b428dbULL;
constexpr std::size_t textLimit = std::size_t{16} << 20;

std::uint64_t load8(const char* p) {
  std::uint64_t value = 0;
  std::memcpy(&value, p, 8);
  return value;
}
std::uint64_t load4(const char* p) {
  std::uint32_t value = 0;
  std::memcpy(&value, p, 4);
  return value;
}
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// What a hash and a comparison need of a text: its ends, which of up to 16 bytes are all of it.
struct Ends {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
};

Ends endsOf(const char* text, std::size_t length) {
  if (length >= 8) return {load8(text), load8(text + length - 8)};
  if (length >= 4) return {load4(text), load4(text + length - 4)};
  if (length == 0) return {};
  return {static_cast<std::uint64_t>(static_cast<unsigned char>(text[0])) << 16 |
              static_cast<std::uint64_t>(static_cast<unsigned char>(text[length / 2])) << 8 |
              static_cast<unsigned char>(text[length - 1]),
          0};
}

std::uint64_t hashOf(const Ends& ends, const char* text, std::size_t length) {
  std::uint64_t seed = k0;
  for (std::size_t i = 8; i + 8 < length; i += 8) seed = fold(load8(text + i) ^ k1, seed);
  const std::uint64_t hash = fold(k1 ^ length, fold(ends.head ^ k1, ends.tail ^ seed));
  return hash == 0 ? 1 : hash;
}

}  // namespace

std::uint64_t textHash(const char* text, std::size_t length) { return hashOf(endsOf(text, length), text, length); }

// Small at first: a wide table has a dictionary a column and thread, most of them never used.
Dictionary::Dictionary() : m_slots(4) {}

std::uint32_t Dictionary::codeOf(const char* text, std::size_t length) {
  const auto ends = endsOf(text, length);
  const std::uint64_t hash = hashOf(ends, text, length);
  const std::size_t mask = m_slots.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  for (; m_slots[at].code != unused; at = (at + 1) & mask) {
    const auto& slot = m_slots[at];
    if (slot.head != ends.head || slot.tail != ends.tail || slot.length != static_cast<std::uint32_t>(length)) continue;
    if (length <= 16 || std::memcmp(value(slot.code).data(), text, length) == 0) return slot.code;
  }
  if (m_hashes.size() >= dictionaryLimit || m_text.size() + length > textLimit) return full;
  const auto code = static_cast<std::uint32_t>(m_hashes.size());
  m_slots[at] = {ends.head, ends.tail, static_cast<std::uint32_t>(length), code};
  m_text.append(text, length);
  m_starts.push_back(m_text.size());
  m_hashes.push_back(hash);
  if (m_hashes.size() * 2 > m_slots.size()) grow();
  return code;
}

void Dictionary::grow() {
  std::vector<Slot> slots(m_slots.size() * 4);
  const std::size_t mask = slots.size() - 1;
  for (const auto& slot : m_slots) {
    if (slot.code == unused) continue;
    std::size_t at = static_cast<std::size_t>(m_hashes[slot.code]) & mask;
    while (slots[at].code != unused) at = (at + 1) & mask;
    slots[at] = slot;
  }
  m_slots.swap(slots);
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/text_codes.h"

#include <algorithm>
#include <array>

namespace lathe::spec {
namespace {

constexpr std::uint64_t hashStart = 14695981039346656037ULL;
constexpr std::uint64_t hashPrime = 1099511628211ULL;
constexpr char32_t replacement = 0xFFFD;

std::uint64_t hashOn(std::uint64_t hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * hashPrime;
  return hash;
}

/// The character at `at`, which moves behind it.
char32_t next(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4 || at + more > text.size()) return replacement;
  char32_t character = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return replacement;
    character = (character << 6U) | (byte(at + i) & 0x3FU);
  }
  constexpr std::array<char32_t, 4> least{0, 0x80, 0x800, 0x10000};
  if (character < least[more] || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF))
    return replacement;
  at += more;
  return character;
}

void append(std::string& out, char32_t c) {
  const auto put = [&](char32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
  if (c < 0x80) {
    put(c);
    return;
  }
  if (c < 0x800) {
    put(0xC0U | (c >> 6U));
  } else {
    if (c < 0x10000) {
      put(0xE0U | (c >> 12U));
    } else {
      put(0xF0U | (c >> 18U));
      put(0x80U | ((c >> 12U) & 0x3FU));
    }
    put(0x80U | ((c >> 6U) & 0x3FU));
  }
  put(0x80U | (c & 0x3FU));
}

bool within(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

char32_t lowered(char32_t c) {
  if (within(c, 'A', 'Z')) return c + 32;
  if (c < 0xC0) return c;
  if ((within(c, 0xC0, 0xDE) && c != 0xD7) || within(c, 0x391, 0x3A9) || within(c, 0x410, 0x42F)) return c + 32;
  return within(c, 0x400, 0x40F) ? c + 80 : c;
}

bool separates(char32_t c) {
  if (c < 0xC0) return !within(c, 'a', 'z') && !within(c, '0', '9');
  return c == 0xD7 || c == 0xF7 || within(c, 0x2000, 0x206F) || within(c, 0x3000, 0x303F) ||
         within(c, 0xFE00, 0xFE0F) || within(c, 0xFF00, 0xFF0F) || within(c, 0xFF1A, 0xFF20) ||
         within(c, 0xFFFD, 0xFFFF);
}

bool standsAlone(char32_t c) {
  return within(c, 0x2190, 0x2BFF) || within(c, 0x2E80, 0xA4CF) || within(c, 0xF900, 0xFAFF) ||
         within(c, 0x1F000, 0x1FAFF) || within(c, 0x20000, 0x3FFFF);
}

struct Word {
  std::size_t begin = 0, end = 0;  ///< in Words::text
  bool alone = false;
};

/// The first words of a text, in lower case, one behind the other.
struct Words {
  std::string text;
  std::vector<Word> words;
  [[nodiscard]] std::string_view of(const Word& word) const {
    return std::string_view(text).substr(word.begin, word.end - word.begin);
  }
};

void split(std::string_view text, std::size_t most, Words& out) {
  out.text.clear();
  out.words.clear();
  bool open = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = lowered(next(text, at));
    const bool gap = separates(c);
    const bool alone = !gap && standsAlone(c);
    if (open && (gap || alone)) {
      out.words.back().end = out.text.size();
      open = false;
    }
    if (gap) continue;
    if (!open) {
      if (out.words.size() == most) return;
      out.words.push_back({out.text.size(), 0, alone});
    }
    append(out.text, c);
    out.words.back().end = out.text.size();
    open = !alone;
  }
}

std::size_t characterLength(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Calls take(prefix, a, b): the piece is the prefix, a, and, where b is not empty, a space and b. Gives up when take()
// says false.
template <class Take>
void forEachPiece(std::string_view text, std::size_t most, Words& words, const Take& take) {
  split(text, most, words);
  for (const auto& word : words.words)
    if (!take('w', words.of(word), std::string_view())) return;
  for (std::size_t i = 1; i < words.words.size(); ++i)
    if (!take('b', words.of(words.words[i - 1]), words.of(words.words[i]))) return;
  constexpr int shortest = 3;
  constexpr int longest = 5;
  std::string marked;
  for (const auto& word : words.words) {
    if (word.alone) continue;
    marked = "<";
    marked += words.of(word);
    marked += '>';
    for (std::size_t start = 0; start < marked.size(); start += characterLength(marked[start])) {
      std::size_t end = start;
      for (int n = 1; n <= longest && end < marked.size(); ++n) {
        end += characterLength(marked[end]);
        if (n < shortest || (start == 0 && end == marked.size())) continue;
        if (!take('c', std::string_view(marked).substr(start, end - start), std::string_view())) return;
      }
    }
  }
}

}  // namespace

std::uint64_t fnv1a(std::string_view bytes) { return hashOn(hashStart, bytes); }

std::vector<std::string> textPieces(std::string_view text, std::size_t most) {
  std::vector<std::string> pieces;
  if (most == 0) return pieces;
  Words words;
  forEachPiece(text, most, words, [&](char prefix, std::string_view a, std::string_view b) {
    pieces.push_back(std::string(1, prefix) + std::string(a) + (b.empty() ? "" : " " + std::string(b)));
    return pieces.size() < most;
  });
  return pieces;
}

void appendTextCodes(std::string_view text, const TextRule& rule, std::size_t most, std::vector<std::uint16_t>& out) {
  if (most == 0 || rule.buckets < 1) return;
  thread_local Words words;
  std::size_t left = most;
  const auto buckets = static_cast<std::uint64_t>(std::min(rule.buckets, mostTextBuckets));
  forEachPiece(text, most, words, [&](char prefix, std::string_view a, std::string_view b) {
    auto hash = hashOn(hashOn(hashStart, std::string_view(&prefix, 1)), a);
    if (!b.empty()) hash = hashOn(hashOn(hash, " "), b);
    out.push_back(static_cast<std::uint16_t>(hash % buckets));
    return --left > 0;
  });
}

std::string describeTextRule() {
  return "UTF-8, malformed bytes as U+FFFD. Lower case: A-Z, U+00C0-U+00DE but U+00D7, U+0391-U+03A9, U+0410-U+042F "
         "plus 32; U+0400-U+040F plus 80. Separators: all below U+00C0 but a-z and 0-9; U+00D7, U+00F7, U+2000-U+206F, "
         "U+3000-U+303F, U+FE00-U+FE0F, U+FF00-U+FF0F, U+FF1A-U+FF20, U+FFFD-U+FFFF. A character of U+2190-U+2BFF, "
         "U+2E80-U+A4CF, U+F900-U+FAFF, U+1F000-U+1FAFF, U+20000-U+3FFFF is a word by itself; the others run together "
         "into words. Pieces in this order: 'w'+word of each word; 'b'+word+' '+next word of each two neighbours; for "
         "each word that is no single character of that list, with '<' before and '>' behind it, from each of its "
         "characters on the 3, 4, 5 characters that follow, 'c' before them, but not all of <word>. A code is the "
         "64-bit FNV-1a hash of the piece's bytes modulo buckets. The first pieces fill the column's places, the rest "
         "is -1; a missing text is -1 in all places.";
}

}  // namespace lathe::spec

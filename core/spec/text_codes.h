// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How a text becomes codes: hashed words and parts of words (Weinberger et al. 2009; character n-grams inside word
/// boundaries as Bojanowski et al. 2017). This is the rule "lathe-text-1", part of every model that reads text; who
/// feeds an exported model without Lathe computes the codes by it:
///
/// 1. The text is UTF-8. A byte that is not part of a well-formed character counts as U+FFFD.
/// 2. Lower case: A-Z, U+00C0..U+00DE but U+00D7, U+0391..U+03A9 and U+0410..U+042F plus 32; U+0400..U+040F plus 80.
///    All others stay.
/// 3. Words. Separators are everything below U+00C0 but ASCII letters and digits; U+00D7, U+00F7; U+2000..U+206F,
///    U+3000..U+303F, U+FE00..U+FE0F, U+FF00..U+FF0F, U+FF1A..U+FF20, U+FFFD..U+FFFF. Each character of U+2190..U+2BFF,
///    U+2E80..U+A4CF, U+F900..U+FAFF, U+1F000..U+1FAFF (emoji) and U+20000..U+3FFFF is a word by itself (separators
///    come first). All other characters run together into words.
/// 4. Pieces, in this order: "w" and the word, of each word; "b" and a word, a space and the next word, of each two
///    neighbours; then of each word that is not a single character of step 3's second kind, with "<" before and ">"
///    behind it, from each of its characters on the 3, 4 and 5 characters that follow, as far as there are any, with
///    "c" before them; the piece that would be all of <word> is left out.
/// 5. A code is the 64-bit FNV-1a hash of the piece's bytes modulo the number of buckets. A row has the codes of the
///    first pieces, at most so many as its column has places; the places left are -1. A missing text has none.
///
/// With 16384 buckets and 8 places "Go, go!" is 14276 14276 1079 9096 7578 9096 7578 -1. tests/spec/test_text_codes.cpp
/// has more.
namespace lathe::spec {

inline constexpr const char* textRuleName = "lathe-text-1";
inline constexpr int mostTextBuckets = 65536;
inline constexpr int mostTextCodes = 4096;

/// What a text column of a schema says of its codes.
struct TextRule {
  int buckets = 0;  ///< 1 to mostTextBuckets; 0: the column holds no text
  bool operator==(const TextRule&) const = default;
};

/// Pieces of a text, the first `most`. Pure, any thread; time goes by `most`, not by the length of the text, but for
/// single words.
[[nodiscard]] std::vector<std::string> textPieces(std::string_view text, std::size_t most);
[[nodiscard]] std::uint64_t fnv1a(std::string_view bytes);
/// Appends the codes of a text, at most `most`.
void appendTextCodes(std::string_view text, const TextRule& rule, std::size_t most, std::vector<std::uint16_t>& out);
/// The rule in words, for descriptions of exported models.
[[nodiscard]] std::string describeTextRule();

}  // namespace lathe::spec

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

/// Text encodings of strangers' files, found by looking and turned into UTF-8.
namespace lathe::data {

/// True for well-formed UTF-8 (RFC 3629). With `mayBeCut` a sequence that the end cuts is no fault.
[[nodiscard]] bool isUtf8(std::string_view bytes, bool mayBeCut = false);

/// The same text with each malformed byte replaced by U+FFFD.
[[nodiscard]] std::string repairUtf8(std::string_view bytes);

/// For bytes that are not UTF-8: "gbk" when the bytes above 127 come in pairs that GBK's Chinese characters use, else
/// "latin-1".
[[nodiscard]] std::string guessLegacyEncoding(std::string_view bytes);

/// What a file's first bytes say: one of utf-8, utf-16le, utf-16be, latin-1, gbk, or binary.
struct EncodingGuess {
  std::string name;
  std::size_t markBytes = 0;  ///< of the byte order mark
};
[[nodiscard]] EncodingGuess guessEncoding(std::string_view head, bool headIsAll);

/// The canonical name for what a person may write (UTF8, cp936, iso-8859-1 ...), "" where unknown.
[[nodiscard]] std::string encodingName(std::string_view written);

/// Turns a stream of bytes into UTF-8, piece by piece. What cannot be read becomes U+FFFD.
class Transcoder {
 public:
  virtual ~Transcoder() = default;
  virtual void add(std::string_view bytes, std::string& out) = 0;
  virtual void finish(std::string& out) = 0;
};
/// For utf-16le, utf-16be, latin-1 (with Windows-1252's signs between 0x80 and 0x9f) and gbk.
[[nodiscard]] Result<std::unique_ptr<Transcoder>> makeTranscoder(const std::string& encoding);

}  // namespace lathe::data

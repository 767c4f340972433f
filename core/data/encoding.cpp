// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/encoding.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <iconv.h>

namespace lathe::data {
namespace {

// Length of the well-formed sequence at `p`, 0 when malformed, -1 when the end cuts it.
int sequenceAt(const unsigned char* p, const unsigned char* end) {
  const unsigned char lead = *p;
  if (lead < 0x80) return 1;
  int length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf)
    length = 2;
  else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  } else {
    return 0;
  }
  for (int i = 1; i < length; ++i) {
    if (p + i == end) return -1;
    if (p[i] < low || p[i] > high) return 0;
    low = 0x80;
    high = 0xbf;
  }
  return length;
}

const unsigned char* bytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

constexpr std::string_view replacement = "\xef\xbf\xbd";

void appendCodePoint(std::uint32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

// Windows-1252's characters from 0x80 on; its five holes keep Latin-1's control characters.
constexpr std::array<std::uint16_t, 32> windows1252{0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                                    0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                                    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                    0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

class Latin1Transcoder final : public Transcoder {
 public:
  void add(std::string_view bytes, std::string& out) override {
    for (const char signedByte : bytes) {
      const auto byte = static_cast<unsigned char>(signedByte);
      appendCodePoint(byte >= 0x80 && byte < 0xa0 ? windows1252[byte - 0x80] : byte, out);
    }
  }
  void finish(std::string&) override {}
};

class Utf16Transcoder final : public Transcoder {
 public:
  explicit Utf16Transcoder(bool bigEndian) : m_bigEndian(bigEndian) {}
  void add(std::string_view bytes, std::string& out) override {
    for (const char signedByte : bytes) {
      const auto byte = static_cast<unsigned char>(signedByte);
      if (!m_half) {
        m_first = byte;
        m_half = true;
        continue;
      }
      m_half = false;
      unit(m_bigEndian ? static_cast<std::uint32_t>(m_first << 8 | byte)
                       : static_cast<std::uint32_t>(byte << 8 | m_first),
           out);
    }
  }
  void finish(std::string& out) override {
    if (m_half || m_highSurrogate != 0) out += replacement;
  }

 private:
  void unit(std::uint32_t value, std::string& out) {
    if (m_highSurrogate != 0) {
      if (value >= 0xdc00 && value < 0xe000) {
        appendCodePoint(0x10000 + ((m_highSurrogate - 0xd800) << 10) + (value - 0xdc00), out);
        m_highSurrogate = 0;
        return;
      }
      out += replacement;
      m_highSurrogate = 0;
    }
    if (value >= 0xd800 && value < 0xdc00)
      m_highSurrogate = value;
    else if (value >= 0xdc00 && value < 0xe000)
      out += replacement;
    else
      appendCodePoint(value, out);
  }

  bool m_bigEndian;
  bool m_half = false;
  unsigned m_first = 0;
  std::uint32_t m_highSurrogate = 0;
};

class GbkTranscoder final : public Transcoder {
 public:
  explicit GbkTranscoder(iconv_t converter) : m_converter(converter) {}
  GbkTranscoder(const GbkTranscoder&) = delete;
  GbkTranscoder& operator=(const GbkTranscoder&) = delete;
  ~GbkTranscoder() override { iconv_close(m_converter); }

  void add(std::string_view bytes, std::string& out) override {
    m_pending.append(bytes);
    convert(out);
  }
  void finish(std::string& out) override {
    convert(out);
    if (!m_pending.empty()) out += replacement;
    m_pending.clear();
  }

 private:
  void convert(std::string& out) {
    char* input = m_pending.data();
    std::size_t left = m_pending.size();
    std::array<char, 4096> buffer{};
    while (left > 0) {
      char* output = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t result = iconv(m_converter, &input, &left, &output, &room);
      const int reason = errno;
      out.append(buffer.data(), static_cast<std::size_t>(output - buffer.data()));
      if (result != static_cast<std::size_t>(-1) || reason == E2BIG) continue;
      if (reason == EINVAL) break;  // cut in the middle of a character
      out += replacement;
      ++input;
      --left;
    }
    m_pending.erase(0, m_pending.size() - left);
  }

  iconv_t m_converter;
  std::string m_pending;
};

}  // namespace

bool isUtf8(std::string_view bytes, bool mayBeCut) {
  const unsigned char* p = bytesOf(bytes);
  const unsigned char* end = p + bytes.size();
  while (p < end) {
    const int length = sequenceAt(p, end);
    if (length < 0) return mayBeCut;
    if (length == 0) return false;
    p += length;
  }
  return true;
}

std::string repairUtf8(std::string_view bytes) {
  if (isUtf8(bytes)) return std::string(bytes);
  std::string out;
  const unsigned char* p = bytesOf(bytes);
  const unsigned char* end = p + bytes.size();
  while (p < end) {
    const int length = sequenceAt(p, end);
    if (length > 0) {
      out.append(reinterpret_cast<const char*>(p), static_cast<std::size_t>(length));
      p += length;
    } else {
      out += replacement;
      ++p;
    }
  }
  return out;
}

std::string guessLegacyEncoding(std::string_view bytes) {
  std::size_t pairs = 0;
  std::size_t others = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const auto trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0U;
    // GB2312's rows, where nearly all Chinese text lives. Latin-1 seldom has two accented letters in a row.
    if (lead >= 0xa1 && lead <= 0xf7 && trail >= 0xa1 && trail <= 0xfe) {
      ++pairs;
      i += 2;
    } else {
      ++others;
      ++i;
    }
  }
  return pairs > 4 * others ? "gbk" : "latin-1";
}

EncodingGuess guessEncoding(std::string_view head, bool headIsAll) {
  if (head.starts_with("\xef\xbb\xbf")) return {"utf-8", 3};
  if (head.starts_with("\xff\xfe")) return {"utf-16le", 2};
  if (head.starts_with("\xfe\xff")) return {"utf-16be", 2};
  std::size_t zerosEven = 0;
  std::size_t zerosOdd = 0;
  std::size_t controls = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto byte = static_cast<unsigned char>(head[i]);
    if (byte == 0)
      ++(i % 2 == 0 ? zerosEven : zerosOdd);
    else if (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f')
      ++controls;
  }
  const std::size_t zeros = zerosEven + zerosOdd;
  if (head.size() >= 4 && zeros * 10 > head.size() * 3 && controls * 50 <= head.size()) {
    if (zerosEven * 20 < zerosOdd) return {"utf-16le", 0};
    if (zerosOdd * 20 < zerosEven) return {"utf-16be", 0};
  }
  if (zeros > 0 || controls * 20 > head.size()) return {"binary", 0};
  if (isUtf8(head, !headIsAll)) return {"utf-8", 0};
  return {guessLegacyEncoding(head), 0};
}

std::string encodingName(std::string_view written) {
  std::string plain;
  for (const char c : written)
    if (c != '-' && c != '_' && c != ' ') plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (plain == "utf8" || plain == "ascii" || plain == "utf8sig") return "utf-8";
  if (plain == "utf16le" || plain == "utf16") return "utf-16le";
  if (plain == "utf16be") return "utf-16be";
  if (plain == "latin1" || plain == "iso88591" || plain == "windows1252" || plain == "cp1252") return "latin-1";
  if (plain == "gbk" || plain == "gb2312" || plain == "gb18030" || plain == "cp936") return "gbk";
  return {};
}

Result<std::unique_ptr<Transcoder>> makeTranscoder(const std::string& encoding) {
  if (encoding == "latin-1") return std::unique_ptr<Transcoder>(std::make_unique<Latin1Transcoder>());
  if (encoding == "utf-16le" || encoding == "utf-16be")
    return std::unique_ptr<Transcoder>(std::make_unique<Utf16Transcoder>(encoding == "utf-16be"));
  // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv_open(3) reports its failure so.
  const auto failed = reinterpret_cast<iconv_t>(-1);
  const iconv_t converter = encoding == "gbk" ? iconv_open("UTF-8", "GB18030") : failed;
  if (converter == failed)
    return fail("data.encoding", LATHE_TEXT("errors", "The text encoding {encoding} is not known here."),
                LATHE_TEXT("errors", "Save the file as UTF-8."), {{"encoding", encoding}});
  return std::unique_ptr<Transcoder>(std::make_unique<GbkTranscoder>(converter));
}

}  // namespace lathe::data

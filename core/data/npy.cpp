// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/npy.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <string_view>

namespace lathe::data {
namespace {

tl::unexpected<Error> damaged(const std::string& name) {
  return fail("data.damaged_npy", LATHE_TEXT("errors", "{file} is damaged: it is not a complete NumPy array."),
              LATHE_TEXT("errors", "Save it again with numpy.save or numpy.savez."), {{"file", name}});
}

/// Reads the header's Python dictionary of text, booleans and tuples; evaluates nothing.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : m_text(text) {}

  bool read(NpyArray& array) {
    if (!take('{')) return false;
    int fields = 0;
    while (!take('}')) {
      std::string key;
      if (!word(key) || !take(':')) return false;
      if (key == "descr") {
        std::string description;
        if (!word(description) || !describe(description, array)) return false;
      } else if (key == "fortran_order") {
        if (!truth(array.fortran)) return false;
      } else if (key == "shape") {
        if (!tuple(array.shape)) return false;
      } else {
        return false;
      }
      ++fields;
      take(',');
    }
    return fields == 3;
  }
  [[nodiscard]] bool knownKind() const { return m_knownKind; }

 private:
  void skip() {
    while (m_at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[m_at])) != 0) ++m_at;
  }
  bool take(char wanted) {
    skip();
    if (m_at >= m_text.size() || m_text[m_at] != wanted) return false;
    ++m_at;
    return true;
  }
  bool word(std::string& out) {
    skip();
    if (m_at >= m_text.size() || (m_text[m_at] != '\'' && m_text[m_at] != '"')) {
      m_knownKind = false;  // a list: a structured array
      return false;
    }
    const auto end = m_text.find(m_text[m_at], m_at + 1);
    if (end == std::string_view::npos) return false;
    out = m_text.substr(m_at + 1, end - m_at - 1);
    m_at = end + 1;
    return true;
  }
  bool truth(bool& out) {
    skip();
    for (const bool value : {false, true}) {
      const std::string_view name = value ? "True" : "False";
      if (m_text.substr(m_at).starts_with(name)) {
        m_at += name.size();
        out = value;
        return true;
      }
    }
    return false;
  }
  bool tuple(std::vector<std::size_t>& out) {
    if (!take('(')) return false;
    while (!take(')')) {
      skip();
      std::size_t value = 0;
      std::size_t digits = 0;
      for (; m_at < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[m_at])) != 0; ++m_at, ++digits)
        value = value * 10 + static_cast<std::size_t>(m_text[m_at] - '0');
      if (digits == 0 || digits > 18 || out.size() >= 8) return false;
      out.push_back(value);
      take(',');
    }
    return true;
  }
  bool describe(const std::string& text, NpyArray& array) {
    std::size_t at = 0;
    char order = '=';
    if (!text.empty() && std::string_view("<>|=").find(text[0]) != std::string_view::npos) order = text[at++];
    if (at >= text.size()) return false;
    array.kind = text[at++];
    array.width = 0;
    for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0 && array.width < 1000000; ++at)
      array.width = array.width * 10 + static_cast<std::size_t>(text[at] - '0');
    if (array.kind == '?') array.kind = 'b';
    array.swapped = order == '>';
    const std::size_t w = array.width;
    m_knownKind =
        at == text.size() && ((array.kind == 'f' && (w == 2 || w == 4 || w == 8)) ||
                              ((array.kind == 'i' || array.kind == 'u') && (w == 1 || w == 2 || w == 4 || w == 8)) ||
                              (array.kind == 'b' && w == 1) || (array.kind == 'U' && w > 0 && w <= 65536));
    if (array.kind == 'U') array.width *= 4;
    return m_knownKind;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  bool m_knownKind = true;
};

template <class T>
T loaded(const char* from, bool swapped) {
  std::array<char, sizeof(T)> bytes{};
  std::memcpy(bytes.data(), from, sizeof(T));
  if (swapped) std::reverse(bytes.begin(), bytes.end());
  T value{};
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

// IEEE 754's binary16.
double fromHalf(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f;
  const int fraction = bits & 0x3ff;
  double size = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  if (exponent == 31)
    size = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  return (bits & 0x8000) != 0 ? -size : size;
}

Column textColumn(const NpyArray& array, std::size_t first, std::size_t step, std::size_t rows) {
  Column column;
  std::map<std::string, std::uint32_t> codes;
  std::vector<std::string> cells;
  const bool truth = array.kind == 'b';
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t place = array.place(first + i * step);
    cells.push_back(truth ? (array.content[array.start + place] != 0 ? "True" : "False") : array.text(place));
    column.textLength += static_cast<double>(cells.back().size()) / static_cast<double>(rows);
    column.spaces += cells.back().find(' ') != std::string::npos ? 1.0 / static_cast<double>(rows) : 0.0;
    if (!cells.back().empty()) codes.emplace(cells.back(), 0);
  }
  for (const auto& [text, code] : codes) column.values.push_back(text);
  std::sort(column.values.begin(), column.values.end(), naturalLess);
  for (std::uint32_t i = 0; i < column.values.size(); ++i) codes[column.values[i]] = i;
  column.storage = Storage::Codes;
  column.segments.resize(1);
  column.segments[0].allocate(Storage::Codes, rows);
  auto* out = column.segments[0].as<std::uint32_t>();
  for (std::size_t i = 0; i < rows; ++i) out[i] = cells[i].empty() ? missingCode : codes[cells[i]];
  return column;
}

// Floats that are all whole numbers are integers that had to share a matrix with others.
bool allWhole(const NpyArray& array, std::size_t first, std::size_t step, std::size_t rows) {
  bool any = false;
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = array.number(array.place(first + i * step));
    if (std::isnan(x)) continue;
    if (std::floor(x) != x || std::abs(x) > 9007199254740992.0) return false;
    any = true;
  }
  return any;
}

}  // namespace

std::size_t NpyArray::elements() const {
  std::size_t count = 1;
  for (const auto size : shape) count *= size;
  return count;
}

std::size_t NpyArray::place(std::size_t index) const {
  if (!fortran || shape.size() < 2) return index;
  std::size_t place = 0;
  // From the last dimension, which changes fastest in C order, to the first, which does in Fortran's.
  std::size_t stride = elements();
  for (std::size_t d = shape.size(); d-- > 0;) {
    stride /= shape[d];
    place += index % shape[d] * stride;
    index /= shape[d];
  }
  return place;
}

double NpyArray::number(std::size_t at) const {
  const char* from = content.data() + start + at * width;
  if (kind == 'f' && width == 2) return fromHalf(loaded<std::uint16_t>(from, swapped));
  if (kind == 'f')
    return width == 4 ? static_cast<double>(loaded<float>(from, swapped)) : loaded<double>(from, swapped);
  if (kind == 'u' && width == 8) return static_cast<double>(loaded<std::uint64_t>(from, swapped));
  std::int64_t value = 0;
  return integer(at, value) ? static_cast<double>(value) : std::numeric_limits<double>::quiet_NaN();
}

bool NpyArray::integer(std::size_t at, std::int64_t& value) const {
  const char* from = content.data() + start + at * width;
  if (kind == 'i') {
    value = width == 1   ? loaded<std::int8_t>(from, false)
            : width == 2 ? loaded<std::int16_t>(from, swapped)
            : width == 4 ? loaded<std::int32_t>(from, swapped)
                         : loaded<std::int64_t>(from, swapped);
    return value != missingInteger;
  }
  const std::uint64_t raw = width == 1   ? loaded<std::uint8_t>(from, false)
                            : width == 2 ? loaded<std::uint16_t>(from, swapped)
                            : width == 4 ? loaded<std::uint32_t>(from, swapped)
                                         : loaded<std::uint64_t>(from, swapped);
  value = static_cast<std::int64_t>(raw);
  return value >= 0 && kind != 'f' && kind != 'U';
}

std::string NpyArray::text(std::size_t at) const {
  std::string out;
  const char* from = content.data() + start + at * width;
  for (std::size_t i = 0; i + 4 <= width; i += 4) {
    const auto c = loaded<std::uint32_t>(from + i, swapped);
    if (c == 0) break;
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
    } else if (c < 0x10000 && (c < 0xd800 || c > 0xdfff)) {
      out += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
              static_cast<char>(0x80 | (c & 0x3f))};
    } else if (c >= 0x10000 && c < 0x110000) {
      out += {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3f)),
              static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
    } else {
      out += "\xef\xbf\xbd";
    }
  }
  return out;
}

Result<NpyArray> parseNpy(std::string content, const std::string& name) {
  NpyArray array;
  if (content.size() < 12 || !content.starts_with("\x93NUMPY")) return damaged(name);
  const int version = static_cast<unsigned char>(content[6]);
  std::size_t length = 0;
  const std::size_t lengthBytes = version == 1 ? 2 : 4;
  for (std::size_t i = 0; i < lengthBytes; ++i)
    length |= static_cast<std::size_t>(static_cast<unsigned char>(content[8 + i])) << (8 * i);
  array.start = 8 + lengthBytes + length;
  if (version < 1 || version > 3 || length > 65536 || array.start > content.size()) return damaged(name);
  HeaderReader reader(std::string_view(content).substr(8 + lengthBytes, length));
  const bool read = reader.read(array);
  if (!reader.knownKind())
    return fail("data.npy_kind", LATHE_TEXT("errors", "{file} holds an array of a kind that Lathe does not read."),
                LATHE_TEXT("errors", "Use float32, float64, integers, booleans or text."), {{"file", name}});
  if (!read) return damaged(name);
  std::size_t bytes = content.size() - array.start;
  for (const auto size : array.shape) {
    // Divided instead of multiplied: a product of hostile sizes would overflow.
    if (size == 0 || bytes / size == 0) return damaged(name);
    bytes /= size;
  }
  if (bytes < array.width || array.elements() * array.width > content.size() - array.start) return damaged(name);
  array.content = std::move(content);
  return array;
}

Column npyColumn(const NpyArray& array, std::string name, std::size_t first, std::size_t step, std::size_t rows) {
  if (array.kind == 'b' || array.kind == 'U') {
    Column column = textColumn(array, first, step, rows);
    column.name = std::move(name);
    return column;
  }
  Column column;
  column.name = std::move(name);
  column.segments.resize(1);
  bool whole = array.kind != 'f';
  for (std::size_t i = 0; whole && array.width == 8 && i < rows; ++i) {
    std::int64_t value = 0;
    whole = array.integer(array.place(first + i * step), value);
  }
  const bool wholeFloats = array.kind == 'f' && allWhole(array, first, step, rows);
  column.storage = whole || wholeFloats ? Storage::Integer : Storage::Real;
  column.segments[0].allocate(column.storage, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t place = array.place(first + i * step);
    double x = array.kind == 'f' || !whole ? array.number(place) : 0;
    if (std::isinf(x)) {
      ++column.infinities;
      x = std::numeric_limits<double>::quiet_NaN();
    }
    if (column.storage == Storage::Real) {
      column.segments[0].as<double>()[i] = x;
    } else {
      auto& out = column.segments[0].as<std::int64_t>()[i];
      if (wholeFloats)
        out = std::isnan(x) ? missingInteger : static_cast<std::int64_t>(x);
      else if (!array.integer(place, out))
        out = missingInteger;
    }
  }
  return column;
}

}  // namespace lathe::data

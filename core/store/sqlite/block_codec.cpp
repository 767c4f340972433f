// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/block_codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <zlib.h>

#include "core/store/sqlite/byte_stream.h"

namespace lathe::store::sqlite {
namespace {

static_assert(std::endian::native == std::endian::little, "blocks are little-endian and read in place");

constexpr std::uint8_t narrowFlag = 1;
constexpr std::uint8_t unevenFlag = 2;
constexpr std::uint8_t planesFlag = 4;
constexpr std::uint8_t rawPlane = 0;
constexpr std::uint8_t constantPlane = 1;
constexpr std::uint8_t deflatedPlane = 2;

bool isWidenedFloat(double value) {
  if (std::isfinite(value) && std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) return false;
  const auto back = static_cast<double>(static_cast<float>(value));
  return std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(value);
}

void writeSteps(ByteWriter& out, std::span<const Point> points, bool uneven) {
  if (!uneven) {
    out.varint(points.size() > 1
                   ? static_cast<std::uint64_t>(points[1].step) - static_cast<std::uint64_t>(points[0].step)
                   : 1);
    return;
  }
  ByteWriter steps;
  for (std::size_t i = 1; i < points.size(); ++i)
    steps.varint(static_cast<std::uint64_t>(points[i].step) - static_cast<std::uint64_t>(points[i - 1].step));
  out.varint(steps.bytes().size());
  out.append(steps.bytes());
}

bool stepsAreUneven(std::span<const Point> points) {
  const auto difference = [&](std::size_t i) {  // unsigned: it may be more than half of all steps
    return static_cast<std::uint64_t>(points[i].step) - static_cast<std::uint64_t>(points[i - 1].step);
  };
  for (std::size_t i = 2; i < points.size(); ++i)
    if (difference(i) != difference(1)) return true;
  return false;
}

// Deflate gains nothing on the noise of low mantissa bytes: their entropy says so at a fraction of the cost.
bool looksCompressible(std::span<const std::byte> plane) {
  std::array<unsigned, 256> counts{};
  for (const auto byte : plane) ++counts[static_cast<std::uint8_t>(byte)];
  double bits = 0;
  const auto size = static_cast<double>(plane.size());
  for (const auto count : counts)
    if (count > 0) bits -= count * std::log2(count / size);
  return bits < 7.0 * size;
}

std::vector<std::byte> deflated(std::span<const std::byte> plane) {
  z_stream stream{};
  if (deflateInit2(&stream, 4, Z_DEFLATED, -12, 5, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::vector<std::byte> out(plane.size());
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(plane.data()));
  stream.avail_in = static_cast<uInt>(plane.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(code == Z_STREAM_END ? stream.total_out : 0);  // empty: it does not fit, so it does not pay
  deflateEnd(&stream);
  return out;
}

bool inflateInto(std::span<const std::byte> packed, std::span<std::byte> plane) {
  z_stream stream{};
  if (inflateInit2(&stream, -12) != Z_OK) return false;
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plane.data());
  stream.avail_out = static_cast<uInt>(plane.size());
  const int code = inflate(&stream, Z_FINISH);
  const bool whole = code == Z_STREAM_END && stream.total_out == plane.size() && stream.avail_in == 0;
  inflateEnd(&stream);
  return whole;
}

void writePlane(ByteWriter& out, std::span<const std::byte> plane) {
  if (std::all_of(plane.begin(), plane.end(), [&](std::byte b) { return b == plane.front(); })) {
    out.byte(constantPlane);
    out.byte(static_cast<std::uint8_t>(plane.front()));
    return;
  }
  if (looksCompressible(plane)) {
    const auto packed = deflated(plane);
    if (!packed.empty() && packed.size() + 2 < plane.size()) {
      out.byte(deflatedPlane);
      out.varint(packed.size());
      out.append(packed);
      return;
    }
  }
  out.byte(rawPlane);
  out.append(plane);
}

bool readPlane(ByteReader& in, std::span<std::byte> plane) {
  switch (in.byte()) {
    case rawPlane: {
      const auto bytes = in.take(plane.size());
      if (!in.good()) return false;
      std::copy(bytes.begin(), bytes.end(), plane.begin());
      return true;
    }
    case constantPlane:
      std::fill(plane.begin(), plane.end(), std::byte{in.byte()});
      return in.good();
    case deflatedPlane: {
      const auto packed = in.take(in.varint());
      return in.good() && inflateInto(packed, plane);
    }
    default:
      return false;
  }
}

template <class Number>
void writeValues(ByteWriter& out, std::span<const Point> points, bool planes) {
  std::vector<Number> values(points.size());
  std::transform(points.begin(), points.end(), values.begin(),
                 [](const Point& point) { return static_cast<Number>(point.value); });
  const auto bytes = std::as_bytes(std::span(values));
  if (!planes) {
    out.append(bytes);
    return;
  }
  std::vector<std::byte> plane(points.size());
  for (std::size_t p = 0; p < sizeof(Number); ++p) {
    for (std::size_t i = 0; i < points.size(); ++i) plane[i] = bytes[i * sizeof(Number) + p];
    writePlane(out, plane);
  }
}

template <class Number>
bool readValues(ByteReader& in, std::vector<Point>& points, bool planes) {
  std::vector<Number> values(points.size());
  const auto bytes = std::as_writable_bytes(std::span(values));
  if (!planes) {
    const auto raw = in.take(bytes.size());
    if (!in.good()) return false;
    std::copy(raw.begin(), raw.end(), bytes.begin());
  } else {
    std::vector<std::byte> all(bytes.size());
    for (std::size_t p = 0; p < sizeof(Number); ++p)
      if (!readPlane(in, std::span(all).subspan(p * points.size(), points.size()))) return false;
    for (std::size_t i = 0; i < points.size(); ++i)
      for (std::size_t p = 0; p < sizeof(Number); ++p) bytes[i * sizeof(Number) + p] = all[p * points.size() + i];
  }
  for (std::size_t i = 0; i < points.size(); ++i) points[i].value = static_cast<double>(values[i]);
  return true;
}

bool readSteps(ByteReader& in, std::vector<Point>& points, std::int64_t firstStep, bool uneven) {
  ByteReader differences({});
  std::uint64_t stride = 0;
  if (uneven)
    differences = ByteReader(in.take(in.varint()));
  else
    stride = in.varint();
  if (!in.good()) return false;
  points[0].step = firstStep;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const auto difference = uneven ? differences.varint() : stride;
    const auto room = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) -
                      static_cast<std::uint64_t>(points[i - 1].step);
    if (difference == 0 || difference > room) return false;
    points[i].step = static_cast<std::int64_t>(static_cast<std::uint64_t>(points[i - 1].step) + difference);
  }
  return !uneven || (differences.good() && differences.atEnd());
}

}  // namespace

std::vector<std::byte> encodeBlock(std::span<const Point> points, Packing packing) {
  const bool narrow =
      std::all_of(points.begin(), points.end(), [](const Point& point) { return isWidenedFloat(point.value); });
  const bool uneven = stepsAreUneven(points);
  const bool planes = packing == Packing::Small;
  ByteWriter out;
  out.bytes().reserve(points.size() * (narrow ? 4 : 8) + 32);
  out.byte(
      static_cast<std::uint8_t>((narrow ? narrowFlag : 0) | (uneven ? unevenFlag : 0) | (planes ? planesFlag : 0)));
  writeSteps(out, points, uneven);
  if (narrow)
    writeValues<float>(out, points, planes);
  else
    writeValues<double>(out, points, planes);
  return std::move(out.bytes());
}

std::optional<std::vector<Point>> decodeBlock(std::span<const std::byte> bytes, std::int64_t firstStep,
                                              std::int64_t count) {
  if (count < 1 || count > static_cast<std::int64_t>(blockPoints)) return std::nullopt;
  ByteReader in(bytes);
  const auto flags = in.byte();
  if (!in.good() || flags > (narrowFlag | unevenFlag | planesFlag)) return std::nullopt;
  std::vector<Point> points(static_cast<std::size_t>(count));
  if (!readSteps(in, points, firstStep, (flags & unevenFlag) != 0)) return std::nullopt;
  const bool planes = (flags & planesFlag) != 0;
  const bool read =
      (flags & narrowFlag) != 0 ? readValues<float>(in, points, planes) : readValues<double>(in, points, planes);
  if (!read || !in.good() || !in.atEnd()) return std::nullopt;
  return points;
}

}  // namespace lathe::store::sqlite

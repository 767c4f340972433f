// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/augment_pixels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "core/engine/multiversion.h"
#include "core/engine/nearest_byte.h"

namespace lathe::engine {
namespace {

LATHE_MULTIVERSION
void standardizePlane(const std::uint8_t* __restrict in, std::size_t count, float centre, float scale,
                      float* __restrict out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = (static_cast<float>(in[i]) - centre) * scale;
}

LATHE_MULTIVERSION
void interleaveThree(const float* __restrict planes, std::size_t stride, std::size_t count, float* __restrict out) {
  const float* first = planes;
  const float* second = planes + stride;
  const float* third = planes + 2 * stride;
  for (std::size_t i = 0; i < count; ++i) {
    out[3 * i] = first[i];
    out[3 * i + 1] = second[i];
    out[3 * i + 2] = third[i];
  }
}

// Where a row's pixels come from: the place of the upper left of four pixels in the padded plane, and how far to the
// next ones.
LATHE_MULTIVERSION
void planRow(int width, float xx, float yx, float startX, float startY, float lowest, float mostX, float mostY,
             std::int32_t stride, std::int32_t* __restrict places, float* __restrict right, float* __restrict down) {
  for (int x = 0; x < width; ++x) {
    const float along = xx * static_cast<float>(x) + startX;
    const float across = yx * static_cast<float>(x) + startY;
    // One more than the source's coordinates, since the plane is padded by one pixel: never negative.
    const float sx = std::min(std::max(along, lowest), mostX) + 1.0F;
    const float sy = std::min(std::max(across, lowest), mostY) + 1.0F;
    const auto column = static_cast<std::int32_t>(sx);
    const auto row = static_cast<std::int32_t>(sy);
    places[x] = row * stride + column;
    right[x] = sx - static_cast<float>(column);
    down[x] = sy - static_cast<float>(row);
  }
}

void sampleRow(const std::uint8_t* plane, int width, std::int32_t stride, const std::int32_t* places,
               const float* right, const float* down, std::uint8_t* out) {
  for (int x = 0; x < width; ++x) {
    const std::uint8_t* at = plane + places[x];
    const auto upperLeft = static_cast<float>(at[0]);
    const auto lowerLeft = static_cast<float>(at[stride]);
    const float upper = upperLeft + right[x] * (static_cast<float>(at[1]) - upperLeft);
    const float lower = lowerLeft + right[x] * (static_cast<float>(at[stride + 1]) - lowerLeft);
    out[x] = nearestByte(upper + down[x] * (lower - upper));
  }
}

/// One pixel more at the left and above, two at the right and below: clamped coordinates then need no test.
void pad(const std::uint8_t* plane, int height, int width, Border border, std::uint8_t* out) {
  const int stride = width + 3;
  const auto bytes = static_cast<std::size_t>(stride);
  const bool edge = border == Border::Edge;
  for (int y = -1; y < height + 2; ++y) {
    std::uint8_t* line = out + static_cast<std::ptrdiff_t>(y + 1) * stride;
    if (!edge && (y < 0 || y >= height)) {
      std::memset(line, 0, bytes);
      continue;
    }
    const std::uint8_t* source = plane + static_cast<std::ptrdiff_t>(std::clamp(y, 0, height - 1)) * width;
    line[0] = edge ? source[0] : std::uint8_t{0};
    std::memcpy(line + 1, source, static_cast<std::size_t>(width));
    line[width + 1] = line[width + 2] = edge ? source[width - 1] : std::uint8_t{0};
  }
}

int inside(int at, int size, Border border) {
  if (at >= 0 && at < size) return at;
  return border == Border::Edge ? std::clamp(at, 0, size - 1) : -1;
}

void copyMovedRow(const std::uint8_t* source, int width, bool mirror, int dx, Border border, std::uint8_t* out) {
  const int first = std::clamp(dx, 0, width);
  const int end = std::clamp(width + dx, 0, width);
  const auto at = [&](int x) { return source[mirror ? width - 1 - x : x]; };
  const bool edge = border == Border::Edge;
  for (int x = 0; x < first; ++x) out[x] = edge ? at(0) : std::uint8_t{0};
  if (mirror)
    for (int x = first; x < end; ++x) out[x] = source[width - 1 - (x - dx)];
  else if (end > first)
    std::memcpy(out + first, source + (first - dx), static_cast<std::size_t>(end - first));
  for (int x = std::max(first, end); x < width; ++x) out[x] = edge ? at(width - 1) : std::uint8_t{0};
}

LATHE_MULTIVERSION
void blendLoop(const std::uint8_t* __restrict own, const std::uint8_t* __restrict other, float share, float rest,
               std::size_t count, std::uint8_t* __restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = nearestByte(share * static_cast<float>(own[i]) + rest * static_cast<float>(other[i]));
}

constexpr std::size_t channelsOfColour = 3;
constexpr std::size_t blockPixels = 1024;

}  // namespace

void copyMoved(const std::uint8_t* in, const ImageShape& shape, bool mirrorX, bool mirrorY, int dx, int dy,
               Border border, std::uint8_t* out) {
  for (int c = 0; c < shape.channels; ++c)
    for (int y = 0; y < shape.height; ++y) {
      std::uint8_t* line = out + (static_cast<std::ptrdiff_t>(c) * shape.height + y) * shape.width;
      const int from = inside(y - dy, shape.height, border);
      if (from < 0) {
        std::memset(line, 0, static_cast<std::size_t>(shape.width));
        continue;
      }
      const int row = mirrorY ? shape.height - 1 - from : from;
      const auto* source = in + (static_cast<std::ptrdiff_t>(c) * shape.height + row) * shape.width;
      copyMovedRow(source, shape.width, mirrorX, dx, border, line);
    }
}

Affine aboutMiddle(const ImageShape& shape, double degrees, double enlarge, double shearX, double shearY) {
  const double angle = degrees * std::numbers::pi / 180;
  const double along = std::cos(angle) / enlarge;
  const double across = std::sin(angle) / enlarge;
  Affine map;
  // With rows counted downwards, turning against the clock on the screen turns with it in these coordinates.
  map.xx = along - across * shearY;
  map.xy = along * shearX - across;
  map.yx = across + along * shearY;
  map.yy = along + across * shearX;
  const double middleX = (shape.width - 1) / 2.0;
  const double middleY = (shape.height - 1) / 2.0;
  map.x0 = middleX - map.xx * middleX - map.xy * middleY;
  map.y0 = middleY - map.yx * middleX - map.yy * middleY;
  return map;
}

void copyWarped(const std::uint8_t* in, const ImageShape& shape, const Affine& from, Border border, std::uint8_t* out,
                WarpSpace& space) {
  const int stride = shape.width + 3;
  const auto padded = static_cast<std::size_t>(stride) * static_cast<std::size_t>(shape.height + 3);
  const auto width = static_cast<std::size_t>(shape.width);
  if (space.padded.size() < padded * static_cast<std::size_t>(shape.channels))
    space.padded.resize(padded * static_cast<std::size_t>(shape.channels));
  if (space.places.size() < width) {
    space.places.resize(width);
    space.right.resize(width);
    space.down.resize(width);
  }
  for (int c = 0; c < shape.channels; ++c)
    pad(in + static_cast<std::size_t>(c) * shape.plane(), shape.height, shape.width, border,
        space.padded.data() + static_cast<std::size_t>(c) * padded);
  for (int y = 0; y < shape.height; ++y) {
    planRow(shape.width, static_cast<float>(from.xx), static_cast<float>(from.yx),
            static_cast<float>(from.xy * y + from.x0), static_cast<float>(from.yy * y + from.y0), -1.0F,
            static_cast<float>(shape.width), static_cast<float>(shape.height), stride, space.places.data(),
            space.right.data(), space.down.data());
    for (int c = 0; c < shape.channels; ++c)
      sampleRow(space.padded.data() + static_cast<std::size_t>(c) * padded, shape.width, stride, space.places.data(),
                space.right.data(), space.down.data(),
                out + (static_cast<std::ptrdiff_t>(c) * shape.height + y) * shape.width);
  }
}

void blend(const std::uint8_t* own, const std::uint8_t* other, float share, std::size_t count, std::uint8_t* out) {
  blendLoop(own, other, share, 1.0F - share, count, out);
}

void paste(const std::uint8_t* own, const std::uint8_t* other, const ImageShape& shape, const Rectangle& box,
           std::uint8_t* out) {
  std::memcpy(out, own, shape.size());
  for (int c = 0; c < shape.channels; ++c)
    for (int y = box.top; y < box.top + box.height; ++y) {
      const auto at = (static_cast<std::ptrdiff_t>(c) * shape.height + y) * shape.width + box.left;
      std::memcpy(out + at, other + at, static_cast<std::size_t>(box.width));
    }
}

void standardize(const std::uint8_t* in, const ImageShape& shape, const float* centre, const float* scale, float* out) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::size_t plane = shape.plane();
  if (channels == 1) return standardizePlane(in, plane, centre[0], scale[0], out);
  if (channels == channelsOfColour) {
    std::array<float, channelsOfColour * blockPixels> block;
    for (std::size_t first = 0; first < plane; first += blockPixels) {
      const std::size_t count = std::min(blockPixels, plane - first);
      for (std::size_t c = 0; c < channels; ++c)
        standardizePlane(in + c * plane + first, count, centre[c], scale[c], block.data() + c * blockPixels);
      interleaveThree(block.data(), blockPixels, count, out + first * channels);
    }
    return;
  }
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < plane; ++i)
      out[i * channels + c] = (static_cast<float>(in[c * plane + i]) - centre[c]) * scale[c];
}

}  // namespace lathe::engine

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/engine/augment_pixels.h"
#include "core/engine/multiversion.h"
#include "core/engine/nearest_byte.h"

namespace lathe::engine {
namespace {

constexpr float redShare = 0.299F;
constexpr float greenShare = 0.587F;
constexpr float blueShare = 0.114F;
constexpr int levels = 256;

using Histogram = std::array<std::size_t, levels>;
using Table = std::array<std::uint8_t, levels>;

LATHE_MULTIVERSION
void linearLoop(std::uint8_t* values, std::size_t count, float factor, float offset) {
  for (std::size_t i = 0; i < count; ++i) {
    const float value = static_cast<float>(values[i]) * factor + offset;
    values[i] = nearestByte(std::min(std::max(value, 0.0F), 255.0F));
  }
}

LATHE_MULTIVERSION
void saturationLoop(std::uint8_t* __restrict red, std::uint8_t* __restrict green, std::uint8_t* __restrict blue,
                    std::size_t count, float factor) {
  const float rest = 1.0F - factor;
  for (std::size_t i = 0; i < count; ++i) {
    const auto r = static_cast<float>(red[i]);
    const auto g = static_cast<float>(green[i]);
    const auto b = static_cast<float>(blue[i]);
    const float grey = rest * (redShare * r + greenShare * g + blueShare * b);
    red[i] = nearestByte(std::min(std::max(r * factor + grey, 0.0F), 255.0F));
    green[i] = nearestByte(std::min(std::max(g * factor + grey, 0.0F), 255.0F));
    blue[i] = nearestByte(std::min(std::max(b * factor + grey, 0.0F), 255.0F));
  }
}

// A channel of the colour with hue `sixths` (Smith 1978): it stands at `value` over two sixths of the circle, falls,
// stays at value - chroma over two, rises; `offset` is where its circle begins.
inline float channelOf(float offset, float sixths, float value, float chroma) {
  const float at = offset + sixths;
  const float place = at - 6.0F * std::floor(at / 6.0F);
  return value - chroma * std::min(std::max(std::min(place, 4.0F - place), 0.0F), 1.0F);
}

LATHE_MULTIVERSION
void hueLoop(std::uint8_t* __restrict red, std::uint8_t* __restrict green, std::uint8_t* __restrict blue,
             std::size_t count, float turnedSixths) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto r = static_cast<float>(red[i]);
    const auto g = static_cast<float>(green[i]);
    const auto b = static_cast<float>(blue[i]);
    const float value = std::max(std::max(r, g), b);
    const float chroma = value - std::min(std::min(r, g), b);
    const float perUnit = 1.0F / std::max(chroma, 1.0F);  // without chroma every difference is 0
    const float sixths = turnedSixths + (value == r   ? (g - b) * perUnit
                                         : value == g ? 2.0F + (b - r) * perUnit
                                                      : 4.0F + (r - g) * perUnit);
    red[i] = nearestByte(channelOf(5.0F, sixths, value, chroma));
    green[i] = nearestByte(channelOf(3.0F, sixths, value, chroma));
    blue[i] = nearestByte(channelOf(1.0F, sixths, value, chroma));
  }
}

LATHE_MULTIVERSION
void sharpnessRow(const std::uint8_t* __restrict above, const std::uint8_t* __restrict row,
                  const std::uint8_t* __restrict below, int width, float factor, std::uint8_t* __restrict out) {
  const float rest = (1.0F - factor) / 13.0F;
  for (int x = 1; x + 1 < width; ++x) {
    const int sum = above[x - 1] + above[x] + above[x + 1] + row[x - 1] + 5 * row[x] + row[x + 1] + below[x - 1] +
                    below[x] + below[x + 1];
    const float value = static_cast<float>(row[x]) * factor + static_cast<float>(sum) * rest;
    out[x] = nearestByte(std::min(std::max(value, 0.0F), 255.0F));
  }
}

LATHE_MULTIVERSION
void sumLoop(const std::uint8_t* values, std::size_t count, std::uint64_t* sum) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) total += values[i];
  *sum = total;
}

double meanOf(const std::uint8_t* values, std::size_t count) {
  std::uint64_t sum = 0;
  sumLoop(values, count, &sum);
  return static_cast<double>(sum) / static_cast<double>(count);
}

Histogram histogramOf(const std::uint8_t* values, std::size_t count) {
  Histogram histogram{};
  for (std::size_t i = 0; i < count; ++i) ++histogram[values[i]];
  return histogram;
}

void look(std::uint8_t* values, std::size_t count, const Table& table) {
  for (std::size_t i = 0; i < count; ++i) values[i] = table[values[i]];
}

}  // namespace

void changeBrightness(std::uint8_t* image, const ImageShape& shape, float factor) {
  linearLoop(image, shape.size(), factor, 0.0F);
}

void changeContrast(std::uint8_t* image, const ImageShape& shape, float factor) {
  const std::size_t plane = shape.plane();
  double grey = meanOf(image, plane);
  if (shape.channels == 3)
    grey = redShare * grey + greenShare * meanOf(image + plane, plane) + blueShare * meanOf(image + 2 * plane, plane);
  linearLoop(image, shape.size(), factor, static_cast<float>((1.0 - factor) * grey));
}

void changeSaturation(std::uint8_t* image, const ImageShape& shape, float factor) {
  if (shape.channels != 3) return;
  const std::size_t plane = shape.plane();
  saturationLoop(image, image + plane, image + 2 * plane, plane, factor);
}

void turnHue(std::uint8_t* image, const ImageShape& shape, float turn) {
  if (shape.channels != 3) return;
  const std::size_t plane = shape.plane();
  hueLoop(image, image + plane, image + 2 * plane, plane, 6.0F * turn);
}

void changeSharpness(const std::uint8_t* in, const ImageShape& shape, float factor, std::uint8_t* out) {
  std::memcpy(out, in, shape.size());
  const int width = shape.width;
  for (int c = 0; c < shape.channels; ++c)
    for (int y = 1; y + 1 < shape.height; ++y) {
      const auto at = (static_cast<std::ptrdiff_t>(c) * shape.height + y) * width;
      sharpnessRow(in + at - width, in + at, in + at + width, width, factor, out + at);
    }
}

void posterize(std::uint8_t* image, const ImageShape& shape, int bits) {
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - bits));
  for (std::size_t i = 0; i < shape.size(); ++i) image[i] = static_cast<std::uint8_t>(image[i] & mask);
}

void solarize(std::uint8_t* image, const ImageShape& shape, int threshold) {
  for (std::size_t i = 0; i < shape.size(); ++i)
    image[i] = static_cast<std::uint8_t>(image[i] >= threshold ? 255 - image[i] : image[i]);
}

void stretchContrast(std::uint8_t* image, const ImageShape& shape) {
  const std::size_t plane = shape.plane();
  for (int c = 0; c < shape.channels; ++c) {
    std::uint8_t* values = image + static_cast<std::size_t>(c) * plane;
    const auto [low, high] = std::minmax_element(values, values + plane);
    if (*low == *high) continue;
    const float factor = 255.0F / static_cast<float>(*high - *low);
    linearLoop(values, plane, factor, -static_cast<float>(*low) * factor);
  }
}

void equalize(std::uint8_t* image, const ImageShape& shape) {
  const std::size_t plane = shape.plane();
  for (int c = 0; c < shape.channels; ++c) {
    std::uint8_t* values = image + static_cast<std::size_t>(c) * plane;
    const auto histogram = histogramOf(values, plane);
    const auto last = std::find_if(histogram.rbegin(), histogram.rend(), [](std::size_t n) { return n > 0; });
    const std::size_t step = (plane - *last) / 255;
    if (step == 0) continue;
    Table table{};
    std::size_t sum = step / 2;
    for (std::size_t i = 0; i < levels; ++i) {
      table[i] = static_cast<std::uint8_t>(std::min<std::size_t>(sum / step, 255));
      sum += histogram[i];
    }
    look(values, plane, table);
  }
}

}  // namespace lathe::engine

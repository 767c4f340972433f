// SPDX-License-Identifier: GPL-3.0-or-later
// Each operation of the augmentation against a plain one, pixel by pixel.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "core/base/random.h"
#include "core/engine/augment_pixels.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::vector<ImageShape> shapes{{1, 1, 1}, {1, 28, 28}, {3, 5, 9}, {3, 32, 32}, {2, 1, 7}, {1, 6, 1}, {3, 13, 40}};

Bytes noise(const ImageShape& shape, std::uint64_t seed = 1) {
  Random random(seed, "pixels");
  Bytes image(shape.size());
  for (auto& value : image) value = static_cast<std::uint8_t>(random.below(256));
  return image;
}

int at(const Bytes& image, const ImageShape& shape, int c, int y, int x) {
  return image[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)];
}

/// The value at any place: black beyond the edge, or the edge's.
int valueAt(const Bytes& image, const ImageShape& shape, Border border, int c, int y, int x) {
  const bool outside = y < 0 || x < 0 || y >= shape.height || x >= shape.width;
  if (outside && border == Border::Black) return 0;
  return at(image, shape, c, std::clamp(y, 0, shape.height - 1), std::clamp(x, 0, shape.width - 1));
}

Bytes each(const ImageShape& shape, const std::function<double(int c, int y, int x)>& value) {
  Bytes out;
  for (int c = 0; c < shape.channels; ++c)
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x)
        out.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(value(c, y, x)), 0L, 255L)));
  return out;
}

/// The largest difference of two images; far too much when their sizes differ.
int apart(const Bytes& a, const Bytes& b) {
  if (a.size() != b.size()) return 999;
  int largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(int{a[i]} - int{b[i]}));
  return largest;
}

Bytes warped(const Bytes& image, const ImageShape& shape, const Affine& map, Border border) {
  Bytes out(shape.size(), 77);
  WarpSpace space;
  copyWarped(image.data(), shape, map, border, out.data(), space);
  return out;
}

/// Bilinear interpolation as it is defined, in double precision.
Bytes interpolated(const Bytes& image, const ImageShape& shape, const Affine& map, Border border) {
  return each(shape, [&](int c, int y, int x) {
    const double sx = map.xx * x + map.xy * y + map.x0;
    const double sy = map.yx * x + map.yy * y + map.y0;
    const int left = static_cast<int>(std::floor(sx));
    const int top = static_cast<int>(std::floor(sy));
    const double right = sx - left;
    const double down = sy - top;
    const auto value = [&](int dy, int dx) { return double(valueAt(image, shape, border, c, top + dy, left + dx)); };
    return (1 - down) * ((1 - right) * value(0, 0) + right * value(0, 1)) +
           down * ((1 - right) * value(1, 0) + right * value(1, 1));
  });
}

double greyOf(const Bytes& image, const ImageShape& shape, int y, int x) {
  if (shape.channels != 3) return at(image, shape, 0, y, x);
  return 0.299 * at(image, shape, 0, y, x) + 0.587 * at(image, shape, 1, y, x) + 0.114 * at(image, shape, 2, y, x);
}

}  // namespace

LATHE_TEST("augmentation: mirroring and moving are exact, also beyond the image") {
  for (const auto& shape : shapes) {
    const auto image = noise(shape);
    for (const auto border : {Border::Black, Border::Edge})
      for (const bool mirrorX : {false, true})
        for (const bool mirrorY : {false, true})
          for (const auto& [dx, dy] : {std::pair{0, 0}, {2, -1}, {-3, 4}, {50, 0}, {0, -50}, {1, 1}}) {
            Bytes out(shape.size(), 77);
            copyMoved(image.data(), shape, mirrorX, mirrorY, dx, dy, border, out.data());
            const auto mirrored = each(shape, [&](int c, int y, int x) {
              return at(image, shape, c, mirrorY ? shape.height - 1 - y : y, mirrorX ? shape.width - 1 - x : x);
            });
            CHECK(out == each(shape, [&, dx = dx, dy = dy](int c, int y, int x) {
                    return valueAt(mirrored, shape, border, c, y - dy, x - dx);
                  }));
          }
  }
}

LATHE_TEST("augmentation: turns by 0, 90 and 180 degrees are exact") {
  for (const auto& shape : shapes) {
    const auto image = noise(shape);
    CHECK(warped(image, shape, aboutMiddle(shape, 0, 1, 0, 0), Border::Black) == image);
    CHECK(warped(image, shape, aboutMiddle(shape, 180, 1, 0, 0), Border::Black) ==
          each(shape,
               [&](int c, int y, int x) { return at(image, shape, c, shape.height - 1 - y, shape.width - 1 - x); }));
    if (shape.height != shape.width) continue;
    // Against the clock: what was at the right comes to the top.
    CHECK(warped(image, shape, aboutMiddle(shape, 90, 1, 0, 0), Border::Black) ==
          each(shape, [&](int c, int y, int x) { return at(image, shape, c, x, shape.width - 1 - y); }));
    CHECK(warped(image, shape, aboutMiddle(shape, -90, 1, 0, 0), Border::Edge) ==
          each(shape, [&](int c, int y, int x) { return at(image, shape, c, shape.height - 1 - x, y); }));
  }
}

LATHE_TEST("augmentation: any affine map is bilinear interpolation") {
  for (const auto& shape : shapes) {
    const auto image = noise(shape);
    for (const auto border : {Border::Black, Border::Edge})
      for (const auto& map :
           {aboutMiddle(shape, 17, 1, 0, 0), aboutMiddle(shape, -133, 0.3, 0, 0), aboutMiddle(shape, 5, 1.7, 0, 0),
            aboutMiddle(shape, 0, 1, 0.99, 0), aboutMiddle(shape, 0, 1, 0, -0.5), Affine{1, 0, 100.5, 0, 1, -70.25},
            Affine{-1, 0, 3.5, 0, 1, 0}})
        // Single precision may round a half the other way.
        CHECK(apart(warped(image, shape, map, border), interpolated(image, shape, map, border)) <= 1);
  }
}

LATHE_TEST("augmentation: a zoom enlarges about the middle, a shear slants") {
  const ImageShape shape{1, 9, 9};
  Bytes image(shape.size(), 0);
  image[4 * 9 + 6] = 200;  // two to the right of the middle
  const auto larger = warped(image, shape, aboutMiddle(shape, 0, 2, 0, 0), Border::Black);
  CHECK_EQ(at(larger, shape, 0, 4, 8), 200);
  const auto turned = warped(image, shape, aboutMiddle(shape, 90, 1, 0, 0), Border::Black);
  CHECK_EQ(at(turned, shape, 0, 2, 4), 200);
  Bytes above(shape.size(), 0);
  above[2 * 9 + 4] = 200;
  const auto slanted = warped(above, shape, aboutMiddle(shape, 0, 1, 0.5, 0), Border::Black);
  CHECK_EQ(at(slanted, shape, 0, 2, 5), 200);
}

LATHE_TEST("augmentation: colour changes follow their formulas") {
  for (const auto& shape : shapes) {
    const auto image = noise(shape);
    double mean = 0;
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x) mean += greyOf(image, shape, y, x) / double(shape.plane());
    for (const double factor : {0.0, 0.3, 1.0, 1.6}) {
      auto bright = image;
      changeBrightness(bright.data(), shape, float(factor));
      CHECK(apart(bright, each(shape, [&](int c, int y, int x) { return factor * at(image, shape, c, y, x); })) <= 1);
      auto contrast = image;
      changeContrast(contrast.data(), shape, float(factor));
      CHECK(apart(contrast, each(shape, [&](int c, int y, int x) {
                    return factor * at(image, shape, c, y, x) + (1 - factor) * mean;
                  })) <= 1);
      auto saturated = image;
      changeSaturation(saturated.data(), shape, float(factor));
      CHECK(apart(saturated, each(shape, [&](int c, int y, int x) {
                    if (shape.channels != 3) return double(at(image, shape, c, y, x));
                    return factor * at(image, shape, c, y, x) + (1 - factor) * greyOf(image, shape, y, x);
                  })) <= 1);
      if (factor == 1.0) CHECK(bright == image && contrast == image && apart(saturated, image) == 0);
    }
  }
}

LATHE_TEST("augmentation: hue turns along the circle of colours") {
  // Pure red, orange, a dark sky blue and grey, each one pixel: [C,H,W].
  const ImageShape shape{3, 1, 4};
  const Bytes image{255, 255, 20, 90, 0, 128, 60, 90, 0, 0, 100, 90};
  const auto turned = [&](double turn) {
    auto result = image;
    turnHue(result.data(), shape, float(turn));
    return result;
  };
  CHECK(turned(0) == image);
  // A third turns red into green and green into blue, whatever the colour.
  CHECK(apart(turned(1.0 / 3),
              each(shape, [&](int c, int y, int x) { return double(at(image, shape, (c + 2) % 3, y, x)); })) <= 1);
  CHECK(apart(turned(-1.0 / 3),
              each(shape, [&](int c, int y, int x) { return double(at(image, shape, (c + 1) % 3, y, x)); })) <= 1);
  // A half gives the complement: the strongest channel becomes the weakest.
  CHECK(apart(turned(0.5), each(shape, [&](int c, int y, int x) {
                const auto of = [&](int k) { return at(image, shape, k, y, x); };
                return double(std::max({of(0), of(1), of(2)}) + std::min({of(0), of(1), of(2)}) - of(c));
              })) <= 1);
  Bytes grey(16, 7);
  turnHue(grey.data(), {1, 4, 4}, 0.3F);
  CHECK(grey == Bytes(16, 7));
}

LATHE_TEST("augmentation: sharpness mixes with a smoothed image, edges stay") {
  for (const auto& shape : shapes) {
    const auto image = noise(shape);
    for (const double factor : {0.0, 0.5, 1.0, 1.9}) {
      Bytes out(shape.size(), 77);
      changeSharpness(image.data(), shape, float(factor), out.data());
      CHECK(apart(out, each(shape, [&](int c, int y, int x) {
                    const double own = at(image, shape, c, y, x);
                    if (y == 0 || x == 0 || y == shape.height - 1 || x == shape.width - 1) return own;
                    double smooth = 4 * own;
                    for (int dy = -1; dy <= 1; ++dy)
                      for (int dx = -1; dx <= 1; ++dx) smooth += at(image, shape, c, y + dy, x + dx);
                    return factor * own + (1 - factor) * smooth / 13;
                  })) <= 1);
    }
  }
}

LATHE_TEST("augmentation: posterize, solarize and stretch by hand") {
  const ImageShape shape{1, 1, 4};
  Bytes image{0, 127, 128, 255};
  posterize(image.data(), shape, 2);
  CHECK(image == (Bytes{0, 64, 128, 192}));
  image = {0, 127, 128, 255};
  posterize(image.data(), shape, 8);
  CHECK(image == (Bytes{0, 127, 128, 255}));
  solarize(image.data(), shape, 128);
  CHECK(image == (Bytes{0, 127, 127, 0}));
  solarize(image.data(), shape, 256);
  CHECK(image == (Bytes{0, 127, 127, 0}));
  solarize(image.data(), shape, 0);
  CHECK(image == (Bytes{255, 128, 128, 255}));
  image = {100, 110, 120, 151};
  stretchContrast(image.data(), shape);
  CHECK(image == (Bytes{0, 50, 100, 255}));
  image = {9, 9, 9, 9};
  stretchContrast(image.data(), shape);
  CHECK(image == (Bytes{9, 9, 9, 9}));
}

LATHE_TEST("augmentation: equalize by hand, channel by channel") {
  // PIL: step = (pixels - count of the largest value) / 255 = 2, a table of (step / 2 + pixels below) / step.
  const ImageShape shape{2, 1, 520};
  Bytes image(shape.size(), 40);
  std::fill(image.begin(), image.begin() + 100, std::uint8_t{10});
  std::fill(image.begin() + 100, image.begin() + 300, std::uint8_t{20});
  std::fill(image.begin() + 300, image.begin() + 510, std::uint8_t{30});
  equalize(image.data(), shape);
  CHECK_EQ(int{image[0]}, 0);      // 1 / 2
  CHECK_EQ(int{image[100]}, 50);   // 101 / 2
  CHECK_EQ(int{image[300]}, 150);  // 301 / 2
  CHECK_EQ(int{image[510]}, 255);  // 511 / 2
  CHECK_EQ(int{image[520]}, 40);   // of one value only: as it was
}

LATHE_TEST("augmentation: blended and pasted images") {
  for (const auto& shape : shapes) {
    const auto own = noise(shape, 1);
    const auto other = noise(shape, 2);
    Bytes out(shape.size());
    blend(own.data(), other.data(), 0.7F, shape.size(), out.data());
    CHECK(apart(out, each(shape, [&](int c, int y, int x) {
                  return 0.7 * at(own, shape, c, y, x) + 0.3 * at(other, shape, c, y, x);
                })) <= 1);
    const Rectangle box{shape.height / 3, shape.width / 4, shape.height / 2, shape.width / 2};
    paste(own.data(), other.data(), shape, box, out.data());
    CHECK(out == each(shape, [&](int c, int y, int x) {
            const bool inside = y >= box.top && y < box.top + box.height && x >= box.left && x < box.left + box.width;
            return at(inside ? other : own, shape, c, y, x);
          }));
  }
}

LATHE_TEST("standardised pixels lie channels-last, with the bits of a difference and a product") {
  for (const auto& shape : shapes) {
    const auto image = noise(shape);
    const std::vector<float> centre{72.94F, 101.3F, 5.5F};
    const std::vector<float> scale{1 / 90.02F, 0.013F, 1};
    std::vector<float> out(shape.size());
    standardize(image.data(), shape, centre.data(), scale.data(), out.data());
    bool same = true;
    for (int c = 0; c < shape.channels; ++c)
      for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x) {
          const auto channel = static_cast<std::size_t>(c);
          const float expected = (float(at(image, shape, c, y, x)) - centre[channel]) * scale[channel];
          same = same && out[static_cast<std::size_t>((y * shape.width + x) * shape.channels + c)] == expected;
        }
    CHECK(same);
  }
}

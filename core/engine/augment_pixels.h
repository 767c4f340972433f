// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// What augmentation does to the pixels of one image. Images are uint8 [C,H,W] without gaps; `in` and `out` never
/// overlap unless one pointer is both. Every result is rounded to the nearest whole value and kept within 0..255.
/// Deterministic; no function allocates once its workspace has grown. Any thread.
namespace lathe::engine {

struct ImageShape {
  int channels = 0, height = 0, width = 0;
  [[nodiscard]] std::size_t plane() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
  [[nodiscard]] std::size_t size() const { return plane() * static_cast<std::size_t>(channels); }
};

struct Rectangle {
  int top = 0, left = 0, height = 0, width = 0;
};

/// What stands where a moved image has no pixel: 0, or the nearest pixel of its edge.
enum class Border : std::uint8_t { Black, Edge };

/// Memory that copyWarped() needs, one a thread.
struct WarpSpace {
  std::vector<std::uint8_t> padded;
  std::vector<std::int32_t> places;
  std::vector<float> right, down;
};

/// Mirrors, then moves right by dx and down by dy, pixel by pixel.
void copyMoved(const std::uint8_t* in, const ImageShape& shape, bool mirrorX, bool mirrorY, int dx, int dy,
               Border border, std::uint8_t* out);

/// Where the pixel (x, y) of the result comes from, in pixels, the centre of the first one being (0, 0).
struct Affine {
  double xx = 1, xy = 0, x0 = 0;  ///< source x = xx * x + xy * y + x0
  double yx = 0, yy = 1, y0 = 0;
};
/// Turned by so many degrees (against the clock), enlarged, and sheared (source x += shearX * y, source y += shearY *
/// x), all about the middle of the image.
[[nodiscard]] Affine aboutMiddle(const ImageShape& shape, double degrees, double enlarge, double shearX, double shearY);
/// The affine map, interpolated between four pixels.
void copyWarped(const std::uint8_t* in, const ImageShape& shape, const Affine& from, Border border, std::uint8_t* out,
                WarpSpace& space);

// The colour operations of torchvision and PIL. A factor of 1 leaves the image as it is.
/// x * factor.
void changeBrightness(std::uint8_t* image, const ImageShape& shape, float factor);
/// x * factor + (1 - factor) * mean of the grey image.
void changeContrast(std::uint8_t* image, const ImageShape& shape, float factor);
/// x * factor + (1 - factor) * grey, grey = 0.299 r + 0.587 g + 0.114 b (ITU-R BT.601); nothing without three channels.
void changeSaturation(std::uint8_t* image, const ImageShape& shape, float factor);
/// Turns the hue of HSV by `turn` circles (-0.5..0.5), value and saturation stay; nothing without three channels.
void turnHue(std::uint8_t* image, const ImageShape& shape, float turn);
/// x * factor + (1 - factor) * smooth, smooth by (1 1 1, 1 5 1, 1 1 1) / 13 inside, the image itself at its edges.
void changeSharpness(const std::uint8_t* in, const ImageShape& shape, float factor, std::uint8_t* out);
/// Keeps the `bits` (1..8) highest bits.
void posterize(std::uint8_t* image, const ImageShape& shape, int bits);
/// Inverts values from `threshold` on; 256 inverts none.
void solarize(std::uint8_t* image, const ImageShape& shape, int threshold);
/// Each channel's darkest value becomes 0, its brightest 255.
void stretchContrast(std::uint8_t* image, const ImageShape& shape);
/// Each channel's values are spread so that all are about as frequent, by PIL's ImageOps.equalize.
void equalize(std::uint8_t* image, const ImageShape& shape);

/// out = share * own + (1 - share) * other over `count` values.
void blend(const std::uint8_t* own, const std::uint8_t* other, float share, std::size_t count, std::uint8_t* out);
/// `own` with the rectangle of `other` in it.
void paste(const std::uint8_t* own, const std::uint8_t* other, const ImageShape& shape, const Rectangle& box,
           std::uint8_t* out);

/// (x - centre[c]) * scale[c] as float32 [H,W,C]: gathered and standardised in one pass, with the bits that the
/// primitive Standardize gives.
void standardize(const std::uint8_t* in, const ImageShape& shape, const float* centre, const float* scale, float* out);

}  // namespace lathe::engine

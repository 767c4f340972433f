// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pixels.h"

namespace lathe::ui {

QImage imageOf(const std::vector<std::uint8_t>& bytes, const spec::Shape& shape) {
  if (shape.size() != 3) return {};
  const auto channels = shape[0];
  const auto height = shape[1];
  const auto width = shape[2];
  const auto plane = height * width;
  if (plane <= 0 || static_cast<std::int64_t>(bytes.size()) < channels * plane) return {};
  const bool colour = channels == 3;
  QImage image(static_cast<int>(width), static_cast<int>(height),
               colour ? QImage::Format_RGB888 : QImage::Format_Grayscale8);
  for (std::int64_t y = 0; y < height; ++y) {
    auto* line = image.scanLine(static_cast<int>(y));
    for (std::int64_t x = 0; x < width; ++x) {
      const auto at = static_cast<std::size_t>(y * width + x);
      if (colour)
        for (std::size_t c = 0; c < 3; ++c)
          line[3 * x + static_cast<std::int64_t>(c)] = bytes[c * static_cast<std::size_t>(plane) + at];
      else
        line[x] = bytes[at];
    }
  }
  return image;
}

}  // namespace lathe::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_planes.h"

#include <opencv2/imgproc.hpp>

#include "core/data/image_bytes.h"

namespace lathe::data {
namespace {

cv::Mat resized(const cv::Mat& image, int height, int width) {
  if (image.rows == height && image.cols == width) return image;
  cv::Mat out;
  const bool smaller = height < image.rows || width < image.cols;
  cv::resize(image, out, cv::Size(width, height), 0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

}  // namespace

ImageColours coloursFor(const spec::Shape& shape) { return shape[0] == 1 ? ImageColours::Grey : ImageColours::Colour; }

void intoPlanes(const cv::Mat& image, const spec::Shape& shape, std::uint8_t* out) {
  const auto channels = static_cast<int>(shape[0]);
  const cv::Mat sized = resized(image, static_cast<int>(shape[1]), static_cast<int>(shape[2]));
  const auto plane = static_cast<std::size_t>(sized.rows) * static_cast<std::size_t>(sized.cols);
  std::size_t at = 0;
  for (int y = 0; y < sized.rows; ++y) {
    const std::uint8_t* line = sized.ptr<std::uint8_t>(y);
    for (int x = 0; x < sized.cols; ++x, ++at)
      for (int c = 0; c < channels; ++c)
        out[static_cast<std::size_t>(c) * plane + at] = line[x * channels + (channels - 1 - c)];
  }
}

std::optional<std::vector<std::uint8_t>> imagePixels(std::string_view content, const spec::Shape& shape) {
  const cv::Mat image = decodeImageContent(std::string(content), coloursFor(shape));
  if (image.empty()) return std::nullopt;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(spec::elementCount(shape)));
  intoPlanes(image, shape, pixels.data());
  return pixels;
}

}  // namespace lathe::data

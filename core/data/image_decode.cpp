// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_decode.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <utility>
#include <zlib.h>

#include "core/base/files.h"

namespace lathe::data {
namespace {

constexpr std::uintmax_t largestImageFile = std::uintmax_t{256} << 20;
constexpr std::uint64_t mostPixels = 120'000'000;

/// Numbers within a file; 0 behind its end.
struct Bytes {
  std::string_view content;

  [[nodiscard]] std::uint64_t at(std::size_t i) const {
    return i < content.size() ? static_cast<std::uint64_t>(static_cast<unsigned char>(content[i])) : 0U;
  }
  [[nodiscard]] std::uint64_t big(std::size_t from, std::size_t count) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | at(from + i);
    return value;
  }
  [[nodiscard]] std::uint64_t little(std::size_t from, std::size_t count) const {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | at(from + i);
    return value;
  }
};

bool soundHeader(const Bytes& bytes) {
  const auto depth = bytes.at(24);
  const bool common = depth == 8 || depth == 16;
  const bool small = depth == 1 || depth == 2 || depth == 4;
  const bool rest = bytes.at(26) == 0 && bytes.at(27) == 0 && bytes.at(28) <= 1;
  const std::uint64_t width = bytes.big(16, 4);
  const std::uint64_t height = bytes.big(20, 4);
  if (!rest || width == 0 || height == 0 || width > mostPixels || width * height > mostPixels) return false;
  switch (bytes.at(25)) {
    case 0:
      return common || small;
    case 3:
      return small || depth == 8;
    case 2:
    case 4:
    case 6:
      return common;
    default:
      return false;
  }
}

CheckedImage checkPng(const std::string& content) {
  const Bytes bytes{content};
  static constexpr std::array<std::string_view, 5> wanted{"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};
  CheckedImage checked;
  if (!soundHeader(bytes) || content.compare(12, 4, "IHDR") != 0 || bytes.big(8, 4) != 13) return checked;
  const auto colourType = bytes.at(25);
  checked.alpha = colourType == 4 || colourType == 6;
  checked.grey = colourType == 4;
  std::string kept = content.substr(0, 8);
  bool data = false;
  for (std::size_t at = 8; at + 12 <= content.size();) {
    const auto length = bytes.big(at, 4);
    if (length > content.size() - at - 12) return {};
    const auto whole = static_cast<std::size_t>(length) + 12;
    const std::string_view name = std::string_view(content).substr(at + 4, 4);
    if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) {
      const auto crc = crc32(0, reinterpret_cast<const Bytef*>(content.data() + at + 4), static_cast<uInt>(length + 4));
      if (crc != bytes.big(at + 8 + static_cast<std::size_t>(length), 4)) return {};
      kept.append(content, at, whole);
      data = data || name == "IDAT";
      checked.alpha = checked.alpha || (name == "tRNS" && colourType == 3);
      if (name == "IEND") {
        if (data) checked.content = std::move(kept);
        return checked;
      }
    }
    at += whole;
  }
  return {};
}

// From marker to marker, through the coded scans, to the end marker.
CheckedImage checkJpeg(std::string content) {
  const Bytes bytes{content};
  bool scanned = false;
  for (std::size_t at = 2; at + 1 < content.size();) {
    if (bytes.at(at) != 0xff) return {};
    const auto marker = bytes.at(at + 1);
    if (marker == 0xff) {
      ++at;
      continue;
    }
    if (marker == 0xd9) {
      CheckedImage checked;
      if (scanned) checked.content = std::move(content);
      return checked;
    }
    const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame && bytes.big(at + 5, 2) * bytes.big(at + 7, 2) > mostPixels) return {};
    const auto length = bytes.big(at + 2, 2);
    if (length < 2) return {};
    at += 2 + static_cast<std::size_t>(length);
    if (marker != 0xda) continue;
    scanned = true;
    // Coded data: a marker is 0xff before anything but 0 and the restart markers.
    for (; at + 1 < content.size(); ++at)
      if (bytes.at(at) == 0xff && bytes.at(at + 1) != 0 && (bytes.at(at + 1) < 0xd0 || bytes.at(at + 1) > 0xd7)) break;
  }
  return {};
}

CheckedImage checkBmp(std::string content) {
  const Bytes bytes{content};
  const std::uint64_t width = bytes.little(18, 4);
  // A negative height means that the rows start at the top.
  const auto height =
      static_cast<std::uint64_t>(std::abs(static_cast<std::int64_t>(static_cast<std::int32_t>(bytes.little(22, 4)))));
  const auto bits = bytes.little(28, 2);
  const auto compression = bytes.little(30, 4);
  if (content.size() < 54 || width == 0 || height == 0 || width > mostPixels || width * height > mostPixels) return {};
  const std::uint64_t needed = bytes.little(10, 4) + (width * bits + 31) / 32 * 4 * height;
  const bool packed = compression == 1 || compression == 2;
  CheckedImage checked;
  if (bits > 0 && bits <= 32 && (packed || content.size() >= needed)) checked.content = std::move(content);
  return checked;
}

void append(std::string& out, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

// The first picture of a moving WebP as a file of its own.
std::string firstPicture(const std::string& content) {
  const Bytes bytes{content};
  for (std::size_t at = 12; at + 8 <= content.size();) {
    const auto size = static_cast<std::size_t>(bytes.little(at + 4, 4));
    if (size > content.size() - at - 8) return {};
    if (content.compare(at, 4, "ANMF") == 0 && size > 16 + 8) {
      const std::string picture = content.substr(at + 24, size - 16);
      std::string body = "WEBP";
      if (picture.starts_with("ALPH")) {
        body += "VP8X";
        append(body, 10, 4);
        append(body, 0x10, 4);
        body += content.substr(at + 14, 6);
      }
      body += picture;
      std::string out = "RIFF";
      append(out, body.size(), 4);
      return out + body;
    }
    at += 8 + size + size % 2;
  }
  return {};
}

CheckedImage checkWebp(std::string content) {
  const Bytes bytes{content};
  if (content.size() < 30 || bytes.little(4, 4) + 8 > content.size()) return {};
  const std::string kind = content.substr(12, 4);
  CheckedImage checked;
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  if (kind == "VP8X") {
    width = bytes.little(24, 3) + 1;
    height = bytes.little(27, 3) + 1;
    checked.alpha = (bytes.at(20) & 0x10) != 0;
  } else if (kind == "VP8L") {
    width = (bytes.little(21, 4) & 0x3fff) + 1;
    height = (bytes.little(21, 4) >> 14 & 0x3fff) + 1;
    checked.alpha = (bytes.little(21, 4) >> 28 & 1) != 0;
  } else if (kind == "VP8 ") {
    width = bytes.little(26, 2) & 0x3fff;
    height = bytes.little(28, 2) & 0x3fff;
  }
  if (width == 0 || height == 0 || width * height > mostPixels) return {};
  checked.content = kind == "VP8X" && (bytes.at(20) & 2) != 0 ? firstPicture(content) : std::move(content);
  return checked;
}

// 8 or 16 bits with alpha, put on white.
cv::Mat onWhite(const cv::Mat& image) {
  cv::Mat deep;
  image.convertTo(deep, CV_32F, image.depth() == CV_16U ? 1.0 / 65535 : 1.0 / 255);
  cv::Mat out(image.rows, image.cols, CV_8UC3);
  for (int y = 0; y < deep.rows; ++y) {
    const auto* from = deep.ptr<cv::Vec4f>(y);
    auto* to = out.ptr<cv::Vec3b>(y);
    for (int x = 0; x < deep.cols; ++x)
      for (int c = 0; c < 3; ++c) to[x][c] = cv::saturate_cast<std::uint8_t>(255 * (1 - from[x][3] * (1 - from[x][c])));
  }
  return out;
}

cv::Mat decodeChecked(const CheckedImage& checked, ImageColours colours) {
  const cv::Mat bytes(1, static_cast<int>(checked.content.size()), CV_8U, const_cast<char*>(checked.content.data()));
  if (checked.alpha) {
    const cv::Mat image = cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
    if (image.channels() == 4 && (image.depth() == CV_8U || image.depth() == CV_16U)) {
      cv::Mat coloured = onWhite(image);
      if (colours == ImageColours::Colour || (colours == ImageColours::Any && !checked.grey)) return coloured;
      cv::Mat grey;
      cv::cvtColor(coloured, grey, cv::COLOR_BGR2GRAY);
      return grey;
    }
  }
  return cv::imdecode(bytes, colours == ImageColours::Grey     ? cv::IMREAD_GRAYSCALE
                             : colours == ImageColours::Colour ? cv::IMREAD_COLOR
                                                               : cv::IMREAD_ANYCOLOR);
}

}  // namespace

CheckedImage checkImage(std::string content) {
  if (content.starts_with("\x89PNG\r\n\x1a\n")) return checkPng(content);
  if (content.starts_with("\xff\xd8\xff")) return checkJpeg(std::move(content));
  if (content.starts_with("BM")) return checkBmp(std::move(content));
  if (content.size() > 12 && content.starts_with("RIFF") && content.compare(8, 4, "WEBP") == 0)
    return checkWebp(std::move(content));
  return {};
}

cv::Mat decodeImage(const std::filesystem::path& file, ImageColours colours) {
  auto content = readFile(file, largestImageFile);
  return content ? decodeImageContent(std::move(*content), colours) : cv::Mat();
}

cv::Mat decodeImageContent(std::string content, ImageColours colours) {
  const auto checked = checkImage(std::move(content));
  if (checked.content.empty()) return {};
  try {
    cv::Mat image = decodeChecked(checked, colours);
    if (image.depth() != CV_8U || (image.channels() != 1 && image.channels() != 3)) return {};
    return image;
  } catch (const cv::Exception&) {
    return {};
  }
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>

/// Image files of strangers, checked before a decoder sees them: decoders reserve what a header claims, show half of a
/// cut file as if it were whole, and write their complaints to standard error.
namespace lathe::data {

/// What a decoder is given.
struct CheckedImage {
  std::string content;  ///< empty: cut, damaged, of another format, or of more than 120 million pixels
  bool alpha = false;
  bool grey = false;  ///< PNG: grey with alpha
};

/// PNG: every chunk that matters is there and sound, the others are dropped. JPEG: ends in its end marker. BMP: as long
/// as its header says. WebP: as long as its header says; of a moving one the first picture.
[[nodiscard]] CheckedImage checkImage(std::string content);

enum class ImageColours : std::uint8_t { Any, Grey, Colour };

/// Decoded to 8 bits with 1 (grey) or 3 channels (BGR), turned as EXIF says, transparent parts on white; empty when it
/// is no sound image. Any: grey where the file is.
[[nodiscard]] cv::Mat decodeImage(const std::filesystem::path& file, ImageColours colours);
/// The same of a file's content.
[[nodiscard]] cv::Mat decodeImageContent(std::string content, ImageColours colours);

}  // namespace lathe::data

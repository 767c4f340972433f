// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <opencv2/imgcodecs.hpp>
#include <unistd.h>
#include <zlib.h>

#include "core/base/files.h"
#include "core/data/image_decode.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;
using data::decodeImage;
using data::ImageColours;

namespace {

namespace fs = std::filesystem;

std::string big(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string chunk(const std::string& name, const std::string& content) {
  const auto body = name + content;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big(static_cast<std::uint32_t>(content.size())) + body + big(static_cast<std::uint32_t>(crc));
}

/// A PNG whose rows of bytes are all alike.
std::string png(int width, int height, char depth, char colourType, const std::string& row,
                const std::string& extra = {}) {
  std::string raw;
  for (int y = 0; y < height; ++y) raw += '\0' + row;
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
           static_cast<uLong>(raw.size()));
  packed.resize(size);
  const std::string header = big(static_cast<std::uint32_t>(width)) + big(static_cast<std::uint32_t>(height)) +
                             std::string{depth, colourType, 0, 0, 0};
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + extra + chunk("IDAT", packed) + chunk("IEND", "");
}

std::string encoded(const char* ending, const cv::Mat& image) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(ending, image, bytes);
  return {bytes.begin(), bytes.end()};
}

cv::Mat decoded(const std::string& bytes, ImageColours colours = ImageColours::Colour) {
  const TempFolder folder;
  writeBytes(folder / "image", bytes);
  return decodeImage(folder / "image", colours);
}

/// The blue, green and red of one pixel.
std::vector<int> pixel(const cv::Mat& image, int x, int y) {
  if (image.empty() || image.channels() != 3) return {};
  const auto& at = image.at<cv::Vec3b>(y, x);
  return {at[0], at[1], at[2]};
}

bool near(const std::vector<int>& a, const std::vector<int>& b, int distance) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::abs(a[i] - b[i]) > distance) return false;
  return true;
}

std::string fromHex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(std::strtol(text.substr(i, 2).c_str(), nullptr, 16));
  return bytes;
}

/// What is written to standard error while it lives.
class ErrorOutput {
 public:
  ErrorOutput() : m_saved(dup(2)) {
    const int file = open((m_folder / "errors").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(file, 2);
    close(file);
  }
  ~ErrorOutput() { restore(); }
  ErrorOutput(const ErrorOutput&) = delete;
  ErrorOutput& operator=(const ErrorOutput&) = delete;
  std::string text() {
    restore();
    return readFile(m_folder / "errors").value_or("unreadable");
  }

 private:
  void restore() {
    if (m_saved < 0) return;
    dup2(m_saved, 2);
    close(m_saved);
    m_saved = -1;
  }
  TempFolder m_folder;
  int m_saved;
};

// Red, 8 x 8, in cyan, magenta, yellow and black as Adobe's programs write it.
const char* cmykRed =
    "ffd8ffee000e41646f626500640000000000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d"
    "3c3933383740485c4e404457453738506d51575f626768673e4d71797064785c656763ffc000140800080008044311004d110059"
    "11004b1100ffc40014000100000000000000000000000000000007ffc40014100100000000000000000000000000000000ffda00"
    "0e0443004d0059004b00003f00401f8fc80fffd9";

void writeGood(const fs::path& path, const cv::Scalar& colour = {10, 20, 30}) {
  writeBytes(path, encoded(".png", cv::Mat(8, 8, CV_8UC3, colour)));
}

spec::DataProfile profileOf(const fs::path& folder) {
  const auto source = data::openData(folder, {});
  if (!source) throw std::runtime_error(source.error().sentence());
  auto profile = (*source)->profile({});
  if (!profile) throw std::runtime_error(profile.error().sentence());
  return *profile;
}

}  // namespace

LATHE_TEST("a JPEG is turned as EXIF says") {
  cv::Mat wide(8, 32, CV_8UC3, cv::Scalar(0, 0, 255));
  wide.colRange(0, 16).setTo(cv::Scalar(255, 0, 0));
  const auto jpeg = encoded(".jpg", wide);
  // Orientation 6: turn it a quarter to the right.
  const std::string exif = std::string(
      "\xff\xe1\x00\x22"
      "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
      36);
  const auto turned = decoded(jpeg.substr(0, 2) + exif + jpeg.substr(2));
  REQUIRE(!turned.empty());
  CHECK_EQ(turned.rows, 32);
  CHECK_EQ(turned.cols, 8);
  CHECK(near(pixel(turned, 4, 2), {255, 0, 0}, 12));
  CHECK(near(pixel(turned, 4, 29), {0, 0, 255}, 12));
}

LATHE_TEST("CMYK, 16 bits, palettes, and grey with alpha show their colours") {
  CHECK(near(pixel(decoded(fromHex(cmykRed)), 4, 4), {0, 0, 255}, 12));
  const auto deep = decoded(encoded(".png", cv::Mat(4, 4, CV_16UC3, cv::Scalar(65535, 32896, 0))));
  CHECK(near(pixel(deep, 1, 1), {255, 128, 0}, 1));
  const auto palette = png(2, 2, 8, 3, std::string("\0\1", 2), chunk("PLTE", "\xc8\x01\x02\x03\x04\x96"));
  CHECK(pixel(decoded(palette), 0, 0) == (std::vector<int>{2, 1, 200}));
  CHECK(pixel(decoded(palette), 1, 0) == (std::vector<int>{150, 4, 3}));
  const auto greyAlpha = png(2, 2, 8, 4, std::string("\x40\xff\x40\x00", 4));
  const auto grey = decoded(greyAlpha, ImageColours::Any);
  REQUIRE(grey.channels() == 1);
  CHECK_EQ(static_cast<int>(grey.at<std::uint8_t>(0, 0)), 0x40);
  CHECK_EQ(static_cast<int>(grey.at<std::uint8_t>(0, 1)), 255);
  CHECK_EQ(decoded(png(3, 2, 1, 0, "\xa0"), ImageColours::Any).channels(), 1);
}

LATHE_TEST("transparent parts are white, half transparent ones half white") {
  cv::Mat image(1, 3, CV_8UC4);
  image.at<cv::Vec4b>(0, 0) = {0, 0, 0, 0};
  image.at<cv::Vec4b>(0, 1) = {0, 0, 200, 255};
  image.at<cv::Vec4b>(0, 2) = {0, 0, 0, 128};
  const auto shown = decoded(encoded(".png", image));
  CHECK(pixel(shown, 0, 0) == (std::vector<int>{255, 255, 255}));
  CHECK(pixel(shown, 1, 0) == (std::vector<int>{0, 0, 200}));
  CHECK(near(pixel(shown, 2, 0), {127, 127, 127}, 1));
  const auto palette = png(2, 1, 8, 3, std::string("\0\1", 2),
                           chunk("PLTE", "\xc8\x01\x02\x03\x04\x96") + chunk("tRNS", std::string("\0", 1)));
  CHECK(pixel(decoded(palette), 0, 0) == (std::vector<int>{255, 255, 255}));
  CHECK(pixel(decoded(palette), 1, 0) == (std::vector<int>{150, 4, 3}));
}

LATHE_TEST("of a moving WebP the first picture is taken") {
  const auto still = encoded(".webp", cv::Mat(16, 16, CV_8UC3, cv::Scalar(200, 0, 0)));
  const auto little = [](std::size_t value, int count) {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return bytes;
  };
  const std::string frame =
      std::string(6, '\0') + little(15, 3) + little(15, 3) + little(100, 3) + '\0' + still.substr(12);
  const std::string body = "WEBPVP8X" + little(10, 4) + little(2, 4) + little(15, 3) + little(15, 3) + "ANIM" +
                           little(6, 4) + std::string(6, '\0') + "ANMF" + little(frame.size(), 4) + frame;
  CHECK(near(pixel(decoded("RIFF" + little(body.size(), 4) + body), 8, 8), {200, 0, 0}, 12));
}

LATHE_TEST("cut, empty and damaged files are counted in one sentence, the rest is used, and nothing else is written") {
  const TempFolder folder;
  const cv::Mat image(64, 64, CV_8UC3, cv::Scalar(1, 200, 3));
  const auto damaged = [](std::string bytes, std::size_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    return bytes;
  };
  for (const char* label : {"a", "b"}) {
    writeBytes(folder / label / "good.png", encoded(".png", image));
    writeBytes(folder / label / "good.jpg", encoded(".jpg", image));
  }
  // A colour profile that the PNG library would complain about.
  writeBytes(folder / "a" / "profile.png",
             png(2, 1, 8, 2, "abcdef", chunk("iCCP", std::string("sRGB\0\0nonsense", 14))));
  for (const char* ending : {".png", ".jpg", ".bmp", ".webp"}) {
    const auto whole = encoded(ending, image);
    writeBytes(folder / "b" / (std::string("cut") + ending), whole.substr(0, whole.size() / 2));
    writeBytes(folder / "b" / (std::string("zero") + ending), "");
    writeBytes(folder / "b" / (std::string("head") + ending), whole.substr(0, 20));
  }
  writeBytes(folder / "b" / "damaged.png", damaged(encoded(".png", image), 60));
  writeBytes(folder / "b" / "text.png", "this is no image");
  for (const char* start : {"RIFF", "BM", "\xff\xd8\xff", "\x89PNG\r\n\x1a\n"})
    writeBytes(folder / "b" / (std::to_string(std::string(start).size()) + "-bytes.bmp"), start);
  ErrorOutput errors;
  const auto seen = profileOf(folder.path());
  CHECK_EQ(errors.text(), std::string());
  CHECK_EQ(seen.rows, std::int64_t{5});
  CHECK(warns(seen, "data.broken_images", "18 images"));
}

LATHE_TEST("hidden files, thumbnails and notes are no images; other formats and stray images are named") {
  const TempFolder folder;
  writeGood(folder / "a" / "1.png");
  writeGood(folder / "a" / "2.PNG");
  writeGood(folder / "b" / "1.png");
  writeGood(folder / "b" / ".hidden.png");
  writeGood(folder / ".cache" / "1.png");
  writeGood(folder / "__MACOSX" / "a" / "1.png");
  writeBytes(folder / "a" / "Thumbs.db", "x");
  writeBytes(folder / "a" / "moving.gif", "GIF89a");
  writeBytes(folder / "b" / "scan.TIFF", "II*");
  writeGood(folder / "beside.png");
  const auto profile = profileOf(folder.path());
  CHECK_EQ(profile.rows, std::int64_t{3});
  CHECK(profile.classes == (std::vector<std::string>{"a", "b"}));
  CHECK(warns(profile, "data.other_images", "2 images of formats that Lathe does not read are left out: .gif, .tiff"));
  CHECK(warns(profile, "data.stray_images", "1 images"));
  CHECK(warns(profile, "data.single_row_class", "b"));
  CHECK(!warns(profile, "data.broken_images"));
}

LATHE_TEST("folders within a class belong to it, and links are followed once") {
  const TempFolder folder;
  const TempFolder elsewhere;
  writeGood(elsewhere / "there" / "1.png");
  writeGood(folder / "a" / "deep" / "er" / "1.png");
  writeGood(folder / "a" / "2.png");
  writeGood(folder / "b" / "1.png");
  fs::create_directory_symlink(folder.path() / "a", folder / "a" / "loop");
  fs::create_directory_symlink(elsewhere / "there", folder / "c");
  fs::create_symlink(folder / "a" / "2.png", folder / "b" / "link.png");
  fs::create_symlink(folder / "nowhere.png", folder / "b" / "dangling.png");
  const auto profile = profileOf(folder.path());
  CHECK(profile.classes == (std::vector<std::string>{"a", "b", "c"}));
  CHECK(profile.classCounts == (std::vector<std::int64_t>{2, 2, 1}));
  CHECK(warns(profile, "data.broken_images", "b/dangling.png"));
}

LATHE_TEST("train, val and test folders, within a wrapping one or not, make the parts") {
  const TempFolder folder;
  const auto fill = [&](const std::string& part, int count) {
    for (int i = 0; i < count; ++i)
      for (const char* label : {"cat", "dog"})
        writeGood(folder / "set" / part / label / (std::to_string(i) + ".png"), {double(i), 5, 9});
  };
  fill("Train", 6);
  fill("val", 2);
  const auto two = profileOf(folder.path());
  CHECK_EQ(two.rows, std::int64_t{12});
  CHECK_EQ(two.testRows, std::int64_t{4});
  CHECK(warns(two, "data.validation_as_test", "val"));
  fill("test", 3);
  const auto three = profileOf(folder / "set");
  CHECK_EQ(three.rows, std::int64_t{16});
  CHECK_EQ(three.testRows, std::int64_t{6});
  CHECK(warns(three, "data.validation_joined", "val"));
}

LATHE_TEST("a folder of images in another format only is refused with the formats that are read") {
  const TempFolder folder;
  writeBytes(folder / "a" / "1.gif", "GIF89a");
  const auto source = data::openData(folder.path(), {});
  REQUIRE(!source);
  CHECK_EQ(source.error().code, std::string("data.no_images"));
  CHECK(source.error().sentence().find("PNG, JPEG, BMP or WebP") != std::string::npos);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <opencv2/imgcodecs.hpp>

#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

std::string idx(const std::vector<std::uint32_t>& shape, const std::string& content) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(shape.size())};
  for (const auto size : shape)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 0xff);
  return bytes + content;
}

std::string pixels(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i * 7 % 251);
  return bytes;
}

std::string labels(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 2 == 0 ? 10 : 2);
  return bytes;
}

void writeImage(const std::filesystem::path& path, int height, int width, const cv::Scalar& colour) {
  std::filesystem::create_directories(path.parent_path());
  cv::imwrite(path.string(), cv::Mat(height, width, CV_8UC3, colour));
}

}  // namespace

LATHE_TEST("IDX folders give images, numbered classes and the test split of t10k") {
  const TempFolder folder;
  writeBytes(folder / "train-images-idx3-ubyte.gz", gzipped(idx({40, 4, 5}, pixels(800))));
  writeBytes(folder / "train-labels-idx1-ubyte", idx({40}, labels(40)));
  writeBytes(folder / "t10k-images-idx3-ubyte", idx({6, 4, 5}, pixels(120)));
  writeBytes(folder / "t10k-labels-idx1-ubyte", idx({6}, labels(6)));
  const auto source = data::openData(folder.path(), {});
  REQUIRE_OK(source);
  const auto profile = (*source)->profile({});
  REQUIRE_OK(profile);
  CHECK_EQ(profile->format, std::string("idx"));
  CHECK_EQ(profile->rows, std::int64_t{40});
  CHECK_EQ(profile->testRows, std::int64_t{6});
  CHECK(profile->imageShape == (spec::Shape{1, 4, 5}));
  CHECK(profile->classes == (std::vector<std::string>{"2", "10"}));
  const auto dataset = (*source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->pixels.size(), std::size_t{46 * 20});
  CHECK_EQ(dataset->pixels[21], std::uint8_t{21 * 7 % 251});
  CHECK_EQ(dataset->split.validation.size(), std::size_t{4});
  CHECK(dataset->split.test == (std::vector<std::uint32_t>{40, 41, 42, 43, 44, 45}));
  CHECK_EQ(dataset->classes[0], 1);
  CHECK_EQ((*source)->cell(1, 1), std::string("2"));
  CHECK_EQ((*source)->image(45)->size(), std::size_t{20});
}

LATHE_TEST("damaged IDX files are refused by name") {
  const auto codeOf = [](const std::string& images, const std::string& labelFile) {
    const TempFolder folder;
    writeBytes(folder / "train-images-idx3-ubyte.gz", images);
    writeBytes(folder / "train-labels-idx1-ubyte.gz", labelFile);
    const auto source = data::openData(folder.path(), {});
    return source ? std::string() : source.error().code;
  };
  const auto good = gzipped(idx({10, 3, 3}, pixels(90)));
  const auto goodLabels = gzipped(idx({10}, labels(10)));
  CHECK_EQ(codeOf(good, goodLabels), std::string());
  CHECK_EQ(codeOf(good.substr(0, good.size() / 2), goodLabels), std::string("data.truncated_gz"));
  CHECK_EQ(codeOf(gzipped(idx({10, 3, 3}, pixels(80))), goodLabels), std::string("data.damaged_idx"));
  CHECK_EQ(codeOf(gzipped(idx({0xffffffff, 0xffffffff, 0xffffffff}, pixels(80))), goodLabels),
           std::string("data.damaged_idx"));
  CHECK_EQ(codeOf(good, gzipped(idx({9}, labels(9)))), std::string("data.idx_mismatch"));
  CHECK_EQ(codeOf("not idx at all", goodLabels), std::string("data.not_idx"));
}

LATHE_TEST("a folder per class is decoded, resized, and broken images are left out and named") {
  const TempFolder folder;
  for (int i = 0; i < 6; ++i) {
    writeImage(folder / "cat" / (std::to_string(i) + ".png"), 32, 16, {0, 0, 200});
    writeImage(folder / "dog" / (std::to_string(i) + (i % 2 == 0 ? ".jpg" : ".bmp")), 32, 16, {200, 0, 0});
  }
  writeImage(folder / "dog" / "w.webp", 32, 16, {200, 0, 0});
  writeBytes(folder / "cat" / "broken.png", "\x89PNG\r\n\x1a\n and then nothing");
  writeBytes(folder / "cat" / "notes.txt", "not an image");
  spec::DataSpec spec;
  spec.preprocessing.imageSize = 8;
  const auto source = data::openData(folder.path(), spec);
  REQUIRE_OK(source);
  const auto profile = (*source)->profile(spec);
  REQUIRE_OK(profile);
  CHECK_EQ(profile->rows, std::int64_t{13});
  CHECK(warns(*profile, "data.broken_images", "cat/broken.png"));
  const auto dataset = (*source)->dataset(spec);
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.inputShape == (spec::Shape{3, 8, 4}));
  CHECK(dataset->schema.target.classes == (std::vector<std::string>{"cat", "dog"}));
  CHECK_EQ(dataset->pixels[0], std::uint8_t{200});  // red plane of a red image
  CHECK_EQ(dataset->pixels[32], std::uint8_t{0});
  spec.preprocessing.imageSize = 0;
  const auto larger = (*source)->dataset(spec);
  REQUIRE_OK(larger);
  CHECK(larger->schema.inputShape == (spec::Shape{3, 64, 32}));
  const auto encoded = (*source)->encode(dataset->schema, spec);
  REQUIRE_OK(encoded);
  CHECK(encoded->pixels == dataset->pixels);
}

LATHE_TEST("an image whose header claims more pixels than memory holds counts as broken") {
  const TempFolder folder;
  writeImage(folder / "a" / "good.png", 8, 8, {1, 2, 3});
  writeImage(folder / "b" / "good.png", 8, 8, {1, 2, 3});
  std::string png = "\x89PNG\r\n\x1a\n";
  png += {'\0', '\0',   '\0',   '\x0d', 'I',  'H',    'D',    'R',    '\0',
          '\0', '\x75', '\x30', '\0',   '\0', '\x75', '\x30', '\x08', '\x02'};
  writeBytes(folder / "b" / "huge.png", png);
  writeBytes(folder / "b" / "huge.jpg",
             std::string("\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03", 12) + std::string(64, 'x'));
  const auto source = data::openData(folder.path(), {});
  REQUIRE_OK(source);
  CHECK_EQ((*source)->rows(), std::int64_t{2});
  const auto profile = (*source)->profile({});
  REQUIRE_OK(profile);
  CHECK(warns(*profile, "data.broken_images", "2 images"));
}

LATHE_TEST("a folder whose images are all broken, or that has none, is refused") {
  const TempFolder folder;
  writeBytes(folder / "cat" / "a.png", "nothing");
  writeBytes(folder / "dog" / "b.jpg", "nothing");
  const auto broken = data::openData(folder.path(), {});
  REQUIRE(!broken);
  CHECK_EQ(broken.error().code, std::string("data.no_images"));
  const TempFolder empty;
  CHECK_EQ(data::openData(empty.path(), {}).error().code, std::string("data.no_images"));
}

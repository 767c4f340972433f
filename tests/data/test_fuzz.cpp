// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <vector>
#include <zip.h>

#include "core/base/files.h"
#include "core/base/random.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

// A few random changes: bytes replaced, removed, doubled, cut off, or turned into what readers look for.
std::string mutated(std::string bytes, Random& random) {
  static const std::string telling = "\",;\t\n\r \\0-.eE\x00\xff\xfe\x80()'{}";
  const auto changes = 1 + random.below(6);
  for (std::uint64_t i = 0; i < changes && !bytes.empty(); ++i) {
    const auto at = static_cast<std::size_t>(random.below(bytes.size()));
    switch (random.below(6)) {
      case 0:
        bytes[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        bytes[at] = telling[static_cast<std::size_t>(random.below(telling.size()))];
        break;
      case 2:
        bytes.erase(at, static_cast<std::size_t>(random.below(16)));
        break;
      case 3:
        bytes.insert(at, bytes.substr(at, static_cast<std::size_t>(random.below(32))));
        break;
      case 4:
        bytes.insert(at, 1, telling[static_cast<std::size_t>(random.below(telling.size()))]);
        break;
      default:
        if (random.below(4) == 0) bytes.resize(at);
    }
  }
  return bytes;
}

// Whatever the bytes are: a value or an error with a sentence, and consistent sizes.
void exercise(const std::filesystem::path& path) {
  spec::DataSpec spec;
  const auto source = data::openData(path, spec);
  if (!source) {
    CHECK(!source.error().code.empty());
    CHECK(!source.error().message.render().empty());
    return;
  }
  const auto names = (*source)->columnNames();
  const auto rows = (*source)->rows();
  CHECK(rows >= 0);
  for (std::size_t c = 0; c < names.size() && c < 30; ++c) {
    (void)(*source)->cell(0, static_cast<int>(c));
    (void)(*source)->cell(rows - 1, static_cast<int>(c));
  }
  const auto profile = (*source)->profile(spec);
  CHECK(profile.has_value());
  const auto dataset = (*source)->dataset(spec);
  if (!dataset) {
    CHECK(!dataset.error().message.render().empty());
    return;
  }
  CHECK_EQ(dataset->rows, static_cast<std::size_t>(rows));
  CHECK(data::inputsFitRows(*dataset));
  for (const auto* part : {&dataset->split.train, &dataset->split.validation, &dataset->split.test})
    for (const auto row : *part) CHECK(row < dataset->rows);
  CHECK(data::fitPreprocessing(*dataset, {}).has_value());
  CHECK((*source)->encode(dataset->schema, spec).has_value());
}

std::string tableText() {
  std::string text = "id,a,\"b, c\",when,flag,class\n";
  for (int i = 0; i < 40; ++i)
    text += "k" + std::to_string(i) + "," + std::to_string(i * 0.37) + ",\"v " + std::to_string(i % 3) +
            "\"\"x\",2024-01-" + std::to_string(10 + i % 18) + " 10:00:0" + std::to_string(i % 10) + "," +
            (i % 5 == 0 ? "NA" : "true") + "," + (i % 2 == 0 ? "yes" : "no") + "\n";
  return text;
}

std::string utf16(const std::string& text) {
  std::string bytes = "\xff\xfe";
  for (const char c : text) bytes += {c, '\0'};
  return bytes;
}

void fuzzFile(const std::string& seedBytes, const std::string& name, std::uint64_t seed, int rounds) {
  const TempFolder folder;
  Random random(seed, "fuzz");
  for (int i = 0; i < rounds; ++i) {
    writeBytes(folder / name, mutated(seedBytes, random));
    exercise(folder / name);
  }
}

}  // namespace

LATHE_TEST("mutated text tables never crash a reader") {
  fuzzFile(tableText(), "d.csv", 1, 400);
  fuzzFile(utf16(tableText()), "d.csv", 2, 100);
  fuzzFile("1;2,5;3\n4;5,25;6\n7;8,5;9\n", "d.csv", 3, 200);
}

LATHE_TEST("mutated gzip files never crash a reader") { fuzzFile(gzipped(tableText()), "d.csv.gz", 4, 200); }

LATHE_TEST("mutated NumPy arrays never crash a reader") {
  std::string header = "{'descr': '<f4', 'fortran_order': True, 'shape': (8, 3), }";
  header.resize(117, ' ');
  header += '\n';
  std::string bytes = std::string("\x93NUMPY\x01", 7) + std::string(1, '\0') + static_cast<char>(header.size()) +
                      std::string(1, '\0') + header;
  for (int i = 0; i < 96; ++i) bytes += static_cast<char>(i * 11);
  fuzzFile(bytes, "d.npy", 5, 400);
}

LATHE_TEST("mutated IDX files never crash a reader") {
  const auto idx = [](std::initializer_list<unsigned> shape, std::size_t count) {
    std::string bytes{'\0', '\0', '\x08', static_cast<char>(shape.size())};
    for (const auto size : shape) bytes += {'\0', '\0', '\0', static_cast<char>(size)};
    for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 4);
    return bytes;
  };
  const TempFolder folder;
  Random random(6, "fuzz");
  for (int i = 0; i < 200; ++i) {
    const bool images = random.below(2) == 0;
    const auto pixels = idx({12, 3, 2}, 72);
    const auto labels = idx({12}, 12);
    writeBytes(folder / "train-images-idx3-ubyte", images ? mutated(pixels, random) : pixels);
    writeBytes(folder / "train-labels-idx1-ubyte", images ? labels : mutated(labels, random));
    exercise(folder.path());
  }
}

LATHE_TEST("mutated .npz archives never crash a reader") {
  const TempFolder folder;
  std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (8, 3), }";
  header.resize(117, ' ');
  header += '\n';
  std::string array = std::string("\x93NUMPY\x01", 7) + std::string(1, '\0') + static_cast<char>(header.size()) +
                      std::string(1, '\0') + header;
  for (int i = 0; i < 24; ++i) array += static_cast<char>(i);
  int code = 0;
  zip_t* archive = zip_open((folder / "seed.npz").c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  REQUIRE(archive != nullptr);
  zip_file_add(archive, "X.npy", zip_source_buffer(archive, array.data(), array.size(), 0), 0);
  REQUIRE(zip_close(archive) == 0);
  const auto bytes = readFile(folder / "seed.npz");
  REQUIRE_OK(bytes);
  fuzzFile(*bytes, "d.npz", 7, 300);
}

LATHE_TEST("mutated images never crash a reader") {
  Random random(8, "fuzz");
  for (const char* extension : {".png", ".jpg", ".bmp", ".webp"}) {
    const TempFolder folder;
    const std::string name = std::string("0") + extension;
    cv::Mat image(20, 24, CV_8UC3);
    for (int i = 0; i < 20 * 24 * 3; ++i) image.data[i] = static_cast<unsigned char>(random.below(256));
    for (const char* label : {"a", "b"}) {
      std::filesystem::create_directories(folder / label);
      REQUIRE(cv::imwrite((folder / label / name).string(), image));
    }
    const auto bytes = readFile(folder / "a" / name);
    REQUIRE_OK(bytes);
    for (int i = 0; i < 40; ++i) {
      writeBytes(folder / "a" / ("1" + name), mutated(*bytes, random));
      exercise(folder.path());
    }
  }
}

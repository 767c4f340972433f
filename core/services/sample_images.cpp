// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/sample_images.h"

#include <fmt/format.h>
#include <map>
#include <string_view>
#include <zlib.h>

#include "core/base/files.h"
#include "core/data/data_source.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr int imagesOfClass = 20;

std::string bigEndian(std::uint32_t value) {
  return {static_cast<char>(value >> 24U), static_cast<char>(value >> 16U), static_cast<char>(value >> 8U),
          static_cast<char>(value)};
}

std::string chunk(std::string_view kind, std::string_view content) {
  const std::string body = std::string(kind) + std::string(content);
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return bigEndian(static_cast<std::uint32_t>(content.size())) + body + bigEndian(static_cast<std::uint32_t>(sum));
}

// A class's name as a folder's: without what a path could not have.
std::string folderName(std::string name) {
  for (char& c : name)
    if (c == '/' || c == '\0') c = '-';
  return name;
}

Result<std::map<std::string, int>> complete(const fs::path& folder) {
  std::map<std::string, int> counts;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.path().extension() == ".png") ++counts[entry.path().parent_path().filename().string()];
  return counts;
}

}  // namespace

std::string greyPng(const std::uint8_t* pixels, std::uint32_t width, std::uint32_t height) {
  // Each row is told how it is filtered: 0, not at all.
  std::string rows;
  for (std::uint32_t y = 0; y < height; ++y) {
    rows += '\0';
    rows.append(reinterpret_cast<const char*>(pixels) + std::size_t{y} * width, width);
  }
  uLongf length = compressBound(static_cast<uLong>(rows.size()));
  std::string packed(length, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &length, reinterpret_cast<const Bytef*>(rows.data()),
           static_cast<uLong>(rows.size()));
  packed.resize(length);
  constexpr std::string_view greyOf8Bits("\x08\x00\x00\x00\x00", 5);
  return std::string("\x89PNG\r\n\x1a\n") +
         chunk("IHDR", bigEndian(width) + bigEndian(height) + std::string(greyOf8Bits)) + chunk("IDAT", packed) +
         chunk("IEND", "");
}

Result<fs::path> writeFewImages(const fs::path& idxFolder, const fs::path& cacheFolder) {
  const auto folder = cacheFolder / "few-images";
  LATHE_ASSIGN(there, complete(folder));
  bool whole = there.size() == 10;
  for (const auto& [name, count] : there) whole = whole && count == imagesOfClass;
  if (whole) return folder;

  spec::DataSpec spec;
  spec.path = idxFolder.string();
  LATHE_ASSIGN(source, data::openData(idxFolder, spec));
  LATHE_ASSIGN(dataset, source->dataset(spec));
  const auto& shape = dataset.schema.inputShape;
  const auto& classes = dataset.schema.target.classes;
  std::vector<int> written(classes.size(), 0);
  for (std::size_t row = 0; row < dataset.rows; ++row) {
    const auto label = static_cast<std::size_t>(dataset.classes[row]);
    if (label >= written.size() || written[label] >= imagesOfClass) continue;
    const auto place = folder / folderName(classes[label]);
    std::error_code error;
    fs::create_directories(place, error);
    if (error) return fileError(error.value(), place);
    const auto* pixels = dataset.pixels.data() + row * static_cast<std::size_t>(spec::elementCount(shape));
    const auto png = greyPng(pixels, static_cast<std::uint32_t>(shape.at(2)), static_cast<std::uint32_t>(shape.at(1)));
    LATHE_TRY(writeFileAtomically(place / fmt::format("{:02}.png", ++written[label]), png));
  }
  return folder;
}

}  // namespace lathe::services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/spec/graph.h"

namespace lathe::data {

using Pixels = std::shared_ptr<const std::vector<std::uint8_t>>;

/// Images of one data set: N images as C x H x W bytes (RGB or grey). Thread-safe.
class ImageStore {
 public:
  virtual ~ImageStore() = default;
  [[nodiscard]] virtual std::size_t count() const = 0;
  /// The shape that `longerEdge` asks for; 0: the store's own.
  [[nodiscard]] virtual spec::Shape shapeFor(int longerEdge) const = 0;
  /// All images in one buffer. Kept, so that asking again costs nothing.
  virtual Result<Pixels> pixels(const spec::Shape& shape, const JobContext& job) const = 0;
  virtual Result<std::vector<std::uint8_t>> one(std::size_t index, const spec::Shape& shape) const = 0;
  /// File name, or "".
  [[nodiscard]] virtual std::string name(std::size_t index) const = 0;
};

/// Images already in memory as N x C x H x W bytes of one shape.
[[nodiscard]] std::unique_ptr<ImageStore> makeMemoryStore(std::vector<std::uint8_t> pixels, const spec::Shape& shape);

/// Image files, decoded in parallel when opened; unreadable ones are left out.
struct DecodedFiles {
  std::unique_ptr<ImageStore> store;
  std::vector<std::size_t> kept;  ///< which of `files`
  std::vector<std::filesystem::path> unreadable;
};
/// Decodes at `longerEdge` (0: 64). Square unless all images share one shape's proportions; grey when all are grey.
/// Errors: data.too_large, cancelled.
Result<DecodedFiles> decodeFiles(const std::vector<std::filesystem::path>& files, int longerEdge,
                                 const JobContext& job);

/// ".png" of a.PNG.
[[nodiscard]] std::string lowerExtension(const std::filesystem::path& path);

/// True for names ending in .png, .jpg, .jpeg, .bmp or .webp.
[[nodiscard]] bool isImageName(const std::filesystem::path& path);

/// The error when `count` images of `shape` do not fit into memory.
Result<void> checkImageMemory(std::size_t count, const spec::Shape& shape);

}  // namespace lathe::data

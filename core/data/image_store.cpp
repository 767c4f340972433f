// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_store.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cmath>
#include <cstring>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <set>
#include <utility>

#include "core/base/machine.h"
#include "core/data/image_decode.h"
#include "core/data/image_planes.h"
#include "core/data/parallel.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

constexpr int folderEdge = 64;

std::size_t bytesOf(const spec::Shape& shape) { return static_cast<std::size_t>(spec::elementCount(shape)); }

spec::Shape scaled(std::int64_t channels, double height, double width, int longerEdge) {
  const double factor = longerEdge / std::max(height, width);
  return {channels, std::max<std::int64_t>(1, std::llround(height * factor)),
          std::max<std::int64_t>(1, std::llround(width * factor))};
}

/// The buffers made so far, by shape; two are kept.
class PixelCache {
 public:
  [[nodiscard]] Pixels find(const spec::Shape& shape) const {
    const std::lock_guard lock(m_mutex);
    for (const auto& [known, pixels] : m_kept)
      if (pixels && known == shape) return pixels;
    return nullptr;
  }
  void keep(const spec::Shape& shape, Pixels pixels) const {
    const std::lock_guard lock(m_mutex);
    m_kept[m_next++ % m_kept.size()] = {shape, std::move(pixels)};
  }

 private:
  mutable std::mutex m_mutex;
  mutable std::array<std::pair<spec::Shape, Pixels>, 2> m_kept;
  mutable std::size_t m_next = 0;
};

class MemoryStore final : public ImageStore {
 public:
  MemoryStore(std::vector<std::uint8_t> pixels, spec::Shape shape)
      : m_pixels(std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels))),
        m_shape(std::move(shape)),
        m_count(m_pixels->size() / bytesOf(m_shape)) {}

  [[nodiscard]] std::size_t count() const override { return m_count; }
  [[nodiscard]] spec::Shape shapeFor(int longerEdge) const override {
    if (longerEdge <= 0) return m_shape;
    return scaled(m_shape[0], static_cast<double>(m_shape[1]), static_cast<double>(m_shape[2]), longerEdge);
  }
  Result<Pixels> pixels(const spec::Shape& shape, const JobContext& job) const override {
    if (shape == m_shape) return m_pixels;
    if (auto kept = m_cache.find(shape)) return kept;
    LATHE_TRY(checkImageMemory(m_count, shape));
    auto out = std::make_shared<std::vector<std::uint8_t>>(m_count * bytesOf(shape));
    parallelFor(m_count, readingThreads(), [&](std::size_t i) {
      if (!job.cancelled()) convert(i, shape, out->data() + i * bytesOf(shape));
    });
    if (job.cancelled()) return cancelledError();
    m_cache.keep(shape, out);
    return Pixels(out);
  }
  Result<std::vector<std::uint8_t>> one(std::size_t index, const spec::Shape& shape) const override {
    std::vector<std::uint8_t> out(bytesOf(shape));
    convert(index, shape, out.data());
    return out;
  }
  [[nodiscard]] std::string name(std::size_t) const override { return {}; }

 private:
  void convert(std::size_t index, const spec::Shape& shape, std::uint8_t* out) const {
    const std::uint8_t* source = m_pixels->data() + index * bytesOf(m_shape);
    if (shape == m_shape) {
      std::memcpy(out, source, bytesOf(shape));
      return;
    }
    const auto plane = static_cast<std::size_t>(m_shape[1] * m_shape[2]);
    const auto channels = static_cast<int>(m_shape[0]);
    cv::Mat image(static_cast<int>(m_shape[1]), static_cast<int>(m_shape[2]), CV_8UC(channels));
    for (std::size_t at = 0; at < plane; ++at)
      for (int c = 0; c < channels; ++c)
        image.data[at * static_cast<std::size_t>(channels) + static_cast<std::size_t>(channels - 1 - c)] =
            source[static_cast<std::size_t>(c) * plane + at];
    cv::Mat coloured = image;
    if (channels == 1 && shape[0] == 3) cv::cvtColor(image, coloured, cv::COLOR_GRAY2BGR);
    if (channels == 3 && shape[0] == 1) cv::cvtColor(image, coloured, cv::COLOR_BGR2GRAY);
    if (coloured.channels() == static_cast<int>(shape[0])) intoPlanes(coloured, shape, out);
  }

  Pixels m_pixels;
  spec::Shape m_shape;
  std::size_t m_count;
  PixelCache m_cache;
};

class FileStore final : public ImageStore {
 public:
  FileStore(std::vector<fs::path> files, spec::Shape proportions, const spec::Shape& shape, Pixels pixels)
      : m_files(std::move(files)), m_proportions(std::move(proportions)) {
    m_cache.keep(shape, std::move(pixels));
  }

  [[nodiscard]] std::size_t count() const override { return m_files.size(); }
  [[nodiscard]] spec::Shape shapeFor(int longerEdge) const override {
    return scaled(m_proportions[0], static_cast<double>(m_proportions[1]), static_cast<double>(m_proportions[2]),
                  longerEdge > 0 ? longerEdge : folderEdge);
  }
  Result<Pixels> pixels(const spec::Shape& shape, const JobContext& job) const override {
    if (auto kept = m_cache.find(shape)) return kept;
    LATHE_TRY(checkImageMemory(m_files.size(), shape));
    auto out = std::make_shared<std::vector<std::uint8_t>>(m_files.size() * bytesOf(shape));
    std::atomic<std::size_t> failed{m_files.size()};
    parallelFor(m_files.size(), readingThreads(), [&](std::size_t i) {
      if (job.cancelled()) return;
      const cv::Mat image = decodeImage(m_files[i], coloursFor(shape));
      if (image.empty())
        failed = i;
      else
        intoPlanes(image, shape, out->data() + i * bytesOf(shape));
    });
    if (job.cancelled()) return cancelledError();
    if (failed < m_files.size()) return gone(failed);
    m_cache.keep(shape, out);
    return Pixels(out);
  }
  Result<std::vector<std::uint8_t>> one(std::size_t index, const spec::Shape& shape) const override {
    std::vector<std::uint8_t> out(bytesOf(shape));
    if (const auto kept = m_cache.find(shape)) {
      std::memcpy(out.data(), kept->data() + index * out.size(), out.size());
      return out;
    }
    const cv::Mat image = decodeImage(m_files[index], coloursFor(shape));
    if (image.empty()) return gone(index);
    intoPlanes(image, shape, out.data());
    return out;
  }
  [[nodiscard]] std::string name(std::size_t index) const override { return m_files[index].filename().string(); }

 private:
  [[nodiscard]] tl::unexpected<Error> gone(std::size_t index) const {
    return fail("data.changed", LATHE_TEXT("errors", "The image {file} cannot be read any more."),
                LATHE_TEXT("errors", "Put it back, or open the folder again."), {{"file", m_files[index].string()}});
  }

  std::vector<fs::path> m_files;
  spec::Shape m_proportions;  ///< channels, height and width that others are scaled from
  PixelCache m_cache;
};

// Channels, height and width that suit the first images that can be read.
spec::Shape proportionsOf(const std::vector<fs::path>& files) {
  constexpr std::size_t wanted = 16;
  std::set<std::pair<int, int>> ratios;
  bool grey = true;
  cv::Size size(1, 1);
  std::size_t seen = 0;
  // Spread over the folder, so that every class has a say.
  const std::size_t stride = std::max<std::size_t>(1, files.size() / wanted);
  for (std::size_t i = 0; i < files.size() && seen < wanted; i += stride) {
    const cv::Mat image = decodeImage(files[i], ImageColours::Any);
    if (image.empty()) continue;
    ++seen;
    grey = grey && image.channels() == 1;
    size = image.size();
    ratios.insert({static_cast<int>(std::lround(1000.0 * image.rows / image.cols)), 0});
  }
  const std::int64_t channels = seen > 0 && grey ? 1 : 3;
  if (ratios.size() != 1) return {channels, 1, 1};
  return {channels, size.height, size.width};
}

}  // namespace

std::unique_ptr<ImageStore> makeMemoryStore(std::vector<std::uint8_t> pixels, const spec::Shape& shape) {
  return std::make_unique<MemoryStore>(std::move(pixels), shape);
}

std::string lowerExtension(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension;
}

bool isImageName(const fs::path& path) {
  const auto extension = lowerExtension(path);
  static const std::array<const char*, 5> known{".png", ".jpg", ".jpeg", ".bmp", ".webp"};
  return std::any_of(known.begin(), known.end(), [&](const char* name) { return extension == name; });
}

Result<void> checkImageMemory(std::size_t count, const spec::Shape& shape) {
  const double needed = static_cast<double>(count) * static_cast<double>(spec::elementCount(shape));
  const auto available = static_cast<double>(availableMemory());
  if (available <= 0 || needed <= 0.8 * available) return {};
  return fail("data.too_large", LATHE_TEXT("errors", "{count} images of {shape} do not fit into memory."),
              LATHE_TEXT("errors", "Choose a smaller image size."),
              {{"count", std::to_string(count)}, {"shape", spec::shapeText(shape)}});
}

Result<DecodedFiles> decodeFiles(const std::vector<fs::path>& files, int longerEdge, const JobContext& job) {
  const auto proportions = proportionsOf(files);
  const auto shape = scaled(proportions[0], static_cast<double>(proportions[1]), static_cast<double>(proportions[2]),
                            longerEdge > 0 ? longerEdge : folderEdge);
  LATHE_TRY(checkImageMemory(files.size(), shape));
  const std::size_t size = bytesOf(shape);
  std::vector<std::uint8_t> pixels(files.size() * size);
  std::vector<std::uint8_t> readable(files.size(), 0);
  std::atomic<std::size_t> done{0};
  parallelFor(files.size(), readingThreads(), [&](std::size_t i) {
    if (job.cancelled()) return;
    const cv::Mat image = decodeImage(files[i], coloursFor(shape));
    readable[i] = image.empty() ? 0 : 1;
    if (!image.empty()) intoPlanes(image, shape, pixels.data() + i * size);
    if (++done % 64 == 0) job.report({"decode", static_cast<double>(done), static_cast<double>(files.size()), "files"});
  });
  if (job.cancelled()) return cancelledError();
  DecodedFiles decoded;
  std::vector<fs::path> kept;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (readable[i] == 0) {
      decoded.unreadable.push_back(files[i]);
      continue;
    }
    if (kept.size() != i) std::memmove(pixels.data() + kept.size() * size, pixels.data() + i * size, size);
    decoded.kept.push_back(i);
    kept.push_back(files[i]);
  }
  pixels.resize(kept.size() * size);
  decoded.store = std::make_unique<FileStore>(std::move(kept), proportions, shape,
                                              std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels)));
  return decoded;
}

}  // namespace lathe::data

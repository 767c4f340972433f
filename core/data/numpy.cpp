// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/numpy.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <zip.h>

#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/data/image_source.h"
#include "core/data/npy.h"
#include "core/data/parallel.h"
#include "core/data/table_encode.h"
#include "core/data/table_source.h"
#include "core/data/text_file.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

using Arrays = std::map<std::string, NpyArray>;
using Source = std::shared_ptr<const DataSource>;

constexpr std::size_t mostColumns = 100'000;

TextArgs fileArgs(const fs::path& path) { return {{"file", path.string()}}; }

tl::unexpected<Error> damagedZip(const fs::path& path) {
  return fail("data.damaged_npz",
              LATHE_TEXT("errors", "{file} is damaged: it is not a complete archive of NumPy arrays."),
              LATHE_TEXT("errors", "Save it again with numpy.savez."), fileArgs(path));
}

Result<std::string> readEntry(zip_t* archive, zip_uint64_t index, const fs::path& path, std::uint64_t limit) {
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen_index(archive, index, 0), &zip_fclose);
  if (!file) return damagedZip(path);
  std::string content;
  std::vector<char> piece(std::size_t{1} << 20);
  for (;;) {
    const zip_int64_t got = zip_fread(file.get(), piece.data(), piece.size());
    if (got < 0) return damagedZip(path);
    if (got == 0) return content;
    // The directory's sizes are the file's word; what comes out is what counts.
    if (content.size() + static_cast<std::size_t>(got) > limit) return outOfMemory();
    content.append(piece.data(), static_cast<std::size_t>(got));
  }
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Result<Arrays> readArchive(const fs::path& path, const JobContext& job) {
  int code = 0;
  const std::unique_ptr<zip_t, void (*)(zip_t*)> archive(zip_open(path.c_str(), ZIP_RDONLY, &code), &zip_discard);
  if (!archive) return damagedZip(path);
  Arrays arrays;
  std::uint64_t limit = availableMemory() / 2;
  const zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < std::min<zip_int64_t>(entries, 64); ++i) {
    if (job.cancelled()) return cancelledError();
    const char* raw = zip_get_name(archive.get(), static_cast<zip_uint64_t>(i), 0);
    std::string name = raw == nullptr ? std::string() : std::string(raw);
    if (!name.ends_with(".npy")) continue;
    LATHE_ASSIGN(content, readEntry(archive.get(), static_cast<zip_uint64_t>(i), path, limit));
    limit -= content.size();
    LATHE_ASSIGN(array, parseNpy(std::move(content), path.string() + ": " + name));
    arrays.insert_or_assign(lower(name.substr(0, name.size() - 4)), std::move(array));
  }
  return arrays;
}

const NpyArray* find(const Arrays& arrays, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto found = arrays.find(name); found != arrays.end()) return &found->second;
  return nullptr;
}

Result<std::shared_ptr<Table>> tableOf(const NpyArray& x, const NpyArray* y, const fs::path& path) {
  const std::size_t rows = x.shape[0];
  const std::size_t columns = x.elements() / rows;
  if (columns > mostColumns)
    return fail("data.too_many_columns", LATHE_TEXT("errors", "{file} has more than 100000 columns."),
                LATHE_TEXT("errors", "Remove columns, or turn rows and columns around."), fileArgs(path));
  if (static_cast<double>(x.elements()) * 8 > 0.8 * static_cast<double>(availableMemory())) return outOfMemory();
  auto table = std::make_shared<Table>();
  table->blockStarts = {0, static_cast<std::int64_t>(rows)};
  table->columns.resize(columns + (y != nullptr ? 1 : 0));
  parallelFor(columns, readingThreads(),
              [&](std::size_t c) { table->columns[c] = npyColumn(x, "c" + std::to_string(c), c, columns, rows); });
  if (y != nullptr) {
    if (y->elements() != rows)
      return fail(
          "data.npz_arrays", LATHE_TEXT("errors", "{file} has {rows} rows of features and {targets} targets."),
          LATHE_TEXT("errors", "Save one target a row."),
          {{"file", path.string()}, {"rows", std::to_string(rows)}, {"targets", std::to_string(y->elements())}});
    table->columns.back() = npyColumn(*y, "y", 0, 1, rows);
  }
  return table;
}

TablePart partOf(std::shared_ptr<Table> table) { return {std::move(table), nullptr, '.'}; }

Result<Source> tableSource(const fs::path& path, const std::string& format, std::shared_ptr<Table> main,
                           std::shared_ptr<Table> test, const spec::DataSpec& spec, const JobContext& job) {
  TableOrigin origin;
  origin.format = format;
  origin.summary = std::to_string(main->rows()) + " x " + std::to_string(main->columns.size());
  origin.header = false;
  std::optional<TablePart> brought;
  if (test) brought = partOf(std::move(test));
  if (!spec.testPath.empty()) {
    auto testSpec = spec;
    testSpec.testPath.clear();
    LATHE_ASSIGN(opened, openData(spec.testPath, testSpec, job));
    const auto other = std::dynamic_pointer_cast<const TableSource>(opened);
    if (other) brought = other->main();
  }
  return Source(std::make_shared<TableSource>(path, std::move(origin), partOf(std::move(main)), std::move(brought),
                                              spec.testPath));
}

struct ImageLayout {
  spec::Shape shape;
  bool channelsLast = false;
};

// N x H x W, N x H x W x C or N x C x H x W.
std::optional<ImageLayout> imageLayout(const NpyArray& x) {
  const auto size = [&](std::size_t d) { return static_cast<std::int64_t>(x.shape[d]); };
  const auto isChannels = [](std::int64_t n) { return n == 1 || n == 3; };
  if (x.kind == 'U') return std::nullopt;
  if (x.shape.size() == 3) return ImageLayout{{1, size(1), size(2)}, false};
  if (x.shape.size() != 4) return std::nullopt;
  if (isChannels(size(3))) return ImageLayout{{size(3), size(1), size(2)}, true};
  if (isChannels(size(1))) return ImageLayout{{size(1), size(2), size(3)}, false};
  return std::nullopt;
}

Result<std::vector<std::uint8_t>> pixelsOf(const NpyArray& x, const ImageLayout& layout, const fs::path& path) {
  const std::size_t count = x.elements();
  double low = 0;
  double high = 0;
  if (x.kind != 'u' || x.width != 1)
    for (std::size_t i = 0; i < count; ++i) {
      const double value = x.number(i);
      if (std::isnan(value)) low = -1;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  if (low < 0 || high > 255)
    return fail("data.npz_pixels", LATHE_TEXT("errors", "The images in {file} have values outside 0 to 255."),
                LATHE_TEXT("errors", "Save them as uint8, or as fractions from 0 to 1."), fileArgs(path));
  const double factor = x.kind == 'f' && high <= 1 ? 255.0 : 1.0;
  const auto channels = static_cast<std::size_t>(layout.shape[0]);
  const auto plane = static_cast<std::size_t>(layout.shape[1] * layout.shape[2]);
  std::vector<std::uint8_t> pixels(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t image = i / (channels * plane);
    const std::size_t inside = i % (channels * plane);
    const std::size_t target =
        layout.channelsLast ? (image * channels + inside % channels) * plane + inside / channels : i;
    pixels[target] = static_cast<std::uint8_t>(std::lround(x.number(x.place(i)) * factor));
  }
  return pixels;
}

Result<ImagePart> imagePart(const NpyArray& x, const ImageLayout& layout, const NpyArray* y, const fs::path& path) {
  ImagePart part;
  LATHE_ASSIGN(pixels, pixelsOf(x, layout, path));
  part.store = makeMemoryStore(std::move(pixels), layout.shape);
  const std::size_t rows = x.shape[0];
  if (y == nullptr) return part;
  if (y->elements() != rows)
    return fail("data.npz_arrays", LATHE_TEXT("errors", "{file} has {rows} rows of features and {targets} targets."),
                LATHE_TEXT("errors", "Save one target a row."),
                {{"file", path.string()}, {"rows", std::to_string(rows)}, {"targets", std::to_string(y->elements())}});
  Table labels;
  labels.blockStarts = {0, static_cast<std::int64_t>(rows)};
  labels.columns.push_back(npyColumn(*y, "y", 0, 1, rows));
  const auto& column = labels.columns[0];
  if (column.storage == Storage::Real) {
    for (const double value : numbersOf(labels, column, '.')) part.targets.push_back(static_cast<float>(value));
    return part;
  }
  part.classes = wordsOf(labels, column, {}, {});
  for (const auto index : indicesOf(labels, column, part.classes, '.')) part.labels.push_back(std::max(index, -1));
  return part;
}

Result<Source> imageSource(const fs::path& path, const NpyArray& x, const ImageLayout& layout, const NpyArray* y,
                           const NpyArray* xTest, const NpyArray* yTest, int longerEdge) {
  const bool sound = std::all_of(layout.shape.begin(), layout.shape.end(), [](auto n) { return n <= 16384; });
  if (!sound) return damagedZip(path);
  LATHE_ASSIGN(main, imagePart(x, layout, y, path));
  std::optional<ImagePart> test;
  if (xTest != nullptr) {
    const auto testLayout = imageLayout(*xTest);
    if (!testLayout || testLayout->shape != layout.shape) return damagedZip(path);
    LATHE_ASSIGN(part, imagePart(*xTest, *testLayout, yTest, path));
    test = part;
  }
  auto source = std::make_shared<ImageSource>(path, "npz", main, test, std::vector<Warning>());
  source->setEdge(longerEdge);
  return Source(std::move(source));
}

tl::unexpected<Error> unknownArrays(const fs::path& path, const Arrays& arrays) {
  std::string names;
  for (const auto& [name, array] : arrays) names += (names.empty() ? "" : ", ") + name;
  return fail("data.npz_arrays", LATHE_TEXT("errors", "{file} holds no arrays X and y, only: {names}."),
              LATHE_TEXT("errors", "Save features as X and the target as y (or x_train, y_train, x_test, y_test)."),
              {{"file", path.string()}, {"names", names.empty() ? "-" : names}});
}

Result<Source> openNpz(const fs::path& path, const spec::DataSpec& spec, const JobContext& job) {
  LATHE_ASSIGN(arrays, readArchive(path, job));
  const auto* x = find(arrays, {"x_train", "train_x", "train_images", "x", "data", "features", "images"});
  const auto* y = find(arrays, {"y_train", "train_y", "train_labels", "y", "target", "targets", "labels"});
  const auto* xTest = find(arrays, {"x_test", "test_x", "test_images"});
  const auto* yTest = find(arrays, {"y_test", "test_y", "test_labels"});
  if (x == nullptr && arrays.size() == 1) x = &arrays.begin()->second;
  if (x == nullptr || x->shape.empty() || (y != nullptr && y->shape.empty())) return unknownArrays(path, arrays);
  if (xTest != nullptr && (xTest->shape.empty() || (y != nullptr && yTest == nullptr))) xTest = nullptr;
  if (const auto layout = imageLayout(*x))
    return imageSource(path, *x, *layout, y, xTest, yTest, spec.preprocessing.imageSize);
  if (x->shape.size() > 2) return unknownArrays(path, arrays);
  LATHE_ASSIGN(table, tableOf(*x, y, path));
  std::shared_ptr<Table> test;
  if (xTest != nullptr && xTest->shape.size() <= 2) {
    LATHE_ASSIGN(testTable, tableOf(*xTest, yTest, path));
    test = testTable;
  }
  return tableSource(path, "npz", table, test, spec, job);
}

}  // namespace

Result<Source> openNumpy(const fs::path& path, const spec::DataSpec& spec, const JobContext& job) {
  LATHE_ASSIGN(head, firstBytes(path, 4));
  if (head.starts_with("PK")) return openNpz(path, spec, job);
  LATHE_ASSIGN(content, readFile(path, availableMemory() / 2));
  LATHE_ASSIGN(array, parseNpy(std::move(content), path.string()));
  if (array.shape.empty() || array.shape.size() > 2)
    return fail("data.npy_shape", LATHE_TEXT("errors", "{file} is not a matrix of rows and columns."),
                LATHE_TEXT("errors", "Save a two-dimensional array, or X and y with numpy.savez."), fileArgs(path));
  LATHE_ASSIGN(table, tableOf(array, nullptr, path));
  return tableSource(path, "npy", table, nullptr, spec, job);
}

}  // namespace lathe::data

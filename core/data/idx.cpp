// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/idx.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "core/base/machine.h"
#include "core/data/parallel.h"
#include "core/data/table_encode.h"
#include "core/data/text_file.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

struct IdxPair {
  fs::path images;
  fs::path labels;
};

struct IdxFolder {
  IdxPair train;
  IdxPair test;
};

IdxFolder look(const fs::path& folder) {
  IdxFolder found;
  std::error_code error;
  std::set<fs::path> files;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error))
    files.insert(it->path());
  for (const auto& file : files) {
    const auto name = file.filename().string();
    const bool test = name.starts_with("t10k") || name.starts_with("test");
    auto& pair = test ? found.test : found.train;
    if (name.find("images") != std::string::npos && name.find("idx") != std::string::npos) pair.images = file;
    if (name.find("labels") != std::string::npos && name.find("idx") != std::string::npos) pair.labels = file;
  }
  return found;
}

tl::unexpected<Error> damaged(const fs::path& file) {
  return fail("data.damaged_idx", LATHE_TEXT("errors", "{file} is damaged: its size does not match its header."),
              LATHE_TEXT("errors", "Download or copy the file again."), {{"file", file.string()}});
}

struct IdxArray {
  std::vector<std::int64_t> shape;
  std::string content;  ///< header and bytes
  std::size_t start = 0;
};

Result<IdxArray> readArray(const fs::path& file, const JobContext& job) {
  IdxArray array;
  LATHE_ASSIGN(content, readMaybeCompressed(file, availableMemory() / 2, job));
  array.content = std::move(content);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(array.content[i]); };
  if (array.content.size() < 4 || byte(0) != 0 || byte(1) != 0 || byte(2) != 8 || byte(3) < 1 || byte(3) > 4)
    return fail("data.not_idx", LATHE_TEXT("errors", "{file} is not an IDX file of bytes."),
                LATHE_TEXT("errors", "Check the file; its first bytes must be 0, 0, 8."), {{"file", file.string()}});
  const std::size_t dimensions = byte(3);
  array.start = 4 + 4 * dimensions;
  if (array.content.size() < array.start) return damaged(file);
  std::uint64_t elements = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | byte(4 + 4 * d + i);
    array.shape.push_back(size);
    // More than the file holds is refused before it can overflow.
    if (size == 0 || elements > array.content.size() / size + 1) return damaged(file);
    elements *= size;
  }
  if (elements != array.content.size() - array.start) return damaged(file);
  return array;
}

Result<ImagePart> join(const IdxPair& files, const IdxArray& images, const IdxArray& labels) {
  ImagePart part;
  auto shape = images.shape;
  if (shape.size() == 3) shape.insert(shape.begin() + 1, 1);
  const bool sound = shape.size() == 4 && (shape[1] == 1 || shape[1] == 3) && shape[2] <= 16384 && shape[3] <= 16384;
  if (!sound) return damaged(files.images);
  if (labels.shape.size() != 1 || labels.shape[0] != images.shape[0])
    return fail("data.idx_mismatch",
                LATHE_TEXT("errors", "{images} has {count} images, but {labels} has {labelCount} labels."),
                LATHE_TEXT("errors", "Use files that belong together."),
                {{"images", files.images.string()},
                 {"labels", files.labels.string()},
                 {"count", std::to_string(images.shape[0])},
                 {"labelCount", std::to_string(labels.shape[0])}});
  std::array<std::int32_t, 256> places{};
  places.fill(-1);
  for (std::size_t i = labels.start; i < labels.content.size(); ++i)
    places[static_cast<unsigned char>(labels.content[i])] = 0;
  for (std::size_t value = 0; value < places.size(); ++value) {
    if (places[value] < 0) continue;
    places[value] = static_cast<std::int32_t>(part.classes.size());
    part.classes.push_back(std::to_string(value));
  }
  for (std::size_t i = labels.start; i < labels.content.size(); ++i)
    part.labels.push_back(places[static_cast<unsigned char>(labels.content[i])]);
  std::vector<std::uint8_t> pixels(images.content.begin() + static_cast<std::ptrdiff_t>(images.start),
                                   images.content.end());
  part.store = makeMemoryStore(std::move(pixels), {shape[1], shape[2], shape[3]});
  return part;
}

}  // namespace

bool isIdxFolder(const fs::path& folder) {
  const auto found = look(folder);
  return !found.train.images.empty();
}

Result<std::shared_ptr<ImageSource>> openIdx(const fs::path& folder, const JobContext& job) {
  const auto found = look(folder);
  if (found.train.labels.empty())
    return fail("data.no_labels", LATHE_TEXT("errors", "{folder} has IDX images but no labels."),
                LATHE_TEXT("errors", "Put the file train-labels-idx1-ubyte beside them."),
                {{"folder", folder.string()}});
  std::vector<fs::path> files{found.train.images, found.train.labels};
  const bool test = !found.test.images.empty() && !found.test.labels.empty();
  if (test) files.insert(files.end(), {found.test.images, found.test.labels});
  std::vector<std::optional<Result<IdxArray>>> arrays(files.size());
  parallelFor(files.size(), readingThreads(), [&](std::size_t i) {
    // One reports, so that the progress does not jump between files.
    arrays[i] = readArray(files[i], i == 0 ? job : JobContext{{}, job.stop});
  });
  for (const auto& array : arrays)
    if (!*array) return passOn(*array);
  LATHE_ASSIGN(main, join(found.train, **arrays[0], **arrays[1]));
  std::optional<ImagePart> brought;
  if (test) {
    LATHE_ASSIGN(part, join(found.test, **arrays[2], **arrays[3]));
    if (part.store->shapeFor(0) != main.store->shapeFor(0)) return damaged(found.test.images);
    brought = part;
  }
  return std::make_shared<ImageSource>(folder, "idx", main, brought, std::vector<Warning>());
}

}  // namespace lathe::data

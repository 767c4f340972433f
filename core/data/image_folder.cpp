// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_folder.h"

#include <algorithm>

#include "core/base/files.h"
#include "core/data/encoding.h"
#include "core/data/parallel.h"
#include "core/data/table_encode.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

struct FoundImages {
  std::vector<fs::path> files;
  std::vector<std::string> labels;  ///< "": none
};

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error))
    if (!it->path().filename().string().starts_with(".")) found.push_back(it->path());
  std::sort(found.begin(), found.end());
  return found;
}

void addImages(const fs::path& folder, const std::string& label, FoundImages& found) {
  std::error_code error;
  for (const auto& file : entries(folder)) {
    if (!fs::is_regular_file(file, error) || !isImageName(file)) continue;
    found.files.push_back(file);
    found.labels.push_back(label);
  }
}

FoundImages findImages(const fs::path& folder) {
  FoundImages found;
  std::error_code error;
  for (const auto& entry : entries(folder))
    if (fs::is_directory(entry, error)) addImages(entry, repairUtf8(entry.filename().string()), found);
  if (found.files.empty()) addImages(folder, "", found);
  return found;
}

fs::path subfolder(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code error;
  for (const char* name : names)
    if (fs::is_directory(folder / name, error)) return folder / name;
  return {};
}

Result<ImagePart> decodePart(const FoundImages& found, const fs::path& folder, int longerEdge, const JobContext& job,
                             std::vector<Warning>& warnings) {
  LATHE_ASSIGN(decoded, decodeFiles(found.files, longerEdge, job));
  if (decoded.kept.empty())
    return fail("data.no_images", LATHE_TEXT("errors", "No image in {folder} can be read."),
                LATHE_TEXT("errors", "Use PNG, JPEG, BMP or WebP files, one sub-folder a class."),
                {{"folder", folder.string()}});
  if (!decoded.unreadable.empty()) {
    std::string names;
    for (std::size_t i = 0; i < decoded.unreadable.size() && i < 5; ++i)
      names += (i == 0 ? "" : ", ") +
               fs::path(decoded.unreadable[i].parent_path().filename() / decoded.unreadable[i].filename()).string();
    if (decoded.unreadable.size() > 5) names += " ...";
    warnings.push_back(fail("data.broken_images",
                            LATHE_TEXT("data", "{count} images cannot be read and are left out: {names}."),
                            LATHE_TEXT("data", "Replace or remove these files."),
                            {{"count", std::to_string(decoded.unreadable.size())}, {"names", names}})
                           .value());
  }
  ImagePart part;
  for (const auto i : decoded.kept)
    if (!found.labels[i].empty()) part.classes.push_back(found.labels[i]);
  sortWords(part.classes);
  for (const auto i : decoded.kept) {
    const auto place = std::find(part.classes.begin(), part.classes.end(), found.labels[i]);
    part.labels.push_back(place == part.classes.end() ? -1 : static_cast<std::int32_t>(place - part.classes.begin()));
  }
  part.store = std::move(decoded.store);
  return part;
}

}  // namespace

Result<std::shared_ptr<ImageSource>> openImageFolder(const fs::path& folder, int longerEdge, const JobContext& job) {
  return guarded([&]() -> Result<std::shared_ptr<ImageSource>> {
    const auto trainFolder = subfolder(folder, {"train", "training"});
    const auto testFolder = subfolder(folder, {"test", "testing"});
    auto found = trainFolder.empty() || testFolder.empty() ? findImages(folder) : findImages(trainFolder);
    std::optional<FoundImages> foundTest;
    if (!trainFolder.empty() && !testFolder.empty()) {
      // With images right in them, train and test are two classes of somebody's.
      foundTest = findImages(testFolder);
      const bool classes = !found.labels.empty() && !found.labels[0].empty() && !foundTest->labels.empty() &&
                           !foundTest->labels[0].empty();
      if (!classes) {
        found = findImages(folder);
        foundTest.reset();
      }
    }
    if (found.files.empty())
      return fail("data.no_images", LATHE_TEXT("errors", "There is no image in {folder}."),
                  LATHE_TEXT("errors", "Use PNG, JPEG, BMP or WebP files, one sub-folder a class."),
                  {{"folder", folder.string()}});
    std::vector<Warning> warnings;
    LATHE_ASSIGN(main, decodePart(found, folder, longerEdge, job, warnings));
    std::optional<ImagePart> test;
    if (foundTest) {
      LATHE_ASSIGN(part, decodePart(*foundTest, testFolder, longerEdge, job, warnings));
      test = part;
    }
    auto source = std::make_shared<ImageSource>(folder, "image_folder", main, test, warnings);
    source->setEdge(longerEdge);
    return source;
  });
}

}  // namespace lathe::data

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_folder.h"

#include <algorithm>
#include <set>

#include "core/data/class_folders.h"
#include "core/data/parallel.h"
#include "core/data/table_encode.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

bool isOtherImage(const std::string& ending) {
  static const std::set<std::string> known{".gif", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2",
                                           ".svg", ".ico", ".tga",  ".ppm",  ".pgm",  ".jxl"};
  return known.count(ending) != 0;
}

void warn(std::vector<Warning>& out, std::string code, std::string text, std::string hint, TextArgs args) {
  out.push_back(fail(std::move(code), std::move(text), std::move(hint), std::move(args)).value());
}

void warnOfFound(const FoundFiles& found, std::vector<Warning>& warnings) {
  std::size_t count = 0;
  std::string endings;
  for (const auto& [ending, files] : found.others) {
    count += files;
    endings += (endings.empty() ? "" : ", ") + ending;
  }
  if (count > 0)
    warn(warnings, "data.other_images",
         LATHE_TEXT("data", "{count} images of formats that Lathe does not read are left out: {endings}."),
         LATHE_TEXT("data", "Convert them to PNG, JPEG, BMP or WebP."),
         {{"count", std::to_string(count)}, {"endings", endings}});
  if (found.stray > 0)
    warn(warnings, "data.stray_images",
         LATHE_TEXT("data", "{count} images that lie beside the class folders are left out."),
         LATHE_TEXT("data", "Move each into the folder of its class."), {{"count", std::to_string(found.stray)}});
}

void warnOfParts(const FoundParts& parts, std::vector<Warning>& warnings) {
  if (!parts.validationAsTest.empty())
    warn(warnings, "data.validation_as_test",
         LATHE_TEXT("data", "There is no test folder: the images of {folder} are the test set."),
         LATHE_TEXT("data", "Add a folder named test to keep them for validation."),
         {{"folder", parts.validationAsTest.string()}});
  if (!parts.validationJoined.empty())
    warn(warnings, "data.validation_joined",
         LATHE_TEXT("data", "The images of {folder} join those of training; validation rows are drawn from all."),
         LATHE_TEXT("data", "Nothing needs to be done."), {{"folder", parts.validationJoined.string()}});
}

Result<ImagePart> decodePart(const FoundFiles& found, const fs::path& folder, int longerEdge, const JobContext& job,
                             std::vector<Warning>& warnings) {
  LATHE_ASSIGN(decoded, decodeFiles(found.files, longerEdge, job));
  if (decoded.kept.empty())
    return fail("data.no_images", LATHE_TEXT("errors", "No image in {folder} can be read."),
                LATHE_TEXT("errors", "Use PNG, JPEG, BMP or WebP files, one sub-folder a class."),
                {{"folder", folder.string()}});
  if (!decoded.unreadable.empty()) {
    warnings.push_back(
        fail("data.broken_images", LATHE_TEXT("data", "{count} images cannot be read and are left out: {names}."),
             LATHE_TEXT("data", "Replace or remove these files."),
             {{"count", std::to_string(decoded.unreadable.size())}, {"names", namesOf(decoded.unreadable)}})
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
    std::vector<Warning> warnings;
    const auto parts = findParts(folder, {isImageName, isOtherImage});
    warnOfParts(parts, warnings);
    const auto& found = parts.main;
    if (found.files.empty())
      return fail("data.no_images", LATHE_TEXT("errors", "There is no image in {folder}."),
                  LATHE_TEXT("errors", "Use PNG, JPEG, BMP or WebP files, one sub-folder a class."),
                  {{"folder", folder.string()}});
    warnOfFound(found, warnings);
    LATHE_ASSIGN(main, decodePart(found, folder, longerEdge, job, warnings));
    std::optional<ImagePart> test;
    if (parts.test) {
      warnOfFound(*parts.test, warnings);
      LATHE_ASSIGN(part, decodePart(*parts.test, folder, longerEdge, job, warnings));
      test = part;
    }
    auto source = std::make_shared<ImageSource>(folder, "image_folder", main, test, warnings);
    source->setEdge(longerEdge);
    return source;
  });
}

}  // namespace lathe::data

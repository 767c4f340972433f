// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_folder.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/data/encoding.h"
#include "core/data/parallel.h"
#include "core/data/table_encode.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

struct FoundImages {
  std::vector<fs::path> files;
  std::vector<std::string> labels;            ///< "": none
  std::map<std::string, std::size_t> others;  ///< images of formats that are not read, by their endings
  std::size_t stray = 0;                      ///< images beside the class folders

  [[nodiscard]] bool hasClasses() const { return !labels.empty() && !labels[0].empty(); }
  void add(FoundImages more) {
    std::move(more.files.begin(), more.files.end(), std::back_inserter(files));
    std::move(more.labels.begin(), more.labels.end(), std::back_inserter(labels));
    for (const auto& [ending, count] : more.others) others[ending] += count;
    stray += more.stray;
  }
};

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error)) {
    const auto name = it->path().filename().string();
    if (!name.starts_with(".") && name != "__MACOSX") found.push_back(it->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
  auto found = entries(folder);
  std::error_code error;
  std::erase_if(found, [&](const fs::path& entry) { return !fs::is_directory(entry, error); });
  return found;
}

bool isOtherImage(const std::string& ending) {
  static const std::set<std::string> known{".gif", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2",
                                           ".svg", ".ico", ".tga",  ".ppm",  ".pgm",  ".jxl"};
  return known.count(ending) != 0;
}

// Images of a folder and of those in it. Links are followed; a folder that was there before is not entered again.
void addImages(const fs::path& folder, const std::string& label, bool deep, std::set<fs::path>& entered,
               FoundImages& found) {
  std::error_code error;
  if (!entered.insert(fs::canonical(folder, error)).second || error) return;
  for (const auto& entry : entries(folder)) {
    if (fs::is_directory(entry, error)) {
      if (deep) addImages(entry, label, deep, entered, found);
      continue;
    }
    const auto ending = lowerExtension(entry);
    // A link to nothing is an image that cannot be read.
    if (!fs::is_regular_file(entry, error) && !(fs::is_symlink(entry, error) && !fs::exists(entry, error))) continue;
    if (isOtherImage(ending)) ++found.others[ending];
    if (!isImageName(entry)) continue;
    found.files.push_back(entry);
    found.labels.push_back(label);
  }
}

FoundImages findImages(const fs::path& folder) {
  FoundImages classes;
  for (const auto& entry : foldersIn(folder)) {
    std::set<fs::path> entered;
    addImages(entry, repairUtf8(entry.filename().string()), true, entered, classes);
  }
  FoundImages loose;
  std::set<fs::path> entered;
  addImages(folder, "", false, entered, loose);
  if (classes.files.empty()) {
    for (const auto& [ending, count] : classes.others) loose.others[ending] += count;
    return loose;
  }
  classes.stray = loose.files.size();
  return classes;
}

fs::path subfolder(const fs::path& folder, std::initializer_list<std::string_view> names) {
  for (const auto& entry : foldersIn(folder)) {
    std::string name = entry.filename().string();
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (std::find(names.begin(), names.end(), name) != names.end()) return entry;
  }
  return {};
}

// An unpacked archive often has one folder that holds the others.
fs::path withoutWrapping(fs::path folder) {
  for (int depth = 0; depth < 4; ++depth) {
    const auto folders = foldersIn(folder);
    if (folders.size() != 1 || foldersIn(folders[0]).size() < 2) break;
    const auto files = entries(folder);
    if (std::any_of(files.begin(), files.end(), isImageName)) break;
    folder = folders[0];
  }
  return folder;
}

void warn(std::vector<Warning>& out, std::string code, std::string text, std::string hint, TextArgs args) {
  out.push_back(fail(std::move(code), std::move(text), std::move(hint), std::move(args)).value());
}

void warnOfFound(const FoundImages& found, std::vector<Warning>& warnings) {
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

/// The images to split and, perhaps, those to test with.
struct FoundParts {
  FoundImages main;
  std::optional<FoundImages> test;
};

FoundParts findParts(const fs::path& folder, std::vector<Warning>& warnings) {
  const auto train = subfolder(folder, {"train", "training"});
  const auto test = subfolder(folder, {"test", "testing"});
  const auto validation = subfolder(folder, {"val", "valid", "validation"});
  FoundParts parts;
  if (!train.empty() && !(test.empty() && validation.empty())) {
    parts.main = findImages(train);
    parts.test = findImages(test.empty() ? validation : test);
    // With images right in them, train and test are two classes of somebody's.
    if (parts.main.hasClasses() && parts.test->hasClasses()) {
      const TextArgs args{{"folder", validation.string()}};
      if (test.empty())
        warn(warnings, "data.validation_as_test",
             LATHE_TEXT("data", "There is no test folder: the images of {folder} are the test set."),
             LATHE_TEXT("data", "Add a folder named test to keep them for validation."), args);
      else if (!validation.empty()) {
        parts.main.add(findImages(validation));
        warn(warnings, "data.validation_joined",
             LATHE_TEXT("data", "The images of {folder} join those of training; validation rows are drawn from all."),
             LATHE_TEXT("data", "Nothing needs to be done."), args);
      }
      return parts;
    }
  }
  parts.main = findImages(folder);
  parts.test.reset();
  return parts;
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
    std::vector<Warning> warnings;
    const auto parts = findParts(withoutWrapping(folder), warnings);
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
